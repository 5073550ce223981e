package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/runtime"
)

// KeptAlive is what [Engine.KeepAlive] did.
type KeptAlive struct {
	Exercised int      `json:"exercised"` // apartments that were idle for more than a minute
	Busy      int      `json:"busy"`      // apartments in use, which need none
	Failed    []string `json:"failed"`    // what didn't answer, and why
	Took      Seconds  `json:"took_seconds"`
}

const (
	keepAliveAfter  = time.Minute     // an apartment is idle so long before it is exercised
	exerciseTimeout = 5 * time.Second // for the empty page
)

// KeepAlive lets every apartment that has run something, and was idle for more
// than a minute since, run an empty page, and looks whether the store of
// sessions answers.
func (e *Engine) KeepAlive(ctx context.Context) (KeptAlive, error) {
	began := time.Now()
	status := e.apartments.Status()
	k := KeptAlive{Busy: status.Busy}
	idle := slices.DeleteFunc(status.Apartments, func(a apartment.State) bool { return a.InUse || a.Hits == 0 || a.Idle <= keepAliveAfter })
	var err error
	k.Exercised, k.Failed, err = e.exercise(ctx, idle)
	if m := e.life.app().manager; m != nil && err == nil {
		if _, err := m.Count(ctx); err != nil {
			k.Failed = append(k.Failed, "the store of sessions: "+err.Error())
		}
	}
	k.Took = Seconds(time.Since(began))
	return k, err
}

// exercise runs an empty page in each of these apartments that is idle still,
// the one used last in the end, so that it stays the first to be taken.
func (e *Engine) exercise(ctx context.Context, idle []apartment.State) (n int, failed []string, err error) {
	empty, err := e.compiler.Compile("keepalive.asp", noText{})
	if err != nil {
		return 0, nil, fmt.Errorf("compiling an empty page: %w", err)
	}
	slices.SortFunc(idle, func(a, b apartment.State) int { return cmp.Compare(b.Idle, a.Idle) })
	for _, s := range idle {
		if ctx.Err() != nil {
			return n, failed, context.Cause(ctx)
		}
		a, ok := e.apartments.TryIdle(s.ID)
		if !ok {
			continue
		}
		n++
		if err := e.runEmpty(ctx, a, empty); err != nil {
			failed = append(failed, fmt.Sprintf("apartment %d: %v", s.ID, err))
		}
	}
	return n, failed, nil
}

// runEmpty runs the empty page in an apartment, and gives the apartment back.
func (e *Engine) runEmpty(ctx context.Context, a *apartment.Apartment, empty *runtime.Program) error {
	defer e.apartments.Release(a)
	d := newDeadline(exerciseTimeout, 0)
	defer d.stop()
	state := runtime.New(ctx, &runtime.Env{Log: e.cfg.Logger})
	var failed error
	if err := e.supervise(a, state, d, alarm{}, func() { failed = state.RunEvent(empty, "") }); err != nil {
		return err
	}
	return failed
}

// Single lets one apartment run at a time, for work that wants the application
// for itself, or all of them again. What runs then finishes; what comes waits,
// as it does for an apartment, in the order in which it came. It returns when
// no second apartment is in use any more; when ctx ends first, everything is
// as before.
func (e *Engine) Single(ctx context.Context, on bool) error {
	if !on {
		e.apartments.All()
		return nil
	}
	return e.apartments.One(ctx)
}
