package shared

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/store"
)

// Another process's lock is asked for again after these times, jittered, and
// whenever the watcher sees a change.
const (
	retryFirst = 10 * time.Millisecond
	retryLast  = 100 * time.Millisecond
)

// A wait bounds one call of a view: in the queue of this process and then for
// another process's lock.
type wait struct {
	ctx   context.Context
	since time.Time
	limit time.Time
	pause time.Duration
}

func (s *State) wait(ctx context.Context) wait {
	now := time.Now()
	return wait{ctx: ctx, since: now, limit: now.Add(time.Duration(s.patience.Load())), pause: retryFirst}
}

// over says whether the wait has lasted as long as it may.
func (w *wait) over() bool { return w.ctx.Err() != nil || time.Until(w.limit) <= 0 }

// enter waits for v's turn. It holds no lock of the view while it waits, so
// that End can end the wait.
func (v *View) enter(w *wait) error {
	v.mu.Lock()
	err := v.usable()
	if err == nil {
		v.waiting, err = v.state.queue.enter(v)
	}
	place := v.waiting
	v.mu.Unlock()
	if err == nil && place != nil {
		err = v.await(w, place)
	}
	if err != nil {
		return err
	}
	if v.state.stale.Load() {
		if err := v.state.refresh(w.ctx); err != nil {
			v.state.queue.leave(v)
			return err
		}
	}
	return nil
}

// await waits in the queue.
func (v *View) await(w *wait, place *waiter) error {
	q := &v.state.queue
	t := time.NewTimer(time.Until(w.limit))
	defer t.Stop()
	var err error
	select {
	case <-place.ready:
	case <-w.ctx.Done():
		err = w.cancelled(q.timeout(w.since))
	case <-t.C:
		err = q.timeout(w.since)
	}
	if err != nil && !q.abandon(place, err) {
		q.leave(v) // the turn came at the same time
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.waiting = nil
	if place.err != nil {
		return place.err
	}
	if err == nil {
		if err = v.usable(); err != nil { // the request ended at the same time
			q.leave(v)
		}
	}
	return err
}

// cancelled is the error where the context ended the wait.
func (w *wait) cancelled(e *appstate.LockTimeoutError) error {
	return fmt.Errorf("appstate: waiting for Application.Lock, which %s has: %w", e.Page, context.Cause(w.ctx))
}

// again waits before another process's lock is asked for once more; err is
// what the store said, which is returned when it is not that.
func (v *View) again(w *wait, err error) error {
	var busy *store.LockedError
	if !errors.As(err, &busy) {
		return err
	}
	s := v.state
	e := &appstate.LockTimeoutError{Waited: time.Since(w.since), Page: busy.Owner}
	left := time.Until(w.limit)
	if left <= 0 {
		return e
	}
	pause := w.pause/2 + rand.N(w.pause/2+1)
	w.pause = min(2*w.pause, retryLast)
	t := time.NewTimer(min(pause, left))
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.poke:
	case <-w.ctx.Done():
		return w.cancelled(e)
	case <-v.gone:
		return appstate.ErrEnded
	case <-s.stopped.Done():
		return appstate.ErrClosed
	}
	return nil
}
