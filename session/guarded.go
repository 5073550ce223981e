package session

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

// A StorePanic is that a [Store] panicked. For a Manager that is a failure of the
// store like another one: it ends no request's connection, and no process by the
// goroutines that the Manager has.
type StorePanic struct {
	Value any    // of the panic
	Stack []byte // where it was
}

// Error says with what.
func (e *StorePanic) Error() string { return fmt.Sprintf("the store panicked: %v", e.Value) }

// Unwrap gives the value of a panic with an error.
func (e *StorePanic) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// A guarded store makes errors of another's panics.
type guarded struct{ Store }

func recovered(err *error) {
	if p := recover(); p != nil {
		*err = &StorePanic{p, debug.Stack()}
	}
}

func (g guarded) Create(ctx context.Context, id string, s NewSession) (token int64, err error) {
	defer recovered(&err)
	return g.Store.Create(ctx, id, s)
}

func (g guarded) Load(ctx context.Context, id string) (s Stored, err error) {
	defer recovered(&err)
	return g.Store.Load(ctx, id)
}

func (g guarded) Acquire(ctx context.Context, id string, lease time.Duration) (s Stored, err error) {
	defer recovered(&err)
	return g.Store.Acquire(ctx, id, lease)
}

func (g guarded) Renew(ctx context.Context, id string, token int64, lease time.Duration) (err error) {
	defer recovered(&err)
	return g.Store.Renew(ctx, id, token, lease)
}

func (g guarded) Commit(ctx context.Context, id string, token int64, c Commit) (err error) {
	defer recovered(&err)
	return g.Store.Commit(ctx, id, token, c)
}

func (g guarded) Release(ctx context.Context, id string, token int64) (err error) {
	defer recovered(&err)
	return g.Store.Release(ctx, id, token)
}

func (g guarded) Touch(ctx context.Context, id string, timeout time.Duration) (err error) {
	defer recovered(&err)
	return g.Store.Touch(ctx, id, timeout)
}

func (g guarded) End(ctx context.Context, id string, reason Reason) (err error) {
	defer recovered(&err)
	return g.Store.End(ctx, id, reason)
}

func (g guarded) Claim(ctx context.Context, owner string, lease time.Duration, n int) (all []Claimed, err error) {
	defer recovered(&err)
	return g.Store.Claim(ctx, owner, lease, n)
}

func (g guarded) Finish(ctx context.Context, id string, token int64) (err error) {
	defer recovered(&err)
	return g.Store.Finish(ctx, id, token)
}

func (g guarded) Count(ctx context.Context) (c Counts, err error) {
	defer recovered(&err)
	return g.Store.Count(ctx)
}

func (g guarded) List(ctx context.Context, after string, n int) (all []Info, err error) {
	defer recovered(&err)
	return g.Store.List(ctx, after, n)
}
