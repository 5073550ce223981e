package apartment

import (
	"context"
	"errors"
	"fmt"
)

// errAllAgain: somebody else let all apartments run again.
var errAllAgain = errors.New("all apartments were let run again meanwhile")

// A single is the time in which one apartment runs at a time.
type single struct {
	alone chan struct{} // closed when no second one is in use
	calm  bool          // it is closed
	over  chan struct{} // closed when all may run again
}

// One begins the time in which one apartment runs at a time.
func (p *Pool) One(ctx context.Context) error {
	p.mu.Lock()
	fresh := p.single == nil
	if fresh {
		p.single = &single{alone: make(chan struct{}), over: make(chan struct{})}
		p.single.look(p)
	}
	s := p.single
	p.mu.Unlock()
	select {
	case <-s.alone:
		return nil
	case <-s.over:
		return errAllAgain
	case <-ctx.Done():
	}
	if fresh {
		p.All()
	}
	return fmt.Errorf("waiting for %d apartments in use: %w", p.Status().Busy, context.Cause(ctx))
}

// look notes when no second apartment is in use. pool.mu is held.
func (s *single) look(p *Pool) {
	if !s.calm && len(p.apartments)-p.idle.Len() <= 1 {
		s.calm = true
		close(s.alone)
	}
}

// All lets all apartments run again.
func (p *Pool) All() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.single == nil {
		return
	}
	close(p.single.over)
	p.single = nil
	for w := p.first(); w != nil; w = p.first() {
		p.serve(w)
	}
}

// leaveSingle is what comes of an apartment that became free in that time.
// p.mu is held.
func (p *Pool) leaveSingle() {
	p.single.look(p)
	if p.idle.Len() < len(p.apartments) {
		return
	}
	if w := p.first(); w != nil {
		p.serve(w)
	}
}

// first is the first to come of those who could have their apartment now. p.mu
// is held.
func (p *Pool) first() *waiter {
	var first *waiter
	if p.idle.Len() > 0 {
		first = p.queue.First()
	}
	for a := range p.idle.All() {
		if w := a.pinned.First(); w != nil && (first == nil || w.arrival < first.arrival) {
			first = w
		}
	}
	return first
}

// serve gives a waiter its apartment, or any. p.mu is held.
func (p *Pool) serve(w *waiter) {
	a := p.idle.First()
	if w.want != nil {
		a = w.want
	}
	p.dequeue(w)
	p.take(a)
	w.got <- a
}
