package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// Commit is [session.Handle].
func (h *Handle) Commit(ctx context.Context, w http.Header) error { return h.store(ctx, w, false) }

// Close is [session.Handle].
func (h *Handle) Close(ctx context.Context, w http.Header) error { return h.store(ctx, w, true) }

// store commits and tells the visitor through w; last gives the session up as
// well.
func (h *Handle) store(ctx context.Context, w http.Header, last bool) error {
	h.mu.Lock()
	defer h.unlock()
	if h.dead.Load() {
		return session.ErrClosed
	}
	ctx = context.WithoutCancel(ctx)
	if !h.closed {
		if err := h.commit(ctx, w, last); err != nil {
			return err
		}
		if h.closed = last; last {
			h.opt.Place.Leave()
		}
	}
	h.tell(w)
	return nil
}

// tell hands what is due to the visitor, once. From now on the headers are
// away.
func (h *Handle) tell(w http.Header) {
	if w == nil {
		return
	}
	h.away = true
	if h.due != nil {
		PutHeader(w, h.due)
		h.due, h.told = nil, true
	}
}

// commit brings the library up to date. mu is locked and the handle is open.
func (h *Handle) commit(ctx context.Context, w http.Header, last bool) error {
	if last {
		h.opt.Place.Last()
	}
	switch {
	case !h.exists:
		return nil
	case h.abandoned:
		return h.commitEnd(ctx, w, last)
	case h.isNew && h.unsaved, h.contents.dirty(), h.newMeta, h.renew:
		return h.save(ctx)
	}
	if h.touched {
		return nil
	}
	due, err := h.back.Touch(ctx)
	if err != nil && !errors.Is(err, store.ErrLost) { // who only reads loses nothing
		h.unkept(fmt.Errorf("sliding its expiry: %w", err))
	}
	h.touched = true
	h.owe(due)
	return nil
}

// commitEnd ends an abandoned session at the request's end; the visitor
// forgets it with the headers, whenever they go.
func (h *Handle) commitEnd(ctx context.Context, w http.Header, last bool) error {
	if last {
		if err := h.back.Destroy(ctx); err != nil {
			return fmt.Errorf("session: ending it: %w", err)
		}
	}
	if h.due = nil; h.told && !h.away {
		h.due = h.back.Forget()
	}
	return nil
}

// save is the one call of the library that a commit makes.
func (h *Handle) save(ctx context.Context) error {
	if h.opt.Unnamed {
		h.keepID()
	}
	s := Saving{Changes: h.contents.list(), Timeout: h.meta.Timeout, Renew: h.renew}
	if h.newMeta {
		s.Changes = append(s.Changes, Change{Key: h.opt.MetaKey, Value: h.meta.String()})
	}
	due, err := h.keep(ctx, s)
	if errors.Is(err, store.ErrLost) {
		h.closed, h.settled = true, true
		h.lose()
		h.opt.Place.Leave()
		return err
	}
	if err != nil && h.blank() && !errors.Is(err, store.ErrFull) && !errors.Is(err, session.ErrRefused) {
		h.unkept(fmt.Errorf("storing a new one: %w", err))
		return nil // its visitor doesn't hear of it, and gets another
	}
	if err != nil {
		return fmt.Errorf("session: storing it: %w", err)
	}
	h.contents.stored()
	if h.renew {
		h.told = false
	}
	h.newMeta, h.renew, h.unsaved, h.touched = false, false, false, true
	h.opt.Place.Also(h.key())
	h.owe(due)
	return nil
}

// keep is the library's Save. An error that wraps [session.ErrRefused] won't
// pass.
func (h *Handle) keep(ctx context.Context, s Saving) (http.Header, error) {
	due, err := h.back.Save(ctx, s)
	if err == nil {
		return due, nil
	}
	key, size := heaviest(s.Changes)
	return Tell(err, key, size, func() error { return h.back.Probe(ctx) },
		func() (http.Header, error) { return h.back.Save(ctx, s) })
}

// blank says that nothing is in the session but that it was begun.
func (h *Handle) blank() bool {
	return h.isNew && h.unsaved && !h.opt.New && !h.contents.dirty() && h.meta == Meta{ID: h.meta.ID}
}

func (h *Handle) unkept(err error) {
	if h.opt.Unkept != nil {
		h.opt.Unkept(err)
	}
}

// owe keeps header lines until the headers go. Once they are away there is
// nobody to tell.
func (h *Handle) owe(due http.Header) {
	if due != nil && !h.away {
		h.due = due
	}
}

// Discard is [session.Handle].
func (h *Handle) Discard() {
	h.dead.Store(true)
	h.settle()
}

// settle gives up what a dead handle still has. Where mu is taken, its holder
// settles when it unlocks: it may be about to store something, before which
// nobody else may load.
func (h *Handle) settle() {
	if !h.mu.TryLock() {
		return
	}
	defer h.mu.Unlock()
	over := h.settled || h.closed && !h.owed()
	h.settled, h.closed = true, true
	if !over && h.exists && (h.abandoned || !h.told) && !(h.isNew && h.unsaved) {
		_ = h.back.Destroy(context.Background()) // else it expires in its time
	}
	h.opt.Place.Leave()
}

// owed says that the session was closed before its visitor knew of it.
func (h *Handle) owed() bool { return h.exists && !h.told && !h.unsaved }
