package gorillastore

import (
	"context"
	"maps"
	"net/http"
	"reflect"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// known is r, with the cookie that its session has now where the visitor's is
// a former one. Whatever loads the session finds it by that.
func (v *visit) known(r *http.Request) *http.Request {
	v.came = v.p.id(r)
	now, ok := v.p.names.Find(v.place, v.came)
	if !ok || now.Cookie == "" {
		return r
	}
	v.late, v.came, v.cookie = true, now.Name, now.Cookie
	r = apart(r)
	putCookie(r, v.p.cfg.Name, now.Cookie)
	return r
}

// told is the value of the session's cookie in a response's header; "" where
// there is none, or one that is to be forgotten.
func (p *Provider) told(h http.Header) string {
	c, ends := sent(h, p.cfg.Name)
	if c == nil || ends {
		return ""
	}
	return c.Value
}

// Former implements bridge.Backend.
func (v *visit) Former() bool { return v.late }

// Part implements bridge.Backend.
func (v *visit) Part(context.Context) error {
	v.s.ID, v.s.IsNew, v.s.Values = "", true, map[any]any{}
	v.late, v.first, v.left, v.came = false, nil, v.came, ""
	return nil
}

// loaded notes the session that Go handlers use.
func (v *visit) loaded(s *sessions.Session) {
	if s.Name() != v.p.cfg.Name || v.asked != nil {
		return
	}
	v.asked = s
	if v.late {
		v.first = maps.Clone(s.Values)
	}
}

// saves comes before a handler saves a session, and reports whether that is
// done already. One that takes the ID of the session of a former ID away
// changes another's rights, mostly: it goes on with what it put, as a page does
// that calls Session.Renew, and the session that it left isn't its to delete.
func (v *visit) saves(s *sessions.Session) (done bool) {
	if !v.late || s != v.asked || s.ID != "" {
		v.saved = v.saved || v.late && s == v.asked
		return v.left != "" && s.ID == v.left
	}
	maps.DeleteFunc(s.Values, func(key, now any) bool {
		old, ok := v.first[key]
		return key == metaKey || ok && reflect.DeepEqual(old, now)
	})
	v.restore(s)
	v.late, v.first, v.left, v.came = false, nil, v.came, ""
	return false
}

// restore has the session that a handler leaves be what it was, if the handler
// saved something in it before.
func (v *visit) restore(s *sessions.Session) {
	if !v.saved {
		return
	}
	before, r := *s, apart(v.r)
	before.ID, before.IsNew, before.Values = v.came, false, v.first
	if v.cookie != "" {
		putCookie(r, v.p.cfg.Name, v.cookie)
	}
	if err := v.p.guard.keep(r, bridge.Recorder{}, &before); err != nil {
		v.p.cfg.Logger.Error("gorillastore: what a handler saved before it renewed another's session can't be undone", "error", err.Error())
	}
}

// learns comes before the visitor is told of the cookie of a session: that of a
// new one, or another of the one that he has. Who stands in its line goes on
// with it.
func (v *visit) learns(cookie string) {
	id := v.p.idIn(cookie)
	if id == "" && v.asked != nil { // nobody knows the codecs
		id = v.asked.ID
	}
	if v.asked != nil && v.asked.ID == id && id != v.came && v.came != "" && len(v.asked.Values) > 0 {
		v.p.names.AddNow(v.place, v.came, bridge.Name{Name: id, Cookie: cookie})
		return
	}
	v.place.Also(bridge.Key(id))
}
