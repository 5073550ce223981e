//go:build unix

package isolate

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestStaleFolders: of what is in the place where naja's folders are, it removes
// what carries its mark and is in use by nobody, and not a byte of anything else.
func TestStaleFolders(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	home := filepath.Join(temp, homeName(nil))
	for path, content := range map[string]string{
		temp + "/naja-keep/lock":            "",   // beside our own folder: an older version took it for its own
		temp + "/naja-keep/work.txt":        "x",  //
		home + "/workers-1/lock":            mark, // stale
		home + "/workers-1/box123":          "x",  //
		home + "/workers-2/lock":            mark, // stale, but somebody has put something into it
		home + "/workers-2/thesis.txt":      "x",  //
		home + "/workers-3/lock":            "",   // a lock without our mark
		home + "/workers-4/7":               "x",  // no lock
		home + "/other/lock":                mark, // another name
		home + "/workers-5/lock.new":        mark, // just being made
		home + "/workers-6/lock/nested.txt": "x",  // no file at all
	} {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	marked := temp + "/elsewhere"
	if err := errors.Join(os.MkdirAll(marked, 0o700), os.WriteFile(marked+"/lock", []byte(mark), 0o600),
		os.Symlink(marked, home+"/workers-7"), os.MkdirAll(home+"/workers-8", 0o700), os.Symlink(marked+"/lock", home+"/workers-8/lock")); err != nil {
		t.Fatal(err)
	}
	held := home + "/workers-9"
	if err := os.Mkdir(held, 0o700); err != nil {
		t.Fatal(err)
	}
	lock, err := lockFolder(held)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()

	f, err := makeFolder(temp, nil)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(f.path); err != nil || info.Mode().Perm() != 0o700 || filepath.Dir(f.path) != home {
		t.Errorf("our own: %s %v %v", f.path, info.Mode(), err)
	}
	if _, err := os.Lstat(home + "/workers-1"); err == nil {
		t.Error("the stale folder is still there")
	}
	for _, path := range []string{
		temp + "/naja-keep/lock", temp + "/naja-keep/work.txt", home + "/workers-2/thesis.txt", home + "/workers-3/lock",
		home + "/workers-4/7", home + "/other/lock", home + "/workers-5/lock.new", home + "/workers-6/lock/nested.txt",
		marked + "/lock", home + "/workers-7", home + "/workers-8/lock", held + "/lock",
	} {
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("removed: %v", err)
		}
	}
	if err := f.remove(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(home); err != nil {
		t.Error("the folder went with what others have in it")
	}
}

// TestHomeIsTheLastToGo: nothing is left below the temporary folder.
func TestHomeIsTheLastToGo(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	one, err1 := makeFolder(temp, nil)
	other, err2 := makeFolder(temp, nil)
	if err := errors.Join(err1, err2, one.remove()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(other.path); err != nil {
		t.Error(err)
	}
	if err := other.remove(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// TestHomeOfOthers: what stands in the place of naja's own folder and isn't it
// is refused in a sentence that says what to do.
func TestHomeOfOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		put  func(home string) error
		want string
	}{
		"mode": {func(home string) error { return errors.Join(os.Mkdir(home, 0o700), os.Chmod(home, 0o755)) }, "has mode 0755, not 0700"},
		"sticky": {func(home string) error {
			return errors.Join(os.Mkdir(home, 0o700), os.Chmod(home, 0o777|os.ModeSticky))
		}, "has mode 0777, not 0700"},
		"file":    {func(home string) error { return os.WriteFile(home, nil, 0o600) }, "is no folder"},
		"link":    {func(home string) error { return os.Symlink(filepath.Dir(home), home) }, "is a symbolic link"},
		"another": {func(home string) error { return errors.Join(os.Mkdir(home, 0o700), os.Chown(home, 12345, -1)) }, "belongs to another user (number 12345,"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "another" && os.Getuid() != 0 {
				t.Skip("only root can make it")
			}
			temp := t.TempDir()
			home := filepath.Join(temp, homeName(nil))
			if err := c.put(home); err != nil {
				t.Fatal(err)
			}
			f, err := makeFolder(temp, nil)
			if err == nil {
				t.Fatalf("made: %s", f.path)
			}
			if text := err.Error(); !strings.Contains(text, home+" "+c.want) || !strings.Contains(text, "set TMPDIR to a folder of your own") {
				t.Errorf("%s", text)
			}
		})
	}
}

// TestHomeForAnotherUser: a worker of another user passes through our folders
// and can do nothing else in them.
func TestHomeForAnotherUser(t *testing.T) {
	t.Parallel()
	owner, err := lookupAccount("nobody")
	if err != nil {
		t.Skip(err)
	}
	f, err := makeFolder(t.TempDir(), owner)
	if err != nil {
		t.Fatal(err)
	}
	defer f.remove()
	for _, path := range []string{f.path, filepath.Dir(f.path)} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		stat := info.Sys().(*syscall.Stat_t)
		if info.Mode().Perm() != 0o710 || stat.Uid != 0 || int(stat.Gid) != owner.gid {
			t.Errorf("%s: %v of %d:%d", path, info.Mode(), stat.Uid, stat.Gid)
		}
	}
}
