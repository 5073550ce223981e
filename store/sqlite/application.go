package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/najahost/naja/store"
)

// application is an [store.Application].
type application struct{ db *DB }

// Application gives the application's values. It needs no closing of its own.
func (db *DB) Application() store.Application { return &db.application }

// Read implements [store.Application].
func (a *application) Read(ctx context.Context, have int64) (store.Contents, error) {
	return read(ctx, a.db, "reading Application from", func(t *tx) (c store.Contents, err error) {
		if c.Version, err = t.version(); err != nil || c.Version == have {
			return c, err
		}
		// One statement: version and values are of one moment.
		err = t.each(`SELECT version, id, key, raw FROM applications a LEFT JOIN items i ON i.app = a.app WHERE a.app = ? ORDER BY i.seq`,
			[]any{t.app}, func(scan func(...any) error) error {
				var id, key sql.NullString
				var raw []byte
				if err := scan(&c.Version, &id, &key, &raw); err != nil {
					return err
				}
				if id.Valid {
					c.Items = append(c.Items, store.Item{ID: id.String, Key: key.String, Raw: blob(raw)})
				}
				return nil
			})
		return c, err
	})
}

func (t *tx) version() (version int64, err error) {
	err = t.scan(`SELECT version FROM applications WHERE app = ?`, []any{t.app}, &version)
	return version, err
}

// Wait implements [store.Application]: SQLite tells nobody of a change, so that
// it asks, some times in a second while there are changes, and less often else.
func (a *application) Wait(ctx context.Context, have int64) (int64, error) {
	for pause := pollFirst; ; pause = min(pause*3/2, pollLast) {
		version, err := read(ctx, a.db, "reading Application from", (*tx).version)
		if err != nil || version != have {
			return version, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return have, ctx.Err()
		case <-a.db.quit:
			timer.Stop()
			return have, ErrClosed
		}
	}
}

// Times between two looks for a change.
const (
	pollFirst = 5 * time.Millisecond
	pollLast  = 100 * time.Millisecond
)

// put makes one change and says whether it was one.
func (t *tx) put(it store.Item) (bool, error) {
	if it.Raw == nil {
		n, err := t.exec(`DELETE FROM items WHERE app = ? AND id = ?`, t.app, it.ID)
		return n > 0, err
	}
	n, err := t.exec(`UPDATE items SET raw = ? WHERE app = ? AND id = ?`, it.Raw, t.app, it.ID)
	if err != nil || n > 0 {
		return true, err
	}
	if _, err := t.exec(`UPDATE applications SET seq = seq + 1 WHERE app = ?`, t.app); err != nil {
		return false, err
	}
	_, err = t.exec(`INSERT INTO items (app, id, key, seq, raw) SELECT app, ?, ?, seq, ? FROM applications WHERE app = ?`,
		it.ID, it.Key, it.Raw, t.app)
	return true, err
}

// changed counts a call that changed something and gives the version.
func (t *tx) changed(did bool) (int64, error) {
	if did {
		if _, err := t.exec(`UPDATE applications SET version = version + 1 WHERE app = ?`, t.app); err != nil {
			return 0, err
		}
	}
	return t.version()
}

// Swap implements [store.Application].
func (a *application) Swap(ctx context.Context, s store.Swap) (int64, error) {
	return write(ctx, a.db, "storing an Application value in", change[int64]{sync: true, do: func(t *tx) (int64, error) {
		if err := t.free(); err != nil {
			return 0, err
		}
		if s.Compare {
			if err := t.holds(s.Item.ID, s.Old); err != nil {
				return 0, err
			}
		}
		did, err := t.put(s.Item)
		if err != nil {
			return 0, err
		}
		return t.changed(did)
	}})
}

// holds says whether a key has the value, where nil is none: ErrChanged if not.
func (t *tx) holds(id string, raw []byte) error {
	var now []byte
	err := t.scan(`SELECT raw FROM items WHERE app = ? AND id = ?`, []any{t.app, id}, &now)
	none := errors.Is(err, sql.ErrNoRows)
	switch {
	case err != nil && !none:
		return err
	case none != (raw == nil), !bytes.Equal(now, raw):
		return store.ErrChanged
	}
	return nil
}
