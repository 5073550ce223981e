package scsstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// A guard is the store in front of a manager's own. It stores what a request
// leaves whether the visitor waits for it or not, and doesn't store a session
// that was ended meanwhile.
//
// It also carries what all providers of the manager have in common.
type guard struct {
	inner   scs.Store
	codec   scs.Codec
	timeout time.Duration
	ended   *bridge.Ended
	renamed *bridge.Renamed // by the visitors' tokens
	gate    *bridge.Gate
	own     *Store // inner, if it is one of ours
	ends    endings
	dev     bool
	log     *slog.Logger

	unserialized sync.Once
	cameBack     atomic.Int64 // the most bytes of a session that came back whole
}

// An iterableGuard is a guard over a store that can list its sessions.
type iterableGuard struct{ *guard }

var (
	_ scs.CtxStore         = (*guard)(nil)
	_ scs.IterableCtxStore = iterableGuard{}
)

// guardOf gives the guard of a manager and puts it there first if need be.
func guardOf(cfg Config) *guard {
	switch g := cfg.Manager.Store.(type) {
	case *guard:
		return g
	case iterableGuard:
		return g.guard
	}
	g := &guard{
		inner: cfg.Manager.Store, codec: cfg.Manager.Codec, timeout: cfg.StoreTimeout,
		ended: bridge.NewEnded(cfg.LongestRequest), renamed: bridge.NewRenamed(cfg.RenewGrace, cfg.LongestRequest),
		dev: cfg.Dev, log: cfg.Logger,
		gate: bridge.NewGate(cfg.SessionQueueMax, cfg.RequestQueueMax),
	}
	g.own, _ = g.inner.(*Store)
	g.ends.init(g, cfg)
	cfg.Manager.Store = g
	switch g.inner.(type) {
	case scs.IterableStore, scs.IterableCtxStore:
		cfg.Manager.Store = iterableGuard{g}
	}
	return g
}

// outside tells that a handler of a server uses sessions without a turn. What a
// program does by itself, without a request, is its own business.
func (g *guard) outside(ctx context.Context) error {
	if visitIn(ctx) != nil || ctx.Value(http.ServerContextKey) == nil {
		return nil
	}
	if g.dev {
		return errUnserialized
	}
	g.unserialized.Do(func() { g.log.Error(errUnserialized.Error()) })
	return nil
}

// bound gives one operation of the store its time.
func (g *guard) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if g.timeout < 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, g.timeout)
}

// FindCtx is scs.CtxStore's.
func (g *guard) FindCtx(ctx context.Context, token string) (b []byte, found bool, err error) {
	if g.ended.Has(token) {
		return nil, false, nil
	}
	if err := g.outside(ctx); err != nil {
		return nil, false, err
	}
	opctx, cancel := g.bound(ctx)
	defer cancel()
	b, found, err = g.get(opctx, token)
	switch v := visitIn(ctx); {
	case !found:
	case v == nil && g.lapsed(b):
		g.drop(ctx, token)
		return nil, false, nil
	case v != nil && v.found == "":
		v.found, v.raw = token, b
	}
	return b, found, err
}

// CommitCtx is scs.CtxStore's. [store.ErrLost]: the session was ended by
// another request.
func (g *guard) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if err := g.outside(ctx); err != nil {
		return err
	}
	v := visitIn(ctx)
	if v == nil {
		return g.store(ctx, nil, token, b, expiry)
	}
	if v.parted != nil {
		b = v.stripped(b)
	}
	v.failed = g.store(ctx, v, token, b, v.expiry(expiry))
	return v.failed
}

// store commits a session that hasn't ended; [store.ErrLost] otherwise.
func (g *guard) store(ctx context.Context, v *visit, token string, b []byte, expiry time.Time) error {
	if g.ended.Has(token) {
		return g.lost()
	}
	if err := g.commit(ctx, v, token, b, expiry); err != nil {
		return err
	}
	// Who ends a session marks it first: here, or the deletion comes later.
	if g.ended.Has(token) {
		if err := g.remove(ctx, token); err != nil {
			return err
		}
		return g.lost()
	}
	return nil
}

func (g *guard) lost() error {
	return fmt.Errorf("scsstore: the session was ended by another request: %w", store.ErrLost)
}

func (g *guard) commit(ctx context.Context, v *visit, token string, b []byte, expiry time.Time) (err error) {
	ctx, cancel := g.bound(context.WithoutCancel(ctx))
	defer cancel()
	over := isOver(expiry)
	if v != nil {
		v.expired = over
	}
	switch {
	case g.own != nil: // which keeps it for a moment, for its Session_OnEnd
		return g.keep(ctx, g.own.records, v, token, b, expiry, g.renamed.Grace())
	case over:
		return g.expire(ctx, v, token, b)
	}
	if err := g.put(ctx, token, b, expiry); err != nil {
		return err
	}
	if err := g.whole(ctx, v, token, b, expiry); err != nil {
		return err
	}
	if isOver(expiry) { // by now: the store may have made an age below zero of it
		return g.expire(ctx, v, token, b)
	}
	g.ends.note(ctx, v, token, b, expiry)
	return nil
}

// keep stores a session where it ends, under its name: the one that it had
// before, where this request changes it, and which leads to it for grace.
func (g *guard) keep(ctx context.Context, in *bridge.Records, v *visit, token string, b []byte, expiry time.Time, grace time.Duration) error {
	timeout := time.Until(expiry)
	if v == nil {
		return in.Put(ctx, token, b, timeout)
	}
	switch from := v.former(); {
	case from == "":
		return in.Put(ctx, token, b, timeout)
	case v.cleared: // the one was destroyed, and this is another
		err := in.Put(ctx, token, b, timeout)
		return errors.Join(err, v.overIn(ctx, in))
	default:
		err := in.Move(ctx, from, token, b, timeout, grace)
		if err == nil {
			v.limbo = ""
		}
		return err
	}
}

// Find is scs.Store's.
func (g *guard) Find(token string) ([]byte, bool, error) {
	return g.FindCtx(context.Background(), token)
}

// Commit is scs.Store's.
func (g *guard) Commit(token string, b []byte, expiry time.Time) error {
	return g.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is scs.Store's.
func (g *guard) Delete(token string) error { return g.DeleteCtx(context.Background(), token) }

// AllCtx is scs.IterableCtxStore's.
func (g iterableGuard) AllCtx(ctx context.Context) (map[string][]byte, error) {
	return g.all(ctx)
}

// all lists the sessions of a store that can; none of another.
func (g *guard) all(ctx context.Context) (all map[string][]byte, err error) {
	defer bridge.Panicked(&err)
	switch inner := g.inner.(type) {
	case scs.IterableCtxStore:
		return inner.AllCtx(ctx)
	case scs.IterableStore:
		return inner.All()
	}
	return nil, nil
}
