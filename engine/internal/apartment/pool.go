// Package apartment has what pages run in: a pool of apartments, each a goroutine
// that runs one job at a time, and the queue in front of them.
package apartment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/najahost/naja/internal/linked"
)

var (
	// ErrTooBusy is that as many requests wait as may.
	ErrTooBusy = errors.New("too many requests are waiting")
	// ErrQueueTimeout is that a request waited for queue_timeout.
	ErrQueueTimeout = errors.New("no apartment became free in time")
	// ErrLeft is that a client was gone when its request could have run.
	ErrLeft = errors.New("the client is gone")
	// ErrPoolClosed is that the engine is shutting down.
	ErrPoolClosed = errors.New("the engine is shutting down")
)

// A Pool is an application's apartments and the queue in front of them. All
// its methods may be called from any goroutine.
//
// A request that finds an idle apartment takes it; the one used last comes
// first, since its goroutine's stack and caches are warm. Otherwise requests
// wait in order of arrival. An apartment that becomes free goes to whoever
// came first among those who want any and those who want just this one, so
// neither can starve the other; it goes there directly, and nobody who comes
// later can take it on the way.
//
// Apartments start their goroutines when they first run something; Close
// waits for them. An apartment may be handed from one holder to the next
// without the pool's knowledge: see Adopt.
type Pool struct {
	log        *slog.Logger
	apartments []*Apartment
	epoch      time.Time // the clock of apartments counts from here

	mu      sync.Mutex
	bounds  Bounds
	idle    linked.List[Apartment] // the one used last in front
	queue   waitQueue              // who waits for any apartment
	waiting int                    // in all queues
	arrival uint64                 // numbers the waiters
	workers int                    // goroutines, orphans excepted
	orphans int
	lost    int64   // orphans there ever were
	single  *single // one apartment at a time; nil: all of them
	closed  bool
	settled chan struct{} // closed and made anew when workers or orphans sinks
}

// Bounds are those of the queue in front of a pool.
type Bounds struct {
	QueueMax  int           // requests that may wait; ≤ 0: none
	Timeout   time.Duration // longest wait; ≤ 0: no end
	TestAfter time.Duration // a longer wait asks whether the client is there; ≤ 0: never
}

// New makes the apartments; nothing runs in them yet.
func New(size int, b Bounds, log *slog.Logger) *Pool {
	p := &Pool{bounds: b, log: log, epoch: time.Now(), settled: make(chan struct{})}
	p.apartments = make([]*Apartment, size)
	for i := range p.apartments {
		p.apartments[i] = &Apartment{ID: i + 1, pool: p}
	}
	for i := range p.apartments {
		a := p.apartments[len(p.apartments)-1-i] // the first is taken first
		p.idle.PushFront(&a.idle, a)
	}
	return p
}

// SetBounds changes the bounds of the queue; who waits already stays.
func (p *Pool) SetBounds(b Bounds) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bounds = b
}

// A Claim says which apartment a request wants. Its zero value takes any.
type Claim struct {
	// Want is the apartment to take if it is idle.
	Want *Apartment
	// Pinned waits for Want, whatever else is idle.
	Pinned bool
	// Patient waits whatever the bounds of the queue are, until ctx ends: the
	// application's own events.
	Patient bool
	// Connected is asked, if not nil, after a long wait: a request whose
	// client is gone doesn't run.
	Connected func() bool
}

// Acquire takes an apartment. The caller releases it. It returns how long the
// request waited. The error is ErrTooBusy, ErrQueueTimeout, ErrPoolClosed,
// ErrLeft or the cause of ctx's end; then nothing is held.
//
// ctx matters only to a request that has to wait: net/http ends the context
// of a client that only closed its sending side too, and such a client may
// have its page as long as that costs nobody a place.
func (p *Pool) Acquire(ctx context.Context, c Claim) (*Apartment, time.Duration, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, 0, ErrPoolClosed
	}
	if a := p.pick(c); a != nil {
		p.take(a)
		p.mu.Unlock()
		return a, 0, nil
	}
	b := p.bounds
	if p.waiting >= b.QueueMax && !c.Patient {
		p.mu.Unlock()
		return nil, 0, ErrTooBusy
	}
	w := p.enqueue(c)
	p.mu.Unlock()

	if c.Patient {
		b.Timeout = 0
	}
	start := time.Now()
	a, err := p.await(ctx, w, b.Timeout)
	waited := time.Since(start)
	if err == nil && c.Connected != nil && b.TestAfter > 0 && waited > b.TestAfter && !c.Connected() {
		p.Release(a)
		return nil, waited, ErrLeft
	}
	return a, waited, err
}

