package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name, text string
		want       Answer
		body       string
	}{
		{"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
			Answer{Status: 200, Framing: ByLength, Body: 5, Kept: true, length: 5}, "hello"},
		{"length, close", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
			Answer{Status: 200, Framing: ByLength}, ""},
		{"1.0, kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
			Answer{Status: 200, Framing: ByLength, Body: 2, Kept: true, length: 2}, "ok"},
		{"1.0, close", "HTTP/1.0 503 Service Unavailable\r\n\r\nbusy",
			Answer{Status: 503, Framing: ByClose, Body: 4}, "busy"},
		{"1.0 without a length isn't kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nx",
			Answer{Status: 200, Framing: ByClose, Body: 1}, "x"},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b; path=/\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
			Answer{Status: 200, Framing: ByChunks, Chunks: 3, Body: 13, Kept: true, cookie: "a=b"}, "abc0123456789"},
		{"chunks beat a length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n0\r\n\r\n",
			Answer{Status: 200, Framing: ByChunks, Chunks: 1, Kept: true, length: 7}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got Answer
			var body bytes.Buffer
			if err := got.read(bufio.NewReader(strings.NewReader(tt.text)), &body); err != nil {
				t.Fatal(err)
			}
			if got != tt.want || body.String() != tt.body {
				t.Errorf("got %+v %q\nwant %+v %q", got, body.String(), tt.want, tt.body)
			}
			var thrown Answer
			if err := thrown.read(bufio.NewReader(strings.NewReader(tt.text)), nil); err != nil || thrown != got {
				t.Errorf("thrown away: %+v, %v", thrown, err)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":             "",
		"no HTTP":             "SSH-2.0-server\r\n\r\n",
		"half a header":       "HTTP/1.1 200 OK\r\nContent-Le",
		"bad length":          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"short of its length": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
		"bad chunk size":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"long chunk":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
		"no last chunk":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			var a Answer
			err := a.read(bufio.NewReader(strings.NewReader(text)), nil)
			if err == nil {
				t.Fatalf("no error; got %+v", a)
			}
			if errors.Is(err, io.EOF) {
				t.Errorf("%v: a bare EOF reads like an end", err)
			}
		})
	}
}

// FuzzRead looks for answers that crash or hang the reader, or whose body is
// more than what came.
func FuzzRead(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
	f.Add([]byte("HTTP/1.0 200 OK\r\n\r\nx"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var a Answer
		err := a.read(bufio.NewReader(bytes.NewReader(text)), nil)
		if a.Body > int64(len(text)) {
			t.Errorf("%d bytes of body out of %d (%v)", a.Body, len(text), err)
		}
	})
}
