package sessions

import (
	"context"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

func (h *request) Renew() error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	switch {
	case h.away:
		return session.ErrTooLate
	case h.abandoned: // it ends
		return nil
	case h.isNew && !h.told: // nobody knows the token yet
		return nil
	case h.former:
		return h.part()
	}
	h.cookie = newToken()
	h.next = storeID(h.cookie, h.secure)
	return nil
}

// part brings a request that came with a former token into a session of its
// own, which has what the request wrote; see [session.Handle.Renew]. The one that it
// leaves is as it was before the request. mu is locked.
func (h *request) part() error {
	own, err := h.contents.since(h.loaded)
	if err != nil {
		return err
	}
	id, token := h.id, h.token
	h.m.leases.remove(h)
	if err := h.begin(context.Background()); err != nil {
		h.m.leases.add(h)
		return err
	}
	h.m.release(id, token)
	h.contents = own
	h.former, h.loaded = false, nil
	return nil
}

// moved tells those in line where the session is from now on.
func (h *request) moved() {
	if h.turn != nil {
		h.turn.Move(h.id, h.m.limits.Load().RenewGrace)
	}
}

// follow moves a turn after its session, whose token changed in another
// process.
func follow(t *turn.Turn, id string, got store.Stored) {
	if t != nil && t.Key() == id {
		t.Move(got.ID, got.Grace)
	}
}
