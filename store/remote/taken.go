package remote

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/najahost/naja/store"
)

// taken is what a worker holds: leases and claims of sessions by their tokens,
// and the tokens of Application's lock.
type taken struct {
	mu       sync.Mutex
	sessions map[int64]string // ids by token
	locks    map[int64]bool
}

func newTaken() *taken { return &taken{sessions: map[int64]string{}, locks: map[int64]bool{}} }

func (t *taken) session(id string, token int64, err error) {
	if err != nil || token == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sessions[token] = id
}

// committed follows a commit: it gave the lease up, or renamed the session.
func (t *taken) committed(id string, token int64, c store.Commit, err error) {
	switch {
	case err == nil && (c.Lease == 0 || c.End != ""), errors.Is(err, store.ErrLost):
		t.gone(token, nil)
	case err == nil && c.NewID != "" && c.NewID != id:
		t.session(c.NewID, token, nil)
	}
}

// gone: a lease or claim was given up, or it was lost before.
func (t *taken) gone(token int64, err error) {
	if err != nil && !errors.Is(err, store.ErrLost) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.sessions, token)
}

func (t *taken) lock(token int64, err error) {
	if err != nil || token == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.locks[token] = true
}

func (t *taken) unlocked(token int64, err error) {
	if err != nil && !errors.Is(err, store.ErrLockLost) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.locks, token)
}

// givingUp bounds how long the store may take to free everything.
const givingUp = 10 * time.Second

// giveUp frees what is left. A token that somebody else has made void by now
// changes nothing.
func (t *taken) giveUp(ctx context.Context, b store.Backend) {
	ctx, cancel := context.WithTimeout(ctx, givingUp)
	defer cancel()
	t.mu.Lock()
	defer t.mu.Unlock()
	for token := range t.locks {
		_ = b.Application().Unlock(ctx, token)
	}
	for token, id := range t.sessions {
		_ = b.Sessions().Release(ctx, id, token)
	}
	clear(t.locks)
	clear(t.sessions)
}
