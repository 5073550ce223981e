package engine

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// A sessionView is a request's session as its page sees it. The first touch
// makes a session that doesn't exist yet. The script's goroutine uses it; the
// handler's does after the script ended or was given up.
type sessionView struct {
	x      *visit
	handle session.Handle
	hop    *turn.Turn           // of the session that the request came with
	home   *apartment.Apartment // that the page runs in
	full   error                // what beginning the session came to

	mu  sync.Mutex
	own *turn.Turn // of a session that this request made or renewed

	writing sync.Mutex
	over    bool // the script was given up: nothing that it writes counts
}

func newSessionView(x *visit, h session.Handle) *sessionView {
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

// ID is what operators know the session by, from which Session.SessionID is made.
func (s *sessionView) ID() string {
	if s.Touch() != nil {
		return ""
	}
	return s.handle.ID()
}

// Timeout, LCID and CodePage are the session's settings.
func (s *sessionView) Timeout() time.Duration { return s.handle.Timeout() }

// SetTimeout changes Session.Timeout.
func (s *sessionView) SetTimeout(d time.Duration) error {
	return s.change(func() error { return s.handle.SetTimeout(d) })
}

// LCID is Session.LCID.
func (s *sessionView) LCID() int { return s.handle.LCID() }

// SetLCID changes Session.LCID.
func (s *sessionView) SetLCID(n int) error {
	return s.change(func() error { return s.handle.SetLCID(n) })
}

// CodePage is Session.CodePage.
func (s *sessionView) CodePage() int { return s.handle.CodePage() }

// SetCodePage changes Session.CodePage.
func (s *sessionView) SetCodePage(n int) error {
	return s.change(func() error { return s.handle.SetCodePage(n) })
}

// Renew gives the session another token.
func (s *sessionView) Renew() error {
	if err := s.Touch(); err != nil {
		return err
	}
	err := s.handle.Renew()
	if errors.Is(err, session.ErrTooLate) {
		return asp.New(asp.CodeHeaderSent, "a session can't get a new token after the headers were sent")
	}
	s.x.flight.in(s.handle)
	return s.failed(err)
}

func (s *sessionView) change(do func() error) error {
	if err := s.Touch(); err != nil {
		return err
	}
	return sessionError(do())
}

// locale is the code page and locale that the session asks for, where the
// page itself says nothing.
func (s *sessionView) locale(lcid int, cp *codepage.CodePage, p *runtime.Program) (int, *codepage.CodePage) {
	d := p.Directives()
	if d.LCID == 0 {
		lcid = s.handle.LCID()
	}
	if d.CodePage == 0 {
		if own, ok := codepage.Lookup(s.handle.CodePage()); ok {
			cp = own
		}
	}
	return lcid, cp
}

// Get reads a value.
func (s *sessionView) Get(key string) ([]byte, bool) {
	if s.Touch() != nil || strings.EqualFold(key, onceKey) {
		return nil, false
	}
	return s.handle.Get(key)
}

// write makes one change of values and components, which a script that was
// given up can't make any more.
func (s *sessionView) write(do func() error) error {
	if err := s.Touch(); err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.over {
		return sessionError(session.ErrClosed)
	}
	return sessionError(do())
}

// Set keeps a value; it takes the place of a component.
func (s *sessionView) Set(key string, raw []byte) error {
	return s.write(func() error {
		if strings.EqualFold(key, onceKey) {
			return asp.New(asp.CodeNotAllowed, "this key is the server's own")
		}
		if err := s.handle.Set(key, raw); err != nil {
			return err
		}
		s.x.e.objects.remove(s.handle.ID(), key)
		return nil
	})
}

// Remove forgets a value or component.
func (s *sessionView) Remove(key string) error {
	return s.write(func() error {
		if strings.EqualFold(key, onceKey) {
			return nil
		}
		if err := s.handle.Remove(key); err != nil {
			return err
		}
		s.x.e.objects.remove(s.handle.ID(), key)
		return nil
	})
}

// RemoveAll forgets everything but what <object> declares.
func (s *sessionView) RemoveAll() error {
	return s.write(func() error {
		tokens, kept := s.handle.Get(onceKey)
		if err := s.handle.RemoveAll(); err != nil {
			return err
		}
		if kept { // which are no contents
			if err := s.handle.Set(onceKey, tokens); err != nil {
				return err
			}
		}
		s.x.e.objects.removeContents(s.handle.ID())
		return nil
	})
}

// Keys are the names of values, then those of components.
func (s *sessionView) Keys() []string {
	if s.Touch() != nil {
		return nil
	}
	keys := s.handle.Keys()
	if i := slices.Index(keys, onceKey); i >= 0 {
		keys = slices.Delete(slices.Clone(keys), i, i+1)
	}
	if more := s.x.e.objects.keys(s.handle.ID()); len(more) > 0 {
		return append(append([]string(nil), keys...), more...)
	}
	return keys
}

// Object gives a component kept in the session; nil for one that only another
// apartment may call.
func (s *sessionView) Object(key string) (*runtime.Object, bool) {
	if !s.handle.Exists() {
		return nil, false
	}
	o, ok := s.x.e.objects.get(s.handle.ID(), key)
	if ok && o.Threading == runtime.Apartment && o.Home != s.home.ID {
		return nil, true // kept by a request that ran at the same time
	}
	return o, ok
}

// SetObject keeps a component in the session. An apartment-threaded one pins
// the session to the apartment that the page runs in.
func (s *sessionView) SetObject(key string, o *runtime.Object) error {
	if o.Threading == runtime.PerRequest {
		return asp.New(188, named(key)+o.ProgID+" is a per-request component: it ends with the page")
	}
	if s.x.e.cfg.Sessions != nil || s.x.e.backend != nil {
		return asp.New(188, named(key)+o.ProgID+": sessions of this application are kept outside the process, where a component can't go")
	}
	return s.write(func() error {
		// First a write that changes nothing: may this page write at all?
		if err := s.handle.Remove(staticKey); err != nil {
			return err
		}
		if err := s.x.e.objects.put(s.handle.ID(), key, o, s.home); err != nil {
			return err
		}
		return s.handle.Remove(key)
	})
}

// named is how messages begin that are about an item of Session; the keys of
// declared objects are nobody's business.
func named(key string) string {
	if strings.HasPrefix(key, staticKey) {
		return ""
	}
	return "Session(" + strconv.Quote(key) + "): "
}
