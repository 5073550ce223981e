package admin

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/engine"
)

// discarding is a ResponseWriter that costs next to nothing.
type discarding http.Header

func (d discarding) Header() http.Header         { return http.Header(d) }
func (d discarding) Write(p []byte) (int, error) { return len(p), nil }
func (d discarding) WriteHeader(int)             {}

// BenchmarkMetrics is what counting costs a request: compare without and with.
func BenchmarkMetrics(b *testing.B) {
	for _, with := range []bool{false, true} {
		cfg := engine.Config{
			FS:     fstest.MapFS{"hello.asp": {Data: []byte(`<%@ EnableSessionState=False %>hello <%= "world" %>`)}},
			Logger: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError})),
		}
		name := "without"
		if with {
			cfg.Observer, name = NewMetrics(), "with"
		}
		b.Run(name, func(b *testing.B) {
			e, err := engine.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			defer e.Shutdown(b.Context())
			r := httptest.NewRequest("GET", "/hello.asp", nil)
			b.ReportAllocs()
			for b.Loop() {
				e.ServeHTTP(discarding{}, r)
			}
		})
	}
}

// BenchmarkServed is the counting alone.
func BenchmarkServed(b *testing.B) {
	m := NewMetrics()
	s := engine.Sample{Application: "/", Status: 200, Sent: "buffered", Page: true, Script: 1, Bytes: 10}
	b.ReportAllocs()
	for b.Loop() {
		m.Served(s)
	}
}

// BenchmarkStatus is one look.
func BenchmarkStatus(b *testing.B) {
	c, err := New(Config{Loopback: true})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	r := httptest.NewRequest("GET", "http://localhost/status.json", nil)
	r.RemoteAddr = "127.0.0.1:1"
	for b.Loop() {
		c.ServeHTTP(discarding{}, r)
	}
}
