package host

import (
	"context"
	"fmt"
	"slices"
)

func (a *Application) isolationNow() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.isolation
}

// SetIsolation moves the application between this process and processes of its
// own, without losing a request: new ones wait while running ones finish, and
// the new Runner is there before the old one is shut down. What only lives in
// the old one's memory ends with it. Error: [ErrUnavailable] where Config.Start
// says so; then nothing has changed.
func (a *Application) SetIsolation(ctx context.Context, mode string) error {
	if mode != InProcess && mode != Process {
		return fmt.Errorf("%q is not an isolation; want %q or %q", mode, InProcess, Process)
	}
	if all := a.cfg.Isolations; all != nil && !slices.Contains(all, mode) {
		return fmt.Errorf("isolation %q is %w", mode, ErrUnavailable)
	}
	ctx, done, err := a.begin(ctx, "moving")
	if err != nil {
		return err
	}
	defer done()
	if a.isolationNow() == mode {
		return nil
	}
	old := a.door.lives()
	if old == nil {
		a.setIsolation(mode)
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	h := a.park("moving", func() { cancel(errReleased) })
	defer a.unpark(h)
	if err := old.drainedWithout(ctx); err != nil {
		return fmt.Errorf("waiting for %d requests: %w", old.inside.Load(), err)
	}
	t, err := a.tenant(ctx, mode)
	if err != nil {
		return fmt.Errorf("starting it as %s: %w", mode, err)
	}
	a.setIsolation(mode)
	a.door.set(func() { a.door.tenant = t })
	a.unpark(h)
	if err := old.runner.Shutdown(context.WithoutCancel(ctx)); err != nil {
		a.cfg.Logger.Warn("the application moved, its old self didn't end well", "error", err.Error())
	}
	a.cfg.Logger.Info("moved", "isolation", mode)
	return nil
}

func (a *Application) setIsolation(mode string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.isolation = mode
}
