package sqlite

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// sessions is a [store.Sessions].
type sessions struct{ db *DB }

// Sessions gives the application's sessions. They need no closing of their own.
func (db *DB) Sessions() store.Sessions { return &db.sessions }

// nothing is the result of an operation that has none.
type nothing struct{}

// Load implements [store.Sessions].
func (s *sessions) Load(ctx context.Context, id string) (store.Stored, error) {
	return read(ctx, s.db, "loading a session from", func(t *tx) (store.Stored, error) {
		e, grace, err := t.led(id)
		if err != nil {
			return store.Stored{}, err
		}
		return e.stored(0, grace), nil
	})
}

// Acquire implements [store.Sessions].
func (s *sessions) Acquire(ctx context.Context, id string, lease time.Duration) (store.Stored, error) {
	return write(ctx, s.db, "taking a session in", change[store.Stored]{
		do:   func(t *tx) (store.Stored, error) { return t.acquire(id, lease) },
		undo: func(t *tx, got store.Stored) error { return t.release(got.ID, got.Token) },
	})
}

func (t *tx) acquire(id string, lease time.Duration) (store.Stored, error) {
	e, grace, err := t.led(id)
	if err != nil {
		return store.Stored{}, err
	}
	if e.leased(t.now) {
		if free, err := t.freeIfDead(e.token); err != nil {
			return store.Stored{}, err
		} else if !free {
			return store.Stored{}, &store.BusyError{Remaining: until(t.now, e.until)}
		}
		if e, err = t.found(t.full(e.id)); err != nil { // it may have expired meanwhile
			return store.Stored{}, err
		}
	}
	token := newToken(t.db.holder)
	if _, err := t.exec(`UPDATE sessions SET token = ?, until = ? WHERE n = ?`, token, after(t.now, lease), e.n); err != nil {
		return store.Stored{}, err
	}
	return e.stored(token, grace), nil
}

// Renew implements [store.Sessions].
func (s *sessions) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	return s.change(ctx, "renewing a lease in", false, func(t *tx) error {
		e, err := t.entry(id)
		switch {
		case err != nil:
			return err
		case e == nil || !e.owned(token):
			return store.ErrLost
		}
		end := after(t.now, lease)
		due := e.due
		if e.ended {
			due = end
		}
		_, err = t.exec(`UPDATE sessions SET until = ?, due = ? WHERE n = ?`, end, due, e.n)
		return err
	})
}

// change is write without a result.
func (s *sessions) change(ctx context.Context, doing string, sync bool, do func(*tx) error) error {
	_, err := write(ctx, s.db, doing, change[nothing]{sync: sync, do: func(t *tx) (nothing, error) { return nothing{}, do(t) }})
	return err
}

// Release implements [store.Sessions].
func (s *sessions) Release(ctx context.Context, id string, token int64) error {
	return s.change(ctx, "giving up a lease in", false, func(t *tx) error { return t.release(id, token) })
}

func (t *tx) release(id string, token int64) error {
	e, err := t.entry(id)
	if err != nil || e == nil || !e.owned(token) {
		return err
	}
	if e.ended {
		_, err = t.exec(`UPDATE sessions SET token = 0, until = 0, due = 0, attempts = attempts - 1 WHERE n = ?`, e.n)
		return err
	}
	_, err = t.exec(`UPDATE sessions SET token = 0, until = 0, due = ? WHERE n = ?`, min(e.due, e.expires), e.n)
	return err
}

// Touch implements [store.Sessions]. Where the expiry is as late as it may lag,
// nothing is written.
func (s *sessions) Touch(ctx context.Context, id string, timeout time.Duration) error {
	due, err := read(ctx, s.db, "looking for a session in", func(t *tx) (bool, error) {
		e, err := t.found(t.entry(id))
		if err != nil {
			return false, err
		}
		return until(e.expires, after(t.now, timeout)) > timeout/20, nil
	})
	if err != nil || !due {
		return err
	}
	return s.change(ctx, "sliding the expiry of a session in", true, func(t *tx) error {
		e, err := t.found(t.entry(id))
		if err != nil {
			return err
		}
		expires := max(e.expires, after(t.now, timeout))
		_, err = t.exec(`UPDATE sessions SET expires = ?, kept = ? WHERE n = ?`, expires, expires, e.n)
		return err
	})
}

// End implements [store.Sessions].
func (s *sessions) End(ctx context.Context, id string, reason store.Reason) error {
	return s.change(ctx, "ending a session in", true, func(t *tx) error {
		e, err := t.found(t.entry(id))
		if err != nil {
			return err
		}
		return t.end(e, reason)
	})
}
