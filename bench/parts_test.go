package main

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/bench/internal/server"
	"github.com/najahost/naja/engine"
)

// A part is one thing that pages do, as a page and as a Go handler without
// naja. budget is the most allocations of the page, measured from the request
// to its last byte.
type part struct {
	name   string
	page   string
	config engine.Config
	plain  func() http.HandlerFunc
	budget float64
}

const sessionless = `<%@ Language="JavaScript" EnableSessionState=False %>`

func parts() []part {
	return []part{
		{
			// Each request compiles; the Go handler parses a template.
			name: "compile", page: sessionless + `<h1>Hello, <%= "world" %></h1>`,
			config: engine.Config{ScriptFileCacheSize: engine.None}, plain: parsing, budget: 190,
		},
		{name: "hello", page: sessionless + `<h1>Hello, <%= "world" %></h1>`, plain: writing("<h1>Hello, world</h1>"), budget: 48},
		{
			name:  "table",
			page:  sessionless + `<table><% for (let i = 0; i < 1000; i++) { %><tr><td><%= i %></td><td>row</td></tr><% } %></table>`,
			plain: table, budget: 1850,
		},
		{
			name: "session", page: `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`,
			plain: session, budget: 130,
		},
		{
			name:  "Application.Lock",
			page:  sessionless + `<% Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock() %><%= Application("n") %>`,
			plain: locking, budget: 155,
		},
		{
			name:  "flush",
			page:  sessionless + `<% for (let i = 0; i < 10; i++) { %><p>part</p><% Response.Flush() } %>`,
			plain: flushing, budget: 66,
		},
	}
}

func writing(body string) func() http.HandlerFunc {
	return func() http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			io.WriteString(w, body)
		}
	}
}

func parsing() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, err := template.New("").Parse(`<h1>Hello, {{"world"}}</h1>`)
		if err != nil {
			panic(err)
		}
		page.Execute(w, nil)
	}
}

func table() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := []byte("<table>")
		for i := range 1000 {
			page = fmt.Appendf(page, "<tr><td>%d</td><td>row</td></tr>", i)
		}
		w.Write(append(page, "</table>"...))
	}
}

func session() http.HandlerFunc {
	var lock sync.Mutex
	counts := map[string]int{}
	return func(w http.ResponseWriter, r *http.Request) {
		id := "new"
		if c, err := r.Cookie("ID"); err == nil {
			id = c.Value
		} else {
			http.SetCookie(w, &http.Cookie{Name: "ID", Value: id, Path: "/"})
		}
		lock.Lock()
		counts[id]++
		n := counts[id]
		lock.Unlock()
		io.WriteString(w, strconv.Itoa(n))
	}
}

func locking() http.HandlerFunc {
	var lock sync.Mutex
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		lock.Lock()
		n++
		now := n
		lock.Unlock()
		io.WriteString(w, strconv.Itoa(now))
	}
}

func flushing() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		for range 10 {
			io.WriteString(w, "<p>part</p>")
			control.Flush()
		}
	}
}

// sink is a ResponseWriter that costs next to nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
func (s *sink) FlushError() error           { return nil }

// serving starts p's page and returns it as a handler, with a request that has
// the cookie of a first answer.
func serving(tb testing.TB, p part) (http.Handler, *http.Request) {
	tb.Helper()
	p.config.FS = fstest.MapFS{"page.asp": {Data: []byte(p.page)}}
	p.config.Logger = slog.New(slog.DiscardHandler)
	e, err := engine.New(p.config)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Shutdown(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	return e, asked(tb, e)
}

// asked is a request for the page, by a visitor who has been there.
func asked(tb testing.TB, h http.Handler) *http.Request {
	tb.Helper()
	r := httptest.NewRequest(http.MethodGet, "/page.asp", nil)
	first := httptest.NewRecorder()
	h.ServeHTTP(first, r)
	if first.Code != http.StatusOK || first.Body.Len() == 0 {
		tb.Fatalf("status %d, %q", first.Code, first.Body)
	}
	for _, c := range first.Result().Cookies() {
		r.AddCookie(c)
	}
	return r
}

// BenchmarkParts is what the parts of a page cost without a network, each
// beside a Go handler that does the same without naja.
func BenchmarkParts(b *testing.B) {
	for _, p := range parts() {
		b.Run(p.name+"/naja", func(b *testing.B) {
			h, r := serving(b, p)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&sink{make(http.Header)}, r)
			}
		})
		b.Run(p.name+"/plain", func(b *testing.B) {
			h := p.plain()
			r := asked(b, h)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&sink{make(http.Header)}, r)
			}
		})
	}
}

// TestAllocations fails when a page allocates more than it used to: time can't
// be tested on a machine that does other things, allocations can.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) {
			h, r := serving(t, p)
			got := testing.AllocsPerRun(100, func() { h.ServeHTTP(&sink{make(http.Header)}, r) })
			t.Logf("%.0f allocations, the budget is %.0f", got, p.budget)
			if got > p.budget {
				t.Errorf("%.0f allocations, the budget is %.0f", got, p.budget)
			}
		})
	}
}

// The Go handlers are worth a comparison only if they do the same.
func TestPartsDoTheSame(t *testing.T) {
	for _, p := range parts() {
		t.Run(p.name, func(t *testing.T) {
			naja, request := serving(t, p)
			plain := p.plain()
			plainRequest := asked(t, plain)
			for range 2 {
				got, want := httptest.NewRecorder(), httptest.NewRecorder()
				naja.ServeHTTP(got, request)
				plain.ServeHTTP(want, plainRequest)
				if got.Body.String() != want.Body.String() || got.Flushed != want.Flushed {
					t.Errorf("naja %q, plain %q", got.Body, want.Body)
				}
			}
		})
	}
}

// BenchmarkCompile is what ordinary pages cost when they are asked for the
// first time.
func BenchmarkCompile(b *testing.B) {
	for _, page := range server.OrdinaryPages() {
		b.Run(page.Path, func(b *testing.B) {
			h, r := serving(b, part{page: page.Source, config: engine.Config{ScriptFileCacheSize: engine.None}})
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(&sink{make(http.Header)}, r)
			}
		})
	}
}
