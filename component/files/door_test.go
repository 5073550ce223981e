package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/asptest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open makes a site with a folder for writing in it, another one elsewhere, and a
// file beside the root.
func open(t testing.TB) (d *Door, root string) {
	t.Helper()
	dir := t.TempDir()
	root = filepath.Join(dir, "site")
	for _, name := range []string{"site/a.txt", "site/sub/b.txt", "site/data/c.txt", "site/page.asp", "site/naja.toml", "site/.env", "site/.git/config", "beside.txt", "other/d.txt"} {
		asptest.WriteFile(t, filepath.Join(dir, filepath.FromSlash(name)), name)
	}
	d, err := Open(Config{Root: root, Folders: map[string]Folder{
		"data": {Path: "data", Write: true}, "other": {Path: filepath.Join(dir, "other")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, root
}

func TestFind(t *testing.T) {
	d, root := open(t)
	for name, want := range map[string]string{
		root + "/a.txt": "site/a.txt", "/a.txt": "site/a.txt", `\sub\b.txt`: "site/sub/b.txt", "sub/../a.txt": "site/a.txt", "a.txt": "site/a.txt",
		root + "/data/c.txt": "site/data/c.txt", "data/c.txt": "site/data/c.txt", filepath.Join(root, "..", "other", "d.txt"): "other/d.txt",
		"/page.asp": "site/page.asp",

		"": "", "/../beside.txt": "", "../beside.txt": "", root + "/../beside.txt": "", `C:\a.txt`: "", "c:a.txt": "", `\\host\share\a.txt`: "", "//host/a": "",
		"a.txt:stream": "", "/naja.toml": "", "NAJA.TOML": "", "/.env": "", "/.git/config": "", "a\x00.txt": "", "/none.txt": "", "/sub": "", strings.Repeat("a/", 3000): "",
	} {
		text := ""
		if spot, err := d.Find(name); err == nil {
			if f, err := spot.Open(); err == nil {
				b, _ := io.ReadAll(f)
				text = string(b)
				f.Close()
			}
		}
		if text != want {
			t.Errorf("%q leads to %q, want %q", name, text, want)
		}
	}
}

// TestLinks lead nowhere outside, in the middle of a name neither.
func TestLinks(t *testing.T) {
	d, root := open(t)
	if err := errors.Join(os.Symlink(filepath.Join(root, "..", "beside.txt"), filepath.Join(root, "out.txt")),
		os.Symlink(filepath.Join(root, ".."), filepath.Join(root, "data", "up")), os.Symlink("a.txt", filepath.Join(root, "in.txt"))); err != nil {
		t.Skip(err)
	}
	for name, ok := range map[string]bool{"out.txt": false, "data/up/beside.txt": false, "in.txt": true} {
		spot, err := d.Find(name)
		if err == nil {
			var f *os.File
			if f, err = spot.Open(); err == nil {
				f.Close()
			}
		}
		if (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	spot, _ := d.Find("data/up/new.txt")
	if _, err := spot.OpenFile(os.O_CREATE | os.O_WRONLY); err == nil {
		t.Error("a file was made outside")
	}
}

// TestWriting is for the folders that say so, and for no page.
func TestWriting(t *testing.T) {
	d, _ := open(t)
	for name, want := range map[string]error{
		"data/new.txt": nil, "data/deep/new.txt": fs.ErrNotExist, "new.txt": ErrPermission, "sub/b.txt": ErrPermission, "data/x.asp": ErrPermission, "data/X.ASA": ErrPermission,
		"data/x.inc": ErrPermission, "data/x.asp.": ErrPermission, "data/x.asp ": ErrPermission, "data/.x": ErrPath, "data/naja.toml": ErrPath, "../other/new.txt": ErrPath,
	} {
		spot, err := d.Find(name)
		if err == nil {
			var f *os.File
			if f, err = spot.OpenFile(os.O_CREATE | os.O_WRONLY); err == nil {
				f.Close()
			}
		}
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	data, err := d.Find("data")
	if err != nil || !errors.Is(data.Remove(true), ErrPermission) {
		t.Errorf("the folder itself was removed: %v", err)
	}
	if _, err := Open(Config{Root: t.TempDir(), Folders: map[string]Folder{"none": {Path: "nowhere"}}}); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a folder that is missing: %v", err)
	}
}

// FuzzFind: whatever a page asks for, it leads into one of the folders or nowhere.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"/a.txt", `..\a`, "a/../../b", "C:a", `\\h\s`, "./.", "data//c.txt", "/./data/../a.txt"} {
		f.Add(seed)
	}
	d, root := open(f)
	f.Fuzz(func(t *testing.T, name string) {
		spot, err := d.Find(name)
		if err != nil {
			return
		}
		in := false
		for _, dir := range []string{root, filepath.Join(root, "..", "other")} {
			rel, err := filepath.Rel(dir, spot.Path())
			in = in || err == nil && filepath.IsLocal(rel)
		}
		if !in {
			t.Errorf("%q leads to %s", name, spot.Path())
		}
	})
}
