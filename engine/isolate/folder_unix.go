//go:build unix

package isolate

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// lockFolder makes the file that says the folder is in use. It gets its name
// when it is locked already, so that nobody takes a new folder for a stale one.
func lockFolder(path string) (*os.File, error) {
	name := filepath.Join(path, lockName)
	lock, err := os.OpenFile(name+".new", os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}

// removeStale removes the folders of this user's servers that were killed.
// What isn't one beyond doubt stays.
func removeStale(dir string) {
	all, err := filepath.Glob(filepath.Join(dir, folderPrefix+"*", lockName))
	if err != nil {
		return
	}
	for _, name := range all {
		if isStale(name) {
			_ = os.RemoveAll(filepath.Dir(name))
		}
	}
}

// isStale says that a lock is of this user and held by nobody.
func isStale(name string) bool {
	lock, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer lock.Close()
	info, err := lock.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid() && syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
