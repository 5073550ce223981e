package moving

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

type (
	sessions    struct{ b *Backend }
	application struct{ b *Backend }
)

// with calls one of the stores where it is now.
func with[S, T any](b *Backend, of func(store.Backend) S, call func(S) (T, error)) (T, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return call(of(b.in))
}

// do is with for what gives nothing but an error.
func do[S any](b *Backend, of func(store.Backend) S, call func(S) error) error {
	_, err := with(b, of, func(s S) (struct{}, error) { return struct{}{}, call(s) })
	return err
}

func inSessions[T any](s *sessions, call func(store.Sessions) (T, error)) (T, error) {
	return with(s.b, store.Backend.Sessions, call)
}

func (s *sessions) do(call func(store.Sessions) error) error {
	return do(s.b, store.Backend.Sessions, call)
}

func inApplication[T any](a *application, call func(store.Application) (T, error)) (T, error) {
	return with(a.b, store.Backend.Application, call)
}

func (a *application) do(call func(store.Application) error) error {
	return do(a.b, store.Backend.Application, call)
}

// Create and the rest are [store.Sessions].
func (s *sessions) Create(ctx context.Context, id string, n store.NewSession) (int64, error) {
	return inSessions(s, func(in store.Sessions) (int64, error) { return in.Create(ctx, id, n) })
}

func (s *sessions) Load(ctx context.Context, id string) (store.Stored, error) {
	return inSessions(s, func(in store.Sessions) (store.Stored, error) { return in.Load(ctx, id) })
}

func (s *sessions) Acquire(ctx context.Context, id string, lease time.Duration) (store.Stored, error) {
	return inSessions(s, func(in store.Sessions) (store.Stored, error) { return in.Acquire(ctx, id, lease) })
}

func (s *sessions) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	return s.do(func(in store.Sessions) error { return in.Renew(ctx, id, token, lease) })
}

func (s *sessions) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	return s.do(func(in store.Sessions) error { return in.Commit(ctx, id, token, c) })
}

func (s *sessions) Release(ctx context.Context, id string, token int64) error {
	return s.do(func(in store.Sessions) error { return in.Release(ctx, id, token) })
}

func (s *sessions) Touch(ctx context.Context, id string, timeout time.Duration) error {
	return s.do(func(in store.Sessions) error { return in.Touch(ctx, id, timeout) })
}

func (s *sessions) End(ctx context.Context, id string, reason store.Reason) error {
	return s.do(func(in store.Sessions) error { return in.End(ctx, id, reason) })
}

func (s *sessions) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	return inSessions(s, func(in store.Sessions) ([]store.Claimed, error) { return in.Claim(ctx, owner, lease, n) })
}

func (s *sessions) Finish(ctx context.Context, id string, token int64) error {
	return s.do(func(in store.Sessions) error { return in.Finish(ctx, id, token) })
}

func (s *sessions) Count(ctx context.Context) (store.Counts, error) {
	return inSessions(s, func(in store.Sessions) (store.Counts, error) { return in.Count(ctx) })
}

func (s *sessions) List(ctx context.Context, after string, n int) ([]store.Info, error) {
	return inSessions(s, func(in store.Sessions) ([]store.Info, error) { return in.List(ctx, after, n) })
}

// Read and the rest are [store.Application].
func (a *application) Read(ctx context.Context, have int64) (store.Contents, error) {
	return inApplication(a, func(in store.Application) (store.Contents, error) { return in.Read(ctx, have) })
}

func (a *application) Lock(ctx context.Context, owner string, lease time.Duration) (store.Locked, error) {
	return inApplication(a, func(in store.Application) (store.Locked, error) { return in.Lock(ctx, owner, lease) })
}

func (a *application) Renew(ctx context.Context, token int64, lease time.Duration) error {
	return a.do(func(in store.Application) error { return in.Renew(ctx, token, lease) })
}

func (a *application) Commit(ctx context.Context, token int64, c store.Changes) (int64, error) {
	return inApplication(a, func(in store.Application) (int64, error) { return in.Commit(ctx, token, c) })
}

func (a *application) Unlock(ctx context.Context, token int64) error {
	return a.do(func(in store.Application) error { return in.Unlock(ctx, token) })
}

func (a *application) Swap(ctx context.Context, s store.Swap) (int64, error) {
	return inApplication(a, func(in store.Application) (int64, error) { return in.Swap(ctx, s) })
}

func (a *application) Break(ctx context.Context) (string, error) {
	return inApplication(a, func(in store.Application) (string, error) { return in.Break(ctx) })
}

// Wait doesn't keep the state from moving: it goes on where that is then.
func (a *application) Wait(ctx context.Context, have int64) (int64, error) {
	for {
		version, moved, err := a.wait(ctx, have)
		if !moved {
			return version, err
		}
	}
}

func (a *application) wait(ctx context.Context, have int64) (version int64, moved bool, err error) {
	a.b.mu.RLock()
	in, staying := a.b.in.Application(), a.b.staying
	a.b.mu.RUnlock()
	waiting, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(staying, cancel)()
	version, err = in.Wait(waiting, have)
	return version, err != nil && waiting.Err() != nil && ctx.Err() == nil, err
}
