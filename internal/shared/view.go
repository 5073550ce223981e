package shared

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/store"
)

// An Owner says whose a [View] is, to people who look at the lock, and how
// long its script may run.
type Owner struct {
	Page string // the page's path, such as "/shop/cart.asp"
	URL  string // what was asked for
	// Deadline is when the script is stopped at the latest. Only where the
	// store is shared: the lease of a lock isn't renewed past it, and a few
	// seconds, so that a stuck process can't keep the others out. The zero
	// time is no deadline.
	Deadline time.Time
	// Lost is called, once and on a goroutine of the State or of whoever
	// called Break, when the lock was taken away from the request: its script
	// should be stopped. It may be nil.
	Lost func(error)
}

// A View is what one request sees and does of a [State]. Its methods are for
// the goroutine that runs the request's script, one at a time; End and Locked
// are for any.
type View struct {
	state *State
	owner Owner
	whole bool          // what it writes is committed at the end, in one step
	gone  chan struct{} // closed by End; nil unless the store is shared

	held   atomic.Bool  // mirrors depth > 0
	asking atomic.Bool  // it has the turn, and another process has the lock
	waited atomic.Int64 // nanoseconds, for the lock

	mu      sync.Mutex // held during a commit, never during a wait
	ended   bool
	lost    error   // the lock was taken away: nothing can be written any more
	waiting *waiter // the place in the queue
	depth   int     // how often Lock was called
	token   int64   // of the store's lock
	base    *snapshot
	own     *snapshot // base and what was written under the lock
	cleared bool      // own descends from an empty snapshot
	renew   *time.Timer
}

// Begin makes the view of one request. End must be called.
func (s *State) Begin(o Owner) *View {
	v := &View{state: s, owner: o}
	if s.cfg.Shared {
		v.gone = make(chan struct{})
	}
	return v
}

// BeginWhole makes a view all of whose writes are committed together: the first
// write or Lock takes the lock, which is kept until End or [View.EndWith],
// whatever Unlock says. It is for a job that must take effect exactly once.
func (s *State) BeginWhole(o Owner) *View {
	v := s.Begin(o)
	v.whole = true
	return v
}

// End ends the request's part: with commit what was staged under the lock is
// committed, without it is dropped. The lock or the place in the queue is
// free when it returns. Later calls of the view's methods, this one included,
// change nothing. The error says that the commit didn't take place, or that
// the store doesn't tell whether it did.
func (v *View) End(commit bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.finish() {
		return nil
	}
	if v.depth > 0 {
		return v.release(v.state.stopped, commit)
	}
	if commit {
		return v.lost
	}
	return nil
}

// EndWith is End(true) where something else has to happen in the same step as
// the commit: do commits c in the place of the store's Commit, by which token
// is lost, or does nothing, and returns what Commit does. It is called once
// unless the view has ended or lost its lock; without the lock, with token 0
// and no changes.
func (v *View) EndWith(do func(ctx context.Context, token int64, c store.Changes) (version int64, err error)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.finish() {
		return appstate.ErrEnded
	}
	switch {
	case v.lost != nil:
		return v.lost
	case v.depth > 0:
		return v.releaseBy(v.state.stopped, do)
	}
	ctx, cancel := v.state.call(v.state.stopped)
	defer cancel()
	_, err := do(ctx, 0, store.Changes{})
	return err
}

// finish is what every end begins with; false when the view has ended before.
// v.mu is held.
func (v *View) finish() bool {
	if v.ended {
		return false
	}
	v.ended = true
	if v.gone != nil {
		close(v.gone)
	}
	if v.waiting != nil {
		v.state.queue.abandon(v.waiting, appstate.ErrEnded)
	}
	return true
}

// Locked says whether the request holds the lock.
func (v *View) Locked() bool { return v.held.Load() }

// Waited is how long the request has waited for the lock, all its takings
// together.
func (v *View) Waited() time.Duration { return time.Duration(v.waited.Load()) }

// usable is the reason why nothing can be written. v.mu is held.
func (v *View) usable() error {
	if v.ended {
		return appstate.ErrEnded
	}
	return v.lost
}

// see is what the view reads: the latest commit, or under the lock its own
// version of it; nothing after the end.
func (v *View) see() *snapshot {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.ended:
		return nil
	case v.own != nil:
		return v.own
	}
	return v.state.snap.Load()
}

// find is the entry of a key that pages may see.
func (v *View) find(key string) *entry {
	s := v.see()
	if s == nil || reserved(key) {
		return nil
	}
	return s.get(cborvalue.Fold(key))
}

// Get gives the value of a key, in any spelling: one item of package cborvalue,
// shared and not to be modified.
func (v *View) Get(key string) (raw []byte, ok bool) {
	if e := v.find(key); e != nil {
		return e.raw, true
	}
	return nil, false
}

// Object gives the component that SetObject kept under a key.
func (v *View) Object(key string) (obj any, ok bool) {
	if e := v.find(key); e != nil && e.obj != nil {
		return e.obj, true
	}
	return nil, false
}

// Keys are all keys in the order in which they were first set, as their first
// writers spelled them. The slice is shared and not to be modified.
func (v *View) Keys() []string {
	if s := v.see(); s != nil {
		return s.keys()
	}
	return nil
}
