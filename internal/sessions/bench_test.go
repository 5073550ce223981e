package sessions_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store/memory"
)

// benchRequest gives a manager and a request of a session that exists.
func benchRequest(b *testing.B, cfg sessions.Config) (*sessions.Manager, *http.Request) {
	cfg.Store = memory.NewSessions()
	m, err := sessions.NewManager(cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = m.Close(context.Background()) })
	r := httptest.NewRequest("GET", "/", nil)
	r.TLS = &tls.ConnectionState{}
	h, err := m.Open(b.Context(), r, session.ReadWrite)
	if err != nil {
		b.Fatal(err)
	}
	raw, _ := cborvalue.FromGo("ann")
	header := http.Header{}
	if h.Create(b.Context()) != nil || h.Set("user", raw) != nil || h.Set("n", raw) != nil || h.Close(b.Context(), header) != nil {
		b.Fatal("no session")
	}
	r.AddCookie((&http.Response{Header: header}).Cookies()[0])
	return m, r
}

// What a session costs a page: key, turn, open, one value read, close.
func BenchmarkPage(b *testing.B) {
	for _, bb := range []struct {
		name  string
		mode  session.Mode
		write bool
		cfg   sessions.Config
	}{
		{"reads", session.ReadWrite, false, sessions.Config{}},
		{"writes", session.ReadWrite, true, sessions.Config{}},
		{"writes/no-store-timeout", session.ReadWrite, true, sessions.Config{StoreTimeout: -1}},
		{"read-only", session.ReadOnly, false, sessions.Config{StoreTimeout: -1}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			m, r := benchRequest(b, bb.cfg)
			turns := turn.New(turn.Config{})
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				key, _ := m.Key(r)
				turn, err := turns.Enter(b.Context(), key)
				if err != nil {
					b.Fatal(err)
				}
				h, err := m.Open(b.Context(), r, bb.mode)
				if err != nil {
					b.Fatal(err)
				}
				h.Get("user")
				if bb.write {
					_ = h.Set("n", []byte{byte(i % 20)})
				}
				if err := h.Close(b.Context(), nil); err != nil {
					b.Fatal(err)
				}
				turn.Leave()
			}
		})
	}
}
