package memory

import (
	"context"
	"strings"
	"time"

	"github.com/najahost/naja/store"
)

// Lock implements [store.Application].
func (a *Application) Lock(ctx context.Context, owner string, lease time.Duration) (store.Locked, error) {
	if err := ctx.Err(); err != nil {
		return store.Locked{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.free(); err != nil {
		return store.Locked{}, err
	}
	a.tokens++
	a.lock = appLock{token: a.tokens, owner: strings.Clone(owner), until: end(lease)}
	return store.Locked{Token: a.tokens, Version: a.version}, nil
}

// end is when a lease that begins now is over.
func end(lease time.Duration) time.Time {
	if lease == 0 {
		return time.Time{}
	}
	return time.Now().Add(lease)
}

// free says whether nobody holds the lock, and makes it so where its lease is
// over: the token of that taking is lost from now on.
func (a *Application) free() error {
	l := &a.lock
	if l.token == 0 {
		return nil
	}
	left := time.Until(l.until)
	if l.until.IsZero() {
		return &store.LockedError{Owner: l.owner}
	}
	if left > 0 {
		return &store.LockedError{Owner: l.owner, Remaining: left}
	}
	*l = appLock{}
	return nil
}

// owns says whether token is the lock's.
func (a *Application) owns(token int64) bool { return token != 0 && a.lock.token == token }

// Renew implements [store.Application].
func (a *Application) Renew(ctx context.Context, token int64, lease time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.owns(token) {
		return store.ErrLockLost
	}
	a.lock.until = end(lease)
	return nil
}

// Commit implements [store.Application].
func (a *Application) Commit(ctx context.Context, token int64, c store.Changes) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.owns(token) {
		return 0, store.ErrLockLost
	}
	a.commit(c)
	return a.version, nil
}

// Unlock implements [store.Application].
func (a *Application) Unlock(_ context.Context, token int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.owns(token) {
		a.lock = appLock{}
	}
	return nil
}

// Break implements [store.Application].
func (a *Application) Break(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	owner := ""
	if a.free() != nil {
		owner = a.lock.owner
	}
	a.lock = appLock{}
	return owner, nil
}
