package host

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
)

// same compares a file of the update with the site's.
func (u *update) same(name string) (bool, error) {
	a, err := u.source.Open(name)
	if err != nil {
		return false, err
	}
	defer a.Close()
	b, err := u.site.Open(name)
	if err != nil {
		return false, err
	}
	defer b.Close()
	return sameBytes(a, b)
}

func sameBytes(a, b io.Reader) (bool, error) {
	x, y := make([]byte, 32<<10), make([]byte, 32<<10)
	for {
		n, err := io.ReadFull(a, x)
		m, err2 := io.ReadFull(b, y)
		if n != m || string(x[:n]) != string(y[:m]) {
			return false, nil
		}
		if err != nil || err2 != nil {
			over := (err == io.EOF || err == io.ErrUnexpectedEOF) && (err2 == io.EOF || err2 == io.ErrUnexpectedEOF)
			if over {
				return true, nil
			}
			return false, errors.Join(err, err2)
		}
	}
}

// copy copies a file of the update into the site's file system, with a time of
// its own: the engine tells a changed file by time and size.
func (u *update) copy(name string, mode fs.FileMode) (err error) {
	from, err := u.source.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	target := path.Join(newFolder, name)
	if err := u.site.MkdirAll(path.Dir(target), 0o700); err != nil {
		return err
	}
	to, err := u.site.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Chmod(mode); err != nil { // whatever the umask is
		return err
	}
	return to.Sync()
}
