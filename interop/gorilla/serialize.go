package gorillastore

import (
	"context"
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// Serialize is the middleware for a program's own handlers: it takes the
// session's turn, installs gorilla's registry, and gives the turn on when the
// handler returned. So parallel requests of one visitor, to handlers and to
// pages, run one after the other, and each loads what the one before saved.
// Handlers get and save their sessions as ever.
//
// It goes around all other middleware that uses sessions: who loads one before
// has loaded it before its turn. It keeps one Set-Cookie line of the session's
// name, the last.
//
// Mount pages beside such handlers, not inside: the engine takes turns by
// itself, and inside a page without or with a read-only session waits too.
func (p *Provider) Serialize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.visitOf(r.Context()) != nil {
			next.ServeHTTP(w, r)
			return
		}
		key, _ := p.Key(r)
		place, err := p.gate.Enter(r.Context(), key)
		if err != nil {
			bridge.Refuse(w, err)
			return
		}
		defer place.Leave()
		v := &visit{p: p, place: place}
		r = v.known(r)
		v.r = r
		if err := v.hold(r.Context(), r); err != nil {
			p.unavailable(w, r, err)
			return
		}
		r = v.r
		r, existed := withRegistry(apart(r.WithContext(context.WithValue(r.Context(), visitKey{p}, v))))
		v.r = detach(r)
		if existed && key != "" {
			if err := v.reload(r); err != nil {
				p.unavailable(w, r, err)
				return
			}
		}
		v.serve(next, w, r)
	})
}

// withRegistry sees to it that all handlers from here on have the same
// registry: gorilla installs it in the request at hand, and a handler further
// out would never see that. existed is true when there was one.
func withRegistry(r *http.Request) (_ *http.Request, existed bool) {
	before := r.Context()
	sessions.GetRegistry(r)
	return r, r.Context() == before
}

// reload brings a session that was loaded before its turn up to date.
func (v *visit) reload(r *http.Request) error {
	if err := v.load(); err != nil {
		return err
	}
	fresh := v.s
	if err := v.get(r); err != nil {
		return err
	}
	v.s.ID, v.s.Values, v.s.IsNew = fresh.ID, fresh.Values, fresh.IsNew
	return nil
}

// serve runs the handler.
func (v *visit) serve(next http.Handler, w http.ResponseWriter, r *http.Request) {
	before := func(h http.Header) error {
		if v.late {
			bridge.NoCookie(h, v.p.cfg.Name)
			return nil
		}
		bridge.OneCookie(h, v.p.cfg.Name)
		if cookie := v.p.told(h); cookie != "" { // the visitor is about to learn of a session
			v.learns(cookie)
		}
		return nil
	}
	sw := bridge.NewWriter(w, before, nil)
	next.ServeHTTP(sw, r)
	if !sw.Away() {
		sw.Finish()
	}
}

// unavailable answers a request whose session can't be had.
func (p *Provider) unavailable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the visitor left
	}
	p.cfg.Logger.Error("gorillastore: the session failed", bridge.Failure(r.URL.Path, err)...)
	w.Header().Set("Retry-After", "5")
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}
