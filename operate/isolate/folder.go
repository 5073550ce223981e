package isolate

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// A folder holds the sockets of one application's workers. It lies in a folder
// of naja's own below the temporary one (see home), which nobody but this user
// can enter, nor anybody but the workers' user where that is another one.
//
// A server that is killed leaves its folder behind. The next one removes it: it
// tells by the lock on a marked file in it, which ends with the process.
type folder struct {
	path string
	lock *os.File
}

// maxSocketPath is less than the path of a Unix socket may have on any system.
const maxSocketPath = 100

func makeFolder(dir string, owner *account) (*folder, error) {
	if len(filepath.Join(dir, homeName(owner), folderPrefix+"1234567890", "1234567s")) > maxSocketPath {
		dir = "/tmp"
	}
	path, err := makeInHome(dir, owner)
	if err != nil {
		return nil, fmt.Errorf("making the folder of the workers' sockets: %w", err)
	}
	lock, err := lockFolder(path)
	if err == nil {
		err = owner.admit(path)
	}
	if err != nil {
		err = errors.Join(fmt.Errorf("locking the sockets' folder: %w", err), os.RemoveAll(path))
		if lock != nil {
			err = errors.Join(err, lock.Close())
		}
		return nil, err
	}
	return &folder{path, lock}, nil
}

const (
	folderPrefix = "workers-"
	lockName     = "lock"
	boxPrefix    = "box"
	// mark is what the lock of a folder that we made begins with. Nothing that
	// lacks it is ever removed.
	mark = "The sockets of naja's workers. When nobody has this file locked, naja removes them with their folder.\n"
)

// makeInHome makes a new folder, after the stale ones beside it are gone.
func makeInHome(dir string, owner *account) (string, error) {
	for tries := 0; ; tries++ {
		home, err := openHome(dir, owner)
		if err != nil {
			return "", err
		}
		removeStale(home)
		path, err := os.MkdirTemp(home, folderPrefix) // 0700
		if errors.Is(err, fs.ErrNotExist) && tries < 10 {
			continue // the last server of this user has just removed it
		}
		return path, err
	}
}

// openHome makes the folder of naja's own below dir, or looks whether what is
// there is one.
func openHome(dir string, owner *account) (string, error) {
	home := filepath.Join(dir, homeName(owner))
	err := os.Mkdir(home, 0o700)
	if err == nil {
		return home, owner.admit(home)
	}
	if !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	if err := checkHome(home, owner); err != nil {
		return "", err
	}
	return home, owner.admit(home) // the server that has made it may not have come to that
}

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
	file, err := os.CreateTemp(f.path, boxPrefix)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Remove(file.Name()), file.Truncate(size)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// remove removes the folder, and what it lies in where it was the last.
func (f *folder) remove() error {
	err := errors.Join(os.RemoveAll(f.path), f.lock.Close())
	_ = os.Remove(filepath.Dir(f.path)) // unless another server has its own there
	return err
}
