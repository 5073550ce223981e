package sessions

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

func (h *request) Commit(ctx context.Context, w http.Header) error {
	return h.store(ctx, w, false)
}

func (h *request) Close(ctx context.Context, w http.Header) error {
	return h.store(ctx, w, true)
}

// store commits and puts the cookie into w; last gives the session up as well.
func (h *request) store(ctx context.Context, w http.Header, last bool) error {
	h.mu.Lock()
	defer h.unlock()
	if h.dead.Load() {
		return session.ErrClosed
	}
	if !h.closed {
		if err := h.commit(ctx, last); err != nil {
			return err
		}
		h.closed = last
	}
	h.putCookie(w)
	return nil
}

// commit brings the store up to date. mu is locked and the handle is open.
func (h *request) commit(ctx context.Context, last bool) error {
	switch {
	case h.id == "":
		return nil
	case h.token == 0:
		return h.touch(ctx)
	}
	c := store.Commit{Timeout: h.contents.timeout(h.m.limits.Load().Timeout)}
	if !h.abandoned && h.next != "" {
		c.NewID, c.Grace = h.next, h.m.limits.Load().RenewGrace
	}
	dirty := h.contents.dirty()
	if dirty {
		data, err := h.contents.encode()
		if err != nil {
			return fmt.Errorf("session: encoding the contents: %w", err)
		}
		c.Data = data
	}
	switch {
	case last && h.abandoned:
		c.End = store.ReasonAbandon
	case last:
	case !dirty && c.NewID == "":
		return nil // the lease is renewed by itself
	default:
		c.Lease = h.m.cfg.Lease
	}
	return h.write(ctx, c)
}

// write is the one call of the store that a commit makes.
func (h *request) write(ctx context.Context, c store.Commit) error {
	leaves := c.Lease == 0 || c.NewID != ""
	if leaves { // a renewal under way must not take this for a loss
		h.m.leases.remove(h)
	}
	ctx, cancel := h.m.detached(ctx)
	defer cancel()
	err := h.m.store.Commit(ctx, h.id, h.token, c)
	switch {
	case errors.Is(err, store.ErrLost):
		h.m.leases.remove(h)
		h.closed, h.token = true, 0
		h.lost.blow()
		return err
	case err != nil:
		if leaves {
			h.m.leases.add(h)
		}
		return fmt.Errorf("session: storing it: %w", err)
	}
	if c.NewID != "" {
		h.id, h.next, h.told = c.NewID, "", false
		h.moved()
	}
	if c.Lease == 0 {
		h.token = 0
	} else {
		h.m.leases.add(h)
	}
	if c.End != "" {
		h.m.ender.wake()
	}
	return h.stored(c)
}

// stored makes what was committed the state that later changes are compared
// with.
func (h *request) stored(c store.Commit) error {
	if c.Data == nil || c.Lease == 0 {
		return nil // nothing can be changed any more, what was read can be read on
	}
	return h.contents.reset(c.Data)
}

// touch slides the expiry for a request that only read, once.
func (h *request) touch(ctx context.Context) error {
	if h.touched {
		return nil
	}
	ctx, cancel := h.m.detached(ctx)
	defer cancel()
	err := h.m.store.Touch(ctx, h.id, h.contents.timeout(h.m.limits.Load().Timeout))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("session: sliding its expiry: %w", err)
	}
	h.touched = true
	return nil
}

func (h *request) Discard() {
	h.dead.Store(true)
	h.settle()
}

// settle gives up what a dead request still has. Where mu is taken, its holder
// settles when it unlocks.
func (h *request) settle() {
	if !h.mu.TryLock() {
		return
	}
	id, token, told, abandoned, next := h.id, h.token, h.told, h.abandoned, h.next
	h.token, h.closed = 0, true
	h.mu.Unlock()
	if token == 0 {
		return
	}
	h.m.leases.remove(h)
	if next != "" { // where the store's answer to a new token was lost
		h.m.release(next, token)
	}
	switch {
	case abandoned: // who logs out is logged out, whatever came after it
		h.m.end(id, token, store.ReasonAbandon)
	case !told: // nobody will ever come for it
		h.m.end(id, token, store.ReasonEvicted)
	default:
		h.m.release(id, token)
	}
}

// end makes a session that this process holds an ending one.
func (m *Manager) end(id string, token int64, reason store.Reason) {
	ctx, cancel := m.bound(context.Background())
	defer cancel()
	err := m.store.Commit(ctx, id, token, store.Commit{Timeout: m.limits.Load().Timeout, End: reason})
	if err != nil && !errors.Is(err, store.ErrLost) {
		m.cfg.Logger.Warn("session: could not be ended", "session", turn.Label(id), "reason", reason, "err", err)
	}
	m.ender.wake()
}
