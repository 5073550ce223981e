package gorillastore

import (
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// What is asked of the program's own store is asked here: one that panics has
// failed.

// ask is its New.
func (g *guard) ask(r *http.Request, name string) (s *sessions.Session, err error) {
	defer bridge.Panicked(&err)
	return g.inner.New(r, name)
}

// keep is its Save.
func (g *guard) keep(r *http.Request, w http.ResponseWriter, s *sessions.Session) (err error) {
	defer bridge.Panicked(&err)
	return g.inner.Save(r, w, s)
}

// removed is its Delete.
func removed(d deleter, r *http.Request, s *sessions.Session) (err error) {
	defer bridge.Panicked(&err)
	return d.Delete(r, bridge.Recorder{}, s)
}
