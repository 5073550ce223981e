package asptest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// serveRaw answers each connection with the bytes given, once it got the head
// of a request, and closes it.
func serveRaw(t *testing.T, response string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.WriteString(conn, response)
			}
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String()
}

func TestReadResponse(t *testing.T) {
	tests := []struct {
		name, response, method string
		framing                Framing
		body                   string
		whole, keepAlive       bool
	}{
		{"length", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "GET", FramedByLength, "abc", true, true},
		{"length, close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", "GET", FramedByLength, "abc", true, false},
		{"too short", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "GET", FramedByLength, "abc", false, true},
		{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "GET", FramedByLength, "", false, true},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "GET", FramedByChunks, "abc", true, true},
		{"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "GET", FramedByChunks, "ab", false, true},
		{"cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "GET", FramedByChunks, "ab", false, true},
		{"close", "HTTP/1.0 200 OK\r\n\r\nabc", "GET", FramedByClose, "abc", true, false},
		{"1.0 alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "GET", FramedByLength, "", true, true},
		{"1.0 not alive", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "GET", FramedByLength, "", true, false},
		{"head", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD", FramedByNothing, "", true, true},
		{"204", "HTTP/1.1 204 No Content\r\n\r\n", "GET", FramedByNothing, "", true, true},
		{"100 first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n", "GET", FramedByNothing, "", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Dial(t, serveRaw(t, test.response))
			r := c.Get("HTTP/1.1", test.method, "/")
			if r.Framing != test.framing || string(r.Body) != test.body || r.Whole() != test.whole || r.KeepAlive != test.keepAlive {
				t.Errorf("got %+v", r)
			}
			if r.Reason == "" || !strings.HasPrefix(r.Proto, "HTTP/1.") {
				t.Errorf("status line: %+v", r)
			}
			if !c.Closed() && test.whole {
				t.Error("something was left to read")
			}
		})
	}
}

func TestReadResponseByChunks(t *testing.T) {
	c := Dial(t, serveRaw(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"))
	c.Send("GET / HTTP/1.1\r\nHost: %s\r\n\r\n", "test")
	if r := c.ReadHeader(); r.Status != 200 {
		t.Fatalf("got %+v", r)
	}
	for _, want := range []string{"ab", ""} {
		if chunk, err := c.ReadChunk(); err != nil || string(chunk) != want {
			t.Errorf("got %q, %v", chunk, err)
		}
	}
	if _, err := c.ReadChunk(); err != io.EOF {
		t.Errorf("got %v", err)
	}
}
