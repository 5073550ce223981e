package engine

import (
	"errors"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

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
