package scsstore

import (
	"context"
	"time"

	"github.com/najahost/naja/session"
)

// watched is an index as the engine sees it: a session whose time is over by
// the index alone hasn't ended, and one that an operator ends does end.
type watched struct {
	session.Store
	e *endings
	p *Provider
}

// Claim implements [session.Store].
func (w *watched) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]session.Claimed, error) {
	claims, err := w.Store.Claim(ctx, owner, lease, n)
	var over []session.Claimed
	for _, c := range claims {
		lives, failed := false, error(nil)
		if c.Reason == session.ReasonTimeout && w.e.index.Has(c.ID) {
			lives, failed = w.goesOn(ctx, c)
		}
		switch {
		case failed != nil:
			err = failed
			_ = w.Store.Release(ctx, c.ID, c.Token) // else it runs out by itself
		case !lives:
			over = append(over, c)
		}
	}
	if len(over) > 0 {
		err = nil
	}
	return over, err
}

// goesOn looks whether somebody else moved a session's expiry, and notes it
// again if so.
func (w *watched) goesOn(ctx context.Context, c session.Claimed) (bool, error) {
	token, _, err := fromNoted(c.Data)
	if err != nil {
		return false, nil
	}
	b, found, err := w.e.g.FindCtx(ctx, token)
	if err != nil || !found {
		return false, err
	}
	if err := w.Store.Finish(ctx, c.ID, c.Token); err != nil {
		return false, err
	}
	return true, w.e.index.Put(ctx, token, noted(token, b), w.p.remaining(b))
}

// End implements [session.Store].
func (w *watched) End(ctx context.Context, id string, reason session.Reason) error {
	if w.e.index.Has(id) {
		got, err := w.Store.Load(ctx, id)
		if err != nil {
			return err
		}
		token, _, err := fromNoted(got.Data)
		if err != nil {
			return err
		}
		w.e.g.ended.Add(token)
		if err := w.e.g.forget(ctx, token); err != nil {
			return err
		}
	}
	return w.Store.End(ctx, id, reason)
}
