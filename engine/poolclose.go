package engine

import (
	"context"
	"fmt"
	"time"
)

// retire ends the goroutine of an idle apartment. p.mu is held.
func (p *pool) retire(a *apartment) {
	if a.worker != nil {
		close(a.worker.jobs)
		a.worker = nil
	}
}

// orphaned counts a worker as an orphan and lets it go once its job returns.
func (p *pool) orphaned(w *worker) {
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
	p.cfg.logger.Error("a script does not stop; its apartment goes on without it",
		"apartment", w.apartment, "orphans", orphans)
}

// exited counts a worker's goroutine off. It returns how long the worker was
// an orphan, 0 if it was none, and how many others there are.
func (p *pool) exited(w *worker) (stuck time.Duration, orphans int) {
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
func (p *pool) settle() {
	if p.closed {
		close(p.settled)
		p.settled = make(chan struct{})
	}
}

// orphanGrace is how long close waits for orphans once the others are gone.
const orphanGrace = time.Second

// close ends the pool: who waits gets errPoolClosed, who comes gets it too.
// It waits for held apartments to be released and for their goroutines to
// end, until ctx ends, and a moment for orphans. The error says what is left.
func (p *pool) close(ctx context.Context) error {
	p.mu.Lock()
	if !p.closed {
		p.closed = true
		p.dismiss()
		for a := p.idle; a != nil; a = a.next {
			p.retire(a)
		}
	}
	p.mu.Unlock()

	workers, _ := p.awaitNone(ctx, func() bool { return p.workers == 0 && p.nIdle == len(p.apartments) })
	graceful, cancel := context.WithTimeout(ctx, orphanGrace)
	defer cancel()
	_, orphans := p.awaitNone(graceful, func() bool { return p.orphans == 0 })
	if workers == 0 && orphans == 0 {
		return nil
	}
	return fmt.Errorf("stopping the apartments: %d still run and %d scripts did not stop", workers, orphans)
}

// awaitNone waits until none reports true, which it asks with p.mu held.
func (p *pool) awaitNone(ctx context.Context, none func() bool) (workers, orphans int) {
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
