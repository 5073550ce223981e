package page

import (
	"io/fs"
	"strings"
)

// resolve errors: what is wrong with a name in an include.
type badPath int

const (
	pathOK      badPath = iota
	pathParent          // ".." leads out of the root, or is switched off
	pathInvalid         // no name of a file below the root
)

// resolveFile resolves a name relative to the file that says it.
func resolveFile(from, name string, parents bool) (string, badPath) {
	dir := ""
	if i := strings.LastIndexByte(from, '/'); i >= 0 {
		dir = from[:i]
	}
	return cleanPath(dir, name, parents)
}

// resolveVirtual resolves a path of the server's URL space, where the
// application lies at mount: what is below mount is below the root, and so is
// everything else.
func resolveVirtual(mount, name string, parents bool) (string, badPath) {
	clean, bad := cleanPath("", name, parents)
	if bad != pathOK {
		return "", bad
	}
	mount = strings.Trim(mount, "/")
	if n := len(mount); n > 0 && len(clean) > n && clean[n] == '/' && strings.EqualFold(clean[:n], mount) {
		clean = clean[n+1:]
	}
	return clean, pathOK
}

// cleanPath joins name to dir, element by element, so that not even a path
// which comes back may leave the root on its way.
func cleanPath(dir, name string, parents bool) (string, badPath) {
	var elems []string
	if dir != "" {
		elems = strings.Split(dir, "/")
	}
	for elem := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		switch elem {
		case "", ".":
		case "..":
			if !parents || len(elems) == 0 {
				return "", pathParent
			}
			elems = elems[:len(elems)-1]
		default:
			elems = append(elems, elem)
		}
	}
	clean := strings.Join(elems, "/")
	if clean == "" || strings.ContainsAny(clean, "\x00:") || !fs.ValidPath(clean) {
		return "", pathInvalid
	}
	return clean, pathOK
}

func isRooted(name string) bool { return name != "" && (name[0] == '/' || name[0] == '\\') }
