package gorillastore

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// A visit is one request's session in gorilla: that of a page, or of the Go
// handlers inside Serialize.
type visit struct {
	p        *Provider
	r        *http.Request // what the store is asked with
	s        *sessions.Session
	place    *bridge.Place
	readOnly bool              // the request has no turn
	roomy    bool              // the store is known to take more than there may be
	came     string            // the ID of the session that it came with; "" once it parted from that
	cookie   string            // and its cookie, where the visitor has another
	left     string            // which is then here
	saved    bool              // something, by a handler with a former ID
	late     bool              // the visitor's ID is one that the session had before: he is told nothing
	asked    *sessions.Session // as Go handlers loaded it; see saves
	first    map[any]any       // its values then, for a former ID
	outdated *sessions.Session // what a new ID takes the place of, and
	former   *http.Request     // the request with its cookie
}

// inside is the visit of Serialize as the backend of a page inside it.
type inside struct{ *visit }

var (
	_ bridge.Backend = (*visit)(nil)
	_ bridge.Backend = inside{}
)

// visitKey is the context key of a *visit.
type visitKey struct{ p *Provider }

// visitOf is the visit of Serialize that a request is inside of.
func (p *Provider) visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{p}).(*visit)
	return v
}

// detach is r without its end: what is stored is stored whether the visitor
// waits for it or not.
func detach(r *http.Request) *http.Request {
	return r.WithContext(context.WithoutCancel(r.Context()))
}

// hold keeps other processes from a session of our own store. What is done
// with v.r is done by who holds it.
func (v *visit) hold(ctx context.Context, r *http.Request) error {
	own := v.p.guard.own
	if own == nil || v.readOnly {
		return nil
	}
	hold, err := v.place.Hold(ctx, own.records, v.p.id(r), v.p.cfg.LongestRequest)
	if err != nil {
		return fmt.Errorf("gorillastore: taking the session: %w", err)
	}
	v.late = v.late || hold.Former()
	v.r = v.r.WithContext(hold.In(v.r.Context()))
	return nil
}

// load brings the session as it is stored now. A cookie that nobody can read
// is no error: its visitor gets a new session.
func (v *visit) load() error {
	s, err := v.p.guard.New(v.r, v.p.cfg.Name)
	if err != nil && !isNobody(err) {
		return fmt.Errorf("gorillastore: loading the session: %w", err)
	}
	if own := bridge.ParseMeta(s.Values[metaKey]).Timeout; own > 0 {
		s.Options.MaxAge = int(own / time.Second)
	}
	v.s = s
	return nil
}

// get brings the session that Go handlers around a page use.
func (v *visit) get(r *http.Request) error {
	s, err := v.p.guard.Get(r, v.p.cfg.Name)
	if err != nil && !isNobody(err) {
		return fmt.Errorf("gorillastore: loading the session: %w", err)
	}
	if s.IsNew && s.ID != "" && s.ID == v.p.id(r) {
		s.ID = "" // the cookie's, whose session is gone
	}
	v.s = s
	return nil
}

// values gives the session's values that have a text for a key, in a map of
// its own.
func (v *visit) values() map[string]any {
	values := make(map[string]any, len(v.s.Values))
	for key, val := range v.s.Values {
		if key, ok := key.(string); ok {
			values[key] = val
		}
	}
	return values
}

// Name implements bridge.Backend. In a cookie the session is its own name.
func (v *visit) Name() string {
	if !v.p.cfg.CookieOnly {
		return v.s.ID
	}
	if v.s.IsNew {
		return ""
	}
	c, err := v.r.Cookie(v.p.cfg.Name)
	if err != nil {
		return ""
	}
	return c.Value
}

// Create implements bridge.Backend. The ID comes with the first Save; one of
// ours is known before, so that it is the Session.SessionID that operators see.
func (v *visit) Create(context.Context) error {
	if v.p.guard.own != nil && v.s.ID == "" {
		v.s.ID = newID()
	}
	return nil
}

// Save implements bridge.Backend. After an error the session is what it was.
func (v *visit) Save(_ context.Context, s bridge.Saving) (_ http.Header, err error) {
	before := maps.Clone(v.s.Values)
	defer func() {
		if err != nil {
			v.s.Values = before
		}
	}()
	for _, ch := range s.Changes {
		if ch.Remove {
			delete(v.s.Values, ch.Key)
		} else {
			v.s.Values[ch.Key] = ch.Value
		}
	}
	if s.Timeout > 0 {
		v.s.Options.MaxAge = int(s.Timeout / time.Second)
	}
	if s.Renew && v.s.ID != "" && v.outdated == nil {
		old := *v.s
		v.outdated, v.former, v.s.ID = &old, apart(v.r), ""
	}
	return v.save()
}

// save stores the session as it is, once, and gives the line of its cookie.
// The record of a former ID goes when the new one is there.
func (v *visit) save() (http.Header, error) {
	h := http.Header{"Vary": {"Cookie"}}
	save := v.p.guard.Save
	if v.outdated != nil {
		save = func(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
			return v.p.guard.renew(r, w, s, v.outdated)
		}
	}
	if err := save(v.r, bridge.Recorder(h), v.s); err != nil {
		if v.outdated != nil {
			v.s.ID, v.outdated = v.outdated.ID, nil
		}
		return nil, err
	}
	bridge.OneCookie(h, v.p.cfg.Name)
	if v.outdated != nil {
		v.p.names.Add(v.place, v.outdated.ID, bridge.Name{Name: v.s.ID, Cookie: v.p.told(h)})
		if c, err := v.former.Cookie(v.p.cfg.Name); err == nil && v.p.cfg.Codecs == nil {
			v.p.cookies.Add(c.Value, v.outdated.ID)
		}
		if err := v.p.guard.erase(v.former, v.outdated); err != nil {
			return nil, fmt.Errorf("deleting the old session's record: %w", err)
		}
		v.outdated = nil
	}
	if v.late {
		return http.Header{}, nil
	}
	return h, nil
}

// Destroy implements bridge.Backend.
func (v *visit) Destroy(context.Context) error {
	if v.p.cfg.CookieOnly {
		return nil // nothing is kept but by the visitor
	}
	return v.p.guard.erase(v.r, v.s)
}

// Forget implements bridge.Backend.
func (v *visit) Forget() http.Header {
	if v.late {
		return http.Header{}
	}
	options := *v.s.Options
	options.MaxAge = -1
	return http.Header{
		"Vary":       {"Cookie"},
		"Set-Cookie": {sessions.NewCookie(v.p.cfg.Name, "", &options).String()},
	}
}

// Destroy implements bridge.Backend: a handler that saves the session after
// its page abandoned it deletes it once more.
func (v inside) Destroy(ctx context.Context) error {
	err := v.visit.Destroy(ctx)
	options := *v.s.Options
	options.MaxAge = -1
	v.s.Options = &options
	maps.DeleteFunc(v.s.Values, func(any, any) bool { return true })
	return err
}
