package host

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
)

// A fakeRunner is a Runner whose requests stop where a test wants them to.
type fakeRunner struct {
	name string
	f    *fakes

	mu     sync.Mutex
	inside int
	most   int
	served []string // paths, in order
	calls  []string
	single bool
	ended  bool
	shut   error // what Shutdown returns

	stopping atomic.Int64
}

// fakes starts fakeRunners.
type fakes struct {
	t       *testing.T
	mu      sync.Mutex
	started []*fakeRunner
	stop    chan struct{} // not nil: requests wait for it
	fail    error         // of the next starts
	slow    chan struct{} // not nil: starts wait for it
}

func (f *fakes) start(ctx context.Context, isolation string) (Runner, error) {
	f.mu.Lock()
	fail, slow := f.fail, f.slow
	f.mu.Unlock()
	if slow != nil {
		select {
		case <-slow:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if fail != nil {
		return nil, fail
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	r := &fakeRunner{name: isolation, f: f}
	f.started = append(f.started, r)
	return r, nil
}

func (f *fakes) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// count is how many were started; last is the last one.
func (f *fakes) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.started)
}

func (f *fakes) last() *fakeRunner {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.started[len(f.started)-1]
}

// newFake makes an application of fakeRunners, which is shut down with the test.
func newFake(t *testing.T, cfg Config) (*Application, *fakes) {
	t.Helper()
	f := &fakes{t: t}
	cfg.Start = f.start
	cfg.Logger = slog.New(slog.DiscardHandler)
	a, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return a, f
}

func (r *fakeRunner) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	if r.ended {
		r.f.t.Error("a request came to a runner that was shut down")
	}
	r.inside++
	r.most = max(r.most, r.inside)
	r.served = append(r.served, req.URL.Path)
	r.mu.Unlock()
	r.f.mu.Lock()
	stop := r.f.stop
	r.f.mu.Unlock()
	if stop != nil {
		<-stop
	}
	io.WriteString(w, r.name)
	r.mu.Lock()
	r.inside--
	r.mu.Unlock()
}

func (r *fakeRunner) note(call string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call)
}

func (r *fakeRunner) Status() engine.Status { return engine.Status{Path: "/"} }
func (r *fakeRunner) Load(context.Context) (engine.Loaded, error) {
	r.note("load")
	return engine.Loaded{Pages: 3}, nil
}
func (r *fakeRunner) Interrupt(context.Context, int64) (engine.Interrupted, error) {
	return engine.Interrupted{}, nil
}
func (r *fakeRunner) Recover(context.Context) (engine.Recovered, error) {
	r.note("recover")
	return engine.Recovered{Done: []string{"recovered"}}, nil
}
func (r *fakeRunner) KeepAlive(context.Context) (engine.KeptAlive, error) {
	r.note("keepalive")
	return engine.KeptAlive{}, nil
}
func (r *fakeRunner) Single(ctx context.Context, on bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if on && r.inside > 1 {
		return errors.New("others run")
	}
	r.single = on
	return nil
}
func (r *fakeRunner) Sessions(context.Context, string, int) (engine.SessionPage, error) {
	return engine.SessionPage{}, nil
}
func (r *fakeRunner) Session(context.Context, string, bool) (engine.SessionDetail, error) {
	return engine.SessionDetail{}, nil
}
func (r *fakeRunner) EndSession(context.Context, string) error { return nil }
func (r *fakeRunner) Errors() []engine.ErrorGroup              { return nil }
func (r *fakeRunner) Reconfigure(context.Context, engine.Config) (engine.Reconfigured, error) {
	return engine.Reconfigured{Changed: []string{"script_timeout"}}, nil
}
func (r *fakeRunner) Refresh(context.Context) error { return nil }
func (r *fakeRunner) Stopping(on bool) {
	if on {
		r.stopping.Add(1)
	} else {
		r.stopping.Add(-1)
	}
}

func (r *fakeRunner) Shutdown(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside > 0 || r.ended {
		r.f.t.Errorf("shut down with %d requests inside, ended %t", r.inside, r.ended)
	}
	r.ended = true
	return r.shut
}

func (r *fakeRunner) has(call string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.calls {
		if c == call {
			return true
		}
	}
	return false
}

// ask sends a request; the channel gets the answer, nil when it was aborted.
func ask(a http.Handler, path string) <-chan *httptest.ResponseRecorder {
	return askWith(a, httptest.NewRequest("GET", path, nil))
}

func askWith(a http.Handler, r *http.Request) <-chan *httptest.ResponseRecorder {
	got := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		w := httptest.NewRecorder()
		defer func() {
			if recover() != nil {
				w = nil
			}
			got <- w
		}()
		a.ServeHTTP(w, r)
	}()
	return got
}

// until polls for something that happens by itself.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for late := time.After(20 * time.Second); !ok(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("it didn't happen that %s", what)
		}
	}
}
