package gorillastore

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// A guard is a store in front of the program's own that doesn't bring back a
// session that was ended, and that gives no session the ID of another that is
// gone.
type guard struct {
	inner sessions.Store
	own   *Store // inner, if it is one of ours
	ended *bridge.Ended
	grace time.Duration // of a former ID
	// outside tells of a request without a turn.
	outside func(*http.Request) error
	// visit is that of Serialize that a request is inside of, or nil.
	visit func(*http.Request) *visit
	// id is the ID of the session that a request brings.
	id func(*http.Request) string
	// odd tells of a store that does something else than it is told to; the
	// error that it gives is Save's.
	odd func(err error) error

	proved atomic.Bool // a session whose cookies have no age was found again
}

var _ sessions.Store = (*guard)(nil)

// Get is sessions.Store's: the request's own session, from its registry.
func (g *guard) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(g, name)
}

// New is sessions.Store's: the session as it is stored now. The error of a
// cookie that can't be read, or whose session is gone, comes with a new
// session. With any other error comes one that can't be saved: it would take
// the place of the one that couldn't be loaded.
func (g *guard) New(r *http.Request, name string) (*sessions.Session, error) {
	got, err := g.ask(r, name)
	s := sessions.NewSession(g, name)
	if err != nil && !isNobody(err) {
		s.Values[unloaded{}] = err
	}
	s.IsNew, s.Options = true, &sessions.Options{Path: "/"}
	if got == nil {
		return s, err
	}
	if got.Options != nil {
		s.Options = got.Options
	}
	if s.IsNew = got.IsNew || err != nil || g.ended.Has(got.ID); s.IsNew {
		return s, err // without the ID: nobody picks that of his session
	}
	s.ID, s.Values = got.ID, got.Values
	if v := g.visit(r); v != nil {
		v.loaded(s)
	}
	return s, nil
}

// unloaded is a key in the values of a session that is none, because the store
// failed when it should load one. gorilla leaves no other place in it.
type unloaded struct{}

// Save is sessions.Store's. After it the session isn't new, and the request
// brings its cookie. [store.ErrLost]: the session was ended by another
// request.
func (g *guard) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if err := g.outside(r); err != nil {
		return err
	}
	if v := g.visit(r); v != nil && v.saves(s) {
		return nil
	}
	if why, ok := s.Values[unloaded{}].(error); ok {
		return fmt.Errorf("gorillastore: a session that couldn't be loaded isn't replaced by a new one: %w", why)
	}
	ends := s.Options != nil && s.Options.MaxAge < 0
	if ends {
		g.ended.Add(s.ID)
		return g.end(r, w, s)
	}
	if s.ID != "" && g.ended.Has(s.ID) {
		return lost()
	}
	if err := g.store(r, w, s); err != nil {
		return err
	}
	// Who ends a session marks it first: here, or the deletion comes later.
	if s.ID != "" && g.ended.Has(s.ID) {
		if err := g.erase(r, s); err != nil {
			return err
		}
		return lost()
	}
	return nil
}

func lost() error {
	return fmt.Errorf("gorillastore: the session was ended by another request: %w", store.ErrLost)
}

// store is the program's Save of a session that goes on. One whose ID was
// emptied, for it to get another, is new to its store.
func (g *guard) store(r *http.Request, w http.ResponseWriter, s *sessions.Session) (err error) {
	id, isNew, asked := s.ID, s.IsNew, r
	defer func() {
		if err != nil {
			s.ID, s.IsNew = id, isNew
		}
	}()
	if s.ID == "" && (s.IsNew || g.id(r) != "") {
		s.IsNew, asked = true, without(r, s.Name())
	}
	if err := g.keep(asked, w, s); err != nil {
		return err
	}
	s.IsNew = false
	c, over := sent(w.Header(), s.Name())
	switch {
	case c == nil:
		return nil
	case over:
		return g.odd(errEndsIt)
	}
	putCookie(r, s.Name(), c.Value)
	return g.prove(r, s)
}

// errEndsIt and errForgets are what a program is told whose store, as it is set
// up, can't keep a session. errStays is about a logout.
const (
	errEndsIt = bridge.Misuse("gorillastore: the store ended a session that it was to save, and its visitor forgets it: " +
		"some do where Options.MaxAge is 0; give it an age")
	errForgets = bridge.Misuse("gorillastore: the store doesn't find the session that it has just saved: " +
		"some don't where Options.MaxAge is 0; give it an age")
	errStays = bridge.Misuse("gorillastore: the store keeps a session that was saved with a negative MaxAge, and so is to be deleted; " +
		"it was emptied")
)

// prove looks once whether a session whose cookie has no age is found again.
func (g *guard) prove(r *http.Request, s *sessions.Session) error {
	if s.Options == nil || s.Options.MaxAge != 0 || g.own != nil || g.proved.Load() {
		return nil
	}
	got, err := g.ask(r, s.Name())
	if err != nil && !isNobody(err) {
		return nil
	}
	if got == nil || got.IsNew || err != nil {
		return g.odd(errForgets)
	}
	g.proved.Store(true)
	return nil
}

// renew saves s, which has no ID yet, as what has taken the place of old.
func (g *guard) renew(r *http.Request, w http.ResponseWriter, s, old *sessions.Session) error {
	if g.own == nil {
		return g.Save(r, w, s)
	}
	if g.ended.Has(old.ID) {
		return lost()
	}
	if err := g.own.save(r, w, s, old.ID, g.grace); err != nil {
		return err
	}
	s.IsNew = false
	g.ended.Add(old.ID)
	return nil
}
