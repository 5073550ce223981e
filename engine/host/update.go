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
}

// Update puts what Config.UpdateSource holds in the place of the site's files.
// It is copied into the site's root, under a name that nobody is served, and
// checked there; then requests wait while those that run finish, the files are
// swapped, and the Runner looks at them. When the new site doesn't start, or
// anything else goes wrong, the old files are back before the requests that
// wait are served; after a crash, New sees to that. Sessions and Application
// survive, unless global.asa has changed.
//
// Error: [ErrUnavailable] without a source; otherwise what
// UpdateResult.Problem says, and the site is as it was.
func (a *Application) Update(ctx context.Context) (UpdateResult, error) {
	cfg := a.settings()
	if cfg.UpdateSource == "" || cfg.Root == "" {
		return UpdateResult{}, fmt.Errorf("%w: no folder is set that updates come from (update_source)", ErrUnavailable)
	}
	if err := a.begin(ctx, "updating"); err != nil {
		return UpdateResult{}, err
	}
	defer a.done()
	res := UpdateResult{Began: time.Now(), Replaced: []string{}, Added: []string{}, Removed: []string{}}
	err := a.tryUpdate(ctx, cfg, &res)
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

// tryUpdate is Update. Whatever it returns, nothing is half done.
func (a *Application) tryUpdate(ctx context.Context, cfg *Config, res *UpdateResult) error {
	u, err := openUpdate(cfg)
	if err != nil {
		return err
	}
	defer u.close()
	if err := u.stage(ctx, res); err != nil {
		return fmt.Errorf("copying the new site: %w", err)
	}
	if len(u.plan.Changes) == 0 {
		return nil
	}
	if cfg.Check != nil {
		if err := u.check(ctx, cfg.Check); err != nil {
			return fmt.Errorf("checking the new site: %w", err)
		}
	}
	if err := u.writable(); err != nil {
		return err
	}
	return a.putInPlace(ctx, cfg, u, res)
}

// putInPlace swaps the files while requests wait.
func (a *Application) putInPlace(ctx context.Context, cfg *Config, u *update, res *UpdateResult) error {
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
		if err := a.drainFor(ctx, cfg, t, u, res); err != nil {
			return err
		}
	}
	if err := u.write(); err != nil {
		return fmt.Errorf("writing down what will be done: %w", err)
	}
	res.RolledBack = true // until it has gone well
	err := u.swap(ctx)
	if err == nil && t != nil {
		err = t.runner.Refresh(ctx)
	}
	if err == nil {
		err = context.Cause(ctx) // released at the last moment
	}
	if err == nil {
		err = u.commit()
	}
	if err == nil {
		res.RolledBack = false
		return nil
	}
	what := "the new site doesn't start"
	if errors.Is(err, errReleased) || ctx.Err() != nil {
		what = "broken off"
	}
	return errors.Join(fmt.Errorf("%s: %w", what, err), a.takeBack(context.WithoutCancel(ctx), t, u))
}

// drainFor waits until no request runs, for half as long as those at the door
// may wait. Pages that go on longer keep what they were compiled of; but not
// over a change of global.asa, which ends their application.
func (a *Application) drainFor(ctx context.Context, cfg *Config, t *tenancy, u *update, res *UpdateResult) error {
	draining, cancel := context.WithTimeout(ctx, cfg.HoldTimeout/2)
	defer cancel()
	if t.drained(draining) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("waiting for running requests: %w", context.Cause(ctx))
	}
	res.Overlapped = t.inside.Load()
	if u.plan.changesGlobal() {
		return fmt.Errorf("%w: %d requests still run after %v, and global.asa changes", ErrConflict, res.Overlapped, cfg.HoldTimeout/2)
	}
	return nil
}

// takeBack puts the old site back.
func (a *Application) takeBack(ctx context.Context, t *tenancy, u *update) error {
	if err := u.rollBack(); err != nil {
		return fmt.Errorf("putting the old site back: %w", err)
	}
	if t == nil {
		return nil
	}
	if err := t.runner.Refresh(ctx); err != nil {
		return fmt.Errorf("starting the old site again: %w", err)
	}
	return nil
}
