package frame

import (
	"net"
	"sync"
	"time"
)

// A clientConn is a connection for requests. The goroutine of the request that
// has it uses it; what is under mu others use too.
type clientConn struct {
	net.Conn
	client *Client
	number uint64
	in     *reader
	out    []byte // being made; kept from request to request
	seq    uint64 // of the last request

	mu       sync.Mutex
	current  *exchange // nil between requests
	deadline uint64    // the number of the last deadline for writes
	broken   error     // why the client has given it up
}

func newClientConn(c *Client, raw net.Conn, number uint64) *clientConn {
	conn := &clientConn{Conn: raw, client: c, number: number, in: newReader(raw)}
	conn.out = preface{kindRequests, c.id, number}.append(conn.out)
	return conn
}

// enter makes x the request of the connection.
func (conn *clientConn) enter(x *exchange) {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	conn.current, conn.deadline = x, 0
}

func (conn *clientConn) leave() {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	conn.current = nil
}

// past is a deadline that is over.
func past() time.Time { return time.Unix(1, 0) }

// expire makes the client's writes or reads of one request fail.
func (conn *clientConn) expire(kind byte, seq, deadline uint64) {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	x := conn.current
	switch {
	case x == nil || conn.seq != seq:
	case kind == frameReadsOver:
		_ = x.rc.SetReadDeadline(past())
	case deadline > conn.deadline:
		conn.deadline = deadline
		_ = x.rc.SetWriteDeadline(past())
	}
}

// breakOff makes this the connection's last request. A client whose body is
// being read isn't waited for; a hard one isn't waited for at all.
func (conn *clientConn) breakOff(reason error, hard bool) {
	if hard {
		_ = conn.Close()
	}
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if conn.broken == nil {
		conn.broken = reason
	}
	x := conn.current
	if x == nil {
		return
	}
	if x.reading || hard {
		_ = x.rc.SetReadDeadline(past())
	}
	if hard {
		_ = x.rc.SetWriteDeadline(past())
	}
}

// reading notes whether the request's body is being read; it reports false
// where that is in vain.
func (conn *clientConn) reading(x *exchange, is bool) bool {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	x.reading = is
	return conn.broken == nil
}

// cause is why the connection broke, as far as is known.
func (conn *clientConn) cause(err error) error {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if conn.broken != nil {
		return conn.broken
	}
	return err
}
