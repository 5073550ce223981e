package asptest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Visitor is a browser of handlers in this process: it keeps the cookie named
// "session" that it is sent. One goroutine uses it.
type Visitor struct {
	Cookie string   // its value; "" for none
	Sent   []string // the Set-Cookie lines of the last answer
}

// Request asks for a path, with the cookie.
func (v *Visitor) Request(path string) *http.Request {
	r := httptest.NewRequest("GET", "http://example.com"+path, nil)
	if v.Cookie != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: v.Cookie})
	}
	return r
}

// Take keeps the cookie of an answer, of which there is one at most.
func (v *Visitor) Take(t testing.TB, h http.Header) {
	t.Helper()
	v.Sent = h["Set-Cookie"]
	if len(v.Sent) > 1 {
		t.Errorf("more than one cookie: %q", v.Sent)
	}
	for _, c := range (&http.Response{Header: h}).Cookies() {
		if v.Cookie = c.Value; c.MaxAge < 0 {
			v.Cookie = ""
		}
	}
}

// Ask gives what a handler answers, or has answered when it broke off.
func Ask(h http.Handler, r *http.Request) (rec *httptest.ResponseRecorder) {
	rec = httptest.NewRecorder()
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	h.ServeHTTP(rec, r)
	return rec
}

// Until waits for what happens by itself. It looks every five milliseconds, for
// twenty seconds.
func Until(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("not in 20 seconds: %s", what)
		}
	}
}

// A Log is what a logger writes to, for tests to look at. Any goroutine may use
// it.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write is [io.Writer].
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
