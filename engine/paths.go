package engine

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// mapPath gives the physical path of a virtual one. from is the page that
// asks: a path that doesn't begin with a slash is relative to its folder.
func (e *Engine) mapPath(from, name string) (string, error) {
	if err := checkVirtual(name); err != nil {
		return "", err
	}
	if e.cfg.DisableParentPaths && hasParent(name) {
		return "", asp.New(175, name)
	}
	inside, err := e.resolve(from, name)
	if err != nil {
		return "", err
	}
	return e.physical(inside), nil
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

// resolve makes a name below the root of a path as pages write it: from the
// server's URL space when it begins with a slash, else from the page's
// folder. It never leaves the root.
func (e *Engine) resolve(from, name string) (string, error) {
	if strings.ContainsRune(name, 0) || !utf8.ValidString(name) {
		return "", asp.New(173, "a character that no name of a file has")
	}
	name = strings.ReplaceAll(name, `\`, "/")
	full := name
	if strings.HasPrefix(name, "/") {
		full = e.insideMount(name)
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
func (e *Engine) insideMount(name string) string {
	prefix := strings.TrimSuffix(e.cfg.Path, "/")
	if prefix != "" && len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) &&
		(len(name) == len(prefix) || name[len(prefix)] == '/') {
		return name[len(prefix):]
	}
	return name
}

// physical is the path of a name below the root on this machine. A site that
// is no folder has its own root.
func (e *Engine) physical(name string) string {
	if e.folder == "" {
		return "/" + name
	}
	if name == "" {
		return e.folder
	}
	return e.folder + string(filepath.Separator) + filepath.FromSlash(name)
}

// folderOf is the absolute path of a site's root, "" for one that is no folder.
func folderOf(cfg Config) string {
	if cfg.Root == "" {
		return ""
	}
	folder, err := filepath.Abs(cfg.Root)
	if err != nil {
		return filepath.Clean(cfg.Root)
	}
	return strings.TrimSuffix(folder, string(filepath.Separator))
}

// urlPath is the URL of a page.
func (e *Engine) urlPath(name string) string { return strings.TrimSuffix(e.cfg.Path, "/") + "/" + name }

// otherPage compiles the page that Execute or Transfer names.
func (e *Engine) otherPage(from, name string) (*runtime.Program, error) {
	inside, err := e.resolve(from, name)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(path.Ext(inside), ".asp") && !strings.EqualFold(path.Ext(inside), ".inc") {
		return nil, asp.New(172, name)
	}
	real, _, err := e.site.find(inside)
	if err != nil {
		return nil, asp.New(176, name)
	}
	prog, err := e.pages.get(real)
	if asp.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist) {
		return nil, asp.New(176, name)
	}
	return prog, err
}

// pageName is a page's name below the root of a setting's path.
func pageName(setting string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(setting, `\`, "/")), "/")
}
