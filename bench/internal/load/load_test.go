package load

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/najahost/naja/bench/internal/figures"
	"github.com/najahost/naja/bench/internal/server"
	"github.com/najahost/naja/bench/internal/wire"
)

func TestMain(m *testing.M) {
	if server.IsChild() {
		if err := server.Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	served := make(chan struct{})
	go func() { defer close(served); server.Serve(listener) }()
	t.Cleanup(func() { server.Close(); <-served })
	return listener.Addr().String()
}

func TestCrowd(t *testing.T) {
	var asked atomic.Int64
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		io.WriteString(w, "hello")
	})
	c := newCrowd(3, wire.Target{Addr: addr, Path: "/", KeepAlive: true}, len("hello"))
	defer c.close()
	if err := c.warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := asked.Swap(0); n != 3 || c.answers() != 0 {
		t.Errorf("%d asked to get warm, and %d answers of it are remembered", n, c.answers())
	}
	for round := range 2 {
		before := c.answers()
		if rate := c.round(t.Context(), 20*time.Millisecond); rate <= 0 || float64(c.answers()-before) > rate {
			t.Errorf("round %d: %v answers a second, %d in all", round, rate, c.answers())
		}
	}
	f := c.figures()
	if int64(f.Requests) != asked.Load() || f.Connections != 3 || f.Failed != 0 || f.Wire < 5 || f.LastByte.P50 <= 0 {
		t.Errorf("asked %d times: %+v", asked.Load(), f)
	}
}

// An answer that isn't the page is no answer, however fast it came.
func TestCrowdCountsFailures(t *testing.T) {
	var n atomic.Int64
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch n.Add(1) {
		case 1, 3: // to warm up, and once more
			io.WriteString(w, "hello")
		case 2:
			http.Error(w, "Server Too Busy", http.StatusServiceUnavailable)
		default:
			io.WriteString(w, "hell")
		}
	})
	c := newCrowd(1, wire.Target{Addr: addr, Path: "/", KeepAlive: true}, len("hello"))
	defer c.close()
	if err := c.warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.round(t.Context(), 20*time.Millisecond)
	f := c.figures()
	if f.Requests != 1 || int64(f.Failed) != n.Load()-2 || !strings.Contains(f.Failure, "status 503") {
		t.Errorf("asked %d times: %+v", n.Load(), f)
	}
	if err := c.warm(t.Context()); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("a crowd that failed is warm: %v", err)
	}
}

// A run ends with its context, not with its time.
func TestCrowdEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) { cancel() })
	c := newCrowd(2, wire.Target{Addr: addr, Path: "/", KeepAlive: true}, 0)
	defer c.close()
	began := time.Now()
	c.round(ctx, time.Hour)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	if err := c.warm(ctx); err == nil {
		t.Error("warm although its context has ended")
	}
}

func TestCellFails(t *testing.T) {
	child, err := server.Start(context.Background(), server.Site{}, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	defer child.Close()
	for _, c := range []figures.Case{
		{Group: figures.Page, Name: "page/none.asp", HTTP: "1.1", KeepAlive: true, Concurrency: 1},
		{Group: figures.Page, Name: server.HelloPath, Size: 1, HTTP: "1.1", KeepAlive: true, Concurrency: 1},
	} {
		if _, err := Cell(t.Context(), child, c, Pace{1, time.Millisecond}); err == nil || !strings.Contains(err.Error(), "measure") {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	if _, err := Slow(t.Context(), child, figures.SlowCase{Size: 7, Readers: 1}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("slow readers of a page that isn't there: %v", err)
	}
}
