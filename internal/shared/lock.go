package shared

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/store"
)

// Lock takes the lock, or counts once more where the request has it. It waits
// for those who came before, until Config.LockTimeout (*LockTimeoutError) or
// the end of ctx.
func (v *View) Lock(ctx context.Context) error {
	if held, err := v.lockAgain(); held || err != nil {
		return err
	}
	began := time.Now()
	defer func() { v.waited.Add(int64(time.Since(began))) }()
	w := v.state.wait(ctx)
	if err := v.enter(&w); err != nil {
		return err
	}
	if err := v.lockStore(&w); err != nil {
		v.state.queue.leave(v)
		return err
	}
	return nil
}

// lockAgain counts where the request has the lock.
func (v *View) lockAgain() (held bool, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.usable(); err != nil {
		return false, err
	}
	if v.depth > 0 {
		v.depth++
		return true, nil
	}
	return false, nil
}

// lockStore takes the store's lock, for which other processes may be in the
// way, and begins with the latest contents.
func (v *View) lockStore(w *wait) error {
	defer v.asking.Store(false)
	for {
		l, err := v.tryStore(w.ctx)
		if err == nil {
			return v.begin(w.ctx, l)
		}
		v.asking.Store(true)
		if err := v.again(w, err); err != nil {
			return err
		}
	}
}

func (v *View) tryStore(ctx context.Context) (store.Locked, error) {
	ctx, cancel := v.state.call(ctx)
	defer cancel()
	l, err := v.state.store.Lock(ctx, v.state.cfg.Name+", "+v.owner.Page, v.state.cfg.Lease)
	if err != nil && !errors.Is(err, store.ErrLocked) {
		err = fmt.Errorf("appstate: taking the lock: %w: %w", appstate.ErrStore, err)
	}
	return l, err
}

// begin begins the time under the lock.
func (v *View) begin(ctx context.Context, l store.Locked) error {
	s := v.state
	var err error
	if l.Version != s.Version() {
		err = s.refresh(ctx)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if err == nil {
		err = v.usable() // it may have ended in the meantime
	}
	if err != nil {
		v.unlockStore(ctx, l.Token)
		return err
	}
	v.depth, v.token = 1, l.Token
	v.base = s.snap.Load()
	v.own, v.cleared = v.base, false
	v.held.Store(true)
	s.queue.setLocked()
	v.renewLater()
	return nil
}

// unlockStore gives the store's lock up. An error is no harm: the lease ends.
func (v *View) unlockStore(ctx context.Context, token int64) {
	ctx, cancel := v.state.call(ctx)
	defer cancel()
	v.state.store.Unlock(ctx, token)
}

// Unlock undoes one Lock; the last one commits what was written under the
// lock, all of it or nothing, and gives the lock up. Without a Lock it does
// nothing, as in ASP. An error means that nothing was stored, or that the
// store failed and doesn't tell.
func (v *View) Unlock(ctx context.Context) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.usable(); err != nil {
		return err
	}
	if v.depth == 0 {
		return nil
	}
	if v.depth > 1 || v.whole {
		v.depth = max(v.depth-1, 1)
		return nil
	}
	return v.release(ctx, true)
}

// release ends the time under the lock. v.mu is held.
func (v *View) release(ctx context.Context, commit bool) error {
	if commit && v.own != v.base {
		return v.releaseBy(ctx, v.state.store.Commit)
	}
	token := v.token
	v.forget()
	defer v.state.queue.leave(v)
	v.unlockStore(ctx, token)
	return nil
}

// releaseBy ends the time under the lock with a commit, which do makes. v.mu
// is held.
func (v *View) releaseBy(ctx context.Context, do func(context.Context, int64, store.Changes) (int64, error)) error {
	base, own, token := v.base, v.own, v.token
	c := v.staged()
	v.forget()
	defer v.state.queue.leave(v)
	err := v.state.change(ctx, base, own, func(ctx context.Context) (int64, error) { return do(ctx, token, c) })
	if errors.Is(err, store.ErrLockLost) {
		v.lost = appstate.ErrLockLost
		return v.lost
	}
	if err != nil {
		v.unlockStore(ctx, token)
		return fmt.Errorf("appstate: committing what was written under the lock: %w: %w", appstate.ErrStore, err)
	}
	return nil
}

// staged are the changes made under the lock. v.mu is held.
func (v *View) staged() store.Changes {
	if !v.cleared {
		return v.own.changes(v.base)
	}
	c := store.Changes{Clear: true}
	for _, e := range v.own.entries() {
		c.Items = append(c.Items, store.Item{ID: e.id, Key: e.key, Raw: e.raw})
	}
	return c
}

// forget is the end of the time under the lock, as the view sees it.
func (v *View) forget() {
	v.depth, v.token, v.base, v.own, v.cleared = 0, 0, nil, nil, false
	v.held.Store(false)
	v.stopRenewing()
}
