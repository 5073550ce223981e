package gorillastore

import (
	"context"
	"errors"
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// errUntried is that a store isn't to be tried: ours takes what it takes
// another time too, and a cookie was tried at the assignment.
var errUntried = errors.New("gorillastore: not tried")

// Probe implements bridge.Backend: the session is saved as it is stored, or an
// empty one comes and goes.
func (v *visit) Probe(context.Context) error {
	g := v.p.guard
	if g.own != nil || v.p.cfg.CookieOnly {
		return errUntried
	}
	if v.s.IsNew {
		return v.p.try(v.r, v.s.Options, nil)
	}
	r := apart(v.r)
	s, err := g.New(r, v.p.cfg.Name)
	if err != nil || s.IsNew {
		return errors.Join(errUntried, err)
	}
	return g.Save(r, bridge.Recorder{}, s)
}

// try has the store save a new session and delete it.
func (p *Provider) try(r *http.Request, options *sessions.Options, values map[any]any) error {
	s := sessions.NewSession(p.guard, p.cfg.Name)
	own := *options
	s.Options, s.IsNew = &own, true
	if values != nil {
		s.Values = values
	}
	r = without(r, p.cfg.Name)
	if err := p.guard.Save(r, bridge.Recorder(http.Header{}), s); err != nil {
		return err
	}
	return p.guard.erase(r, s)
}
