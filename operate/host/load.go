package host

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/najahost/naja/engine"
)

// retryAfter is how long a start that failed isn't tried again by requests.
const retryAfter = 2 * time.Second

// Load starts the application, unless it runs, and has it make everything
// ready: pages compiled, Application_OnStart run, apartments warm.
func (a *Application) Load(ctx context.Context) (engine.Loaded, error) {
	ctx, done, err := a.begin(ctx, "starting")
	if err != nil {
		return engine.Loaded{}, err
	}
	defer done()
	if err := a.start(ctx); err != nil {
		return engine.Loaded{}, err
	}
	t := a.door.lives()
	if t == nil {
		return engine.Loaded{}, ErrShutdown
	}
	return t.runner.Load(ctx)
}

// start makes the Runner, unless there is one. Only one starts at a time.
func (a *Application) start(ctx context.Context) error {
	if a.door.lives() != nil {
		return nil
	}
	t, err := a.tenant(ctx, a.isolationNow())
	a.door.set(func() {
		a.door.failed, a.door.retry = err, time.Now().Add(retryAfter)
		if err == nil {
			a.door.tenant = t
		}
	})
	return err
}

// tenant makes a Runner, which nobody knows yet.
func (a *Application) tenant(ctx context.Context, isolation string) (*tenancy, error) {
	r, err := a.cfg.Start(ctx, isolation)
	if err != nil {
		return nil, err
	}
	if a.single() {
		if err := r.Single(ctx, true); err != nil {
			return nil, errors.Join(err, r.Shutdown(context.WithoutCancel(ctx)))
		}
	}
	return &tenancy{runner: r, isolation: isolation, program: a.settings().Program, since: time.Now()}, nil
}

// startFor is start for a request, which has noted that it does it. It goes on
// when the request's client leaves, because others wait.
func (a *Application) startFor(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.settings().HoldTimeout)
	defer cancel()
	ctx, done, err := a.begin(ctx, "starting")
	if err == nil {
		err = a.start(ctx)
		done()
	}
	a.door.set(func() {
		a.door.starting = false
		if err != nil && a.door.tenant == nil {
			a.door.failed, a.door.retry = err, time.Now().Add(retryAfter)
			a.door.wakeAll() // they are refused
		}
	})
	if err != nil {
		a.cfg.Logger.Error("the application doesn't start", "error", err.Error())
		return
	}
	a.cfg.Logger.Info("started by a request")
}

// Unload ends the application and gives its memory back: running requests
// finish, sessions in memory and the application have their end events. The
// next request starts it again. When ctx ends while requests run, they and
// everything else go on as before.
func (a *Application) Unload(ctx context.Context) error {
	ctx, done, err := a.begin(ctx, "unloading")
	if err != nil {
		return err
	}
	defer done()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	t := a.door.lives()
	if t == nil {
		return ErrNotLoaded
	}
	h := a.park("unloading", func() { cancel(errReleased) })
	defer a.unpark(h)
	if err := t.drainedWithout(ctx); err != nil {
		return fmt.Errorf("waiting for %d requests: %w", t.inside.Load(), err)
	}
	a.door.set(func() { a.door.tenant = nil })
	err = t.runner.Shutdown(context.WithoutCancel(ctx))
	debug.FreeOSMemory()
	a.cfg.Logger.Info("unloaded")
	if err != nil {
		return fmt.Errorf("the application has ended, but not well: %w", err)
	}
	return nil
}

// Refresh has the Runner look at all files again, once no operation is under
// way. It does nothing where none is loaded. The error is what is wrong with
// global.asa.
func (a *Application) Refresh(ctx context.Context) error {
	ctx, done, err := a.begin(ctx, "")
	if err != nil {
		return err
	}
	defer done()
	if r, ok := a.Runner(); ok {
		return r.Refresh(ctx)
	}
	return nil
}

// errReleased ends an operation whose hold an operator released.
var errReleased = errors.New("an operator released the hold")

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

// keepAlive exercises the Runner at intervals, until Shutdown.
func (a *Application) keepAlive() {
	for {
		var tick <-chan time.Time
		every := a.settings().KeepAliveInterval
		if every > 0 {
			tick = time.After(every)
		}
		select {
		case <-a.life.Done():
			return
		case <-a.retimed:
		case <-tick:
			a.exercise(every)
		}
	}
}

// exercise is one KeepAlive that nobody asked for.
func (a *Application) exercise(patience time.Duration) {
	ctx, cancel := context.WithTimeout(a.life, patience)
	defer cancel()
	r, ok := a.Runner()
	if !ok {
		return
	}
	kept, err := r.KeepAlive(ctx)
	for _, what := range kept.Failed {
		a.cfg.Logger.Warn("keep alive", "failed", what)
	}
	if err != nil && a.life.Err() == nil {
		a.cfg.Logger.Warn("keep alive", "error", err.Error())
	}
}
