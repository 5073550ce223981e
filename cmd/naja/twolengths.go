package main

import (
	"bytes"
	"crypto/tls"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/najahost/naja/cmd/naja/internal/forwarded"
)

// A request with both Transfer-Encoding and Content-Length is a mistake, or somebody
// tries whether a proxy believes in the one and the server in the other. net/http goes
// by the first, as RFC 9112 section 6.1 allows, and drops the second before anybody
// sees it; that the connection is closed after the answer, which the same section
// demands, is left to us. So a connection counts the lines of what it reads that could
// be a Content-Length, and the handler those of the requests that it sees: where there
// are more, a request in chunks may have had one.

// A countingConn counts lines that begin with Content-Length, in bodies too. Its
// reader is net/http's.
type countingConn struct {
	*net.TCPConn
	found atomic.Int64 // lines
	known int64        // of them, Content-Lengths of requests; by the handlers, one after the other

	at int // how much of the name the line has so far; atRest: it isn't one
}

const (
	lengthName = "content-length:"
	atRest     = -1
)

// Read is [net.Conn].
func (c *countingConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	c.look(p[:n])
	return n, err
}

// look counts in the next piece.
func (c *countingConn) look(p []byte) {
	for len(p) > 0 {
		if c.at == atRest {
			i := bytes.IndexByte(p, '\n')
			if i < 0 {
				return
			}
			p, c.at = p[i+1:], 0
			continue
		}
		b := p[0]
		if b|0x20 == lengthName[c.at] { // letters in both cases; what else this takes is no harm
			p = p[1:]
			if c.at++; c.at == len(lengthName) {
				c.found.Add(1)
				c.at = atRest
			}
			continue
		}
		c.at = atRest // p stays: it may begin with the line's end
	}
}

// twoLengths says that a request in chunks may have had a length as well. Where that
// can't be known, as below TLS, it may.
func twoLengths(r *http.Request, conn net.Conn) bool {
	if r.ProtoMajor != 1 {
		return false
	}
	counting, ok := forwarded.Inner(conn).(*countingConn)
	chunked := len(r.TransferEncoding) > 0
	if !ok {
		_, overTLS := conn.(*tls.Conn)
		return chunked && overTLS
	}
	if len(r.Header["Content-Length"]) > 0 {
		counting.known++
	}
	return chunked && counting.found.Load() > counting.known
}

// closeIfTwoLengths has the connection of such a request end with its answer.
func closeIfTwoLengths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(connection{}).(net.Conn); ok && twoLengths(r, conn) {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
