package asphttp

import (
	"errors"
	"net/http"
	"sync"
	"testing"
)

// An orphan goes on writing while the engine takes its response away: nothing of it arrives afterwards, and nothing
// is touched by two at once.
func TestDetachWhileAPageWrites(t *testing.T) {
	pool := &BufferPool{}
	for i := range 200 {
		s := &countingSink{}
		r := NewResponse(ResponseConfig{Sink: s, Buffering: i%2 == 0, Pool: pool, Header: make(http.Header)})
		started := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			close(started)
			for n := 0; ; n++ {
				err := errors.Join(r.WriteString("text"), r.AddHeader("X-A", "1"), r.Cookies().Set("a", "b"), r.WriteText(make([]byte, shareFrom)))
				if n%100 == 99 {
					err = errors.Join(err, r.Flush())
				}
				if errors.Is(err, ErrDetached) {
					return
				}
			}
		})
		<-started
		if i%3 == 0 {
			_ = r.BufferedBytes()
		}
		r.Detach()
		if s.calls != s.ended {
			t.Fatal("Detach returned while the sink was in use")
		}
		before := s.calls
		wg.Wait()
		if s.calls != before || r.BufferedBytes() != 0 {
			t.Fatalf("%d calls after Detach, %d bytes", s.calls-before, r.BufferedBytes())
		}
	}
}

// countingSink has no lock of its own: the race detector sees whether Detach keeps its promise.
type countingSink struct{ calls, ended int }

func (s *countingSink) call() error                          { s.calls++; s.ended++; return nil }
func (s *countingSink) Start(int, string, http.Header) error { return s.call() }
func (s *countingSink) Write([]byte) error                   { return s.call() }
func (s *countingSink) Flush() error                         { return s.call() }
func (s *countingSink) Connected() bool                      { return true }

func TestCloseWhileAPageReads(t *testing.T) {
	for range 50 {
		r := received(t, post(urlencoded, "a=1&b=2"), RequestConfig{TempDir: t.TempDir()}, BodyLimits{Memory: 2})
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				if _, err := r.BinaryRead(1); err != nil {
					return
				}
				_ = r.TotalBytes()
			}
		})
		must(t, r.Close())
		wg.Wait()
	}
}
