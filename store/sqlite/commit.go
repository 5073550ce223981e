package sqlite

import (
	"cmp"
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// Commit implements [store.Sessions].
func (s *sessions) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	sync := c.Data != nil || c.End != "" || c.NewID != ""
	return s.change(ctx, "storing a session in", sync, func(t *tx) error { return t.commit(id, token, c) })
}

func (t *tx) commit(id string, token int64, c store.Commit) error {
	e, err := t.entry(id)
	switch {
	case err != nil:
		return err
	case e == nil || e.ended || !e.owned(token):
		return store.ErrLost
	}
	if c.NewID != "" && c.NewID != id {
		if err := t.rename(e, c.NewID, c.Grace); err != nil {
			return err
		}
	}
	if c.Data != nil {
		if _, err := t.exec(`UPDATE contents SET data = ? WHERE n = ?`, c.Data, e.n); err != nil {
			return err
		}
	}
	if c.End != "" {
		return t.end(e, c.End)
	}
	expires := after(t.now, c.Timeout)
	if c.Data != nil || c.NewID != "" || lags(e.kept, expires, c.Timeout) {
		t.sync, e.kept = true, expires
	}
	if c.Lease > 0 {
		e.until = after(t.now, c.Lease)
	} else {
		e.token, e.until = 0, 0
	}
	_, err = t.exec(`UPDATE sessions SET expires = ?, kept = ?, due = ?, token = ?, until = ? WHERE n = ?`,
		expires, e.kept, min(e.due, expires), e.token, e.until, e.n)
	return err
}

// lags says that the expiry that is on disk for sure is further from the truth
// than a twentieth of the timeout. Up to there a page that only looks at its
// session doesn't wait for the disk.
func lags(kept, expires int64, timeout time.Duration) bool {
	return expires < kept || until(kept, expires) > timeout/20
}

// rename gives a session another id; the one that it had leads to it for grace
// yet. It is the first thing of a commit.
func (t *tx) rename(e *entry, id string, grace time.Duration) error {
	switch other, err := t.entry(id); {
	case err != nil:
		return err
	case other != nil:
		return store.ErrExists
	}
	if now, _, err := t.former(id); now != "" || err != nil {
		return cmp.Or(err, store.ErrExists)
	}
	former, end := e.id, after(t.now, grace)
	if grace <= 0 {
		former, end = "", 0
	}
	_, err := t.exec(`UPDATE sessions SET id = ?, former = ?, grace = ? WHERE n = ?`, id, former, end, e.n)
	return err
}

// end makes a live session one to be claimed.
func (t *tx) end(e *entry, reason store.Reason) error {
	_, err := t.exec(`UPDATE sessions SET ended = 1, reason = ?, token = 0, until = 0, due = 0 WHERE n = ?`, string(reason), e.n)
	if err != nil {
		return err
	}
	return t.count(-1, 1)
}
