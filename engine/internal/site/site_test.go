package site

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	goruntime "runtime"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// newSite makes a site in a folder that holds the files given.
func newSite(t testing.TB, files map[string]string) (*Site, string) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		asptest.WriteFile(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	s, err := Open(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, dir
}

func symlink(t testing.TB, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
}

func TestOpenSiteNamesAMissingRoot(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "nowhere"), nil)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestReadGivesContentAndStamp(t *testing.T) {
	s, dir := newSite(t, map[string]string{"inc/a.inc": "hello"})
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "inc/a.inc"), old, old); err != nil {
		t.Fatal(err)
	}
	content, stamp, err := s.Read("inc/a.inc", 5)
	if err != nil || string(content) != "hello" || stamp.name != "inc/a.inc" {
		t.Fatalf("got %q, %v, %v", content, stamp, err)
	}
	if !s.Unchanged([]Stamp{stamp}) {
		t.Error("an unchanged file counts as changed")
	}
	asptest.WriteFile(t, filepath.Join(dir, "inc/a.inc"), "HELLO")
	if s.Unchanged([]Stamp{stamp}) {
		t.Error("a changed file counts as unchanged")
	}
}

func TestReadStopsAtItsBound(t *testing.T) {
	s, _ := newSite(t, map[string]string{"a.asp": "12345"})
	if _, _, err := s.Read("a.asp", 4); !errors.Is(err, errFileTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestAFileStampedRightAfterItsChangeIsLookedAtAgain(t *testing.T) {
	s, dir := newSite(t, map[string]string{"a.asp": "one"})
	now := time.Now()
	if err := os.Chtimes(filepath.Join(dir, "a.asp"), now, now); err != nil {
		t.Fatal(err)
	}
	_, stamp, err := s.Read("a.asp", 100)
	if err != nil {
		t.Fatal(err)
	}
	if !stamp.Young && time.Since(now) < clockTick {
		t.Error("the stamp should not be trusted")
	}
	if stamp.Young && s.Unchanged([]Stamp{stamp}) {
		t.Error("a young stamp was trusted")
	}
}

func TestADeletedFileIsAChange(t *testing.T) {
	s, dir := newSite(t, map[string]string{"a.asp": "one"})
	info, err := s.stat("a.asp")
	if err != nil {
		t.Fatal(err)
	}
	stamp := newStamp("a.asp", info, info.ModTime().Add(time.Hour))
	if !s.Unchanged([]Stamp{stamp}) {
		t.Fatal("changed without a change")
	}
	if err := os.Remove(filepath.Join(dir, "a.asp")); err != nil {
		t.Fatal(err)
	}
	if s.Unchanged([]Stamp{stamp}) {
		t.Error("a deleted file counts as unchanged")
	}
}

func TestNothingOutsideTheRootIsReached(t *testing.T) {
	outside := t.TempDir()
	asptest.WriteFile(t, filepath.Join(outside, "secret.txt"), "secret")
	asptest.WriteFile(t, filepath.Join(outside, "page.asp"), "secret")
	s, dir := newSite(t, map[string]string{"in/a.asp": "<%%>", "in/a.txt": "text"})
	symlink(t, filepath.Join(outside, "secret.txt"), filepath.Join(dir, "out.txt"))
	symlink(t, filepath.Join(outside, "page.asp"), filepath.Join(dir, "out.asp"))
	symlink(t, outside, filepath.Join(dir, "up"))
	symlink(t, "../../", filepath.Join(dir, "dotdot"))
	symlink(t, "loop.asp", filepath.Join(dir, "loop.asp"))
	for _, name := range []string{
		"out.txt", "out.asp", "up", "up/secret.txt", "up/page.asp", "dotdot", "dotdot/x", "loop.asp",
		"../secret.txt", "/absolute.txt", "in/../in/a.asp", "./in/a.asp", "in//a.asp", "in/a.asp/", "",
		`in\a.txt`, "in/a.txt:x", "in/a.txt\x00", "in/a.txt/x",
	} {
		if info, err := s.stat(name); err == nil {
			t.Errorf("stat %q: %v", name, info)
		}
		if _, _, err := s.Find(name); err == nil {
			t.Errorf("find %q: no error", name)
		}
		if f, err := s.open(name); err == nil {
			f.Close()
			t.Errorf("open %q: no error", name)
		}
	}
}

func TestLinksInsideTheRootWorkIfTheyAreHonest(t *testing.T) {
	s, dir := newSite(t, map[string]string{"real/a.asp": "page", "real/b.txt": "text"})
	symlink(t, "real", filepath.Join(dir, "folder"))
	symlink(t, "real/a.asp", filepath.Join(dir, "good.asp"))
	symlink(t, "good.asp", filepath.Join(dir, "twice.ASP"))
	symlink(t, "real/a.asp", filepath.Join(dir, "source.txt"))
	symlink(t, "source.txt", filepath.Join(dir, "twice.txt"))
	symlink(t, "real/b.txt", filepath.Join(dir, "text.asp"))
	for name, works := range map[string]bool{
		"folder/a.asp": true, "good.asp": true, "twice.ASP": true, "folder": true,
		"source.txt": false, "twice.txt": false, "text.asp": false,
	} {
		if _, err := s.stat(name); (err == nil) != works {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFolderCannotBeOpened(t *testing.T) {
	s, _ := newSite(t, map[string]string{"x.asp/readme.txt": "text"})
	if info, err := s.stat("x.asp"); err != nil || !info.IsDir() {
		t.Fatalf("got %v, %v", info, err)
	}
	if _, err := s.open("x.asp"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestFindFoldsCaseWhenTheExactNameIsMissing(t *testing.T) {
	s, dir := newSite(t, map[string]string{
		"Inc/Header.INC": "", "a.asp": "lower", "dir/b.txt": "", "Ä/ö.txt": "",
	})
	tests := map[string]string{
		"inc/header.inc": "Inc/Header.INC",
		"INC/HEADER.inc": "Inc/Header.INC",
		"Inc/Header.INC": "Inc/Header.INC",
		"A.ASP":          "a.asp",
		"DIR":            "dir",
		"ä/Ö.TXT":        "Ä/ö.txt",
		"a.aspx":         "",
		"inc/other.inc":  "",
		"nowhere/a.asp":  "",
	}
	for name, want := range tests {
		real, _, err := s.Find(name)
		if want == "" && err == nil || want != "" && (err != nil || real != want) {
			t.Errorf("%s: got %q, %v; want %q", name, real, err, want)
		}
	}
	// What comes later is found as well.
	asptest.WriteFile(t, filepath.Join(dir, "inc2/Late.asp"), "")
	if real, _, err := s.Find("INC2/late.asp"); err != nil || real != "inc2/Late.asp" {
		t.Errorf("got %q, %v", real, err)
	}
	if err := os.Remove(filepath.Join(dir, "inc2/Late.asp")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Find("INC2/late.asp"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a deleted file is still found: %v", err)
	}
}

func TestFindPrefersTheExactThenTheLowerCaseName(t *testing.T) {
	if goruntime.GOOS == "windows" || goruntime.GOOS == "darwin" {
		t.Skip("names that differ by case alone are one file here")
	}
	s, _ := newSite(t, map[string]string{"a.asp": "", "A.asp": "", "B.asp": "", "B.ASP": ""})
	for name, want := range map[string]string{
		"a.asp": "a.asp", "A.asp": "A.asp", "A.ASP": "a.asp", "b.asp": "B.ASP",
	} {
		if real, _, err := s.Find(name); err != nil || real != want {
			t.Errorf("%s: got %q, %v; want %q", name, real, err, want)
		}
	}
}

func TestTheFoldIndexIsBounded(t *testing.T) {
	var index foldIndex
	for i := range 3 {
		names := make(map[string]string)
		for j := range maxFoldedNames/2 + 1 {
			names[string(rune(i))+string(rune(j))] = ""
		}
		index.remember(string(rune('a'+i)), &listing{names: names})
		if index.names > maxFoldedNames || len(index.listings) != 1 {
			t.Fatalf("%d names in %d listings", index.names, len(index.listings))
		}
	}
}

// unseekable is a file system whose files can only be read forward.
type unseekable struct{ fs.FS }

type forwardFile struct{ fs.File }

func (u unseekable) Open(name string) (fs.File, error) {
	f, err := u.FS.Open(name)
	return forwardFile{f}, err
}

//go:embed names.go testdata
var embedded embed.FS

func TestFileSystems(t *testing.T) {
	files := fstest.MapFS{
		"names.go":           {Data: []byte("package site")},
		"testdata/Folded.md": {Data: []byte("text")},
		"fifo.asp":           {Mode: fs.ModeNamedPipe},
	}
	for name, fsys := range map[string]fs.FS{"map": files, "forward": unseekable{files}, "embed": embedded} {
		s, err := Open("", fsys)
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.open("names.go")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var head [7]byte
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := io.ReadFull(f, head[:]); err != nil || string(head[:]) != "package" {
			t.Errorf("%s: got %q, %v", name, head, err)
		}
		if err := f.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := s.open("fifo.asp"); err == nil {
			t.Errorf("%s: opened a FIFO", name)
		}
		if name == "forward" {
			continue // it has no folders
		}
		if real, _, err := s.Find("TESTDATA/folded.MD"); err != nil || real != "testdata/Folded.md" {
			t.Errorf("%s: got %q, %v", name, real, err)
		}
	}
}
