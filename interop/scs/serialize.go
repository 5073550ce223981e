package scsstore

import (
	"context"
	"errors"
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// Serialize is the middleware for a program's own handlers: it takes the
// session's turn, then does what SessionManager.LoadAndSave does, and gives
// the turn on when the handler returned. So parallel requests of one visitor,
// to handlers and to pages, run one after the other.
//
// It takes the place of LoadAndSave; put around it, it works as well:
// Serialize(manager.LoadAndSave(next)). What it does better: the session is
// stored and its cookie set before a Flush too; what the handler put after the
// first byte is stored when it returns (a new session or token can't be told
// to the visitor any more then); a visitor who leaves doesn't stop the store;
// there is one cookie; and when the session can't be stored the answer is
// ErrorFunc's alone.
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
		place, err := p.guard.gate.Enter(r.Context(), key)
		if err != nil {
			bridge.Refuse(w, err)
			return
		}
		defer place.Leave()
		v, err := p.load(r.Context(), r, place, false)
		if errors.Is(err, store.ErrBusy) {
			bridge.Refuse(w, turn.ErrQueueFull)
			return
		}
		if err != nil {
			p.fail(w, r, err)
			return
		}
		v.serve(next, w, r)
	})
}

// serve runs the handler and stores what it left.
func (v *visit) serve(next http.Handler, w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(v.ctx)
	defer v.over()
	w.Header().Add("Vary", "Cookie")
	before := func(h http.Header) error {
		lines, err := v.settle()
		if err != nil {
			return err
		}
		if v.late {
			bridge.NoCookie(h, v.manager().Cookie.Name)
			return nil
		}
		v.place.Also(bridge.Key(v.Name()))
		bridge.PutHeader(h, lines)
		bridge.OneCookie(h, v.manager().Cookie.Name)
		return nil
	}
	sw := bridge.NewWriter(w, before, func(w http.ResponseWriter, err error) { v.p.fail(w, r, err) })
	next.ServeHTTP(sw, r)
	switch {
	case !sw.Away():
		sw.Finish()
		return
	case sw.Broken(): // and the visitor knows that nothing was stored
		return
	}
	if err := v.settleLate(); err != nil {
		v.p.cfg.Logger.Error("scsstore: what a handler put after its first byte isn't stored",
			"path", r.URL.Path, "error", err.Error())
	}
}

// settle stores the session before the header leaves.
func (v *visit) settle() (http.Header, error) {
	if v.failed != nil {
		return nil, nil // whoever tried says so in this answer: nothing is stored behind it
	}
	if v.told { // a page abandoned it; LoadAndSave inside may have said otherwise
		return v.Forget(), nil
	}
	switch v.manager().Status(v.ctx) {
	case scs.Destroyed:
		return v.Forget(), nil
	case scs.Modified:
		if v.changed() {
			return v.keep()
		}
	case scs.Unmodified:
		if v.timeout > 0 && v.stored == nil {
			return v.keep()
		}
	}
	return nil, nil
}

// errUntold is what happens to a session that its visitor can't learn of.
var errUntold = errors.New("the session or its token is new, and the cookie can't be sent any more")

// settleLate stores what changed after the header left.
func (v *visit) settleLate() error {
	if v.failed != nil || v.told || v.manager().Status(v.ctx) != scs.Modified || !v.changed() {
		return nil
	}
	if v.Name() == "" || v.Name() != v.sent {
		return errUntold
	}
	_, err := v.commit()
	return err
}

// fail answers as the program wants it when its session can't be had or kept.
func (p *Provider) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		return
	}
	if f := p.cfg.Manager.ErrorFunc; f != nil {
		f(w, r, err)
		return
	}
	p.cfg.Logger.Error("scsstore: the session failed", bridge.Failure(r.URL.Path, err)...)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}
