package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/engine"
)

// An UpdateResult is what became of an update.
type UpdateResult struct {
	OK         bool           `json:"ok"`          // the site is the new one
	Problem    string         `json:"problem"`     // why not
	RolledBack bool           `json:"rolled_back"` // the new one was in place, and the old one is back
	Began      time.Time      `json:"began"`
	Took       engine.Seconds `json:"took_seconds"`
	Parked     engine.Seconds `json:"parked_seconds"` // how long requests had to wait
	Overlapped int64          `json:"overlapped"`     // requests that still ran when the files changed
	Replaced   []string       `json:"replaced"`
	Added      []string       `json:"added"`
	Removed    []string       `json:"removed"`
	Unchanged  int            `json:"unchanged"`
	Program    *ProgramResult `json:"program"` // nil where none could be updated
}

// Update puts what Config.UpdateSource holds in the place of the site's files,
// and Config.UpdateProgram in that of the program of the application's
// processes, where it has any.
//
// Files are copied into the site's root, under a name that nobody is served, and
// checked there; then requests wait while those that run finish, the files are
// swapped, and the Runner looks at them. The program is copied next to the one
// that it follows, and a process of it is started, which takes over when it is
// ready; without new files no request waits for that. When the new site or the
// new program doesn't start, or anything else goes wrong, the old files and the
// old program are back before the requests that wait are served; after a crash,
// New sees to that. Sessions and Application survive, unless global.asa has
// changed.
//
// Error: [ErrUnavailable] where there is nothing that updates come from;
// otherwise what UpdateResult.Problem says, and the site is as it was.
func (a *Application) Update(ctx context.Context) (UpdateResult, error) {
	cfg := a.settings()
	if !a.updates() {
		return UpdateResult{}, fmt.Errorf("%w: nothing is set that updates come from (update_source; update_program for an isolated application)", ErrUnavailable)
	}
	ctx, done, err := a.begin(ctx, "updating")
	if err != nil {
		return UpdateResult{}, err
	}
	defer done()
	res := UpdateResult{Began: time.Now(), Replaced: []string{}, Added: []string{}, Removed: []string{}}
	err = a.tryUpdate(ctx, cfg, &res)
	res.Took = engine.Seconds(time.Since(res.Began))
	if err != nil {
		res.Problem = err.Error()
		a.cfg.Logger.Error("not updated", "problem", res.Problem, "rolled_back", res.RolledBack)
	} else {
		res.OK = true
		a.cfg.Logger.Info("updated", "replaced", len(res.Replaced), "added", len(res.Added), "removed", len(res.Removed),
			"unchanged", res.Unchanged, "took", res.Took.Duration(), "parked", res.Parked.Duration())
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.update = &res
	return res, err
}

// updates says that there is something that an update could come from.
func (a *Application) updates() bool {
	cfg := a.settings()
	return cfg.UpdateSource != "" && cfg.Root != "" || a.updatesProgram(cfg)
}

func (a *Application) updatesProgram(cfg *Config) bool {
	return cfg.UpdateProgram != "" && cfg.Program != "" && a.isolationNow() == Process
}

// tryUpdate is Update. Whatever it returns, nothing is half done.
func (a *Application) tryUpdate(ctx context.Context, cfg *Config, res *UpdateResult) error {
	u, err := stageSite(ctx, cfg, res)
	if err != nil {
		return err
	}
	defer u.close()
	t := a.door.lives()
	p, err := a.stageProgram(ctx, cfg, t, res)
	if err != nil {
		return err
	}
	defer p.close()
	switch {
	case u == nil && p == nil:
		return nil
	case u == nil && t != nil:
		return p.install(ctx, t)
	case p != nil && t != nil:
		if err := p.rehearse(ctx, t); err != nil {
			return err
		}
	}
	return a.putInPlace(ctx, cfg, &both{u, p}, res)
}

// stageProgram copies the program, if it differs.
func (a *Application) stageProgram(ctx context.Context, cfg *Config, t *tenancy, res *UpdateResult) (*program, error) {
	if !a.updatesProgram(cfg) {
		return nil, nil
	}
	target := cfg.Program
	if t != nil {
		if _, ok := t.runner.(Programmed); !ok {
			return nil, fmt.Errorf("%w: the application's processes can't have another program", ErrUnavailable)
		}
		target = t.program
	}
	return openProgram(ctx, cfg.UpdateProgram, target, res)
}

// both are the two halves of an update, of which one may be nil.
type both struct {
	site    *update
	program *program
}

// putInPlace swaps the files, and the program, while requests wait.
func (a *Application) putInPlace(ctx context.Context, cfg *Config, n *both, res *UpdateResult) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := a.door.lives()
	parked := time.Now()
	h := a.park("updating", func() { cancel(errReleased) })
	defer func() {
		a.unpark(h)
		res.Parked = engine.Seconds(time.Since(parked))
	}()
	if t != nil {
		if err := a.drainFor(ctx, cfg, t, n.site, res); err != nil {
			return err
		}
	}
	if err := n.site.write(); err != nil {
		return fmt.Errorf("writing down what will be done: %w", err)
	}
	res.RolledBack = true // until it has gone well
	err := a.swap(ctx, cfg, t, n)
	if err == nil {
		err = context.Cause(ctx) // released at the last moment
	}
	if err == nil {
		err = n.site.commit()
	}
	if err == nil {
		res.RolledBack = false
		return nil
	}
	what := "the new site doesn't start"
	if errors.Is(err, errReleased) || ctx.Err() != nil {
		what = "broken off"
	}
	return errors.Join(fmt.Errorf("%s: %w", what, err), a.takeBack(context.WithoutCancel(ctx), n))
}

// swap puts what is new in its place and has it used.
func (a *Application) swap(ctx context.Context, cfg *Config, t *tenancy, n *both) error {
	if err := n.site.swap(ctx); err != nil {
		return err
	}
	if t == nil && n.program != nil { // a start is the trial
		if err := n.program.put(); err != nil {
			return err
		}
		return a.start(ctx)
	}
	if t == nil {
		return nil
	}
	if err := t.runner.Refresh(ctx); err != nil || n.program == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.HoldTimeout/2)
	defer cancel()
	return n.program.install(ctx, t)
}

// drainFor waits until no request runs, for half as long as those at the door
// may wait. Pages that go on longer keep what they were compiled of; but not
// over a change of global.asa, which ends their application.
func (a *Application) drainFor(ctx context.Context, cfg *Config, t *tenancy, u *update, res *UpdateResult) error {
	draining, cancel := context.WithTimeout(ctx, cfg.HoldTimeout/2)
	defer cancel()
	if t.drainedWithout(draining) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("waiting for running requests: %w", context.Cause(ctx))
	}
	res.Overlapped = t.inside.Load()
	if u != nil && u.plan.changesGlobal() {
		return fmt.Errorf("%w: %d requests still run after %v, and global.asa changes", ErrConflict, res.Overlapped, cfg.HoldTimeout/2)
	}
	return nil
}

// takeBack puts the old site back, and the old program.
func (a *Application) takeBack(ctx context.Context, n *both) error {
	t := a.door.lives() // started by the update, perhaps
	if err := n.site.rollBack(); err != nil {
		return fmt.Errorf("putting the old site back: %w", err)
	}
	if err := n.program.uninstall(ctx, t); err != nil {
		return err
	}
	if t == nil {
		a.door.set(func() { a.door.failed, a.door.retry = nil, time.Time{} }) // that was the new one
		return nil
	}
	if err := t.runner.Refresh(ctx); err != nil {
		return fmt.Errorf("starting the old site again: %w", err)
	}
	return nil
}
