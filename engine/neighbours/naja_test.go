//go:build unix

package neighbours

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
)

// pages are what is asked for. A page that waits does so until the test lets it go on.
var pages = map[string]string{
	"buffered.asp": strings.Repeat("<p>0123456789</p>\n", 5000),
	"small.asp":    `<p>0123456789</p>`,
	"flushed.asp":  `<p>one</p><% Response.Flush(); Server.CreateObject("Test.Neighbour").Wait() %><p>two</p>`,
	"events.asp": `<% Response.ContentType = "text/event-stream"; Response.Write("data: one\n\n"); Response.Flush();
		Server.CreateObject("Test.Neighbour").Wait(); Response.Write("data: two\n\n") %>`,
	"broken.asp": `<p>one</p><% Response.Flush(); Server.CreateObject("Test.Neighbour").Wait(); nope() %>`,
	"short.asp": `<% Response.AddHeader("Content-Length", "1000") %><p>one</p><% Response.Flush();
		Server.CreateObject("Test.Neighbour").Wait() %>`,
	"busy.asp":  `<% Response.Status = "503 Service Unavailable"; Response.AddHeader("Retry-After", "5") %>later`,
	"form.asp":  `<%= Request.Form("a") %>`,
	"again.asp": `<% Server.CreateObject("Test.Neighbour").Count(String(Request.QueryString("n"))) %>once`,
	"told.asp":  `<%= Request.ServerVariables("HTTP_X_FORWARDED_FOR") %> <%= Request.ServerVariables("HTTP_X_FORWARDED_PROTO") %> <%= Request.ServerVariables("HTTP_HOST") %>`,
}

// bodyMax is the largest body that pages take.
const bodyMax = 200000

// A site is naja, with pages.
type site struct {
	addr string

	mu   sync.Mutex
	gate chan struct{}  // closed when pages that wait go on
	runs map[string]int // of again.asp, by what it was asked for
}

// Wait and Count are for pages.
func (s *site) Wait() {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	<-gate
}

func (s *site) Count(n string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[n]++
}

// counted is how often again.asp has run for each n since it was asked last.
func (s *site) counted() (runs map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	runs, s.runs = s.runs, map[string]int{}
	return runs
}

// shut has pages wait until open is called, which may be done twice.
func (s *site) shut() (open func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gate := make(chan struct{})
	s.gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

// serve serves the pages until the test ends.
func serve(t *testing.T, idle time.Duration) *site {
	t.Helper()
	files := fstest.MapFS{"picture.png": {Data: []byte(strings.Repeat("0123456789\n", 1000))}}
	for name, text := range pages {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := &site{runs: map[string]int{}}
	s.shut()()
	e, err := engine.New(engine.Config{
		FS: files, MaxRequestEntity: bodyMax, Logger: slog.New(slog.DiscardHandler), Methods: []string{"GET", "POST"},
		Components: map[string]engine.Component{
			"Test.Neighbour": {Threading: engine.Agile, New: func(context.Context) (any, error) { return s, nil }},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := e.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
	s.addr = asptest.Serve(t, &http.Server{Handler: e, IdleTimeout: idle})
	return s
}
