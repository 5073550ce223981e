package scsstore

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// watched is an index as the engine sees it: a session whose time is over by
// the index alone hasn't ended, and one that an operator ends does end.
type watched struct {
	store.Sessions
	e *endings
	p *Provider
}

// Claim implements [store.Sessions].
func (w *watched) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	claims, err := w.Sessions.Claim(ctx, owner, lease, n)
	var over []store.Claimed
	for _, c := range claims {
		lives, failed := false, error(nil)
		if c.Reason == store.ReasonTimeout && w.e.index.Has(c.ID) {
			lives, failed = w.goesOn(ctx, c)
		}
		switch {
		case failed != nil:
			err = failed
			_ = w.Sessions.Release(ctx, c.ID, c.Token) // else it runs out by itself
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
func (w *watched) goesOn(ctx context.Context, c store.Claimed) (bool, error) {
	token, _, err := fromNoted(c.Data)
	if err != nil {
		return false, nil
	}
	b, found, err := w.e.g.FindCtx(ctx, token)
	if err != nil || !found {
		return false, err
	}
	if err := w.Sessions.Finish(ctx, c.ID, c.Token); err != nil {
		return false, err
	}
	return true, w.e.index.Put(ctx, token, noted(token, b), w.p.remaining(b))
}

// End implements [store.Sessions].
func (w *watched) End(ctx context.Context, id string, reason store.Reason) error {
	if w.e.index.Has(id) {
		got, err := w.Sessions.Load(ctx, id)
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
	return w.Sessions.End(ctx, id, reason)
}
