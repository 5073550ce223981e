package remote

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/storetest"
)

func pass(d time.Duration) { <-time.After(d) }

// pipes is a listener whose connections are pipes, which a bubble of
// testing/synctest can wait for.
type pipes struct {
	made   chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.made:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{} }

func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.made <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// unixSocket is a listener and what dials it.
func unixSocket(t testing.TB) (net.Listener, func(context.Context) (net.Conn, error)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	return l, func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "unix", path) }
}

// A worker is a client and the server in front of a backend that it talks to.
type worker struct {
	*Client
	backend store.Backend
	end     func() // as the process does: without a word, and the server notices
}

// work serves b to a client until the test ends.
func work(t testing.TB, b store.Backend, l net.Listener, dial func(context.Context) (net.Conn, error)) *worker {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- Serve(ctx, l, b, ServerConfig{}) }()
	w := &worker{Client: New(Config{Dial: dial}), backend: b}
	ended := false
	w.end = func() {
		if ended {
			return
		}
		ended = true
		_ = w.Close()
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(w.end)
	return w
}

func workPiped(t testing.TB, b store.Backend) *worker {
	p := newPipes()
	return work(t, b, p, p.dial)
}

func workOverSocket(t testing.TB, b store.Backend) *worker {
	l, dial := unixSocket(t)
	return work(t, b, l, dial)
}

// What every store promises holds through the other process, two workers at
// once included.
func TestStoreOverPipes(t *testing.T) {
	storetest.RunBackend(t, storetest.Backend{
		Open: func(t *testing.T) storetest.Store { return workPiped(t, memory.New()) },
		Peer: func(t *testing.T, s storetest.Store) storetest.Store { return workPiped(t, s.(*worker).backend) },
		Wait: pass,
		Run:  synctest.Test,
	})
}

func TestStoreOverSockets(t *testing.T) {
	t.Parallel()
	storetest.RunBackend(t, storetest.Backend{
		Open: func(t *testing.T) storetest.Store { return workOverSocket(t, memory.New()) },
		Peer: func(t *testing.T, s storetest.Store) storetest.Store { return workOverSocket(t, s.(*worker).backend) },
		Wait: func(d time.Duration) { pass(min(d, 3*time.Second)) }, // one test waits for a thousand units
		// Long enough for a machine that is busy with others; they all wait at
		// once.
		Unit: 500 * time.Millisecond,
		Run:  func(t *testing.T, f func(*testing.T)) { t.Parallel(); f(t) },
	})
}
