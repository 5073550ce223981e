package sessions

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// A request is the Manager's [session.Handle].
//
// Discard may come from any goroutine at any time, also while another is
// inside the store with mu held. It therefore only marks the request dead;
// whoever unlocks mu last settles what is still to be given up.
type request struct {
	m      *Manager
	turn   *turn.Turn // nil where it isn't known
	secure bool
	lost   fuse
	dead   atomic.Bool

	mu        sync.Mutex
	mode      session.Mode
	contents  contents
	serial    int64
	id        string // the store's; empty while there is no session
	token     int64  // of the lease; 0 where there is none
	next      string // the id under which the session is to be found from the next commit on
	cookie    string // the token that the visitor must be told; empty: none
	isNew     bool
	told      bool   // a cookie was handed out: the visitor knows the session
	former    bool   // the request came with a token that the session had before
	loaded    []byte // what a former one found
	away      bool   // the headers are away: no cookie can be sent any more
	touched   bool
	abandoned bool
	closed    bool
	lease     leaseState // guarded by the Manager's leases
}

var _ session.Handle = (*request)(nil)

// candidates are the ids of the session in the order in which they are tried:
// who stood in line when the token changed finds it by the turn's key.
func (h *request) candidates(told []string) []string {
	if h.turn == nil {
		return told
	}
	if key := h.turn.Key(); !slices.Contains(told, key) {
		return append([]string{key}, told...)
	}
	return told
}

// found makes h the handle of a session that was loaded or acquired; former
// says that the visitor's token isn't its any more.
func (h *request) found(got store.Stored, former bool) error {
	if err := h.contents.reset(got.Data); err != nil {
		return err
	}
	h.id, h.serial, h.token, h.told = got.ID, got.Serial, got.Token, true
	if h.former = former; former {
		h.loaded = got.Data
	}
	h.m.leases.add(h)
	return nil
}

// unlock is mu.Unlock for every method.
func (h *request) unlock() {
	h.mu.Unlock()
	if h.dead.Load() {
		h.settle()
	}
}

// lockToWrite locks mu if the session can be written to.
func (h *request) lockToWrite() error {
	h.mu.Lock()
	var err error
	switch {
	case h.closed || h.dead.Load():
		err = session.ErrClosed
	case h.id == "":
		err = session.ErrNoSession
	case h.mode != session.ReadWrite:
		err = session.ErrReadOnly
	default:
		return nil
	}
	h.unlock()
	return err
}

func (h *request) Exists() bool {
	h.mu.Lock()
	defer h.unlock()
	return h.id != ""
}

func (h *request) IsNew() bool {
	h.mu.Lock()
	defer h.unlock()
	return h.isNew
}

func (h *request) ID() string {
	h.mu.Lock()
	defer h.unlock()
	if h.id == "" {
		return ""
	}
	return publicID(h.serial)
}

func (h *request) Key() string {
	h.mu.Lock()
	defer h.unlock()
	return h.id
}

func (h *request) Lost() <-chan struct{} { return h.lost.c() }

func (h *request) Create(ctx context.Context) error {
	h.mu.Lock()
	defer h.unlock()
	switch {
	case h.id != "":
		return nil
	case h.closed || h.dead.Load():
		return session.ErrClosed
	case h.mode == session.Off:
		return session.ErrNoSession
	case h.away:
		return session.ErrTooLate
	}
	return h.begin(ctx)
}

// begin makes a new session. mu is locked; an error changes nothing.
func (h *request) begin(ctx context.Context) error {
	token, serial := newToken(), newSerial()
	id := storeID(token, h.secure)
	limits := h.m.limits.Load()
	opctx, cancel := h.m.bound(ctx)
	defer cancel()
	lease, err := h.m.store.Create(opctx, id, store.NewSession{
		Serial: serial, Timeout: limits.Timeout, Lease: h.m.cfg.Lease, Max: max(limits.Max, 0),
	})
	if err != nil {
		if errors.Is(err, store.ErrFull) {
			h.m.refused.Add(1)
			h.m.ender.wake() // some may have expired
		}
		return err
	}
	if err := h.contents.reset(nil); err != nil {
		return err
	}
	h.m.created.Add(1)
	h.id, h.serial, h.token, h.cookie = id, serial, lease, token
	h.isNew, h.told, h.mode = true, false, session.ReadWrite
	h.m.leases.add(h)
	return nil
}

func (h *request) Freeze() {
	h.mu.Lock()
	defer h.unlock()
	if h.mode == session.ReadWrite {
		h.mode = session.ReadOnly
	}
}

// putCookie hands the token that is due to the visitor, once. From now on the
// headers are away.
func (h *request) putCookie(w http.Header) {
	if w == nil {
		return
	}
	h.away = true
	if h.cookie == "" || h.next != "" || h.abandoned {
		return
	}
	w.Add("Set-Cookie", h.m.jar.cookie(h.cookie, h.secure).String())
	h.cookie, h.told = "", true
}
