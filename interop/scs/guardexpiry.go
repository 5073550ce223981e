package scsstore

import (
	"context"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
)

func isOver(expiry time.Time) bool { return !expiry.After(time.Now()) }

// lapsed says that the deadline of a stored session is over. Stores should
// have forgotten it by then; those that were given a time in the past may keep
// it for ever.
func (g *guard) lapsed(b []byte) bool {
	deadline, _, err := g.codec.Decode(b)
	return err == nil && isOver(deadline)
}

// drop removes the record of a session whose time is over, as well as it can.
// Where sessions end, that is known.
func (g *guard) drop(ctx context.Context, token string) {
	if g.own != nil {
		return // a manager removes it, after its Session_OnEnd
	}
	ctx, cancel := g.bound(context.WithoutCancel(ctx))
	defer cancel()
	_ = g.forget(ctx, token)
}

// expire ends a session whose time is over at its commit, in the place of
// storing it: what comes of an expiry in the past is each store's own affair.
func (g *guard) expire(ctx context.Context, v *visit, token string, b []byte) error {
	if v != nil {
		v.expired = true
	}
	if err := g.forget(ctx, token); err != nil {
		return err
	}
	g.ends.note(ctx, v, token, b, time.Now())
	return nil
}

// put is the program's own store.
func (g *guard) put(ctx context.Context, token string, b []byte, expiry time.Time) (err error) {
	defer bridge.Panicked(&err)
	if inner, ok := g.inner.(scs.CtxStore); ok {
		return inner.CommitCtx(ctx, token, b, expiry)
	}
	return g.inner.Commit(token, b, expiry)
}
