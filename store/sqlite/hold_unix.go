//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// holdFile makes a file and locks it, for as long as it is open.
func holdFile(path string, mode fs.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, mode)
	if err != nil {
		return nil, err
	}
	err = flock(f, syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil && !isStill(path, f) {
		err = fmt.Errorf("%s was removed", path)
	}
	if err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.ENOSYS) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.ENOLCK) {
			_ = os.Remove(path)
			err = fmt.Errorf("%w: %w", errNoMarks, err)
		}
		return nil, err
	}
	return f, nil
}

// isStill says that f is what stands at path.
func isStill(path string, f *os.File) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(path)
	return err == nil && os.SameFile(mine, there)
}

// isHeld says whether somebody has the file locked. Those who ask at the same
// time don't take each other for holders.
func isHeld(path string) (bool, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	err = flock(f, syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// removeUnheld removes the file if nobody holds it. It is locked meanwhile, so
// that whoever is just making it finds out.
func removeUnheld(path string) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if flock(f, syscall.LOCK_EX|syscall.LOCK_NB) == nil && isStill(path, f) {
		_ = os.Remove(path)
	}
}

// dropFile ends a holding and removes the file: before it is let go, so that
// nobody takes its maker for one that died.
func dropFile(path string, f *os.File) {
	_ = os.Remove(path)
	_ = f.Close()
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
