package engine

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// The tests of the files serve_*_test.go are of the whole engine: pages as
// they lie on a disk, bytes as they go over a socket.

// A served is an engine behind a listening socket.
type served struct {
	*Engine
	t    *testing.T
	addr string
	log  *testLog
	time testTime
}

// serveSite serves files, a map of names to texts, until the test ends. edit
// may change the settings.
func serveSite(t *testing.T, files map[string]string, edit ...func(*Config)) *served {
	t.Helper()
	site := fstest.MapFS{}
	for name, text := range files {
		site[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := newServed(t, Config{FS: site}, edit...)
	s.addr = asptest.Serve(t, &http.Server{Handler: s.Engine})
	return s
}

// newServed makes an engine without a socket.
func newServed(t *testing.T, cfg Config, edit ...func(*Config)) *served {
	t.Helper()
	s := &served{t: t, log: &testLog{}}
	t.Cleanup(s.stop) // after whatever the edits leave to be done
	cfg.Logger = slog.New(s.log)
	for _, e := range edit {
		e(&cfg)
	}
	s.time.t = t
	s.time.add(&cfg)
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.time.e.Store(e)
	s.Engine = e
	return s
}

// stop ends the engine.
func (s *served) stop() {
	s.t.Helper()
	if s.Engine == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		s.t.Errorf("shutdown: %v", err)
	}
}

// dial connects a client.
func (s *served) dial() *asptest.Conn {
	s.t.Helper()
	return asptest.Dial(s.t, s.addr)
}

// get asks for one page on a connection of its own.
func (s *served) get(target string, headers ...string) *asptest.Response {
	s.t.Helper()
	c := s.dial()
	defer c.Close()
	return c.Get("HTTP/1.1", "GET", target, headers...)
}

// post sends a form.
func (s *served) post(target, form string, headers ...string) *asptest.Response {
	s.t.Helper()
	c := s.dial()
	defer c.Close()
	c.Send("%s", postRequest(target, form, headers...))
	return c.ReadResponse("POST")
}

func postRequest(target, form string, headers ...string) string {
	lines := []string{"POST " + target + " HTTP/1.1", "Host: test", fmt.Sprintf("Content-Length: %d", len(form))}
	if !strings.Contains(strings.Join(headers, "\n"), "Content-Type") {
		lines = append(lines, "Content-Type: application/x-www-form-urlencoded")
	}
	return strings.Join(append(lines, headers...), "\r\n") + "\r\n\r\n" + form
}

// record serves a request without a socket. aborted says that the answer must
// not be taken for a whole one.
func (s *served) record(r *http.Request) (w *httptest.ResponseRecorder, aborted bool) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			aborted = true
		} else if p != nil {
			panic(p)
		}
	}()
	w = httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w, false
}

// want checks status and body of an answer.
func want(t testing.TB, r *asptest.Response, status int, body string) {
	t.Helper()
	if r.Status != status || string(r.Body) != body || r.Err != nil {
		t.Errorf("got %d %q, %v; want %d %q", r.Status, clipBody(r.Body), r.Err, status, body)
	}
}

// wantIn checks that the body holds a text.
func wantIn(t testing.TB, r *asptest.Response, status int, part string) {
	t.Helper()
	if r.Status != status || !strings.Contains(string(r.Body), part) || r.Err != nil {
		t.Errorf("got %d %q, %v; want %d and %q in it", r.Status, clipBody(r.Body), r.Err, status, part)
	}
}

func clipBody(b []byte) string {
	if len(b) > 600 {
		return string(b[:600]) + "…"
	}
	return string(b)
}

// eventually waits until ok says so: for what happens on the server's side of
// a socket at a moment that nothing tells.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		<-tick.C
	}
}

// inTime checks that something took no longer than a duration, with a margin
// for a busy machine.
func inTime(t testing.TB, what string, began time.Time, most time.Duration) {
	t.Helper()
	if took := time.Since(began); took > most+10*time.Second {
		t.Errorf("%s took %v", what, took)
	}
}

// A testLog keeps the lines of a log.
type testLog struct {
	mu    sync.Mutex
	lines []string
}

// Enabled is [slog.Handler].
func (l *testLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps a line "LEVEL message key=value …".
func (l *testLog) Handle(_ context.Context, r slog.Record) error {
	asptest.Spring(r.Message)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Level, r.Message)
	r.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&b, " %s=%v", a.Key, a.Value)
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, b.String())
	return nil
}

// WithAttrs does nothing.
func (l *testLog) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup does nothing.
func (l *testLog) WithGroup(string) slog.Handler { return l }

// all is everything logged, line by line.
func (l *testLog) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// has waits for a line with all parts: an answer is on the wire before its
// line is in the log.
func (l *testLog) has(t testing.TB, parts ...string) {
	t.Helper()
	eventually(t, fmt.Sprintf("a line of the log with %q", parts), func() bool { return l.find(parts...) != "" })
}

func (l *testLog) find(parts ...string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
next:
	for _, line := range l.lines {
		for _, p := range parts {
			if !strings.Contains(line, p) {
				continue next
			}
		}
		return line
	}
	return ""
}

// repeated is n bytes of text.
func repeated(n int) []byte { return bytes.Repeat([]byte("0123456789"), n/10+1)[:n] }
