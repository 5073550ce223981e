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

// A Programmed is a Runner in other processes, whose program can be replaced
// while it serves.
type Programmed interface {
	// TryProgram starts a process of the program at path beside those that
	// serve, and waits until it is ready. take gives it the requests; by then the
	// program is in the place of the former one. drop ends it, unless it was
	// taken. Errors leave everything as it was.
	TryProgram(ctx context.Context, path string) (version string, take func(context.Context) error, drop func(), err error)
}

// A ProgramResult is what became of the program of an application's processes.
type ProgramResult struct {
	Path     string `json:"path"`
	Replaced bool   `json:"replaced"` // false: it is the same, or the update failed
	Version  string `json:"version"`  // the new one's, as it says itself; "" where it wasn't tried
	Hash     string `json:"hash"`     // the first digits of the new one's SHA-256
	Before   string `json:"before"`   // of the former one's
}

// A program is a new one on its way into its place. A nil one is none. One
// goroutine uses it.
type program struct {
	source, target string
	res            *ProgramResult
}

// openProgram looks whether the program differs from the one in its place, and
// copies it next to that, where only this process's user may write. The caller
// closes it; nil where nothing differs, or there are no other processes.
func openProgram(ctx context.Context, source, target string, res *UpdateResult) (*program, error) {
	target, err := filepath.EvalSymlinks(target)
	if err != nil {
		return nil, fmt.Errorf("the program to be replaced: %w", err)
	}
	from, err := openOwned(source)
	if err != nil {
		return nil, fmt.Errorf("the new program: %w", err)
	}
	defer from.Close()
	p := &program{source: source, target: target, res: &ProgramResult{Path: target}}
	res.Program = p.res
	if p.res.Before, err = hashOf(target); err != nil {
		return nil, fmt.Errorf("the program to be replaced: %w", err)
	}
	if p.res.Hash, err = hashOf(source); err != nil || p.res.Hash == p.res.Before {
		return nil, err
	}
	if err := p.stage(ctx, from); err != nil {
		p.close()
		return nil, fmt.Errorf("copying the new program: %w", err)
	}
	return p, nil
}

// rehearse starts a process of the new program, and ends it.
func (p *program) rehearse(ctx context.Context, t *tenancy) error {
	_, drop, err := p.try(ctx, t, p.fresh())
	if err == nil {
		drop()
	}
	return err
}

func (p *program) try(ctx context.Context, t *tenancy, path string) (take func(context.Context) error, drop func(), err error) {
	version, take, drop, err := t.runner.(Programmed).TryProgram(ctx, path)
	if err != nil {
		return nil, nil, fmt.Errorf("the new program doesn't start: %w", err)
	}
	p.res.Version = version
	return take, drop, nil
}

// install puts the program in its place, and has a process of it take over. An
// error leaves all as it was.
func (p *program) install(ctx context.Context, t *tenancy) error {
	take, drop, err := p.try(ctx, t, p.fresh())
	if err != nil {
		return err
	}
	defer drop()
	if err := p.put(); err != nil {
		return err
	}
	if err := take(ctx); err != nil {
		return errors.Join(fmt.Errorf("the new program doesn't take over: %w", err), p.takeBack())
	}
	return nil
}

// uninstall undoes install.
func (p *program) uninstall(ctx context.Context, t *tenancy) error {
	if p == nil || !p.res.Replaced {
		return nil
	}
	if err := p.takeBack(); err != nil || t == nil {
		return err
	}
	_, take, drop, err := t.runner.(Programmed).TryProgram(ctx, p.target)
	if err != nil {
		return fmt.Errorf("starting the old program again: %w", err)
	}
	defer drop()
	return take(ctx)
}

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
