package engine

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/internal/asptest"
)

//go:embed testdata/clean
var deepSite embed.FS

//go:embed testdata/Folded.md testdata/clean
var mixedSite embed.FS

//go:embed config.go
var bareSite embed.FS

// TestEmbeddedFolder: //go:embed keeps the folders' names, and whoever forgets
// that is told at once.
func TestEmbeddedFolder(t *testing.T) {
	for _, fsys := range []fs.FS{deepSite, &deepSite} {
		_, err := New(Config{FS: fsys})
		bad, ok := errors.AsType[*ConfigError](err)
		if !ok || bad.Setting != "root" || !strings.Contains(bad.Problem, `fs.Sub(files, "testdata/clean")`) {
			t.Errorf("got %v", err)
		}
		if _, err := Check(Config{FS: fsys}); !errors.As(err, &bad) {
			t.Errorf("check: got %v", err)
		}
	}
	if _, err := New(Config{FS: mixedSite}); err == nil || !strings.Contains(err.Error(), `fs.Sub(files, "testdata")`) {
		t.Errorf("a page's folder and a text: %v", err)
	}
	site, err := fs.Sub(deepSite, "testdata/clean")
	asptest.Check(t, err)
	for name, fsys := range map[string]fs.FS{
		"the folder": site, "no folder": bareSite, "nothing": embed.FS{},
		"another system": fstest.MapFS{"site/default.asp": {}},
	} {
		if _, err := Check(Config{FS: fsys}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCheckLooksAtWhatIsServed: pages of /.well-known are, those of other
// folders with a dot aren't.
func TestCheckLooksAtWhatIsServed(t *testing.T) {
	broken := &fstest.MapFile{Data: []byte("<% if ( %>")}
	findings, err := Check(Config{FS: fstest.MapFS{".well-known/a.asp": broken, ".git/a.asp": broken, "sub/.well-known/a.asp": broken}})
	if err != nil || len(findings) != 1 || findings[0].File != ".well-known/a.asp" {
		t.Errorf("%+v, %v", findings, err)
	}
	s := serveSite(t, map[string]string{".well-known/a.asp": "a", ".git/a.asp": "b", "sub/.well-known/a.asp": "c"})
	loaded, err := s.Load(t.Context())
	if err != nil || loaded.Pages != 1 {
		t.Errorf("%+v, %v", loaded, err)
	}
}
