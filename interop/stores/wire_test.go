package stores

import (
	"io"
	"net"
	"sync"
	"testing"
)

// A wire is what is between a store and its server. It can be cut and mended.
type wire struct {
	to   string
	addr string

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	w := &wire{to: to, addr: l.Addr().String(), conns: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.carry(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		w.set(true)
		all.Wait()
	})
	return w
}

func (w *wire) carry(conn net.Conn) {
	defer conn.Close()
	there, err := net.Dial("tcp", w.to)
	if err != nil || !w.add(conn, there) {
		return
	}
	defer there.Close()
	var back sync.WaitGroup
	back.Go(func() {
		_, _ = io.Copy(conn, there)
		conn.Close()
	})
	_, _ = io.Copy(there, conn)
	there.Close()
	back.Wait()
}

func (w *wire) add(both ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range both {
		if w.cut {
			conn.Close()
			continue
		}
		w.conns[conn] = true
	}
	return !w.cut
}

// set cuts the wire, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for conn := range w.conns {
		conn.Close()
	}
	clear(w.conns)
}
