package sessions

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/najahost/naja/store"
)

// A guarded store makes errors of another's panics.
type guarded struct{ store.Sessions }

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &store.PanicError{Value: p, Stack: debug.Stack()}
	}
}

func (g guarded) Create(ctx context.Context, id string, s store.NewSession) (token int64, err error) {
	defer recovered(&err)
	return g.Sessions.Create(ctx, id, s)
}

func (g guarded) Load(ctx context.Context, id string) (s store.Stored, err error) {
	defer recovered(&err)
	return g.Sessions.Load(ctx, id)
}

func (g guarded) Acquire(ctx context.Context, id string, lease time.Duration) (s store.Stored, err error) {
	defer recovered(&err)
	return g.Sessions.Acquire(ctx, id, lease)
}

func (g guarded) Renew(ctx context.Context, id string, token int64, lease time.Duration) (err error) {
	defer recovered(&err)
	return g.Sessions.Renew(ctx, id, token, lease)
}

func (g guarded) Commit(ctx context.Context, id string, token int64, c store.Commit) (err error) {
	defer recovered(&err)
	return g.Sessions.Commit(ctx, id, token, c)
}

func (g guarded) Release(ctx context.Context, id string, token int64) (err error) {
	defer recovered(&err)
	return g.Sessions.Release(ctx, id, token)
}

func (g guarded) Touch(ctx context.Context, id string, timeout time.Duration) (err error) {
	defer recovered(&err)
	return g.Sessions.Touch(ctx, id, timeout)
}

func (g guarded) End(ctx context.Context, id string, reason store.Reason) (err error) {
	defer recovered(&err)
	return g.Sessions.End(ctx, id, reason)
}

func (g guarded) Claim(ctx context.Context, owner string, lease time.Duration, n int) (all []store.Claimed, err error) {
	defer recovered(&err)
	return g.Sessions.Claim(ctx, owner, lease, n)
}

func (g guarded) Finish(ctx context.Context, id string, token int64) (err error) {
	defer recovered(&err)
	return g.Sessions.Finish(ctx, id, token)
}

func (g guarded) Count(ctx context.Context) (c store.Counts, err error) {
	defer recovered(&err)
	return g.Sessions.Count(ctx)
}

func (g guarded) List(ctx context.Context, after string, n int) (all []store.Info, err error) {
	defer recovered(&err)
	return g.Sessions.List(ctx, after, n)
}
