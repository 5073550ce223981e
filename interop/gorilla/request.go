package gorillastore

import (
	"net/http"
	"strings"
	"time"
)

// Stores go by different things when they save a session: by its ID, by IsNew,
// or by the cookie that the request brought. All three must mean the same
// session, at each Save.

// apart is r with a header of its own, so that a cookie in it can change.
func apart(r *http.Request) *http.Request {
	r = r.WithContext(r.Context())
	r.Header = r.Header.Clone()
	return r
}

// without is r as of a visitor who has no cookie of the name.
func without(r *http.Request, name string) *http.Request {
	r = apart(r)
	putCookie(r, name, "")
	return r
}

// putCookie makes value the one cookie of the name that r brings; "" takes it
// out.
func putCookie(r *http.Request, name, value string) {
	var pairs []string
	for _, c := range r.Cookies() {
		if c.Name != name {
			pairs = append(pairs, (&http.Cookie{Name: c.Name, Value: c.Value, Quoted: c.Quoted}).String())
		}
	}
	if value != "" {
		pairs = append(pairs, name+"="+value)
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if r.Header.Del("Cookie"); len(pairs) > 0 {
		r.Header.Set("Cookie", strings.Join(pairs, "; "))
	}
}

// sent is the last cookie of the name that h sets; ends says that it is one
// that a browser forgets. nil: there is none.
func sent(h http.Header, name string) (c *http.Cookie, ends bool) {
	for _, line := range h["Set-Cookie"] {
		if got, err := http.ParseSetCookie(line); err == nil && got.Name == name {
			c = got
		}
	}
	if c == nil {
		return nil, false
	}
	past := !c.Expires.IsZero() && c.MaxAge == 0 && !c.Expires.After(time.Now())
	return c, c.Value == "" || c.MaxAge < 0 || past
}
