package isolate

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
)

// A folder holds the sockets of one application's workers. Nobody but their
// user can enter it.
//
// A server that is killed leaves its folder behind. The next one removes it: it
// tells by the lock on a file in it, which ends with the process.
type folder struct {
	path string
	lock *os.File
}

// maxSocketPath is less than the path of a Unix socket may have on any system.
const maxSocketPath = 100

func makeFolder(dir string, owner *account) (*folder, error) {
	if len(dir)+len("/naja-1234567890/1234567") > maxSocketPath {
		dir = "/tmp"
	}
	removeStale(dir)
	path, err := os.MkdirTemp(dir, folderPrefix) // 0700
	if err != nil {
		return nil, fmt.Errorf("making the folder of the workers' sockets: %w", err)
	}
	lock, err := lockFolder(path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the sockets' folder: %w", err), os.RemoveAll(path))
	}
	if err := owner.own(path); err != nil {
		return nil, errors.Join(fmt.Errorf("giving the sockets' folder to its user: %w", err), os.RemoveAll(path), lock.Close())
	}
	return &folder{path, lock}, nil
}

const (
	folderPrefix = "naja-"
	lockName     = "lock"
)

// listen makes a socket in the folder.
func (f *folder) listen(name string, owner *account) (net.Listener, error) {
	path := filepath.Join(f.path, name)
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Chmod(path, 0o600), owner.own(path)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// file is the path of a file in the folder.
func (f *folder) file(name string) string { return filepath.Join(f.path, name) }

// unnamedFile is a file that is gone when nobody has it open any more.
func (f *folder) unnamedFile(size int64) (*os.File, error) {
	file, err := os.CreateTemp(f.path, "box")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Remove(file.Name()), file.Truncate(size)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (f *folder) remove() error { return errors.Join(os.RemoveAll(f.path), f.lock.Close()) }
