package shared

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/store"
)

// stopRenewing lets the lease run out. v.mu is held.
func (v *View) stopRenewing() {
	if v.renew != nil && v.renew.Stop() {
		v.state.running.Done()
	}
	v.renew = nil
}

// renewLater renews the lease in time. v.mu is held.
func (v *View) renewLater() {
	lease, end := v.state.cfg.Lease, v.owner.Deadline
	late := !end.IsZero() && time.Until(end) < -leaseGrace
	if lease == 0 || late || v.state.stopped.Err() != nil {
		return
	}
	token := v.token
	v.state.running.Add(1)
	v.renew = time.AfterFunc(lease/3, func() {
		defer v.state.running.Done()
		v.renewNow(token)
	})
}

// renewNow renews the lease of a taking of the lock, on a goroutine of its own.
func (v *View) renewNow(token int64) {
	ctx, cancel := context.WithTimeout(v.state.stopped, v.state.cfg.StoreTimeout)
	defer cancel()
	err := v.state.store.Renew(ctx, token, v.state.cfg.Lease)
	if errors.Is(err, store.ErrLockLost) {
		v.lose(token)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.token == token && v.depth > 0 {
		v.renewLater() // where the store failed, the commit will tell
	}
}

// lose takes the lock away from the request; false when it has it no more.
func (v *View) lose(token int64) bool {
	v.mu.Lock()
	if v.depth == 0 || v.token != token {
		v.mu.Unlock()
		return false
	}
	v.lost = appstate.ErrLockLost
	v.forget()
	v.state.queue.leave(v)
	v.mu.Unlock()
	if v.owner.Lost != nil {
		v.owner.Lost(appstate.ErrLockLost)
	}
	return true
}
