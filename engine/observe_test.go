package engine

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// samples is an Observer that remembers.
type samples struct {
	mu  sync.Mutex
	all []Sample
}

func (s *samples) Served(one Sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, one)
}

// last takes what was heard since the last call, which has to be one sample.
func (s *samples) last(t *testing.T) Sample {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) != 1 {
		t.Fatalf("%d samples, want one: %+v", len(s.all), s.all)
	}
	one := s.all[0]
	s.all = nil
	return one
}

// TestObserver hears of every kind of answer once, with what is true of it.
func TestObserver(t *testing.T) {
	heard := &samples{}
	s := newServed(t, Config{FS: fstest.MapFS{
		"hello.asp":   {Data: []byte(`<%@ EnableSessionState=False %>hello`)},
		"flush.asp":   {Data: []byte(`<%@ EnableSessionState=False %>a<% Response.Flush() %>b`)},
		"session.asp": {Data: []byte(`<% Session("n") = 1 %>kept`)},
		"broken.asp":  {Data: []byte("<% if ( %>")},
		"throws.asp":  {Data: []byte(`<% throw new Error("no") %>`)},
		"ends.asp":    {Data: []byte(`<% for (var end = Date.now() + 5; Date.now() < end;);` + outOfTime + `for (;;); %>`)},
		"lock.asp":    {Data: []byte(`<% Application.Lock(); Application.Unlock() %>x`)},
		"style.css":   {Data: []byte("p{}")},
	}, Path: "/shop", Observer: heard})
	tests := []struct {
		url  string
		want Sample
		odd  func(Sample) bool
	}{
		{"hello.asp", Sample{Status: 200, Sent: sentBuffered, Bytes: 5, Page: true, Compiled: true},
			func(s Sample) bool { return s.Compile <= 0 || s.Script <= 0 || s.Send <= 0 || s.Commit != 0 }},
		{"hello.asp", Sample{Status: 200, Sent: sentBuffered, Bytes: 5, Page: true},
			func(s Sample) bool { return s.Compile != 0 }},
		{"flush.asp", Sample{Status: 200, Sent: sentFlushed, Bytes: 2, Page: true, Compiled: true}, nil},
		{"session.asp", Sample{Status: 200, Sent: sentBuffered, Bytes: 4, Page: true, Compiled: true, Commits: 1},
			func(s Sample) bool { return s.Commit <= 0 }},
		{"lock.asp", Sample{Status: 200, Sent: sentBuffered, Bytes: 1, Page: true, Compiled: true},
			func(s Sample) bool { return s.LockWait <= 0 || s.LockWait > s.Script }},
		{"broken.asp", Sample{Status: 500, Sent: sentRefused, Page: true, Compiled: true, Failed: true}, nil},
		{"throws.asp", Sample{Status: 500, Sent: sentBuffered, Page: true, Compiled: true, Failed: true}, nil},
		{"ends.asp", Sample{Status: 500, Sent: sentBuffered, Page: true, Compiled: true, Failed: true, Timeout: true},
			func(s Sample) bool { return s.Script < 4*time.Millisecond }},
		{"style.css", Sample{Status: 200, Sent: sentStatic, Bytes: 3}, nil},
		{"none.asp", Sample{Status: 404, Sent: sentRefused}, nil},
	}
	for _, tt := range tests {
		s.record(httptest.NewRequest("GET", "/shop/"+tt.url, nil))
		got := heard.last(t)
		plain := got
		plain.Took, plain.Queued, plain.Script, plain.Send, plain.LockWait, plain.Commit, plain.Compile = 0, 0, 0, 0, 0, 0, 0
		tt.want.Application = "/shop"
		if tt.want.Bytes == 0 {
			plain.Bytes = 0 // of a page of ours
		}
		if plain != tt.want || got.Took <= 0 || tt.odd != nil && tt.odd(got) {
			t.Errorf("%s: heard %+v, want %+v", tt.url, got, tt.want)
		}
	}
}

// TestObserverOfOrphans hears of a script that doesn't stop while it still
// runs, and of nothing more when it ends.
func TestObserverOfOrphans(t *testing.T) {
	t.Parallel()
	heard := &samples{}
	stuck := make(chan struct{})
	s := newServed(t, Config{FS: fstest.MapFS{
		"stuck.asp": {Data: []byte(`<%` + outOfTimeHanging("stuck") + `%>`)},
	}, Observer: heard})
	s.time.hang = func(string) { <-stuck }
	s.record(httptest.NewRequest("GET", "/stuck.asp", nil))
	if got := heard.last(t); !got.Orphan || !got.Timeout || !got.Failed || got.Status != 500 {
		t.Errorf("heard %+v", got)
	}
	close(stuck)
	eventually(t, "the end of the orphan", func() bool { return s.Status().Orphans == 0 })
	if len(heard.all) != 0 {
		t.Errorf("heard of it again: %+v", heard.all)
	}
}

type counting struct{ n int64 }

func (c *counting) Served(s Sample) { c.n += s.Bytes }

// BenchmarkObserver is what listening costs: compare nobody and somebody.
func BenchmarkObserver(b *testing.B) {
	for name, o := range map[string]Observer{"nobody": nil, "somebody": &counting{}} {
		b.Run(name, func(b *testing.B) {
			e, err := New(Config{
				FS:       fstest.MapFS{"hello.asp": {Data: []byte(`<%@ EnableSessionState=False %>hello <%= "world" %>`)}},
				Logger:   slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError})),
				Observer: o,
			})
			if err != nil {
				b.Fatal(err)
			}
			defer e.Shutdown(b.Context())
			r := httptest.NewRequest("GET", "/hello.asp", nil)
			b.ReportAllocs()
			for b.Loop() {
				e.ServeHTTP(&discard{map[string][]string{}}, r)
			}
		})
	}
}
