package bridge

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/najahost/naja/store"
)

// The lease of a request that has a session of [Records] to itself, among the
// processes that share the store, and how long another may wait for one.
const (
	holdLease = 15 * time.Second
	holdWait  = 30 * time.Second
)

// A Holding is a request's session in [Records], taken under a lease that is
// renewed until it is given up: so that requests in other processes wait. It
// travels in the request's context, for the Records to find. All methods are
// safe for any goroutine; nil holds nothing.
type Holding struct {
	store store.Sessions
	lost  func() // told once when the session is in other hands

	mu    sync.Mutex
	id    string // empty: there is no session yet
	asked string // the former id that it was taken by; else empty
	token int64
	until time.Time   // renewed no longer than that
	timer *time.Timer // of the next renewal
	data  []byte      // as it was taken, until the request stores something
	last  bool        // the next commit gives the session up as well
	over  bool
}

type holdingKey struct{}

// holdingIn is the Holding of a request, nil where it has none.
func holdingIn(ctx context.Context) *Holding {
	h, _ := ctx.Value(holdingKey{}).(*Holding)
	return h
}

// In gives ctx the Holding: what is done with it is done by who holds the
// session.
func (h *Holding) In(ctx context.Context) context.Context {
	if h == nil {
		return ctx
	}
	return context.WithValue(ctx, holdingKey{}, h)
}

// OnLost has f called when the session turns out to be in other hands.
func (h *Holding) OnLost(f func()) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lost = f
}

// got begins to renew the lease. mu is locked.
func (h *Holding) got(id string, token int64) {
	h.id, h.token = id, token
	h.timer = time.AfterFunc(holdLease/3, h.renew)
}

// renew prolongs the lease.
func (h *Holding) renew() {
	if lost := h.renewed(); lost != nil {
		lost()
	}
}

// renewed gives what is to be told when the session is lost.
func (h *Holding) renewed() (lost func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over || h.token == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), holdLease/3)
	defer cancel()
	late := time.Now().After(h.until)
	if late || errors.Is(h.store.Renew(ctx, h.id, h.token, holdLease), store.ErrLost) {
		h.token = 0
		return h.lost
	}
	h.timer.Reset(holdLease / 3)
	return nil
}

// commit does what c says with the session id, if that is the one it has.
func (h *Holding) commit(ctx context.Context, id string, c store.Commit) (mine bool, err error) {
	if h == nil {
		return false, nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over || !h.is(id) {
		return false, nil
	}
	if h.token == 0 {
		return true, store.ErrLost
	}
	if !h.last {
		c.Lease = holdLease
	}
	if err := h.store.Commit(ctx, h.id, h.token, c); err != nil {
		return true, err
	}
	h.data = nil
	if c.NewID != "" {
		h.id = c.NewID
	}
	if h.last {
		h.over, h.token = true, 0
		h.timer.Stop()
	}
	return true, nil
}

// taken gives what the session had when it was taken, if id is that session and
// the request hasn't stored it since.
func (h *Holding) taken(id string) (data []byte, ok bool) {
	if h == nil {
		return nil, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.data, h.data != nil && h.is(id) && h.token != 0
}

// is says that it is the session id. mu is locked.
func (h *Holding) is(id string) bool { return id != "" && (id == h.id || id == h.asked) }

// Former says that the session was taken by a name that it had before.
func (h *Holding) Former() bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asked != ""
}

// Last says that the next commit is the request's last: it gives the session up
// in the same step.
func (h *Holding) Last() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = true
}

// create makes a session, and takes it for a request that has none.
func (h *Holding) create(ctx context.Context, sessions store.Sessions, id string, n store.NewSession) error {
	if h == nil {
		_, err := sessions.Create(ctx, id, n)
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	free := h.id == "" && !h.over
	if free {
		n.Lease = holdLease
	}
	token, err := sessions.Create(ctx, id, n)
	if err == nil && free {
		h.got(id, token)
	}
	return err
}

// ends says that the request is about to end the session id, and gives the id
// that this has now.
func (h *Holding) ends(id string) string {
	if h == nil {
		return id
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.is(id) {
		return id
	}
	h.token = 0
	return h.id
}

// Leave gives the session up. A second call does nothing.
func (h *Holding) Leave() {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.over {
		return
	}
	h.over = true
	if h.timer != nil {
		h.timer.Stop()
	}
	if h.token != 0 {
		ctx, cancel := context.WithTimeout(context.Background(), holdLease/3)
		defer cancel()
		_ = h.store.Release(ctx, h.id, h.token) // else it runs out by itself
	}
}
