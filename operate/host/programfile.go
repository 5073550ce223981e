package host

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// openOwned opens a file that is a program which nobody but this process's user
// and root can have put there.
func openOwned(name string) (*os.File, error) {
	if info, err := os.Stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() { // whose opening could wait for ever
		return nil, fmt.Errorf("%s is no file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file", name)
	case info.Mode()&0o111 == 0:
		err = fmt.Errorf("%s is not executable", name)
	case info.Mode()&0o022 != 0:
		err = fmt.Errorf("%s can be written to by others than its owner (%v); want chmod go-w", name, info.Mode().Perm())
	case !ownedByUs(info):
		err = fmt.Errorf("%s belongs neither to the server's user nor to root", name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// hashOf is the beginning of a file's SHA-256, as operators see it.
func hashOf(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil))[:12], err
}

// programFolder is where the program at target is prepared: next to it, so that
// it can be renamed into its place. Others may run what is there.
func programFolder(target string) string {
	return filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+".naja-update")
}

func (p *program) fresh() string { return filepath.Join(programFolder(p.target), "new") }
func (p *program) old() string   { return filepath.Join(programFolder(p.target), "old") }

// stage copies the program, with the mode of the one in its place.
func (p *program) stage(ctx context.Context, from *os.File) error {
	folder := programFolder(p.target)
	if err := errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o700), os.Chmod(folder, 0o711)); err != nil {
		return err
	}
	info, err := os.Stat(p.target)
	if err != nil {
		return err
	}
	if err := writeProgram(p.fresh(), from, info.Mode().Perm()&^0o022|0o500); err != nil {
		return err
	}
	if hash, err := hashOf(p.fresh()); err != nil || hash != p.res.Hash {
		return errors.Join(err, fmt.Errorf("%s changed while it was copied", p.source))
	}
	return context.Cause(ctx)
}

// writeProgram writes a file that will be run. No process is started meanwhile:
// it would have the file open for writing until it runs its own program, and
// the system refuses to run what somebody may still write to.
func writeProgram(name string, from io.Reader, mode fs.FileMode) (err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	to, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return errors.Join(to.Chmod(mode), to.Sync())
}

// close removes what is left of the preparations.
func (p *program) close() {
	if p != nil {
		_ = os.RemoveAll(programFolder(p.target))
	}
}

// put gives the program its place, and keeps the former one.
func (p *program) put() error {
	err := os.Link(p.target, p.old())
	if err != nil { // a file system without links
		err = copyProgram(p.target, p.old())
	}
	if err == nil {
		err = os.Rename(p.fresh(), p.target)
	}
	if err != nil {
		return fmt.Errorf("putting the new program in its place: %w", err)
	}
	p.res.Replaced = true
	return nil
}

func copyProgram(from, to string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return writeProgram(to, f, info.Mode().Perm())
}

// takeBack puts the former program back.
func (p *program) takeBack() error {
	p.res.Replaced = false
	if err := os.Rename(p.old(), p.target); err != nil {
		return fmt.Errorf("putting the old program back: %w", err)
	}
	return nil
}

// mendProgram undoes, after a crash, what was done to the program together with
// files that go back too; undone is false where the files are good, and with
// them the program.
func mendProgram(target string, undone bool) error {
	target, err := filepath.EvalSymlinks(target)
	if err != nil {
		return nil // whoever starts it says so
	}
	p := &program{target: target, res: &ProgramResult{}}
	defer p.close()
	if _, err := os.Lstat(p.old()); err != nil || !undone {
		return nil
	}
	return p.takeBack()
}
