package sqlite

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// claimSteps bounds how many rows one transaction of a claim looks at.
const claimSteps = 256

// Claim implements [store.Sessions].
func (s *sessions) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	for n > 0 {
		due, err := read(ctx, s.db, "looking for sessions to end in", func(t *tx) (due bool, err error) {
			err = t.scan(`SELECT EXISTS (SELECT 1 FROM sessions WHERE app = ? AND due <= ?)`, []any{t.app, t.now}, &due)
			return due, err
		})
		if err != nil || !due {
			return nil, err
		}
		got, err := write(ctx, s.db, "claiming sessions in", change[[]store.Claimed]{
			do:   func(t *tx) ([]store.Claimed, error) { return t.claim(owner, lease, n) },
			undo: (*tx).unclaim,
		})
		if err != nil || len(got) > 0 {
			return got, err
		}
	}
	return nil, nil
}

// A candidate is a row that is due.
type candidate struct {
	entry
	store.Claimed
}

// claim looks at the rows that are due: it claims up to n of them and moves
// those whose time has not come after all.
func (t *tx) claim(owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	due, err := t.due()
	if err != nil {
		return nil, err
	}
	var got []store.Claimed
	expired := 0
	for i := range due {
		c := &due[i]
		switch {
		case !c.ended && !c.expired(t.now):
			_, err = t.exec(`UPDATE sessions SET due = ? WHERE n = ?`, c.next(t.now), c.n)
		case len(got) == n:
			continue
		default:
			if !c.ended {
				c.Reason = store.ReasonTimeout
				expired++
			}
			got = append(got, c.Claimed)
			err = t.take(c, &got[len(got)-1], owner, after(t.now, lease))
		}
		if err != nil {
			return nil, err
		}
	}
	if expired > 0 {
		err = t.count(-expired, expired)
	}
	return got, err
}

// due lists the rows that are due, those that wait longest first.
func (t *tx) due() (due []candidate, err error) {
	err = t.each(`SELECT n, id, serial, created, expires, token, until, ended, reason, attempts
		FROM sessions WHERE app = ? AND due <= ? ORDER BY due LIMIT ?`, []any{t.app, t.now, claimSteps},
		func(scan func(...any) error) error {
			var c candidate
			err := scan(&c.n, &c.ID, &c.Claimed.Serial, &c.created, &c.expires, &c.token, &c.until, &c.ended, &c.Reason, &c.Attempt)
			c.Created = moment(c.created)
			due = append(due, c)
			return err
		})
	return due, err
}

// next is when to look again at a live session that has not expired.
func (e *entry) next(now int64) int64 {
	if e.expires > now {
		return e.expires
	}
	return e.until
}

// take claims a row.
func (t *tx) take(c *candidate, got *store.Claimed, owner string, end int64) error {
	got.Token = newToken(t.db.holder)
	got.Attempt++
	_, err := t.exec(`UPDATE sessions SET ended = 1, reason = ?, token = ?, until = ?, due = ?, attempts = ?, owner = ? WHERE n = ?`,
		string(got.Reason), got.Token, end, end, got.Attempt, owner, c.n)
	if err != nil {
		return err
	}
	return t.scan(`SELECT data FROM contents WHERE n = ?`, []any{c.n}, &got.Data)
}

// unclaim gives claims back.
func (t *tx) unclaim(claims []store.Claimed) error {
	for _, c := range claims {
		if err := t.release(c.ID, c.Token); err != nil {
			return err
		}
	}
	return nil
}

// Finish implements [store.Sessions].
func (s *sessions) Finish(ctx context.Context, id string, token int64) error {
	return s.change(ctx, "removing a session from", true, func(t *tx) error { return t.finish(id, token) })
}

func (t *tx) finish(id string, token int64) error {
	e, err := t.entry(id)
	switch {
	case err != nil:
		return err
	case e == nil || !e.ended || !e.owned(token):
		return store.ErrLost
	}
	for _, query := range []string{`DELETE FROM sessions WHERE n = ?`, `DELETE FROM contents WHERE n = ?`} {
		if _, err := t.exec(query, e.n); err != nil {
			return err
		}
	}
	return t.count(0, -1)
}
