package engine

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
	pool    *pool
	holders []atomic.Int32 // of each apartment
	stuck   chan struct{}  // ends the jobs that became orphans
	served  atomic.Int64
	outcome sync.Map // error → true
}

func TestPoolHammer(t *testing.T) {
	const apartments, requests, rounds = 4, 64, 150
	h := &poolHammer{t: t, holders: make([]atomic.Int32, apartments), stuck: make(chan struct{})}
	h.pool = newTestPool(t, poolConfig{size: apartments, queueMax: requests / 2, timeout: 20 * time.Millisecond})
	var wg sync.WaitGroup
	for range requests {
		wg.Go(func() {
			for range rounds {
				h.request()
			}
		})
	}
	wg.Wait()
	if s := h.pool.status(); s.waiting != 0 || s.busy != 0 {
		t.Errorf("not at rest: %+v", s)
	}
	close(h.stuck)
	if h.served.Load() < rounds {
		t.Errorf("only %d requests were served", h.served.Load())
	}
	for _, err := range []error{errTooBusy, context.Canceled} {
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
	var c claim
	if n := rand.IntN(8); n < len(h.pool.apartments) {
		c = claim{want: h.pool.apartments[n], pinned: rand.IntN(2) == 0}
	}
	a, _, err := h.pool.acquire(ctx, c)
	if err != nil {
		h.outcome.Store(err, true)
		if !errors.Is(err, errTooBusy) && !errors.Is(err, errQueueTimeout) && !errors.Is(err, context.Canceled) {
			h.t.Error(err)
		}
		return
	}
	if c.pinned && a != c.want {
		h.t.Errorf("pinned to %d, got %d", c.want.id, a.id)
	}
	h.hold(a)
	h.pool.release(a)
}

// hold uses an apartment as its only holder.
func (h *poolHammer) hold(a *apartment) {
	if n := h.holders[a.id-1].Add(1); n != 1 {
		h.t.Errorf("apartment %d has %d holders", a.id, n)
	}
	defer h.holders[a.id-1].Add(-1)
	switch rand.IntN(100) {
	case 0:
		a.start(func() { <-h.stuck })
		a.orphan()
	case 1:
		if err := a.run(goruntime.Goexit); err != errJobExited {
			h.t.Error(err)
		}
	case 2:
		if err := a.run(func() { panic("boom") }); err == nil {
			h.t.Error("a panic was lost")
		}
	default:
		ran := false
		asptest.Check(h.t, a.run(func() { ran = true; goruntime.Gosched() }))
		if !ran {
			h.t.Error("a job didn't run")
		}
	}
	h.served.Add(1)
}

// Ten thousand who leave at random leave nothing behind.
func TestWaitersWhoLeaveLeaveNothing(t *testing.T) {
	const waiters = 10_000
	p := newTestPool(t, poolConfig{size: 2, queueMax: waiters})
	a, b := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	var got atomic.Int64
	for i := range waiters {
		mine, leave := context.WithCancel(ctx)
		wg.Go(func() {
			defer leave()
			c := claim{want: a, pinned: i%3 == 0}
			if a, _, err := p.acquire(mine, c); err == nil {
				got.Add(1)
				p.release(a)
			}
		})
		if i%2 == 0 {
			go leave()
		}
	}
	p.release(b) // some are served while others leave
	for got.Load() == 0 {
		goruntime.Gosched()
	}
	cancel()
	p.release(a)
	wg.Wait()
	if s := p.status(); s.waiting != 0 || s.idle != 2 || s.apartments[0].pinned != 0 {
		t.Errorf("left behind: %+v", s)
	}
}
