package engine

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/najahost/naja/engine/internal/wire"
)

var (
	// errTooBusy is that as many requests wait as may.
	errTooBusy = errors.New("too many requests are waiting")
	// errQueueTimeout is that a request waited for queue_timeout.
	errQueueTimeout = errors.New("no apartment became free in time")
	// errPoolClosed is that the engine is shutting down.
	errPoolClosed = errors.New("the engine is shutting down")
)

// A pool is an application's apartments and the queue in front of them. All
// its methods may be called from any goroutine.
//
// A request that finds an idle apartment takes it; the one used last comes
// first, since its goroutine's stack and caches are warm. Otherwise requests
// wait in order of arrival. An apartment that becomes free goes to whoever
// came first among those who want any and those who want just this one, so
// neither can starve the other; it goes there directly, and nobody who comes
// later can take it on the way.
//
// Apartments start their goroutines when they first run something; close
// waits for them. An apartment may be handed from one holder to the next
// without the pool's knowledge: see adopt.
type pool struct {
	cfg        poolConfig
	apartments []*apartment
	epoch      time.Time // the clock of apartments counts from here

	mu      sync.Mutex
	idle    *apartment // head of the idle ones
	queue   waitQueue  // who waits for any apartment
	waiting int        // in all queues
	arrival uint64     // numbers the waiters
	nIdle   int
	workers int // goroutines, orphans excepted
	orphans int
	lost    int64   // orphans there ever were
	single  *single // one apartment at a time; nil: all of them
	closed  bool
	settled chan struct{} // closed and made anew when workers or orphans sinks
}

type poolConfig struct {
	size      int           // apartments
	queueMax  int           // requests that may wait; ≤ 0: none
	timeout   time.Duration // longest wait; ≤ 0: no end
	testAfter time.Duration // a longer wait asks whether the client is there; ≤ 0: never
	logger    *slog.Logger
}

func newPool(cfg poolConfig) *pool {
	p := &pool{cfg: cfg, epoch: time.Now(), settled: make(chan struct{})}
	p.apartments = make([]*apartment, cfg.size)
	for i := range p.apartments {
		p.apartments[i] = &apartment{id: i + 1, pool: p}
	}
	for i := range p.apartments {
		p.pushIdle(p.apartments[len(p.apartments)-1-i]) // the first is taken first
	}
	return p
}

// newPoolOf takes a Config that went through WithDefaults.
func newPoolOf(c Config) *pool {
	return newPool(poolConfig{
		size:      c.ProcessorThreadMax,
		queueMax:  c.RequestQueueMax,
		timeout:   c.QueueTimeout,
		testAfter: c.QueueConnectionTestTime,
		logger:    c.Logger,
	})
}

// A claim says which apartment a request wants. Its zero value takes any.
type claim struct {
	// want is the apartment to take if it is idle.
	want *apartment
	// pinned waits for want, whatever else is idle.
	pinned bool
	// patient waits whatever the bounds of the queue are, until ctx ends: the
	// application's own events.
	patient bool
	// connected is asked, if not nil, after a long wait: a request whose
	// client is gone doesn't run.
	connected func() bool
}

// acquire takes an apartment. The caller releases it. It returns how long the
// request waited. The error is errTooBusy, errQueueTimeout, errPoolClosed,
// errClientGone or the cause of ctx's end; then nothing is held.
//
// ctx matters only to a request that has to wait: net/http ends the context
// of a client that only closed its sending side too, and such a client may
// have its page as long as that costs nobody a place.
func (p *pool) acquire(ctx context.Context, c claim) (*apartment, time.Duration, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, 0, errPoolClosed
	}
	if a := p.pick(c); a != nil {
		p.take(a)
		p.mu.Unlock()
		return a, 0, nil
	}
	cfg := p.cfg
	if p.waiting >= cfg.queueMax && !c.patient {
		p.mu.Unlock()
		return nil, 0, errTooBusy
	}
	w := p.enqueue(c)
	p.mu.Unlock()

	if c.patient {
		cfg.timeout = 0
	}
	start := time.Now()
	a, err := p.await(ctx, w, cfg.timeout)
	waited := time.Since(start)
	if err == nil && c.connected != nil && cfg.testAfter > 0 && waited > cfg.testAfter && !c.connected() {
		p.release(a)
		return nil, waited, wire.ErrClientGone
	}
	return a, waited, err
}

// tryAcquire is acquire for a request that would rather not wait.
func (p *pool) tryAcquire(c claim) (*apartment, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, false
	}
	a := p.pick(c)
	if a == nil {
		return nil, false
	}
	p.take(a)
	return a, true
}

// pick finds an idle apartment for a claim. p.mu is held. Where an apartment
// is idle nobody waits for it, unless there is only one at a time.
func (p *pool) pick(c claim) *apartment {
	switch {
	case p.single != nil && p.nIdle < len(p.apartments):
		return nil
	case c.want != nil && c.want.idle:
		return c.want
	case c.pinned:
		return nil
	}
	return p.idle
}

// take makes an apartment its holder's. p.mu is held.
func (p *pool) take(a *apartment) {
	if a.idle {
		p.removeIdle(a)
	}
	a.hits.Add(1)
	a.taken = time.Since(p.epoch)
}

// release gives an apartment back, to the next in line if there is one.
func (p *pool) release(a *apartment) {
	a.setCurrent(nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	a.freed = time.Since(p.epoch)
	a.busy += a.freed - a.taken
	if p.single == nil {
		if w := p.nextFor(a); w != nil {
			p.dequeue(w)
			p.take(a)
			w.got <- a
			return
		}
	}
	p.pushIdle(a)
	if p.single != nil {
		p.leaveSingle()
	}
	if p.closed {
		p.retire(a)
		p.settle()
	}
}

// adopt is called by who got an apartment from its holder directly, as the
// next request of a session does. The one who gave it must not release it.
// Whoever got it and doesn't want it releases it without adopting it.
func (p *pool) adopt(a *apartment) {
	a.setCurrent(nil)
	a.hits.Add(1)
}

// pushIdle and removeIdle keep the list of idle apartments, the one used last
// in front. p.mu is held.
func (p *pool) pushIdle(a *apartment) {
	a.idle = true
	a.prev, a.next = nil, p.idle
	if p.idle != nil {
		p.idle.prev = a
	}
	p.idle = a
	p.nIdle++
}

func (p *pool) removeIdle(a *apartment) {
	if a.prev == nil {
		p.idle = a.next
	} else {
		a.prev.next = a.next
	}
	if a.next != nil {
		a.next.prev = a.prev
	}
	a.idle, a.prev, a.next = false, nil, nil
	p.nIdle--
}

// newWorker starts an apartment's goroutine.
func (p *pool) newWorker(apartment int) *worker {
	w := &worker{pool: p, apartment: apartment, jobs: make(chan func(), 1), done: make(chan error, 1)}
	p.mu.Lock()
	p.workers++
	p.mu.Unlock()
	go w.loop()
	return w
}
