package host

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
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
