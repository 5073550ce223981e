package scsstore

import (
	"context"
	"crypto/rand"
	"errors"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// DeleteCtx is scs.CtxStore's.
func (g *guard) DeleteCtx(ctx context.Context, token string) error {
	if v := visitIn(ctx); v != nil && v.renewing {
		v.outdated = append(v.outdated, token)
		return nil
	}
	if v := visitIn(ctx); v != nil && v.late && !v.ending && token == v.found {
		v.leave(token)
		return nil
	}
	g.ended.Add(token)
	if v := visitIn(ctx); v != nil && !v.ending && token == v.found && v.limbo == "" {
		return g.part(ctx, v, token)
	}
	return g.remove(ctx, token)
}

// outdated deletes the record of a token whose session was stored under
// another.
func (g *guard) outdated(ctx context.Context, token string) error {
	g.ended.Add(token)
	if g.own != nil {
		return nil // it moved
	}
	ctx, cancel := g.bound(context.WithoutCancel(ctx))
	defer cancel()
	return g.forget(ctx, token)
}

// part takes a session out of reach when a handler destroys it or changes its
// token: which of them it is only shows later. Until then it has a name that
// nobody knows; should this process die it ends by itself.
func (g *guard) part(ctx context.Context, v *visit, token string) error {
	ctx, cancel := g.bound(context.WithoutCancel(ctx))
	defer cancel()
	in := g.ends.in()
	if g.own == nil {
		if err := g.forget(ctx, token); err != nil {
			return err
		}
	}
	if in == nil {
		return nil
	}
	limbo := "limbo " + rand.Text()
	err := in.Move(ctx, token, limbo, nil, g.ended.Keep(), 0)
	switch {
	case err == nil:
		v.limbo = limbo
	case errors.Is(err, store.ErrLost): // it is gone already
	case g.own == nil:
		g.ends.complain(err)
	default:
		return err
	}
	return nil
}

// remove ends a session.
func (g *guard) remove(ctx context.Context, token string) error {
	ctx, cancel := g.bound(context.WithoutCancel(ctx))
	defer cancel()
	if err := g.forget(ctx, token); err != nil {
		return err
	}
	g.ends.over(ctx, token)
	return nil
}

func (g *guard) forget(ctx context.Context, token string) (err error) {
	defer bridge.Panicked(&err)
	if inner, ok := g.inner.(scs.CtxStore); ok {
		return inner.DeleteCtx(ctx, token)
	}
	return g.inner.Delete(token)
}
