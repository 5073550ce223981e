package sqlite

import (
	"cmp"
	"context"

	"github.com/najahost/naja/store"
)

// Create implements [store.Sessions].
func (s *sessions) Create(ctx context.Context, id string, n store.NewSession) (int64, error) {
	return write(ctx, s.db, "creating a session in", change[int64]{
		sync: true,
		do:   func(t *tx) (int64, error) { return t.create(id, n) },
		undo: func(t *tx, token int64) error { return t.release(id, token) },
	})
}

func (t *tx) create(id string, n store.NewSession) (int64, error) {
	switch e, err := t.entry(id); {
	case err != nil:
		return 0, err
	case e != nil:
		return 0, store.ErrExists
	}
	if now, _, err := t.former(id); now != "" || err != nil {
		return 0, cmp.Or(err, store.ErrExists)
	}
	if err := t.room(n.Max); err != nil {
		return 0, err
	}
	token, expires := newToken(t.db.holder), after(t.now, n.Timeout)
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
			return store.ErrFull
		}
	}
}

// notice makes some sessions that expired ending ones and says how many.
func (t *tx) notice() (int, error) {
	n, err := t.exec(`UPDATE sessions SET ended = 1, reason = ?, token = 0, until = 0, due = 0
		WHERE n IN (SELECT n FROM sessions WHERE app = ?2 AND due <= ?3 AND ended = 0 AND expires <= ?3 AND until <= ?3 LIMIT 256)`,
		string(store.ReasonTimeout), t.app, t.now)
	if err != nil || n == 0 {
		return 0, err
	}
	return int(n), t.count(-int(n), int(n))
}
