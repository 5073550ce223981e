package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"time"

	"github.com/najahost/naja/store"
)

// An entry is a row of the table sessions.
type entry struct {
	id                                                   string
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
	e := entry{id: id}
	err := t.scan(`SELECT n, serial, created, expires, kept, due, token, until, ended FROM sessions WHERE app = ? AND id = ?`,
		[]any{t.app, id}, &e.n, &e.serial, &e.created, &e.expires, &e.kept, &e.due, &e.token, &e.until, &e.ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &e, err
}

// full is entry with the contents.
func (t *tx) full(id string) (*entry, error) {
	e := entry{id: id}
	err := t.scan(`SELECT s.n, serial, created, expires, kept, due, token, until, ended, data
		FROM sessions s JOIN contents c ON c.n = s.n WHERE app = ? AND id = ?`,
		[]any{t.app, id}, &e.n, &e.serial, &e.created, &e.expires, &e.kept, &e.due, &e.token, &e.until, &e.ended, &e.data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &e, err
}

// former is the id of the session that a former id leads to, empty where it
// leads nowhere, and what is left of its time.
func (t *tx) former(id string) (now string, grace time.Duration, err error) {
	var end int64
	err = t.scan(`SELECT id, grace FROM sessions WHERE app = ? AND former = ? AND former <> '' AND grace > ? AND ended = 0`,
		[]any{t.app, id, t.now}, &now, &end)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, nil
	}
	return now, until(t.now, end), err
}

// led is the live session that id is, or leads to, with its contents.
func (t *tx) led(id string) (e *entry, grace time.Duration, err error) {
	e, err = t.found(t.full(id))
	if !errors.Is(err, store.ErrNotFound) {
		return e, 0, err
	}
	now, grace, ferr := t.former(id)
	if now == "" {
		return nil, 0, cmp.Or(ferr, err)
	}
	e, err = t.found(t.full(now))
	return e, grace, err
}

// found is what entry or full gave, if it is a live session to the outside.
func (t *tx) found(e *entry, err error) (*entry, error) {
	if err == nil && (e == nil || !e.found(t.now)) {
		err = store.ErrNotFound
	}
	return e, err
}

func (e *entry) stored(token int64, grace time.Duration) store.Stored {
	return store.Stored{ID: e.id, Grace: grace, Token: token, Serial: e.serial, Data: e.data, Created: moment(e.created)}
}

// blob keeps an empty value from being no value.
func blob(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}
