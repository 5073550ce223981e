package asptest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A Conn is a client's connection to an HTTP/1 server with nothing between
// the test and the wire: a client library hides how a body was framed and
// whether the connection lives on. It is for one goroutine.
type Conn struct {
	net.Conn
	tb     testing.TB
	reader *bufio.Reader
}

// patience is how long a test waits for bytes before it fails.
const patience = time.Minute

// Dial connects to a TCP address. The connection is closed when the test ends.
func Dial(tb testing.TB, addr string) *Conn {
	tb.Helper()
	conn, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.Close() })
	return &Conn{Conn: conn, tb: tb, reader: bufio.NewReader(conn)}
}

// Send writes bytes as they are. Lines of a request end with \r\n.
func (c *Conn) Send(format string, args ...any) {
	c.tb.Helper()
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c.Conn, format); err != nil {
		c.tb.Fatalf("sending: %v", err)
	}
}

// SendAnyway writes bytes as they are to a server that may close the
// connection before it has read them all.
func (c *Conn) SendAnyway(text string) {
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(c.Conn, text)
}

// Get sends a request without a body and reads its response. proto is
// HTTP/1.0 or HTTP/1.1; headers are lines without their ends.
func (c *Conn) Get(proto, method, target string, headers ...string) *Response {
	c.tb.Helper()
	lines := append([]string{method + " " + target + " " + proto, "Host: test"}, headers...)
	c.Send("%s", strings.Join(lines, "\r\n")+"\r\n\r\n")
	return c.ReadResponse(method)
}

// Post sends a request with a body of this size on HTTP/1.0, as clients do that
// read nothing before they have sent all, and reads its response. Beyond some
// megabytes the sockets between the two can't hold the body.
func (c *Conn) Post(target string, size int) *Response {
	c.tb.Helper()
	c.Send("POST %s HTTP/1.0\r\nHost: test\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", target, size, strings.Repeat("x", size))
	return c.ReadResponse("POST")
}

// A Framing is how the end of a body is told.
type Framing string

const (
	FramedByNothing Framing = "no body" // HEAD, 204, 304
	FramedByLength  Framing = "length"
	FramedByChunks  Framing = "chunks"
	FramedByClose   Framing = "close"
)

// A Response is one HTTP/1 response as it came.
type Response struct {
	Proto   string
	Status  int
	Reason  string
	Header  http.Header
	Framing Framing
	Body    []byte
	// Err says why the body isn't whole: it ended before its framing said so,
	// or was reset.
	Err error
	// KeepAlive is what the server promised about the connection; Closed says
	// what it did.
	KeepAlive bool
}

// Whole reports whether a client would take the body for all of it.
func (r *Response) Whole() bool { return r.Err == nil }

// ReadResponse reads one response to a request of the method, and not a byte more.
func (c *Conn) ReadResponse(method string) *Response {
	c.tb.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	r, err := c.readHeader()
	for err == nil && r.Status >= 100 && r.Status < 200 {
		r, err = c.readHeader()
	}
	if err != nil {
		c.tb.Fatalf("reading a response's header: %v", err)
	}
	r.Framing = framing(r, method)
	r.KeepAlive = keepAlive(r)
	r.Body, r.Err = c.readBody(r)
	if errors.Is(r.Err, os.ErrDeadlineExceeded) {
		c.tb.Fatalf("the body (%s) came to no end; got %d bytes", r.Framing, len(r.Body))
	}
	return r
}

func (c *Conn) readHeader() (*Response, error) {
	tp := textproto.NewReader(c.reader)
	line, err := tp.ReadLine()
	if err != nil {
		return nil, err
	}
	proto, rest, _ := strings.Cut(line, " ")
	code, reason, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if err != nil || len(code) != 3 || !strings.HasPrefix(proto, "HTTP/1.") {
		return nil, fmt.Errorf("%q is no status line", line)
	}
	header, err := tp.ReadMIMEHeader()
	if err != nil {
		return nil, err
	}
	return &Response{Proto: proto, Status: status, Reason: reason, Header: http.Header(header)}, nil
}

func framing(r *Response, method string) Framing {
	switch {
	case method == http.MethodHead, r.Status == http.StatusNoContent, r.Status == http.StatusNotModified:
		return FramedByNothing
	case r.Header.Get("Transfer-Encoding") != "":
		return FramedByChunks
	case r.Header.Get("Content-Length") != "":
		return FramedByLength
	}
	return FramedByClose
}

func keepAlive(r *Response) bool {
	connection := strings.ToLower(r.Header.Get("Connection"))
	switch {
	case r.Framing == FramedByClose, connection == "close":
		return false
	case r.Proto == "HTTP/1.0":
		return connection == "keep-alive"
	}
	return true
}

func (c *Conn) readBody(r *Response) ([]byte, error) {
	switch r.Framing {
	case FramedByLength:
		length, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64)
		if err != nil || len(r.Header.Values("Content-Length")) != 1 {
			return nil, fmt.Errorf("bad Content-Length %q", r.Header.Values("Content-Length"))
		}
		body, err := io.ReadAll(io.LimitReader(c.reader, length))
		if err == nil && int64(len(body)) < length {
			err = io.ErrUnexpectedEOF
		}
		return body, err
	case FramedByChunks:
		return c.readChunks()
	case FramedByClose:
		return io.ReadAll(c.reader)
	}
	return nil, nil
}

func (c *Conn) readChunks() ([]byte, error) {
	var body []byte
	for {
		chunk, err := c.readChunk()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		body = append(body, chunk...)
		if err != nil || len(chunk) == 0 {
			return body, err
		}
	}
}

// ReadChunk reads the next chunk of a chunked body whose header was read by
// [Conn.ReadHeader]. The last one is empty.
func (c *Conn) ReadChunk() ([]byte, error) {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	return c.readChunk()
}

func (c *Conn) readChunk() ([]byte, error) {
	tp := textproto.NewReader(c.reader)
	line, err := tp.ReadLine()
	if err != nil {
		return nil, err
	}
	size, err := strconv.ParseUint(line, 16, 31)
	if err != nil {
		return nil, fmt.Errorf("%q is no size of a chunk", line)
	}
	chunk := make([]byte, size)
	if n, err := io.ReadFull(c.reader, chunk); err != nil {
		return chunk[:n], err
	}
	if end, err := tp.ReadLine(); err != nil || end != "" {
		return chunk, fmt.Errorf("a chunk ends with %q, %v", end, err)
	}
	return chunk, nil
}

// ReadHeader reads the header of a response only, for a test that wants to
// see the body come.
func (c *Conn) ReadHeader() *Response {
	c.tb.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	r, err := c.readHeader()
	if err != nil {
		c.tb.Fatalf("reading a response's header: %v", err)
	}
	return r
}

// Closed waits for the server to close the connection and reports whether it
// did so without sending anything more.
func (c *Conn) Closed() bool {
	_ = c.SetReadDeadline(time.Now().Add(patience))
	n, err := io.Copy(io.Discard, c.reader)
	return n == 0 && !errors.Is(err, os.ErrDeadlineExceeded)
}

// Rest is all that the server still sends until it closes the connection.
func (c *Conn) Rest() string {
	c.tb.Helper()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	rest, err := io.ReadAll(c.reader)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.tb.Fatalf("the connection stays open; got %.200q", rest)
	}
	return string(rest)
}
