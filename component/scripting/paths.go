package scripting

import "strings"

// The path functions of FileSystemObject work on text alone, by the rules of
// Windows; slashes of both kinds are alike, as pages on other systems have
// them (dlls/scrrun/tests/filesystem.c of Wine).

func isSlash(c byte) bool { return c == '\\' || c == '/' }

// trimSlashes cuts slashes off the end, but for one that is the root of a drive.
func trimSlashes(p string) string {
	for len(p) > 0 && isSlash(p[len(p)-1]) {
		if len(p) == 1 || len(p) == 3 && p[1] == ':' {
			break
		}
		p = p[:len(p)-1]
	}
	return p
}

// lastSlash is where the last part begins to be told apart, -1 for none.
func lastSlash(p string) int { return strings.LastIndexAny(p, `\/`) }

// driveOf is "c:", or \\host\share.
func driveOf(p string) string {
	if len(p) >= 2 && p[1] == ':' && isLetter(p[0]) {
		return p[:2]
	}
	if len(p) > 2 && isSlash(p[0]) && isSlash(p[1]) {
		host := strings.IndexAny(p[2:], `\/`)
		if host <= 0 {
			return ""
		}
		share := strings.IndexAny(p[2+host+1:], `\/`)
		if share < 0 {
			return p
		}
		return p[:2+host+1+share]
	}
	return ""
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// fileName is the last part.
func fileName(p string) string {
	p = trimSlashes(p)
	if driveOf(p) != "" && len(p) <= 3 {
		return ""
	}
	return p[lastSlash(p)+1:]
}

// parentName is what stands before the last part.
func parentName(p string) string {
	p = trimSlashes(p)
	i := lastSlash(p)
	if i < 0 || len(p) == 3 && p[1] == ':' {
		return ""
	}
	for i > 0 && isSlash(p[i-1]) {
		i--
	}
	if i == 2 && p[1] == ':' {
		return p[:3] // the root of a drive keeps its slash
	}
	if i == 0 {
		return p[:1]
	}
	return p[:i]
}

// baseName is the last part without its extension.
func baseName(p string) string {
	name := fileName(p)
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i]
	}
	return name
}

// extensionName is what stands behind the last dot of the last part.
func extensionName(p string) string {
	name := fileName(p)
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i+1:]
	}
	return ""
}

// buildPath joins a path and a name with one slash, of the kind that the path has.
func buildPath(p, name string) string {
	switch {
	case p == "":
		return name
	case name == "":
		return p
	case p[len(p)-1] == ':':
		return p + name
	}
	slash := "/"
	if strings.ContainsRune(p, '\\') || !strings.ContainsRune(p, '/') {
		slash = `\`
	}
	before, after := isSlash(p[len(p)-1]), isSlash(name[0])
	switch {
	case before && after:
		return p + strings.TrimLeft(name[:1], `\/`) + name[1:]
	case before:
		return p + name
	case after && len(name) > 1 && isSlash(name[1]):
		return p + slash + name[1:]
	case after:
		return p + name
	}
	return p + slash + name
}
