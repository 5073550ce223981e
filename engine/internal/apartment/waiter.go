package apartment

import (
	"context"
	"time"
)

// A waiter is a request that waits for an apartment.
type waiter struct {
	arrival uint64
	want    *Apartment      // that it is pinned to; nil: any
	queue   *waitQueue      // nil once it waits no more; guarded by pool.mu
	got     chan *Apartment // room for one; nil says that the pool was closed

	prev, next *waiter
}

// A waitQueue holds waiters in order of arrival. It is guarded by pool.mu.
type waitQueue struct{ head, tail *waiter }

func (q *waitQueue) push(w *waiter) {
	w.queue, w.prev = q, q.tail
	if q.tail == nil {
		q.head = w
	} else {
		q.tail.next = w
	}
	q.tail = w
}

func (q *waitQueue) remove(w *waiter) {
	if w.prev == nil {
		q.head = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		q.tail = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.queue, w.prev, w.next = nil, nil, nil
}

// enqueue lines a request up. p.mu is held.
func (p *Pool) enqueue(c Claim) *waiter {
	p.arrival++
	w := &waiter{arrival: p.arrival, got: make(chan *Apartment, 1)}
	if c.Pinned {
		w.want = c.Want
		c.Want.pinned.push(w)
	} else {
		p.queue.push(w)
	}
	p.waiting++
	return w
}

// dequeue takes a waiter out of its queue. p.mu is held.
func (p *Pool) dequeue(w *waiter) {
	w.queue.remove(w)
	p.waiting--
}

// nextFor is who gets an apartment that has become free: the first to come of
// those who want any and those who want this one. p.mu is held.
func (p *Pool) nextFor(a *Apartment) *waiter {
	anyone, pinned := p.queue.head, a.pinned.head
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
	if w.queue == nil {
		return <-w.got // whoever took w out of its queue has sent already
	}
	p.dequeue(w)
	return nil
}

// dismiss sends everybody away who waits. p.mu is held.
func (p *Pool) dismiss() {
	p.queue.dismiss(p)
	for _, a := range p.apartments {
		a.pinned.dismiss(p)
	}
}

func (q *waitQueue) dismiss(p *Pool) {
	for q.head != nil {
		w := q.head
		p.dequeue(w)
		w.got <- nil
	}
}
