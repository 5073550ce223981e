//go:build unix

package isolate

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// homeName is the name of the folder in which this user's servers have theirs,
// for workers of this user or of another one.
func homeName(owner *account) string {
	if owner == nil {
		return fmt.Sprintf("naja-%d", os.Getuid())
	}
	return fmt.Sprintf("naja-%d-%d", os.Getuid(), owner.uid)
}

// homeMode is who may enter what we made: we, and the workers' user where that
// is another one, who can neither list it nor write to it.
func homeMode(owner *account) fs.FileMode {
	if owner == nil {
		return 0o700
	}
	return 0o710
}

// checkHome refuses what stands in the place of our own folder and isn't it: in
// a folder where everybody can write, anybody may have been faster.
func checkHome(home string, owner *account) error {
	info, err := os.Lstat(home)
	if err != nil {
		return err
	}
	advice := "remove it, or set TMPDIR to a folder of your own"
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%s is a symbolic link, not naja's own folder: %s", home, advice)
	case !info.IsDir():
		return fmt.Errorf("%s is no folder: %s", home, advice)
	case !ok || int(stat.Uid) != os.Getuid():
		return fmt.Errorf("%s belongs to another user (number %d, not %d): %s", home, stat.Uid, os.Getuid(), advice)
	case info.Mode().Perm()&^homeMode(owner) != 0:
		return fmt.Errorf("%s has mode %04o, not %04o, so that others may get at the sockets in it: %s", home, info.Mode().Perm(), homeMode(owner), advice)
	}
	return nil
}

// lockFolder makes the file that says the folder is ours and in use. It gets its
// name when it is locked already, so that nobody takes a new folder for a stale
// one.
func lockFolder(path string) (*os.File, error) {
	name := filepath.Join(path, lockName)
	lock, err := os.OpenFile(name+".new", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = lock.WriteString(mark)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// removeStale removes the folders of this user's servers that were killed.
// What isn't one beyond doubt stays: it has to have our name and our mark.
func removeStale(home string) {
	all, err := filepath.Glob(filepath.Join(home, folderPrefix+"*"))
	if err != nil {
		return
	}
	for _, path := range all {
		removeIfStale(path)
	}
}

// ours are the names of what is made in a folder: sockets, and the file for
// shared memory, which has a name for a moment.
var ours = regexp.MustCompile(`^([0-9]+s?|` + boxPrefix + `[0-9]+|` + lockName + `)$`)

// removeIfStale removes what we made in a folder whose lock nobody holds, and
// the folder if nothing else is in it. The handle of the folder is asked, so
// that no link leads elsewhere.
func removeIfStale(path string) {
	if info, err := os.Lstat(path); err != nil || !info.IsDir() || !isOwn(info) {
		return
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		return
	}
	defer dir.Close()
	lock, err := dir.OpenFile(lockName, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer lock.Close()
	if !isMarked(lock) || syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return
	}
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return
	}
	for _, e := range entries {
		if kind := e.Type(); ours.MatchString(e.Name()) && (kind.IsRegular() || kind == fs.ModeSocket) && e.Name() != lockName {
			_ = dir.Remove(e.Name())
		}
	}
	if rest, err := fs.ReadDir(dir.FS(), "."); err == nil && len(rest) == 1 { // the lock
		_ = dir.Remove(lockName)
		_ = os.Remove(path)
	}
}

// isMarked says that a lock is a file of this user with our mark.
func isMarked(lock *os.File) bool {
	info, err := lock.Stat()
	if err != nil || !info.Mode().IsRegular() || !isOwn(info) {
		return false
	}
	text, err := io.ReadAll(io.LimitReader(lock, int64(len(mark))))
	return err == nil && strings.HasPrefix(string(text), mark)
}

// isOwn says that a file belongs to this user.
func isOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
