package site

import (
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/asp"
)

// Paths are the names that pages write for files, and their URLs. They aren't
// changed once made.
type Paths struct {
	mount     string // the URL prefix of the site
	folder    string // the site's root on this machine; "" for one that is no folder
	noParents bool   // ".." is refused
}

// NewPaths makes those of a site whose root is a folder, or "" for another.
func NewPaths(mount, root string, noParents bool) *Paths {
	return &Paths{mount: mount, folder: folderOf(root), noParents: noParents}
}

// MapPath gives the physical path of a virtual one. from is the page that
// asks: a path that doesn't begin with a slash is relative to its folder.
func (p *Paths) MapPath(from, name string) (string, error) {
	if err := checkVirtual(name); err != nil {
		return "", err
	}
	if p.noParents && hasParent(name) {
		return "", asp.New(175, name)
	}
	inside, err := p.Resolve(from, name)
	if err != nil {
		return "", err
	}
	return p.Physical(inside), nil
}

// checkVirtual refuses what IIS refuses in the path of MapPath.
func checkVirtual(name string) error {
	drive := len(name) > 1 && name[1] == ':'
	switch {
	case name == "":
		return asp.New(171, "MapPath needs a path")
	case drive, strings.HasPrefix(name, `\\`), strings.HasPrefix(name, "//"):
		return asp.New(172, "MapPath takes a virtual path; this is a physical one")
	case strings.ContainsAny(name, "*?<>\":|"):
		return asp.New(173, "MapPath takes no path with one of * ? < > \" : |")
	}
	return nil
}

func hasParent(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// Resolve makes a name below the root of a path as pages write it: from the
// server's URL space when it begins with a slash, else from the page's
// folder. It never leaves the root.
func (p *Paths) Resolve(from, name string) (string, error) {
	if strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return "", asp.New(173, "a character that no name of a file has")
	}
	name = strings.ReplaceAll(name, `\`, "/")
	full := name
	if strings.HasPrefix(name, "/") {
		full = p.insideMount(name)
	} else {
		full = path.Join("/", path.Dir(from)) + "/" + name
	}
	depth := 0
	for part := range strings.SplitSeq(full, "/") {
		switch part {
		case "", ".":
		case "..":
			depth--
		default:
			depth++
		}
		if depth < 0 {
			return "", asp.New(175, name)
		}
	}
	return strings.TrimPrefix(path.Clean("/"+full), "/"), nil
}

// insideMount takes the application's URL prefix off a path.
func (p *Paths) insideMount(name string) string {
	prefix := strings.TrimSuffix(p.mount, "/")
	if prefix != "" && len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) &&
		(len(name) == len(prefix) || name[len(prefix)] == '/') {
		return name[len(prefix):]
	}
	return name
}

// Physical is the path of a name below the root on this machine. A site that
// is no folder has its own root.
func (p *Paths) Physical(name string) string {
	if p.folder == "" {
		return "/" + name
	}
	if name == "" {
		return p.folder
	}
	return p.folder + string(filepath.Separator) + filepath.FromSlash(name)
}

// folderOf is the absolute path of a site's root, "" for one that is no folder.
func folderOf(root string) string {
	if root == "" {
		return ""
	}
	folder, err := filepath.Abs(root)
	if err != nil {
		return filepath.Clean(root)
	}
	return strings.TrimSuffix(folder, string(filepath.Separator))
}

// URLPath is the URL of a page.
func (p *Paths) URLPath(name string) string { return strings.TrimSuffix(p.mount, "/") + "/" + name }

// PageName is a page's name below the root of a setting's path.
func PageName(setting string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(setting, `\`, "/")), "/")
}
