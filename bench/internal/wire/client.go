package wire

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// patience is how long a client waits for bytes before it gives up.
const patience = 60 * time.Second

// A Target says what a Client asks for, and how.
type Target struct {
	Addr      string // host:port
	Path      string
	HTTP10    bool // HTTP/1.0 instead of 1.1
	KeepAlive bool // ask for the connection to be kept
	LineRate  int  // bytes a second that the client takes; 0: as they come
}

// A Client is one visitor with at most one connection. It is for one
// goroutine at a time; its owner closes it.
type Client struct {
	// Body, when it is set, gets the bodies of answers.
	Body io.Writer
	// Dialed counts the connections opened.
	Dialed int

	target  Target
	head    string // of the request, without its last line
	request []byte
	line    *line
	reader  *bufio.Reader
	armed   time.Time
}

// NewClient makes a client that isn't connected yet.
func NewClient(target Target) *Client {
	proto, connection := "HTTP/1.1", ""
	if target.HTTP10 {
		proto = "HTTP/1.0"
	}
	switch {
	case target.HTTP10 && target.KeepAlive:
		connection = "Connection: keep-alive\r\n"
	case !target.HTTP10 && !target.KeepAlive:
		connection = "Connection: close\r\n"
	}
	c := &Client{target: target, head: "GET " + target.Path + " " + proto + "\r\nHost: " + target.Addr + "\r\n" + connection}
	c.request = []byte(c.head + "\r\n")
	return c
}

// Do asks once and reads the whole answer. The connection is kept when both
// sides want it kept, and closed after an error.
func (c *Client) Do(ctx context.Context) (Answer, error) {
	began := time.Now()
	answer, err := c.do(ctx, began)
	if err != nil {
		c.Close()
		return answer, fmt.Errorf("GET %s: %w", c.target.Path, err)
	}
	if answer.cookie != "" {
		c.request = []byte(c.head + "Cookie: " + answer.cookie + "\r\n\r\n")
	}
	if !answer.Kept {
		c.Close()
	}
	return answer, nil
}

func (c *Client) do(ctx context.Context, began time.Time) (a Answer, err error) {
	if c.line == nil {
		if err := c.dial(ctx); err != nil {
			return a, err
		}
	}
	if began.Sub(c.armed) > patience/4 {
		c.armed = began
		if err := c.line.SetDeadline(began.Add(patience)); err != nil {
			return a, err
		}
	}
	c.line.got = 0
	if _, err := c.line.Write(c.request); err != nil {
		return a, err
	}
	if _, err := c.reader.Peek(1); err != nil {
		return a, fmt.Errorf("waiting for the answer: %w", err)
	}
	a.First = time.Since(began)
	if err := a.read(c.reader, c.Body); err != nil {
		return a, err
	}
	a.Last = time.Since(began)
	a.Wire = c.line.got - int64(c.reader.Buffered())
	a.Kept = a.Kept && c.target.KeepAlive
	return a, nil
}

func (c *Client) dial(ctx context.Context) error {
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(ctx, "tcp", c.target.Addr)
	if err != nil {
		return err
	}
	c.Dialed++
	c.line = &line{Conn: conn, rate: c.target.LineRate}
	if tcp, ok := conn.(*net.TCPConn); ok && c.target.LineRate > 0 {
		_ = tcp.SetReadBuffer(slowBuffer) // or the system reads ahead of us
	}
	c.reader = bufio.NewReaderSize(c.line, 64<<10)
	c.armed = time.Time{}
	return nil
}

// Close closes the connection, if there is one. The client can be used again.
func (c *Client) Close() {
	if c.line != nil {
		c.line.Close()
		c.line = nil
	}
}

// slowBuffer is the system's receive buffer of a slow client.
const slowBuffer = 16 << 10

// A line is a connection that counts what came over it, no more than rate
// bytes a second if that isn't 0.
type line struct {
	net.Conn
	got  int64
	rate int
	free time.Time // when the line has carried what was read
}

func (l *line) Read(p []byte) (int, error) {
	if l.rate > 0 {
		time.Sleep(time.Until(l.free))
		p = p[:min(len(p), max(l.rate/50, 512))] // what the line carries in 20 ms
	}
	n, err := l.Conn.Read(p)
	l.got += int64(n)
	if l.rate > 0 {
		now := time.Now()
		if now.After(l.free) {
			l.free = now
		}
		l.free = l.free.Add(time.Duration(n) * time.Second / time.Duration(l.rate))
	}
	return n, err
}

// cookieOf is the name and value of a Set-Cookie header.
func cookieOf(header string) string {
	pair, _, _ := strings.Cut(header, ";")
	return strings.TrimSpace(pair)
}
