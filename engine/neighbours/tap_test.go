//go:build unix

package neighbours

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// A tap stands between a proxy, or a client, and naja. It hands on what comes, and
// counts; a connection can be made to die.
type tap struct {
	addr string

	connections atomic.Int64
	up, down    atomic.Int64 // bytes to naja, and from there
	// mortal has a kept connection die when a request for again.asp was answered on
	// it, before its client has seen a byte of that.
	mortal atomic.Bool
}

// tapped makes a tap in front of an address, which ends with the test.
func tapped(t *testing.T, to string) *tap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tp := &tap{addr: listener.Addr().String()}
	var open sync.Map
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			tp.connections.Add(1)
			open.Store(conn, nil)
			all.Go(func() {
				defer conn.Close()
				defer open.Delete(conn)
				tp.serve(conn.(*net.TCPConn), to)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		open.Range(func(conn, _ any) bool { return conn.(net.Conn).Close() == nil || true })
		all.Wait()
	})
	return tp
}

// serve hands on what comes on one connection.
func (tp *tap) serve(client *net.TCPConn, to string) {
	conn, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	server := conn.(*net.TCPConn)
	defer server.Close()
	var dies atomic.Bool
	var both sync.WaitGroup
	both.Go(func() {
		requests := 0
		pump(server, client, &tp.up, func(p []byte) bool {
			if bytes.Contains(p, []byte(" HTTP/1.")) {
				requests++
			}
			if requests > 1 && tp.mortal.Load() && bytes.Contains(p, []byte("/again.asp")) {
				dies.Store(true)
			}
			return true
		})
	})
	pump(client, server, &tp.down, func([]byte) bool { return !dies.Load() })
	if dies.Load() {
		client.Close() // an orderly end, and no answer
	}
	both.Wait()
}

// pump hands on until the source ends, in the way in which it ends: a reset stays
// one. look sees each piece first, and may end it.
func pump(dst, src *net.TCPConn, count *atomic.Int64, look func([]byte) bool) {
	piece := make([]byte, 64<<10)
	for {
		n, err := src.Read(piece)
		if n > 0 {
			if !look(piece[:n]) {
				return
			}
			count.Add(int64(n))
			if _, err := dst.Write(piece[:n]); err != nil {
				_ = src.CloseRead()
				return
			}
		}
		switch {
		case err == io.EOF:
			_ = dst.CloseWrite()
			return
		case err != nil:
			_ = dst.SetLinger(0)
			dst.Close()
			return
		}
	}
}