// TryAcquire is Acquire for a request that would rather not wait.
func (p *Pool) TryAcquire(c Claim) (*Apartment, bool) {
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

// TryIdle takes the apartment of a number if it is idle, and doesn't count it
// as a hit: it isn't a request's.
func (p *Pool) TryIdle(id int) (*Apartment, bool) {
	a, ok := p.TryAcquire(Claim{Want: p.apartments[id-1], Pinned: true})
	if ok {
		a.hits.Add(-1)
	}
	return a, ok
}

// pick finds an idle apartment for a claim. p.mu is held. Where an apartment
// is idle nobody waits for it, unless there is only one at a time.
func (p *Pool) pick(c Claim) *Apartment {
	switch {
	case p.single != nil && p.idle.Len() < len(p.apartments):
		return nil
	case c.Want != nil && c.Want.idle.In():
		return c.Want
	case c.Pinned:
		return nil
	}
	return p.idle.First()
}

// take makes an apartment its holder's. p.mu is held.
func (p *Pool) take(a *Apartment) {
	p.idle.Remove(&a.idle)
	a.hits.Add(1)
	a.taken = time.Since(p.epoch)
}

// Release gives an apartment back, to the next in line if there is one.
func (p *Pool) Release(a *Apartment) {
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
	p.idle.PushFront(&a.idle, a)
	if p.single != nil {
		p.leaveSingle()
	}
	if p.closed {
		p.retire(a)
		p.settle()
	}
}

// Adopt is called by who got an apartment from its holder directly, as the
// next request of a session does. The one who gave it must not release it.
// Whoever got it and doesn't want it releases it without adopting it.
func (p *Pool) Adopt(a *Apartment) {
	a.hits.Add(1)
}

// Has says that an apartment is one of the pool's.
func (p *Pool) Has(a *Apartment) bool { return a.pool == p }

// newWorker starts an apartment's goroutine.
func (p *Pool) newWorker(apartment int) *worker {
	w := &worker{pool: p, apartment: apartment, jobs: make(chan func(), 1), done: make(chan error, 1)}
	p.mu.Lock()
	p.workers++
	p.mu.Unlock()
	go w.loop()
	return w
}

// retire ends the goroutine of an idle apartment. p.mu is held.
func (p *Pool) retire(a *Apartment) {
	if a.worker != nil {
		close(a.worker.jobs)
		a.worker = nil
	}
}

// orphaned counts a worker as an orphan and lets it go once its job returns.
func (p *Pool) orphaned(w *worker) {
	p.mu.Lock()
	if w.gone {
		p.mu.Unlock()
		return
	}
	w.orphan = time.Now()
	p.workers--
	p.orphans++
	p.lost++
	orphans := p.orphans
	close(w.jobs)
	p.settle()
	p.mu.Unlock()
	p.log.Error("a script does not stop; its apartment goes on without it",
		"apartment", w.apartment, "orphans", orphans)
}

// exited counts a worker's goroutine off. It returns how long the worker was
// an orphan, 0 if it was none, and how many others there are.
func (p *Pool) exited(w *worker) (stuck time.Duration, orphans int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.settle()
	w.gone = true
	if w.orphan.IsZero() {
		p.workers--
		return 0, p.orphans
	}
	p.orphans--
	return max(time.Since(w.orphan), 1), p.orphans
}

// settle wakes close. p.mu is held.
func (p *Pool) settle() {
	if p.closed {
		close(p.settled)
		p.settled = make(chan struct{})
	}
}

// orphanGrace is how long close waits for orphans once the others are gone.
const orphanGrace = time.Second

// Close ends the pool: who waits gets ErrPoolClosed, who comes gets it too.
// It waits for held apartments to be released and for their goroutines to
// end, until ctx ends, and a moment for orphans. The error says what is left.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		p.dismiss()
		for a := range p.idle.All() {
			p.retire(a)
		}
	}
	p.mu.Unlock()

	workers, _ := p.awaitNone(ctx, func() bool { return p.workers == 0 && p.idle.Len() == len(p.apartments) })
	graceful, cancel := context.WithTimeout(ctx, orphanGrace)
	defer cancel()
	_, orphans := p.awaitNone(graceful, func() bool { return p.orphans == 0 })
	if workers == 0 && orphans == 0 {
		return nil
	}
	return fmt.Errorf("stopping the apartments: %d still run and %d scripts did not stop", workers, orphans)
}

// awaitNone waits until none reports true, which it asks with p.mu held.
func (p *Pool) awaitNone(ctx context.Context, none func() bool) (workers, orphans int) {
	for {
		p.mu.Lock()
		ok, workers, orphans, settled := none(), p.workers, p.orphans, p.settled
		p.mu.Unlock()
		if ok {
			return workers, orphans
		}
		select {
		case <-settled:
		case <-ctx.Done():
			return workers, orphans
		}
	}
}

// A Status is how a pool was at one moment.
type Status struct {
	idle, Busy, Waiting int
	Orphans             int   // scripts that run although they were stopped
	OrphansEver         int64 // of all time
	Single              bool
	Apartments          []State
}

// A State is how one apartment was.
type State struct {
	ID     int           // from 1
	Held   time.Duration // by its holder so far; 0 while idle
	Busy   time.Duration // by all holders
	Hits   int64         // times it was acquired or adopted
	Pinned int           // requests that wait for just this one
	InUse  bool
	Idle   time.Duration // since its last holder gave it back; 0 while in use
}

// Status makes a snapshot.
func (p *Pool) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Since(p.epoch)
	s := Status{
		idle: p.idle.Len(), Busy: len(p.apartments) - p.idle.Len(), Waiting: p.waiting,
		Orphans: p.orphans, OrphansEver: p.lost, Single: p.single != nil,
		Apartments: make([]State, len(p.apartments)),
	}
	for i, a := range p.apartments {
		s.Apartments[i] = a.status(now)
	}
	return s
}

// status is called with pool.mu held.
func (a *Apartment) status(now time.Duration) State {
	s := State{ID: a.ID, Hits: a.hits.Load(), Busy: a.busy}
	if !a.idle.In() {
		s.InUse = true
		s.Held = now - a.taken
		s.Busy += s.Held
	} else {
		s.Idle = now - a.freed
	}
	s.Pinned = a.pinned.Len()
	return s
}
