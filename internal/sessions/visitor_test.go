package sessions_test

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store/memory"
)

// A visitor is a browser: it keeps the cookies that it is sent.
type visitor struct {
	*testing.T
	m       *sessions.Manager
	tls     bool
	cookies map[string]string
	sent    []string // the Set-Cookie lines of the last response
}

func newManager(t *testing.T, cfg sessions.Config) *sessions.Manager {
	t.Helper()
	if cfg.Store == nil {
		cfg.Store = memory.NewSessions()
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	m, err := sessions.NewManager(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(context.Background()); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return m
}

func newVisitor(t *testing.T, m *sessions.Manager) *visitor {
	return &visitor{T: t, m: m, cookies: map[string]string{}}
}

func (v *visitor) request() *http.Request {
	r := httptest.NewRequest("GET", "http://example.com/", nil)
	if v.tls {
		r.TLS = &tls.ConnectionState{}
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return r
}

func (v *visitor) open(mode session.Mode) session.Handle {
	v.Helper()
	h, err := v.m.Open(context.Background(), v.request(), mode)
	if err != nil {
		v.Fatalf("Open: %v", err)
	}
	return h
}

// take keeps the cookies of a response.
func (v *visitor) take(header http.Header) {
	v.sent = header.Values("Set-Cookie")
	resp := http.Response{Header: header}
	for _, c := range resp.Cookies() {
		v.cookies[c.Name] = c.Value
	}
}

// page runs f as a page that isn't flushed.
func (v *visitor) page(f func(h session.Handle)) {
	v.Helper()
	h := v.open(session.ReadWrite)
	defer h.Discard()
	f(h)
	header := http.Header{}
	if err := h.Close(context.Background(), header); err != nil {
		v.Errorf("Close: %v", err)
	}
	v.take(header)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := cborvalue.FromGo(v)
	must(t, err)
	return b
}

func get(t *testing.T, h interface {
	Get(string) ([]byte, bool)
}, key string) any {
	t.Helper()
	raw, ok := h.Get(key)
	if !ok {
		return nil
	}
	v, err := cborvalue.ToGo(raw)
	must(t, err)
	return v
}

// set creates the session where there is none and sets a key.
func set(t *testing.T, h session.Handle, key string, v any) {
	t.Helper()
	must(t, h.Create(context.Background()))
	must(t, h.Set(key, encode(t, v)))
}

// wait lets d pass on a bubble's clock.
func wait(d time.Duration) { <-time.After(d) }
