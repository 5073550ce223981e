package sessions

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/najahost/naja/store"
)

// retryAfter is how long a session whose OnEnd failed is held, before it can
// be claimed once more.
const retryAfter = 90 * time.Second

// A hold is a claim that is renewed until it is let go: by a worker while it
// has it, and after that where something is still to come. The fields after
// claim are guarded by ender.mu.
type hold struct {
	claim   *store.Claimed
	renewed time.Time
	lost    bool
	stop    context.CancelFunc // of the OnEnd that runs; may be nil
	until   time.Time          // of one whose OnEnd failed: when it is let go
	over    bool               // OnEnd is over, the store hasn't removed the session yet
}

// hold has claims renewed from now on.
func (e *ender) hold(claims []store.Claimed) []*hold {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	holds := make([]*hold, len(claims))
	for i := range claims {
		holds[i] = &hold{claim: &claims[i], renewed: now}
		e.holds[holds[i]] = struct{}{}
	}
	return holds
}

func (e *ender) letGo(holds ...*hold) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range holds {
		delete(e.holds, h)
	}
}

func (e *ender) isLost(h *hold) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return h.lost
}

// later keeps a session whose OnEnd failed from being tried again at once.
func (e *ender) later(h *hold) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h.until, h.stop = time.Now().Add(retryAfter), nil
}

// finish removes a session whose OnEnd is over. Where the store fails that is
// tried again for as long as the claim can be kept: otherwise OnEnd would run
// once more.
func (e *ender) finish(h *hold) {
	e.mu.Lock()
	first := !h.over
	h.over, h.stop = true, nil
	e.mu.Unlock()
	ctx, cancel := e.m.bound(context.Background())
	defer cancel()
	err := e.m.store.Finish(ctx, h.claim.ID, h.claim.Token)
	switch {
	case err == nil, errors.Is(err, store.ErrLost) && !first: // it had taken effect after all, or others see to it
		e.letGo(h)
		return
	case errors.Is(err, store.ErrLost):
		e.letGo(h)
	}
	if first {
		e.m.cfg.Logger.Error("session: its OnEnd ran and may run again: it could not be removed", e.attrs(h.claim, err)...)
	}
}

// runs says that OnEnd begins, and how it is stopped.
func (e *ender) runs(h *hold, stop context.CancelFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h.stop = stop
}

// renewDue renews the claims of which a third is over. It is called by the
// goroutine that renews leases: a claim of this process that lives ends with
// its OnEnd, however long that takes, and one of a process that died soon.
func (e *ender) renewDue(now time.Time) {
	slots := make(chan struct{}, maxRenewals)
	var wg sync.WaitGroup
	renew, finish := e.due(now)
	each := func(holds []*hold, do func(*hold)) {
		for _, h := range holds {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				do(h)
			})
		}
	}
	each(renew, e.renew)
	each(finish, e.finish)
	wg.Wait()
}

// due picks the claims to renew and those whose sessions are to be removed.
func (e *ender) due(now time.Time) (renew, finish []*hold) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for h := range e.holds {
		switch {
		case !h.until.IsZero() && now.After(h.until):
			delete(e.holds, h)
		case h.lost || now.Sub(h.renewed) < e.m.cfg.Lease/3:
		case h.over:
			h.renewed = now
			finish = append(finish, h)
		default:
			h.renewed = now
			renew = append(renew, h)
		}
	}
	return renew, finish
}

// renew prolongs one claim. When it was lost, its OnEnd is stopped: somebody
// else runs it.
func (e *ender) renew(h *hold) {
	ctx, cancel := e.m.bound(context.Background())
	defer cancel()
	err := e.m.store.Renew(ctx, h.claim.ID, h.claim.Token, e.m.cfg.Lease)
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, held := e.holds[h]; !held {
		return
	}
	if errors.Is(err, store.ErrLost) {
		h.lost = true
		if h.stop != nil {
			h.stop()
		}
	}
}
