package site

import (
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// A maze is a site in a folder with ways out of it, and the system's own
// opinion of what lies inside.
type maze struct {
	router *router
	dir    string
	root   *os.Root // the oracle
}

func newMaze(f *testing.F) *maze {
	f.Helper()
	r, dir := newTestRouter(f, "/")
	outside := f.TempDir()
	for _, name := range []string{"secret.txt", "secret.asp", "secret.inc"} {
		asptest.WriteFile(f, filepath.Join(outside, name), "secret")
	}
	symlink(f, outside, filepath.Join(dir, "up"))
	symlink(f, filepath.Join(outside, "secret.asp"), filepath.Join(dir, "secret.asp"))
	symlink(f, "a.asp", filepath.Join(dir, "source.txt"))
	symlink(f, "inc", filepath.Join(dir, "linked"))
	root, err := os.OpenRoot(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { root.Close() })
	return &maze{r, dir, root}
}

// inside fails the test if the system doesn't find a regular file of that name
// below the root.
func (m *maze) inside(t *testing.T, asked, name string) {
	t.Helper()
	info, err := m.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		t.Errorf("%q leads to %q: %v", asked, name, err)
	}
	real, err := filepath.EvalSymlinks(filepath.Join(m.dir, filepath.FromSlash(name)))
	base, _ := filepath.EvalSymlinks(m.dir)
	if err != nil || !strings.HasPrefix(real, base+string(filepath.Separator)) {
		t.Errorf("%q leads to %q: %v", asked, real, err)
	}
	file, err := m.router.site.open(name)
	if err != nil {
		t.Fatalf("%q: %v", asked, err)
	}
	file.Close()
}

// FuzzRoute: whatever the path, what it leads to lies inside the root and is a
// regular file of the kind promised; a redirect stays on its host; and what
// the system's own os.Root refuses to open is found by nobody.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{
		"/", "/a.asp", "/A.ASP", "//other.example", "/shop", "/../x", "/colon:x.txt", "/inc/db.inc", "/in\\x", "/a\x00",
		"/.git/config", "/up/secret.txt", "/dir.asp/readme.txt", "/global.asa", "/pic.jpg.", "/aux.txt", "/tilde~1.asp", "/\xff",
		"/secret.asp", "/source.txt", "/linked/page.asp", "/LINKED/../up/secret.asp", "/%2e%2e/x", "/%2561.asp", "/a.asp/", "/x;y.jpg", "/Über/a.asp", "/ü",
	} {
		f.Add(seed)
	}
	m := newMaze(f)
	f.Fuzz(func(t *testing.T, urlPath string) {
		for _, u := range []*url.URL{{Path: urlPath}, parseTarget(urlPath)} {
			if u == nil {
				continue // net/http refuses it as a target
			}
			got := m.router.route(u)
			switch got.Kind {
			case Page, Static:
				m.inside(t, urlPath, got.Name)
				if isPage := strings.EqualFold(path.Ext(got.Name), ".asp"); isPage != (got.Kind == Page) {
					t.Errorf("%q is routed as %v", got.Name, got.Kind)
				}
				if base := strings.ToLower(path.Base(got.Name)); strings.HasSuffix(base, ".inc") || strings.HasSuffix(base, ".asa") {
					t.Errorf("%q leads to %q", urlPath, got.Name)
				}
			case Slash:
				to, err := url.Parse(got.Location)
				if err != nil || to.Host != "" || !strings.HasPrefix(got.Location, "/") || strings.HasPrefix(got.Location, "//") {
					t.Errorf("%q redirects to %q", urlPath, got.Location)
				}
			}
			if name := strings.Trim(u.Path, "/"); got.Kind == Page || got.Kind == Static {
				if _, err := m.root.Stat(name); err != nil && strings.Contains(err.Error(), "escapes") {
					t.Errorf("%q is found, but os.Root says %v", urlPath, err)
				}
			}
		}
	})
}

// FuzzResolve: the paths that pages write, for MapPath, Execute, Transfer and
// virtual includes, never lead out of the root.
func FuzzResolve(f *testing.F) {
	for _, from := range []string{"a.asp", "inc/page.asp", "Über/a.asp"} {
		for _, name := range []string{
			"a.asp", "/a.asp", "../a.asp", `..\..\x`, "/shop/a.asp", "/SHOP/../../x", "up/secret.asp", "/linked/../../x", "a\x00", ".", "", "//x", "c:x", "../../x",
			"...", "a/./b//../c.asp", "/shop", "/shopx/a.asp", "inc/db.inc", "secret.asp", "\\\\x",
		} {
			f.Add(from, name)
		}
	}
	m := newMaze(f)
	p := &Paths{mount: "/shop", folder: m.dir}
	f.Fuzz(func(t *testing.T, from, name string) {
		if !validName(from) || from == "." {
			return // pages have a site's names
		}
		inside, err := p.Resolve(from, name)
		if err != nil {
			return
		}
		if inside != "" && !fs.ValidPath(inside) || strings.ContainsAny(inside, "\\\x00") {
			t.Fatalf("%q from %q is %q", name, from, inside)
		}
		if physical := p.Physical(inside); physical != filepath.Clean(physical) || physical != m.dir && !strings.HasPrefix(physical, m.dir+string(filepath.Separator)) {
			t.Errorf("%q from %q is %q", name, from, physical)
		}
		if real, info, err := m.router.site.Find(inside); err == nil && !info.IsDir() {
			m.inside(t, name, real)
		}
	})
}
