package engine

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// TestRefusalsAreRead: a client that sends all of its request's body before it
// reads, as most do, gets the answer that it was refused with, whatever it says
// of its connection and however large the body is. A connection outlives a body
// of up to 256 KB, which net/http reads by itself.
func TestRefusalsAreRead(t *testing.T) {
	t.Parallel()
	s := serveSite(t, rawSite(), func(c *Config) { c.MaxRequestEntity, c.LingerTimeout = 1000, time.Minute })
	for _, row := range []struct {
		what, line string
		status     int
	}{
		{"too large", "POST /form.asp", 413},
		{"a method that files don't take", "POST /file.txt", 405},
		{"a method that pages don't take", "PUT /form.asp", 405},
		{"no page", "POST /none.asp", 404},
		{"a folder", "POST /sub", 308},
		{"no URL", "POST /a%00b", 400},
	} {
		for _, of := range []refusedClient{
			{"HTTP/1.0", "close", false}, {"HTTP/1.0", "keep-alive", false}, {"HTTP/1.1", "close", false},
			{"HTTP/1.1", "close", true}, {"HTTP/1.1", "keep-alive", false}, {"HTTP/1.1", "keep-alive", true},
		} {
			// The larger one is more than the sockets between the two hold.
			for _, size := range []int{2000, 8 << 20} {
				c := s.dial()
				of.send(c, row.line, size)
				r := c.ReadResponse("POST")
				if r.Status != row.status || !r.Whole() {
					t.Errorf("%s, %v, %d bytes: %d, %v", row.what, of, size, r.Status, r.Err)
				}
				if keeps := of.connection == "keep-alive" && row.status != 413 && size < 256<<10; r.KeepAlive != keeps {
					t.Errorf("%s, %v, %d bytes: keep-alive %v", row.what, of, size, r.KeepAlive)
				} else if !keeps {
					if _, err := c.Read(make([]byte, 1)); err != io.EOF {
						t.Errorf("%s, %v, %d bytes: the connection ends with %v", row.what, of, size, err)
					}
				} else if r := c.Get("HTTP/1.1", "GET", "/small.asp"); string(r.Body) != "42" {
					t.Errorf("%s, %v, %d bytes: the next answer is %d %q", row.what, of, size, r.Status, r.Body)
				}
			}
		}
	}
}

// A refusedClient is how a client sends a request.
type refusedClient struct {
	proto, connection string
	chunked           bool
}

func (of refusedClient) send(c *asptest.Conn, line string, size int) {
	framing, body := fmt.Sprint("Content-Length: ", size), strings.Repeat("x", size)
	if of.chunked {
		framing, body = isChunked, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", size, body)
	}
	c.Send("%s", lines(line+" "+of.proto, host, "Connection: "+of.connection, "Content-Type: text/plain", framing)+body)
}
