package apartment

import (
	"context"
	"errors"
	"math/rand/v2"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// A poolHammer has many requests want few apartments in every way there is.
type poolHammer struct {
	t       *testing.T
	Pool    *Pool
	holders []atomic.Int32 // of each apartment
	stuck   chan struct{}  // ends the jobs that became orphans
	served  atomic.Int64
	outcome sync.Map // error → true
}

func TestPoolHammer(t *testing.T) {
	const apartments, requests, rounds = 4, 64, 150
	h := &poolHammer{t: t, holders: make([]atomic.Int32, apartments), stuck: make(chan struct{})}
	h.Pool = newTestPool(t, apartments, Bounds{QueueMax: requests / 2, Timeout: 20 * time.Millisecond})
	var wg sync.WaitGroup
	for range requests {
		wg.Go(func() {
			for range rounds {
				h.request()
			}
		})
	}
	wg.Wait()
	if s := h.Pool.Status(); s.Waiting != 0 || s.Busy != 0 {
		t.Errorf("not at rest: %+v", s)
	}
	close(h.stuck)
	if h.served.Load() < rounds {
		t.Errorf("only %d requests were served", h.served.Load())
	}
	for _, err := range []error{ErrTooBusy, context.Canceled} {
		if _, seen := h.outcome.Load(err); !seen {
			t.Errorf("%v never happened", err)
		}
	}
}

func (h *poolHammer) request() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if rand.IntN(3) == 0 {
		go cancel()
	}
	var c Claim
	if n := rand.IntN(8); n < len(h.Pool.apartments) {
		c = Claim{Want: h.Pool.apartments[n], Pinned: rand.IntN(2) == 0}
	}
	a, _, err := h.Pool.Acquire(ctx, c)
	if err != nil {
		h.outcome.Store(err, true)
		if !errors.Is(err, ErrTooBusy) && !errors.Is(err, ErrQueueTimeout) && !errors.Is(err, context.Canceled) {
			h.t.Error(err)
		}
		return
	}
	if c.Pinned && a != c.Want {
		h.t.Errorf("pinned to %d, got %d", c.Want.ID, a.ID)
	}
	h.hold(a)
	h.Pool.Release(a)
}

// hold uses an apartment as its only holder.
func (h *poolHammer) hold(a *Apartment) {
	if n := h.holders[a.ID-1].Add(1); n != 1 {
		h.t.Errorf("apartment %d has %d holders", a.ID, n)
	}
	defer h.holders[a.ID-1].Add(-1)
	switch rand.IntN(100) {
	case 0:
		a.Start(func() { <-h.stuck })
		a.Orphan()
	case 1:
		if err := runIn(a, goruntime.Goexit); err != errJobExited {
			h.t.Error(err)
		}
	case 2:
		if err := runIn(a, func() { panic("boom") }); err == nil {
			h.t.Error("a panic was lost")
		}
	default:
		ran := false
		asptest.Check(h.t, runIn(a, func() { ran = true; goruntime.Gosched() }))
		if !ran {
			h.t.Error("a job didn't run")
		}
	}
	h.served.Add(1)
}

// Ten thousand who leave at random leave nothing behind.
func TestWaitersWhoLeaveLeaveNothing(t *testing.T) {
	const waiters = 10_000
	p := newTestPool(t, 2, Bounds{QueueMax: waiters})
	a, b := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var got atomic.Int64
	for i := range waiters {
		mine, leave := context.WithCancel(ctx)
		wg.Go(func() {
			defer leave()
			c := Claim{Want: a, Pinned: i%3 == 0}
			if a, _, err := p.Acquire(mine, c); err == nil {
				got.Add(1)
				p.Release(a)
			}
		})
		if i%2 == 0 {
			go leave()
		}
	}
	p.Release(b) // some are served while others leave
	for got.Load() == 0 {
		goruntime.Gosched()
	}
	cancel()
	p.Release(a)
	wg.Wait()
	if s := p.Status(); s.Waiting != 0 || s.idle != 2 || s.Apartments[0].Pinned != 0 {
		t.Errorf("left behind: %+v", s)
	}
}
