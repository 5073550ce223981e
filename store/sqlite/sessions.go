package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/najahost/naja/session"
)

// sessions is a [session.Store].
type sessions struct{ db *DB }

// Sessions gives the application's sessions. They need no closing of their own.
func (db *DB) Sessions() session.Store { return &db.sessions }

// nothing is the result of an operation that has none.
type nothing struct{}

// An entry is a row of the table sessions.
type entry struct {
	n, serial, created, expires, kept, due, token, until int64
	ended                                                bool
	data                                                 []byte // only where it was asked for
}

func (e *entry) leased(now int64) bool { return e.token != 0 && e.until > now }

// expired: a live lease keeps a session from it.
func (e *entry) expired(now int64) bool { return e.expires <= now && !e.leased(now) }

// found says whether it is a live session to the outside.
func (e *entry) found(now int64) bool { return !e.ended && !e.expired(now) }

// owned says whether token is that of the last taking, its time over or not.
func (e *entry) owned(token int64) bool { return token != 0 && e.token == token }

// entry reads a session's row; nil where there is none.
func (t *tx) entry(id string) (*entry, error) {
	var e entry
	err := t.scan(`SELECT n, serial, created, expires, kept, due, token, until, ended FROM sessions WHERE app = ? AND id = ?`,
		[]any{t.app, id}, &e.n, &e.serial, &e.created, &e.expires, &e.kept, &e.due, &e.token, &e.until, &e.ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &e, err
}

// full is entry with the contents.
func (t *tx) full(id string) (*entry, error) {
	var e entry
	err := t.scan(`SELECT s.n, serial, created, expires, kept, due, token, until, ended, data
		FROM sessions s JOIN contents c ON c.n = s.n WHERE app = ? AND id = ?`,
		[]any{t.app, id}, &e.n, &e.serial, &e.created, &e.expires, &e.kept, &e.due, &e.token, &e.until, &e.ended, &e.data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &e, err
}

func (e *entry) stored(token int64) session.Stored {
	return session.Stored{Token: token, Serial: e.serial, Data: e.data, Created: moment(e.created)}
}

// blob keeps an empty value from being no value.
func blob(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}

// Create implements [session.Store].
func (s *sessions) Create(ctx context.Context, id string, n session.NewSession) (int64, error) {
	return write(ctx, s.db, "creating a session in", change[int64]{
		sync: true,
		do:   func(t *tx) (int64, error) { return t.create(id, n) },
		undo: func(t *tx, token int64) error { return t.release(id, token) },
	})
}

func (t *tx) create(id string, n session.NewSession) (int64, error) {
	switch e, err := t.entry(id); {
	case err != nil:
		return 0, err
	case e != nil:
		return 0, session.ErrExists
	}
	if err := t.room(n.Max); err != nil {
		return 0, err
	}
	token, expires := newToken(), after(t.now, n.Timeout)
	_, err := t.exec(`INSERT INTO sessions (app, id, serial, created, expires, kept, due, token, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.app, id, n.Serial, t.now, expires, expires, expires, token, after(t.now, n.Lease))
	if err != nil {
		return 0, err
	}
	if _, err := t.exec(`INSERT INTO contents VALUES (last_insert_rowid(), ?)`, blob(n.Data)); err != nil {
		return 0, err
	}
	return token, t.count(1, 0)
}

// count keeps the numbers of sessions.
func (t *tx) count(live, ending int) error {
	_, err := t.exec(`UPDATE applications SET live = live + ?, ending = ending + ? WHERE app = ?`, live, ending, t.app)
	return err
}

// room says whether there may be one more live session. Where there may not,
// it first looks whether some have expired and only wait to be noticed.
func (t *tx) room(limit int) error {
	if limit <= 0 {
		return nil
	}
	for {
		var live int
		if err := t.scan(`SELECT live FROM applications WHERE app = ?`, []any{t.app}, &live); err != nil {
			return err
		}
		if live < limit {
			return nil
		}
		if n, err := t.notice(); err != nil {
			return err
		} else if n == 0 {
			return session.ErrFull
		}
	}
}

// notice makes some sessions that expired ending ones and says how many.
func (t *tx) notice() (int, error) {
	n, err := t.exec(`UPDATE sessions SET ended = 1, reason = ?, token = 0, until = 0, due = 0
		WHERE n IN (SELECT n FROM sessions WHERE app = ?2 AND due <= ?3 AND ended = 0 AND expires <= ?3 AND until <= ?3 LIMIT 256)`,
		string(session.ReasonTimeout), t.app, t.now)
	if err != nil || n == 0 {
		return 0, err
	}
	return int(n), t.count(-int(n), int(n))
}

// Load implements [session.Store].
func (s *sessions) Load(ctx context.Context, id string) (session.Stored, error) {
	return read(ctx, s.db, "loading a session from", func(t *tx) (session.Stored, error) {
		e, err := t.full(id)
		switch {
		case err != nil:
			return session.Stored{}, err
		case e == nil || !e.found(t.now):
			return session.Stored{}, session.ErrNotFound
		}
		return e.stored(0), nil
	})
}

// Acquire implements [session.Store].
func (s *sessions) Acquire(ctx context.Context, id string, lease time.Duration) (session.Stored, error) {
	return write(ctx, s.db, "taking a session in", change[session.Stored]{
		do:   func(t *tx) (session.Stored, error) { return t.acquire(id, lease) },
		undo: func(t *tx, got session.Stored) error { return t.release(id, got.Token) },
	})
}

func (t *tx) acquire(id string, lease time.Duration) (session.Stored, error) {
	e, err := t.full(id)
	switch {
	case err != nil:
		return session.Stored{}, err
	case e == nil || !e.found(t.now):
		return session.Stored{}, session.ErrNotFound
	case e.leased(t.now):
		return session.Stored{}, &session.BusyError{Remaining: until(t.now, e.until)}
	}
	token := newToken()
	if _, err := t.exec(`UPDATE sessions SET token = ?, until = ? WHERE n = ?`, token, after(t.now, lease), e.n); err != nil {
		return session.Stored{}, err
	}
	return e.stored(token), nil
}

// Renew implements [session.Store].
func (s *sessions) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	return s.change(ctx, "renewing a lease in", false, func(t *tx) error {
		e, err := t.entry(id)
		switch {
		case err != nil:
			return err
		case e == nil || !e.owned(token):
			return session.ErrLost
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

// Release implements [session.Store].
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

// Touch implements [session.Store]. Where the expiry is as late as it may lag,
// nothing is written.
func (s *sessions) Touch(ctx context.Context, id string, timeout time.Duration) error {
	due, err := read(ctx, s.db, "looking for a session in", func(t *tx) (bool, error) {
		e, err := t.entry(id)
		switch {
		case err != nil:
			return false, err
		case e == nil || !e.found(t.now):
			return false, session.ErrNotFound
		}
		return until(e.expires, after(t.now, timeout)) > timeout/20, nil
	})
	if err != nil || !due {
		return err
	}
	return s.change(ctx, "sliding the expiry of a session in", true, func(t *tx) error {
		e, err := t.entry(id)
		switch {
		case err != nil:
			return err
		case e == nil || !e.found(t.now):
			return session.ErrNotFound
		}
		expires := max(e.expires, after(t.now, timeout))
		_, err = t.exec(`UPDATE sessions SET expires = ?, kept = ? WHERE n = ?`, expires, expires, e.n)
		return err
	})
}

// End implements [session.Store].
func (s *sessions) End(ctx context.Context, id string, reason session.Reason) error {
	return s.change(ctx, "ending a session in", true, func(t *tx) error {
		e, err := t.entry(id)
		switch {
		case err != nil:
			return err
		case e == nil || !e.found(t.now):
			return session.ErrNotFound
		}
		return t.end(e, reason)
	})
}
