package bridge

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/session"
)

// A Handle is a [session.Handle] over a [Backend].
//
// Discard may come from any goroutine at any time, also while another is in
// the library with mu held. It therefore only marks the Handle dead and gives
// its place up; whoever unlocks mu last settles what is left to do.
type Handle struct {
	back Backend
	opt  Options
	lost chan struct{}
	lose func() // closes lost, once
	dead atomic.Bool

	mu        sync.Mutex
	mode      session.Mode
	contents  contents
	meta      Meta
	newMeta   bool
	exists    bool
	isNew     bool
	unsaved   bool // it was created or renewed, which the library isn't told of yet
	told      bool // the visitor knows the session
	renew     bool
	away      bool // the headers are away
	touched   bool
	abandoned bool
	closed    bool
	settled   bool
	due       http.Header // what the visitor is to be told
}

var _ session.Handle = (*Handle)(nil)

// NewHandle makes the handle of a session that back found or may create.
func NewHandle(back Backend, o Options) *Handle {
	h := &Handle{back: back, opt: o, mode: o.Mode, lost: make(chan struct{})}
	h.lose = sync.OnceFunc(func() { close(h.lost) })
	o.Place.OnLost(h.lose)
	h.exists, h.isNew, h.unsaved, h.told = o.Exists, o.New, o.New, o.Exists && !o.New
	h.contents = newContents(o.Values, &h.opt)
	h.meta = ParseMeta(o.Values[o.MetaKey])
	return h
}

// unlock is mu.Unlock for every method.
func (h *Handle) unlock() {
	h.mu.Unlock()
	if h.dead.Load() {
		h.settle()
	}
}

// lockToWrite locks mu if the session can be written to.
func (h *Handle) lockToWrite() error {
	h.mu.Lock()
	var err error
	switch {
	case h.closed || h.dead.Load():
		err = session.ErrClosed
	case !h.exists:
		err = session.ErrNoSession
	case h.mode != session.ReadWrite:
		err = session.ErrReadOnly
	case h.away && (h.opt.CookieOnly || h.isNew && h.unsaved): // nobody learns of it any more
		err = session.ErrTooLate
	default:
		return nil
	}
	h.unlock()
	return err
}

// write runs f if the session can be written to.
func (h *Handle) write(f func() error) error {
	if err := h.lockToWrite(); err != nil {
		return err
	}
	defer h.unlock()
	return f()
}

// Exists is [session.Handle].
func (h *Handle) Exists() bool {
	h.mu.Lock()
	defer h.unlock()
	return h.exists
}

// IsNew is [session.Handle].
func (h *Handle) IsNew() bool {
	h.mu.Lock()
	defer h.unlock()
	return h.isNew
}

// Create is [session.Handle].
func (h *Handle) Create(ctx context.Context) error {
	h.mu.Lock()
	defer h.unlock()
	switch {
	case h.exists:
		return nil
	case h.closed || h.dead.Load():
		return session.ErrClosed
	case h.mode == session.Off:
		return session.ErrNoSession
	case h.away:
		return session.ErrTooLate
	}
	if err := h.back.Create(ctx); err != nil {
		return err
	}
	h.exists, h.isNew, h.unsaved, h.mode = true, true, true, session.ReadWrite
	h.id()
	return nil
}

// Freeze is [session.Handle].
func (h *Handle) Freeze() {
	h.mu.Lock()
	defer h.unlock()
	if h.mode == session.ReadWrite {
		h.mode = session.ReadOnly
	}
}

// id is Session.SessionID. One that nothing tells any more later is kept.
func (h *Handle) id() string {
	if h.meta.ID == "" {
		name := h.back.Name()
		if name != "" {
			if h.opt.StoreName != nil {
				name = h.opt.StoreName(name)
			}
			return publicID(name)
		}
		h.meta.ID, h.newMeta = newID(), true
	}
	return h.meta.ID
}

// ID is [session.Handle].
func (h *Handle) ID() string {
	h.mu.Lock()
	defer h.unlock()
	if !h.exists {
		return ""
	}
	return h.id()
}

// Key is [session.Handle].
func (h *Handle) Key() string {
	h.mu.Lock()
	defer h.unlock()
	if !h.exists {
		return ""
	}
	return h.key()
}

// key is the turn's key; where all is in the cookie there are no turns.
func (h *Handle) key() string {
	if h.opt.CookieOnly {
		return ""
	}
	return Key(h.back.Name())
}

// Abandon is [session.Handle].
func (h *Handle) Abandon() error {
	return h.write(func() error {
		h.abandoned = true
		return nil
	})
}

// Abandoned is [session.Handle].
func (h *Handle) Abandoned() bool {
	h.mu.Lock()
	defer h.unlock()
	return h.abandoned
}

// Renew is [session.Handle].
func (h *Handle) Renew() error {
	return h.write(func() error {
		switch {
		case h.away:
			return session.ErrTooLate
		case h.abandoned: // it ends
			return nil
		case h.isNew && !h.told: // nobody knows its name yet
			return nil
		case h.back.Former():
			return h.part()
		}
		h.keepID()
		h.renew = true
		return nil
	})
}

// keepID keeps the Session.SessionID through a change of the name.
func (h *Handle) keepID() {
	if id := h.id(); h.meta.ID == "" {
		h.meta.ID, h.newMeta = id, true
	}
}

// Lost is [session.Handle].
func (h *Handle) Lost() <-chan struct{} { return h.lost }

// Timeout is [session.Handle].
func (h *Handle) Timeout() time.Duration {
	h.mu.Lock()
	defer h.unlock()
	return orElse(h.meta.Timeout, h.opt.Timeout)
}

// orElse gives n, or def for 0.
func orElse[T comparable](n, def T) T {
	var zero T
	if n == zero {
		return def
	}
	return n
}
