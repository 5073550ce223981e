package wire

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs a server for a test and returns its address.
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

func TestDo(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("n"); err == nil {
			io.WriteString(w, "again "+c.Value)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "n", Value: "7", Path: "/"})
		io.WriteString(w, "hello")
		if r.URL.Path == "/flush" {
			http.NewResponseController(w).Flush()
		}
	})
	tests := []struct {
		name              string
		path              string
		http10, keepAlive bool
		framing           Framing
		chunks, dialed    int
	}{
		{"kept", "/", false, true, ByLength, 0, 1},
		{"closed", "/", false, false, ByLength, 0, 3},
		{"flushed, kept", "/flush", false, true, ByChunks, 2, 1},
		{"1.0, kept", "/", true, true, ByLength, 0, 1},
		{"1.0, closed", "/", true, false, ByLength, 0, 3},
		{"1.0, flushed", "/flush", true, true, ByClose, 0, 1 + 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var body bytes.Buffer
			c := NewClient(Target{Addr: addr, Path: tt.path, HTTP10: tt.http10, KeepAlive: tt.keepAlive})
			c.Body = &body
			defer c.Close()
			for i, want := range []string{"hello", "again 7", "again 7"} {
				body.Reset()
				a, err := c.Do(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if body.String() != want || a.Body != int64(len(want)) || a.Wire <= a.Body {
					t.Errorf("answer %d: %+v %q, want %q", i, a, body.String(), want)
				}
				if a.First <= 0 || a.Last < a.First {
					t.Errorf("answer %d: first byte after %s, last after %s", i, a.First, a.Last)
				}
				if i == 0 && (a.Framing != tt.framing || a.Chunks != tt.chunks) {
					t.Errorf("by %s with %d chunks, want %s, %d", a.Framing, a.Chunks, tt.framing, tt.chunks)
				}
			}
			if c.Dialed != tt.dialed {
				t.Errorf("%d connections, want %d", c.Dialed, tt.dialed)
			}
		})
	}
}

func TestDoFails(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("x", 5000))
		panic(http.ErrAbortHandler)
	})
	c := NewClient(Target{Addr: addr, Path: "/", KeepAlive: true})
	defer c.Close()
	for range 2 { // the second on a new connection
		if a, err := c.Do(t.Context()); err == nil {
			t.Errorf("half an answer is taken for one: %+v", a)
		}
	}
	if c.Dialed != 2 {
		t.Errorf("%d connections, want 2", c.Dialed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Do(ctx); err == nil {
		t.Error("dialed although its context has ended")
	}
}

// A slow line carries so many bytes a second and no more, whatever the size
// of its reads.
func TestSlowLine(t *testing.T) {
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) { w.Write(make([]byte, 20<<10)) })
	c := NewClient(Target{Addr: addr, Path: "/", LineRate: 100 << 10})
	defer c.Close()
	a, err := c.Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a.Last < 150*time.Millisecond {
		t.Errorf("20 KB came in %s over a line of 100 KB a second", a.Last)
	}
}

func TestWireCountsBytes(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
	client, server := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		bufio.NewReader(server).ReadString('\n')
		io.WriteString(server, answer)
		server.Close()
	}()
	l := &line{Conn: client}
	c := &Client{line: l, reader: bufio.NewReader(l), request: []byte("GET /\n"), target: Target{KeepAlive: true}}
	a, err := c.Do(t.Context())
	<-done
	if err != nil || a.Wire != int64(len(answer)) {
		t.Errorf("%d bytes, %v; want %d", a.Wire, err, len(answer))
	}
}
