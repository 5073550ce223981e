package engine

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/sqlite"
)

// BenchmarkSessionPage is what keeping a session costs a small page, as a
// multiple of the same page without one (x-sessionless), measured in the same
// run: alone, and for 32 visitors at once. It leaves out the network, so that
// the multiple is larger than a browser sees.
func BenchmarkSessionPage(b *testing.B) {
	files := fstest.MapFS{
		"none.asp":  {Data: []byte(`<%@ EnableSessionState=False %><% var n = 1; n++ %><%= n %>`)},
		"write.asp": {Data: []byte(`<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`)},
		"read.asp":  {Data: []byte(`<% var n = Session("n") || 0 %><%= n %>`)},
	}
	var baseline [2]float64
	for _, bb := range []struct{ name, page, state, durable string }{
		{"sessionless", "/none.asp", "memory", ""},
		{"memory/write", "/write.asp", "memory", ""},
		{"sqlite-strict/write", "/write.asp", "sqlite:", "strict"},
		{"sqlite-strict/read", "/read.asp", "sqlite:", "strict"},
		{"sqlite-relaxed/write", "/write.asp", "sqlite:", "relaxed"},
	} {
		for i, visitors := range []int{1, 32} {
			name := bb.name + []string{"/alone", "/crowd"}[i]
			b.Run(name, func(b *testing.B) {
				var state store.Backend
				if bb.state != "memory" {
					state = openState(b, sqlite.Config{Path: filepath.Join(b.TempDir(), "state.db"), Relaxed: bb.durable == "relaxed"})
				}
				e, err := New(Config{FS: files, Backend: state,
					Logger: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))})
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(func() { _ = e.Shutdown(context.Background()) })
				requests := make([]*http.Request, visitors)
				for k := range requests {
					requests[k] = visitorOf(e, bb.page)
				}
				var next atomic.Int64
				b.SetParallelism(max(visitors/2, 1)) // for each of two processors
				b.ResetTimer()
				if visitors == 1 {
					for range b.N {
						e.ServeHTTP(&discard{make(http.Header)}, requests[0])
					}
				} else {
					b.RunParallel(func(pb *testing.PB) {
						r := requests[int(next.Add(1))%visitors]
						for pb.Next() {
							e.ServeHTTP(&discard{make(http.Header)}, r)
						}
					})
				}
				perPage := float64(b.Elapsed()) / float64(b.N)
				if bb.name == "sessionless" {
					baseline[i] = perPage
				}
				b.ReportMetric(perPage/baseline[i], "x-sessionless")
			})
		}
	}
}

// visitorOf is a request of somebody who has a session where the page has.
func visitorOf(e *Engine, page string) *http.Request {
	r := httptest.NewRequest("GET", page, nil)
	first := httptest.NewRecorder()
	e.ServeHTTP(first, r)
	for _, c := range first.Result().Cookies() {
		r.AddCookie(c)
	}
	return r
}
