package frame

import (
	"context"
	"fmt"
	"net"
	"net/http"
	goruntime "runtime"
	"sync"
)

// A serverConn is a connection for requests in the worker; its goroutine runs
// their handlers.
type serverConn struct {
	net.Conn
	server *server
	peer   *peer
	number uint64
	in     *reader
	out    []byte // of the response under way; kept from request to request

	mu      sync.Mutex
	current *response // nil between requests
	seq     uint64    // of current or the last
	gone    uint64    // the client of this request, and of those before, has left
}

// requests serves the requests of a connection, one after the other.
func (s *server) requests(conn net.Conn, of *peer, number uint64) error {
	sc := &serverConn{Conn: conn, server: s, peer: of, number: number, in: newReader(conn)}
	of.add(sc)
	defer of.remove(sc)
	for {
		kind, payload, err := sc.in.next()
		if err != nil {
			return err
		}
		if kind != frameRequest {
			return fmt.Errorf("%w: a frame %q between requests", ErrProtocol, kind)
		}
		if err := sc.request(payload); err != nil {
			return err
		}
		if !sc.in.between() {
			return fmt.Errorf("%w: more than the request's body", ErrProtocol)
		}
	}
}

// request reads a request and has it handled.
func (sc *serverConn) request(payload []byte) error {
	c := read(payload)
	var blank http.Request
	h := c.request(&blank)
	if err := c.err(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(&requestContext{context.Background(), h})
	defer cancel()
	r := blank.WithContext(ctx)
	w := &response{conn: sc, seq: h.seq, header: make(http.Header, 8), r: r, length: -1, cancel: cancel}
	if r.Body == nil {
		w.body.w = w
		r.Body = &w.body
	}
	sc.enter(w, h.seq)
	defer sc.leave()
	return sc.handle(w, r)
}

// handle runs the handler and ends its answer.
func (sc *serverConn) handle(w *response, r *http.Request) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// A panic, or Goexit: the answer is given up.
		if p := recover(); p != http.ErrAbortHandler {
			sc.server.log.Error("the handler panicked", "url", r.URL, "panic", p, "stack", stack())
		}
		err = w.abort()
	}()
	sc.server.handler.ServeHTTP(w, r)
	returned = true
	return w.end()
}

func stack() string {
	b := make([]byte, 16<<10)
	return string(b[:goruntime.Stack(b, false)])
}

func (sc *serverConn) enter(w *response, seq uint64) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.current, sc.seq = w, seq
	if sc.gone >= seq {
		w.cancel()
	}
}

func (sc *serverConn) leave() {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.current = nil
}

// lost says that a request's client has left, or that all have. It may come
// before the request does.
func (sc *serverConn) lost(kind byte, seq uint64) {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	sc.gone = max(sc.gone, seq)
	if sc.current == nil || sc.seq > seq {
		return
	}
	if kind == frameFailed {
		sc.current.failed.Store(true)
	}
	sc.current.cancel()
}

// A requestContext has what a handler can ask of a request's context.
type requestContext struct {
	context.Context
	head head
}

// metaKey is the key of a request's [Meta].
type metaKey struct{}

func (ctx *requestContext) Value(key any) any {
	switch key {
	case http.LocalAddrContextKey:
		if ctx.head.local != "" {
			return address(ctx.head.local)
		}
	case metaKey{}:
		return ctx.head.meta
	}
	return nil
}

// MetaFrom gives what the server process said of a request.
func MetaFrom(ctx context.Context) (Meta, bool) {
	m, ok := ctx.Value(metaKey{}).(Meta)
	return m, ok
}

// An address is the net.Addr of a TCP connection that another process has.
type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }
