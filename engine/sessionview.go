package engine

import (
	"errors"
	"sync"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// A sessionView is a request's session as its page sees it. The first touch
// makes a session that doesn't exist yet. The script's goroutine uses it; the
// handler's does after the script ended or was given up.
type sessionView struct {
	x      *exchange
	handle session.Handle
	hop    *turn.Turn           // of the session that the request came with
	home   *apartment.Apartment // that the page runs in
	full   error                // what beginning the session came to

	mu  sync.Mutex
	own *turn.Turn // of a session that this request made or renewed

	writing sync.Mutex
	over    bool // the script was given up: nothing that it writes counts
}

func newSessionView(x *exchange, h session.Handle) *sessionView {
	return &sessionView{x: x, handle: h, hop: x.hop}
}

var _ runtime.Session = (*sessionView)(nil)

// create makes the session exist.
func (s *sessionView) create() error {
	if s.handle.Exists() {
		return nil
	}
	if s.full != nil {
		return s.full
	}
	if s.x.log.queued > 0 && s.x.e.outage.covers(s.x.began) {
		s.x.storeDown.Store(true)
		return sessionError(errOutage)
	}
	if err := s.x.e.storeError(func() error { return s.handle.Create(s.x.detached()) }); err != nil {
		if errors.Is(err, store.ErrFull) {
			s.full = sessionError(err)
		}
		return s.failed(err)
	}
	s.x.flight.in(s.handle)
	return nil
}

// failed is sessionError of a call that reaches the store. Where that is what
// failed, the page's answer will be that, whatever the page makes of it.
func (s *sessionView) failed(err error) error {
	for _, known := range []error{store.ErrFull, session.ErrTooLate, session.ErrClosed, session.ErrNoSession, session.ErrReadOnly, store.ErrLost, session.ErrTooLarge, session.ErrRefused} {
		if errors.Is(err, known) {
			return sessionError(err)
		}
	}
	if err != nil && asp.CodeOf(err) == 0 {
		s.x.storeDown.Store(true)
		s.x.e.cfg.Logger.Error("session store failed", append([]any{"page", s.x.prog.Name()}, storeAttrs(err)...)...)
	}
	return sessionError(err)
}

// Touch makes the session exist for whoever reads or writes it. A page that
// may only read can't even write to a session that it made itself.
func (s *sessionView) Touch() error {
	if s.handle.Exists() {
		return nil
	}
	err := s.create()
	if s.x.mode == session.ReadOnly {
		s.handle.Freeze()
	}
	return err
}

// sessionError puts a session's error in ASP's words.
func sessionError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrFull):
		return asp.New(246, "")
	case asp.CodeOf(err) != 0:
		return err
	case errors.Is(err, session.ErrTooLate):
		return asp.New(asp.CodeHeaderSent, "a session can't start after the headers were sent")
	}
	return asp.Errorf(asp.CodeNotAllowed, "%w", err)
}

// Abandon ends the session after the page. One that doesn't exist yet has
// nothing to end.
func (s *sessionView) Abandon() error {
	if !s.handle.Exists() {
		return nil
	}
	return sessionError(s.handle.Abandon())
}

// Close stores the session and lets the next request of it run, while this
// page goes on.
func (s *sessionView) Close() error {
	if !s.handle.Exists() {
		return nil
	}
	if err := s.x.e.storeError(func() error { return s.handle.Close(s.x.detached(), nil) }); err != nil {
		return s.failed(err)
	}
	if s.hop != nil {
		s.hop.Leave()
	}
	s.leaveOwn()
	return nil
}

// giveUp ends the writing of a script that doesn't stop. One that is inside a
// component that only its apartment may call would be there at the same time
// as the session's next request: the session loses such components.
func (s *sessionView) giveUp(inside *runtime.Object) {
	s.writing.Lock()
	defer s.writing.Unlock()
	s.over = true
	if inside != nil && inside.Threading == runtime.Apartment && s.handle.Exists() {
		s.x.e.objects.removeApartment(s.handle.ID())
	}
}

// enterOwn takes the turn of a session whose token the client is about to
// learn while this request still runs.
func (s *sessionView) enterOwn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := s.handle.Key()
	if s.x.mode != session.ReadWrite || s.own != nil || key == "" || s.hop != nil && s.hop.Key() == key {
		return
	}
	s.own, _ = s.x.e.turns.TryEnter(key)
}

func (s *sessionView) leaveOwn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.own != nil {
		s.own.Leave()
		s.own = nil
	}
}
