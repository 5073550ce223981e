package host

import (
	"context"
	"fmt"
	"time"
)

// What a hold does with requests.
const (
	Refuse = "refuse" // 503, with a page that asks to wait
	Park   = "park"   // they wait, bounded, and are served afterwards
)

// A HoldRequest says how to hold an application.
type HoldRequest struct {
	Mode   string // Refuse or Park; default Refuse
	Single bool   // one apartment only, for those who pass and for those parked
}

// Hold keeps requests out until ReleaseHold; those that run go on. A hold takes
// the place of the one before. With Single it returns when no second apartment
// runs any more, and holds nothing when ctx ends before that.
func (a *Application) Hold(ctx context.Context, req HoldRequest) error {
	if req.Mode == "" {
		req.Mode = Refuse
	}
	if req.Mode != Refuse && req.Mode != Park {
		return fmt.Errorf("%q is not a way to hold; want %q or %q", req.Mode, Refuse, Park)
	}
	h := &hold{mode: req.Mode, single: req.Single, why: "operator", since: time.Now(), over: make(chan struct{})}
	var before *hold
	shut := false
	a.door.set(func() {
		if shut = a.door.shut; !shut {
			before, a.door.operator = a.door.operator, h
		}
	})
	if shut {
		return ErrShutdown
	}
	if before != nil {
		close(before.over)
	}
	a.cfg.Logger.Info("held", "mode", h.mode, "single", h.single)
	if err := a.applySingle(ctx); err != nil {
		a.lift(h)
		return fmt.Errorf("waiting for the other apartments: %w", err)
	}
	return nil
}

// ReleaseHold lets requests in again. It always works: an operation that holds
// the application is ended, and puts everything back. Error: [ErrNotHeld].
func (a *Application) ReleaseHold(ctx context.Context) error {
	a.door.mu.Lock()
	operator, own := a.door.operator, a.door.own
	a.door.mu.Unlock()
	switch {
	case operator != nil:
		a.lift(operator)
		a.cfg.Logger.Info("released", "held", time.Since(operator.since))
		return a.applySingle(ctx)
	case own != nil && own.cancel != nil:
		own.cancel()
		select {
		case <-own.over:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return ErrNotHeld
}

// lift ends an operator's hold, unless it has ended.
func (a *Application) lift(h *hold) {
	a.door.set(func() {
		if a.door.operator == h {
			a.door.operator = nil
			close(h.over)
		}
	})
}

// Maint lets one apartment run at a time, or all of them again: for work that
// wants the application for itself. Running pages finish first, and it returns
// when they have.
func (a *Application) Maint(ctx context.Context, on bool) error {
	a.mu.Lock()
	before := a.maint
	a.maint = on
	a.mu.Unlock()
	if err := a.applySingle(ctx); err != nil {
		a.mu.Lock()
		a.maint = before
		a.mu.Unlock()
		return fmt.Errorf("waiting for the other apartments: %w", err)
	}
	a.cfg.Logger.Info("maintenance mode", "on", on)
	return nil
}

// single says whether one apartment alone may run.
func (a *Application) single() bool {
	a.mu.Lock()
	maint := a.maint
	a.mu.Unlock()
	a.door.mu.Lock()
	defer a.door.mu.Unlock()
	return maint || a.door.operator != nil && a.door.operator.single
}

// applySingle tells the Runner.
func (a *Application) applySingle(ctx context.Context) error {
	if r, ok := a.Runner(); ok {
		return r.Single(ctx, a.single())
	}
	return nil
}

// park keeps requests waiting for an operation, which unparks.
func (a *Application) park(operation string, cancel func()) *hold {
	h := &hold{mode: Park, why: operation, since: time.Now(), cancel: cancel, over: make(chan struct{})}
	a.door.set(func() { a.door.own = h })
	return h
}

// unpark ends that.
func (a *Application) unpark(h *hold) {
	a.door.set(func() {
		if a.door.own == h {
			a.door.own = nil
			close(h.over)
		}
	})
}
