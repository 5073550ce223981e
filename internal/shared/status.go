package shared

import (
	"context"
	"fmt"
	"time"
)

// A Status is what operators see of a State at one moment.
type Status struct {
	Version int64
	Keys    int
	Bytes   int64   // of keys and values
	Holder  *Holder // of the lock in this process; nil where there is none
	Waiters []Holder
	// Elsewhere is the request of this process whose turn it is to have the
	// lock, which another process has; nil where there is none.
	Elsewhere *Holder
}

// A Holder is a request that holds the lock or waits for it.
type Holder struct {
	Page, URL string
	Age       time.Duration // how long it has held the lock, or waited
}

// Status tells what there is and who holds and waits for the lock, in order.
// It never waits for a request.
func (s *State) Status() Status {
	snap := s.snap.Load()
	st := Status{Version: snap.version, Keys: len(snap.keys()), Bytes: snap.bytes}
	q := &s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if q.holder != nil && q.locked {
		st.Holder = &Holder{q.holder.owner.Page, q.holder.owner.URL, now.Sub(q.since)}
	}
	if v := q.holder; v != nil && v.asking.Load() {
		st.Elsewhere = &Holder{v.owner.Page, v.owner.URL, now.Sub(q.since)}
	}
	for w := range q.waiting.All() {
		st.Waiters = append(st.Waiters, Holder{w.view.owner.Page, w.view.owner.URL, now.Sub(w.since)})
	}
	return st
}

// Break takes the lock away from whoever holds it, in this process or another,
// and returns who that was, "" when nobody did. What the holder staged is
// dropped and its commit refused; it can write nothing more.
func (s *State) Break(ctx context.Context) (holder string, err error) {
	ctx, cancel := s.call(ctx)
	defer cancel()
	s.queue.mu.Lock()
	v := s.queue.holder
	s.queue.mu.Unlock()
	if v != nil && v.Locked() {
		v.mu.Lock()
		token := v.token
		v.mu.Unlock()
		if v.lose(token) {
			v.unlockStore(ctx, token)
			return v.owner.Page, nil
		}
	}
	if holder, err = s.store.Break(ctx); err != nil {
		return "", fmt.Errorf("appstate: breaking the lock: %w", err)
	}
	return holder, nil
}
