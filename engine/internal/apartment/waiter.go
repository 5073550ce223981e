package apartment

import (
	"context"
	"time"

	"github.com/najahost/naja/internal/linked"
)

// A waiter is a request that waits for an apartment.
type waiter struct {
	arrival uint64
	want    *Apartment          // that it is pinned to; nil: any
	place   linked.Node[waiter] // in its queue; guarded by pool.mu
	got     chan *Apartment     // room for one; nil says that the pool was closed
}

// A waitQueue holds waiters in order of arrival. It is guarded by pool.mu.
type waitQueue = linked.List[waiter]

// queueOf is where w waits: for its apartment, or for any.
func (p *Pool) queueOf(w *waiter) *waitQueue {
	if w.want != nil {
		return &w.want.pinned
	}
	return &p.queue
}

// enqueue lines a request up. p.mu is held.
func (p *Pool) enqueue(c Claim) *waiter {
	p.arrival++
	w := &waiter{arrival: p.arrival, got: make(chan *Apartment, 1)}
	if c.Pinned {
		w.want = c.Want
	}
	p.queueOf(w).PushBack(&w.place, w)
	p.waiting++
	return w
}

// dequeue takes a waiter out of its queue. p.mu is held.
func (p *Pool) dequeue(w *waiter) {
	p.queueOf(w).Remove(&w.place)
	p.waiting--
}

// nextFor is who gets an apartment that has become free: the first to come of
// those who want any and those who want this one. p.mu is held.
func (p *Pool) nextFor(a *Apartment) *waiter {
	anyone, pinned := p.queue.First(), a.pinned.First()
	switch {
	case anyone == nil:
		return pinned
	case pinned == nil || anyone.arrival < pinned.arrival:
		return anyone
	}
	return pinned
}

// await waits for w's apartment, without an end when limit isn't above 0.
func (p *Pool) await(ctx context.Context, w *waiter, limit time.Duration) (*Apartment, error) {
	var timeout <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case a := <-w.got:
		return given(a)
	case <-ctx.Done():
		if a := p.leave(w); a != nil {
			p.Release(a)
		}
		return nil, context.Cause(ctx)
	case <-timeout:
		if a := p.leave(w); a != nil {
			return a, nil // it came at the last moment
		}
		return nil, ErrQueueTimeout
	}
}

func given(a *Apartment) (*Apartment, error) {
	if a == nil {
		return nil, ErrPoolClosed
	}
	return a, nil
}

// leave ends a wait. If an apartment was given in the meantime it returns it:
// it is the caller's.
func (p *Pool) leave(w *waiter) *Apartment {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !w.place.In() {
		return <-w.got // whoever took w out of its queue has sent already
	}
	p.dequeue(w)
	return nil
}

// dismiss sends everybody away who waits. p.mu is held.
func (p *Pool) dismiss() {
	p.dismissFrom(&p.queue)
	for _, a := range p.apartments {
		p.dismissFrom(&a.pinned)
	}
}

func (p *Pool) dismissFrom(q *waitQueue) {
	for w := range q.All() {
		p.dequeue(w)
		w.got <- nil
	}
}
