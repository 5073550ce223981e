package engine

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

// discard is a ResponseWriter that costs next to nothing.
type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkPage is the engine's own cost of a page, without a network.
func BenchmarkPage(b *testing.B) {
	files := fstest.MapFS{
		"hello.asp":   {Data: []byte(`<%@ EnableSessionState=False %><html><body><h1>Hello, <%= "world" %></h1></body></html>`)},
		"session.asp": {Data: []byte(`<% Session("n")++ %><%= Session("n") %>`)},
		"table.asp":   {Data: []byte(`<%@ EnableSessionState=False %><table><% for (var i = 0; i < 1000; i++) { %><tr><td><%= i %></td><td>row</td></tr><% } %></table>`)},
		"members.asp": {Data: []byte(`<%@ EnableSessionState=False %><% for (var i = 0; i < 300; i++) { Response.Write(Server.HTMLEncode("a & b")); Response.Write(Request.QueryString("n") + "\n") } %>`)},
	}
	e, err := New(Config{FS: files, Logger: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError}))})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Shutdown(b.Context())
	for _, page := range []string{"hello", "session", "table", "members"} {
		b.Run(page, func(b *testing.B) {
			r := httptest.NewRequest("GET", "/"+page+".asp?n=7", nil)
			first := httptest.NewRecorder()
			e.ServeHTTP(first, r)
			for _, c := range first.Result().Cookies() {
				r.AddCookie(c)
			}
			b.ReportAllocs()
			for b.Loop() {
				e.ServeHTTP(&discard{make(http.Header)}, r)
			}
		})
	}
}
