package gorillastore

import (
	"maps"
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// erase deletes the record of s, whose own fields stay as they are. r brings
// the cookie of s.
func (g *guard) erase(r *http.Request, s *sessions.Session) error {
	if s.ID == "" {
		return nil
	}
	g.ended.Add(s.ID)
	return g.end(r, bridge.Recorder{}, over(s, -1))
}

// over is a copy of s whose cookie has another age.
func over(s *sessions.Session, age int) *sessions.Session {
	gone, options := *s, sessions.Options{Path: "/"}
	if s.Options != nil {
		options = *s.Options
	}
	options.MaxAge = age
	gone.Options, gone.Values = &options, maps.Clone(s.Values)
	return &gone
}

// A deleter is a store with a way of its own to delete a session.
type deleter interface {
	Delete(r *http.Request, w http.ResponseWriter, s *sessions.Session) error
}

// end is the program's Save of a session that ends. That it has ended is
// looked for: there are stores that don't heed a negative age, and one that
// takes it for an age that is very large. What goes no other way is emptied.
func (g *guard) end(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if err := g.keep(r, w, s); err != nil || s.ID == "" || g.own != nil || !g.has(r, s) {
		return err
	}
	if d, ok := g.inner.(deleter); ok {
		if err := removed(d, r, over(s, -1)); err != nil || !g.has(r, s) {
			return err
		}
	}
	rest := over(s, 1)
	clear(rest.Values)
	if err := g.keep(r, bridge.Recorder{}, rest); err != nil {
		return err
	}
	_ = g.odd(errStays) // it is as good as ended
	return nil
}

// has reports whether the store still has s, which r brings the cookie of.
func (g *guard) has(r *http.Request, s *sessions.Session) bool {
	got, err := g.ask(r, s.Name())
	return err == nil && got != nil && !got.IsNew && got.ID == s.ID
}
