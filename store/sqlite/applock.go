package sqlite

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// An appLock is the lock as it was last taken; a zero token is nobody's.
type appLock struct {
	token, until int64 // until 0: no end
	owner        string
}

func (t *tx) lock() (l appLock, err error) {
	err = t.scan(`SELECT token, until, owner FROM applications WHERE app = ?`, []any{t.app}, &l.token, &l.until, &l.owner)
	return l, err
}

func (t *tx) setLock(l appLock) error {
	_, err := t.exec(`UPDATE applications SET token = ?, until = ?, owner = ? WHERE app = ?`, l.token, l.until, l.owner, t.app)
	return err
}

// free says whether nobody holds the lock, and makes it so where its lease is
// over: the token of that taking is lost from now on.
func (t *tx) free() error {
	l, err := t.lock()
	if err != nil || l.token == 0 {
		return err
	}
	if l.until == 0 || l.until > t.now {
		if free, err := t.freeIfDead(l.token); free || err != nil {
			return err
		}
	}
	switch {
	case l.until == 0:
		return &store.LockedError{Owner: l.owner}
	case l.until > t.now:
		return &store.LockedError{Owner: l.owner, Remaining: until(t.now, l.until)}
	}
	return t.setLock(appLock{})
}

// owns says whether token is the lock's.
func (t *tx) owns(token int64) error {
	l, err := t.lock()
	if err == nil && (token == 0 || l.token != token) {
		err = store.ErrLockLost
	}
	return err
}

// end is when a lease that begins now is over.
func (t *tx) leaseEnd(lease time.Duration) int64 {
	if lease == 0 {
		return 0
	}
	return after(t.now, lease)
}

// Lock implements [store.Application].
func (a *application) Lock(ctx context.Context, owner string, lease time.Duration) (store.Locked, error) {
	return write(ctx, a.db, "taking Application.Lock in", change[store.Locked]{
		do: func(t *tx) (l store.Locked, err error) {
			if err := t.free(); err != nil {
				return l, err
			}
			l.Token = newToken(t.db.holder)
			if err := t.setLock(appLock{l.Token, t.leaseEnd(lease), owner}); err != nil {
				return l, err
			}
			l.Version, err = t.version()
			return l, err
		},
		undo: func(t *tx, l store.Locked) error { return t.unlock(l.Token) },
	})
}

// Renew implements [store.Application].
func (a *application) Renew(ctx context.Context, token int64, lease time.Duration) error {
	return a.change(ctx, "renewing Application.Lock in", func(t *tx) error {
		if err := t.owns(token); err != nil {
			return err
		}
		_, err := t.exec(`UPDATE applications SET until = ? WHERE app = ?`, t.leaseEnd(lease), t.app)
		return err
	})
}

// change is write without a result, of what needs no fsync.
func (a *application) change(ctx context.Context, doing string, do func(*tx) error) error {
	_, err := write(ctx, a.db, doing, change[nothing]{do: func(t *tx) (nothing, error) { return nothing{}, do(t) }})
	return err
}

// Commit implements [store.Application].
func (a *application) Commit(ctx context.Context, token int64, c store.Changes) (int64, error) {
	return write(ctx, a.db, "storing Application in", change[int64]{
		sync: true,
		do:   func(t *tx) (int64, error) { return t.commitLocked(token, c) },
	})
}

func (t *tx) commitLocked(token int64, c store.Changes) (int64, error) {
	if err := t.owns(token); err != nil {
		return 0, err
	}
	if err := t.setLock(appLock{}); err != nil {
		return 0, err
	}
	did := false
	if c.Clear {
		n, err := t.exec(`DELETE FROM items WHERE app = ?`, t.app)
		if err != nil {
			return 0, err
		}
		did = n > 0
	}
	for _, it := range c.Items {
		changed, err := t.put(it)
		if err != nil {
			return 0, err
		}
		did = did || changed
	}
	return t.changed(did)
}

// Unlock implements [store.Application].
func (a *application) Unlock(ctx context.Context, token int64) error {
	return a.change(ctx, "giving up Application.Lock in", func(t *tx) error { return t.unlock(token) })
}

func (t *tx) unlock(token int64) error {
	if token == 0 {
		return nil
	}
	_, err := t.exec(`UPDATE applications SET token = 0, until = 0, owner = '' WHERE app = ? AND token = ?`, t.app, token)
	return err
}

// Break implements [store.Application].
func (a *application) Break(ctx context.Context) (string, error) {
	return write(ctx, a.db, "breaking Application.Lock in", change[string]{do: func(t *tx) (string, error) {
		l, err := t.lock()
		if err != nil || l.token == 0 {
			return "", err
		}
		if l.until != 0 && l.until <= t.now {
			l.owner = ""
		}
		return l.owner, t.setLock(appLock{})
	}})
}
