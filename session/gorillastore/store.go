package gorillastore

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/session/internal/bridge"
)

// A guard is a store in front of the program's own that doesn't bring back a
// session that was ended, and that gives no session the ID of another that is
// gone.
type guard struct {
	inner sessions.Store
	own   *Store // inner, if it is one of ours
	ended *bridge.Ended
	// outside tells of a request without a turn.
	outside func(*http.Request) error
}

var _ sessions.Store = (*guard)(nil)

// Get is sessions.Store's: the request's own session, from its registry.
func (g *guard) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(g, name)
}

// New is sessions.Store's: the session as it is stored now. The error of a
// cookie that can't be read, or whose session is gone, comes with a new
// session.
func (g *guard) New(r *http.Request, name string) (*sessions.Session, error) {
	got, err := g.inner.New(r, name)
	s := sessions.NewSession(g, name)
	if got == nil {
		return s, err
	}
	s.Options = got.Options
	if s.Options == nil {
		s.Options = &sessions.Options{Path: "/"}
	}
	if s.IsNew = got.IsNew || err != nil || g.ended.Has(got.ID); s.IsNew {
		return s, err // without the ID: nobody picks that of his session
	}
	s.ID, s.Values = got.ID, got.Values
	return s, nil
}

// Save is sessions.Store's. [session.ErrLost]: the session was ended by
// another request.
func (g *guard) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if err := g.outside(r); err != nil {
		return err
	}
	ends := s.Options != nil && s.Options.MaxAge < 0
	if ends {
		g.ended.Add(s.ID)
	} else if s.ID != "" && g.ended.Has(s.ID) {
		return lost()
	}
	if err := g.inner.Save(r, w, s); err != nil {
		return err
	}
	// Who ends a session marks it first: here, or the deletion comes later.
	if !ends && s.ID != "" && g.ended.Has(s.ID) {
		if err := g.erase(r, s); err != nil {
			return err
		}
		return lost()
	}
	return nil
}

func lost() error {
	return fmt.Errorf("gorillastore: the session was ended by another request: %w", session.ErrLost)
}

// renew saves s, which has no ID yet, as what has taken the place of old.
func (g *guard) renew(r *http.Request, w http.ResponseWriter, s, old *sessions.Session) error {
	if g.own == nil {
		return g.Save(r, w, s)
	}
	if g.ended.Has(old.ID) {
		return lost()
	}
	if err := g.own.save(r, w, s, old.ID); err != nil {
		return err
	}
	g.ended.Add(old.ID)
	return nil
}

// erase deletes the record of s, whose own fields stay as they are.
func (g *guard) erase(r *http.Request, s *sessions.Session) error {
	if s.ID == "" {
		return nil
	}
	g.ended.Add(s.ID)
	gone, options := *s, *s.Options
	options.MaxAge = -1
	gone.Options = &options
	return g.inner.Save(r, bridge.Recorder{}, &gone)
}

// isNobody says that the error of New is the visitor's and not the store's:
// his cookie is forged, outdated or of a session that is gone.
func isNobody(err error) bool {
	var one securecookie.Error
	var many securecookie.MultiError
	return errors.As(err, &one) || errors.As(err, &many) || errors.Is(err, fs.ErrNotExist)
}
