package shared

import (
	"sync"
	"time"

	"github.com/najahost/naja/appstate"
)

// A queue lets one view at a time write, in the order in which they came.
type queue struct {
	mu      sync.Mutex
	holder  *View
	locked  bool      // the holder has Application.Lock, not only one write
	since   time.Time // the holder got its turn
	head    *waiter
	tail    *waiter
	waiting int
	closed  bool
}

// A waiter is a place in the queue. Its fields are guarded by queue.mu.
type waiter struct {
	view       *View
	since      time.Time
	ready      chan struct{} // closed when granted or refused
	granted    bool
	err        error // why it was refused
	prev, next *waiter
	queued     bool
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
	w := &waiter{view: v, since: now, ready: make(chan struct{}), prev: q.tail, queued: true}
	if q.tail != nil {
		q.tail.next = w
	} else {
		q.head = w
	}
	q.tail = w
	q.waiting++
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
	if w := q.head; w != nil {
		q.remove(w)
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
	if w.queued {
		q.remove(w)
		w.err = err
		close(w.ready)
	}
	return true
}

// remove takes w out of the list.
func (q *queue) remove(w *waiter) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		q.head = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		q.tail = w.prev
	}
	w.prev, w.next, w.queued = nil, nil, false
	q.waiting--
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
	for w := q.head; w != nil; w = q.head {
		q.remove(w)
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
