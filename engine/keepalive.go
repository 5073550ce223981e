package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

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
	status := e.apartments.status()
	k := KeptAlive{Busy: status.busy}
	idle := slices.DeleteFunc(status.apartments, func(a apartmentStatus) bool { return a.inUse || a.hits == 0 || a.idle <= keepAliveAfter })
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
func (e *Engine) exercise(ctx context.Context, idle []apartmentStatus) (n int, failed []string, err error) {
	empty, err := e.compiler.Compile("keepalive.asp", noText{})
	if err != nil {
		return 0, nil, fmt.Errorf("compiling an empty page: %w", err)
	}
	slices.SortFunc(idle, func(a, b apartmentStatus) int { return cmp.Compare(b.idle, a.idle) })
	for _, s := range idle {
		if ctx.Err() != nil {
			return n, failed, context.Cause(ctx)
		}
		a, ok := e.apartments.tryAcquire(claim{want: e.apartments.apartments[s.id-1], pinned: true})
		if !ok {
			continue
		}
		a.hits.Add(-1) // it isn't a request's
		n++
		if err := e.runEmpty(ctx, a, empty); err != nil {
			failed = append(failed, fmt.Sprintf("apartment %d: %v", s.id, err))
		}
	}
	return n, failed, nil
}

// runEmpty runs the empty page in an apartment, and gives the apartment back.
func (e *Engine) runEmpty(ctx context.Context, a *apartment, empty *runtime.Program) error {
	defer e.apartments.release(a)
	d := newDeadline(exerciseTimeout, 0)
	defer d.stop()
	state := runtime.New(ctx, &runtime.Env{Log: e.cfg.Logger})
	var failed error
	if err := e.supervise(a, state, d, alarm{}, func() { failed = state.RunEvent(empty, "") }); err != nil {
		return err
	}
	return failed
}
