package bridge

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/najahost/naja/store"
)

// Hold takes the session that the library knows by name, waiting for a request
// of another process that has it; where there is none, the one that is put
// first by [Holding.In] will be taken. It is renewed for as long as most.
// [store.ErrBusy]: the other had it for too long.
func (r *Records) Hold(ctx context.Context, name string, most time.Duration) (*Holding, error) {
	h := &Holding{store: r.store, until: time.Now().Add(most)}
	if name != "" && !r.Has(name) {
		id := r.id(name)
		got, err := r.take(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			h.mu.Lock()
			if got.ID != "" && got.ID != id {
				h.asked, id = id, got.ID
			}
			h.got(id, got.Token)
			h.data = got.Data
			h.mu.Unlock()
		}
	}
	return h, nil
}

// take acquires the session, waiting for who has it.
func (r *Records) take(ctx context.Context, id string) (got store.Stored, err error) {
	ctx, cancel := context.WithTimeout(ctx, holdWait)
	defer cancel()
	for wait := 5 * time.Millisecond; ; wait = min(2*wait, 100*time.Millisecond) {
		got, err := r.store.Acquire(ctx, id, holdLease)
		var busy *store.BusyError
		if !errors.As(err, &busy) {
			return got, err
		}
		if pause(ctx, min(wait/2+rand.N(wait), busy.Remaining)) != nil {
			return got, err
		}
	}
}
