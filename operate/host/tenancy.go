package host

import (
	"context"
	"sync/atomic"
	"time"
)

// A tenancy is a Runner with the requests that are inside it.
type tenancy struct {
	runner    Runner
	isolation string
	program   string // Config.Program when it was made
	since     time.Time

	inside atomic.Int64
	empty  atomic.Pointer[chan struct{}] // gets one when the last has left, while somebody waits for that
}

// leave is called by each request that entered.
func (t *tenancy) leave() {
	if t.inside.Add(-1) > 0 {
		return
	}
	if empty := t.empty.Load(); empty != nil {
		select {
		case *empty <- struct{}{}:
		default:
		}
	}
}

// drained waits until nobody is inside. The door is shut meanwhile, and one
// waits at a time. The error is the cause of ctx's end.
func (t *tenancy) drained(ctx context.Context) error {
	empty := make(chan struct{}, 1)
	t.empty.Store(&empty)
	defer t.empty.Store(nil)
	for t.inside.Load() > 0 {
		select {
		case <-empty:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// drainedWithout is drained, with long pages told to end meanwhile: their
// clients come again and find what is new.
func (t *tenancy) drainedWithout(ctx context.Context) error {
	t.stopping(true)
	defer t.stopping(false)
	return t.drained(ctx)
}
