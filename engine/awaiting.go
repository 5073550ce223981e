package engine

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
)

// A lobby is where requests wait for the application to be ready: to start, or
// to start again because global.asa has changed. They wait as before a turn or an
// apartment: as many as may, for a bounded time, and Status shows them.
type lobby struct {
	waiting  atomic.Int64
	max      atomic.Int64
	patience atomic.Int64 // nanoseconds
}

// set takes the bounds from a Config that went through WithDefaults: those of
// every queue, and those of a held application where they are tighter.
func (l *lobby) set(c *Config) {
	most := max(c.RequestQueueMax, 0)
	if c.HoldQueueMax != 0 {
		most = min(most, max(c.HoldQueueMax, 0))
	}
	long := patience(c)
	if c.HoldTimeout > 0 {
		long = min(long, c.HoldTimeout)
	}
	l.max.Store(int64(most))
	l.patience.Store(int64(long))
}

// crowdPatience is how long a request may wait that is one too many: most waits
// are for somebody who just looks whether global.asa has changed.
const crowdPatience = 100 * time.Millisecond

// await has a request wait for the application, for the rest of the time that it
// may wait for it in all. The context of wait ends with it, for the cause that is
// then the error. An error means that nothing is held; undo gives back what wait
// took while somebody ended the request.
func (x *exchange) await(wait func(context.Context) error, undo func()) error {
	l := &x.e.lobby
	left, late := time.Until(x.began.Add(time.Duration(l.patience.Load()))), errParked
	defer l.waiting.Add(-1)
	if l.waiting.Add(1) > l.max.Load() && left > crowdPatience {
		left, late = crowdPatience, apartment.ErrTooBusy
	}
	ctx, done := x.e.busy.wait(x, "application", "")
	ctx, cancel := context.WithTimeoutCause(ctx, left, late)
	defer cancel()
	err := wait(ctx)
	if reason := done(); reason != nil {
		if err == nil {
			undo()
		}
		return reason
	}
	return err
}

// ready waits until the application has started, and has started again where
// global.asa has changed. One request finds out, and whoever comes meanwhile goes
// on with what there is, where there is something.
func (x *exchange) ready() error {
	l := &x.e.life
	if time.Now().UnixNano() < l.next.Load() {
		return nil
	}
	select {
	case l.changing <- struct{}{}:
	default:
		if l.app().started && l.interval() > 0 {
			return nil
		}
		return x.await(func(ctx context.Context) error { return l.lookNow(ctx, false) }, func() {})
	}
	changed := l.lookApart(context.WithoutCancel(x.r.Context()))
	if changed == nil {
		return nil
	}
	return x.await(func(ctx context.Context) error {
		select {
		case <-changed:
			return nil
		case <-ctx.Done():
		}
		if x.r.Context().Err() != nil { // it may have closed its sending side alone
			still := time.NewTimer(halfClosedPatience)
			defer still.Stop()
			select {
			case <-changed:
				return nil
			case <-still.C:
			}
		}
		return context.Cause(ctx)
	}, func() {})
}

// halfClosedPatience is how long a client that looks as if it had left is taken
// for one that waits for its answer: most starts are over by then.
const halfClosedPatience = time.Second

// enter passes the gate, once it is open.
func (x *exchange) enter() error {
	g := &x.e.gate
	parked, err := g.tryEnter(&x.place)
	if parked == nil {
		return err
	}
	return x.await(func(ctx context.Context) error { return g.enter(ctx, &x.place) }, x.leaveGate)
}
