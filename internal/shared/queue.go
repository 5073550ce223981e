package shared

import (
	"sync"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/linked"
)

// A queue lets one view at a time write, in the order in which they came.
type queue struct {
	mu      sync.Mutex
	holder  *View
	locked  bool      // the holder has Application.Lock, not only one write
	since   time.Time // the holder got its turn
	waiting linked.List[waiter]
	closed  bool
}

// A waiter is a place in the queue. Its fields are guarded by queue.mu.
type waiter struct {
	view    *View
	since   time.Time
	ready   chan struct{} // closed when granted or refused
	granted bool
	err     error // why it was refused
	place   linked.Node[waiter]
}

// enter gives v the turn at once, or a place in the queue.
func (q *queue) enter(v *View) (*waiter, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, appstate.ErrClosed
	}
	now := time.Now()
	if q.holder == nil {
		q.holder, q.since = v, now
		return nil, nil
	}
	w := &waiter{view: v, since: now, ready: make(chan struct{})}
	q.waiting.PushBack(&w.place, w)
	return w, nil
}

// leave gives the turn of v on to the next one.
func (q *queue) leave(v *View) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.holder != v {
		return
	}
	q.holder, q.locked = nil, false
	if w := q.waiting.First(); w != nil {
		q.waiting.Remove(&w.place)
		q.holder, q.since = w.view, time.Now()
		w.granted = true
		close(w.ready)
	}
}

// abandon takes a waiter out of the queue; false when it has its turn already.
// The waiter is told err.
func (q *queue) abandon(w *waiter, err error) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if w.granted {
		return false
	}
	if q.waiting.Remove(&w.place) {
		w.err = err
		close(w.ready)
	}
	return true
}

// setLocked notes that the holder has the lock from now on.
func (q *queue) setLocked() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.locked, q.since = true, time.Now()
}

// close refuses everybody who waits or comes, and returns who has the turn.
func (q *queue) close() *View {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for w := range q.waiting.All() {
		q.waiting.Remove(&w.place)
		w.err = appstate.ErrClosed
		close(w.ready)
	}
	return q.holder
}

// timeout is the error of a waiter that came at since.
func (q *queue) timeout(since time.Time) *appstate.LockTimeoutError {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	e := &appstate.LockTimeoutError{Waited: now.Sub(since)}
	if q.holder != nil {
		e.Page, e.URL, e.Age = q.holder.owner.Page, q.holder.owner.URL, now.Sub(q.since)
	}
	return e
}
