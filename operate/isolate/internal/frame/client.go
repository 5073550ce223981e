package frame

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// A ClientConfig says how a [Client] reaches its worker.
type ClientConfig struct {
	// Dial makes a connection to the worker. Required.
	Dial func(ctx context.Context) (net.Conn, error)
	// MaxIdle is how many connections are kept for later requests. Default 64.
	MaxIdle int
}

// A Client hands requests to one worker. Its methods may be called from any
// goroutine.
type Client struct {
	cfg   ClientConfig
	id    uint64
	index nameIndex

	greeting sync.Mutex // held while the control connection is made

	mu      sync.Mutex
	control *control // nil before the first request and once the worker is gone
	conns   map[uint64]*clientConn
	idle    []*clientConn // the one used last at the end
	last    uint64        // number of the last connection
	closed  bool
	wg      sync.WaitGroup // of goroutines and calls of Serve; grows under mu, or where it isn't 0
}

// NewClient makes a client; it dials when the first request comes.
func NewClient(cfg ClientConfig) *Client {
	if cfg.MaxIdle == 0 {
		cfg.MaxIdle = 64
	}
	var b [8]byte
	_, _ = rand.Read(b[:]) // it doesn't fail
	return &Client{cfg: cfg, id: binary.BigEndian.Uint64(b[:]), index: newNameIndex(), conns: map[uint64]*clientConn{}}
}

// Close ends all connections, and the requests in flight with them, and waits
// for those and for the client's goroutines.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	ctl := c.control
	c.mu.Unlock()
	if ctl != nil {
		_ = ctl.conn.Close()
	}
	c.breakOff(ErrClosed, true)
	c.wg.Wait()
	return nil
}

// Connect makes sure that the worker is there and of this version. Serve does
// so too where it has to.
func (c *Client) Connect(ctx context.Context) error {
	if !c.enter() {
		return fmt.Errorf("%w: %w", ErrNotSent, ErrClosed)
	}
	defer c.wg.Done()
	if _, err := c.controls(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	return nil
}

// Serve has the worker answer r and makes the calls of w that its handler
// makes. It returns when the handler has: nil when the answer is done;
// [ErrNotSent]; [ErrAborted]; a [*BrokenError]. See "Who ends what" above.
func (c *Client) Serve(w http.ResponseWriter, r *http.Request, meta Meta) error {
	if !c.enter() {
		return fmt.Errorf("%w: %w", ErrNotSent, ErrClosed)
	}
	defer c.wg.Done()
	// A client that leaves, or closes its sending side only, has its request
	// handled all the same.
	conn, err := c.take(context.WithoutCancel(r.Context()))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotSent, err)
	}
	x := &exchange{conn: conn, w: w, r: r, rc: http.NewResponseController(w)}
	reuse := false
	defer func() { c.give(conn, reuse) }()
	reuse, err = x.serve(meta)
	if broken, ok := errors.AsType[*BrokenError](err); ok && !errors.Is(broken, io.EOF) {
		c.tell(frameFailed, conn.number, conn.seq) // it may live on
	}
	return err
}

// enter begins a call that Close waits for.
func (c *Client) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.wg.Add(1)
	}
	return !c.closed
}

// patience bounds what a living worker does at once.
const patience = 5 * time.Second

// controls gives the control connection, made with the first other one.
func (c *Client) controls(ctx context.Context) (*control, error) {
	c.greeting.Lock()
	defer c.greeting.Unlock()
	c.mu.Lock()
	ctl := c.control
	c.mu.Unlock()
	if ctl != nil {
		return ctl, nil
	}
	raw, err := c.cfg.Dial(ctx)
	if err != nil {
		return nil, err
	}
	ctl = &control{conn: raw, in: newReader(raw)}
	if err := ctl.greet(c.id); err != nil {
		_ = raw.Close()
		return nil, fmt.Errorf("greeting the worker: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		_ = raw.Close()
		return nil, ErrClosed
	}
	c.control = ctl
	c.wg.Go(func() { c.listen(ctl) })
	return ctl, nil
}

// take gives a connection that no other request has.
func (c *Client) take(ctx context.Context) (*clientConn, error) {
	c.mu.Lock()
	if n := len(c.idle); n > 0 {
		conn := c.idle[n-1]
		c.idle[n-1] = nil
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		return conn, nil
	}
	c.mu.Unlock()
	return c.dial(ctx)
}

// give takes a connection back.
func (c *Client) give(conn *clientConn, reuse bool) {
	c.mu.Lock()
	if reuse && !c.closed && len(c.idle) < c.cfg.MaxIdle && c.conns[conn.number] == conn {
		c.idle = append(c.idle, conn)
		c.mu.Unlock()
		return
	}
	delete(c.conns, conn.number)
	c.mu.Unlock()
	_ = conn.Close()
}

func (c *Client) dial(ctx context.Context) (*clientConn, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ctl, err := c.controls(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := c.cfg.Dial(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || c.control != ctl {
		_ = raw.Close()
		return nil, errors.New("the worker went away")
	}
	c.last++
	conn := newClientConn(c, raw, c.last)
	c.conns[conn.number] = conn
	return conn, nil
}

// A control is a control connection, at either side.
type control struct {
	conn net.Conn
	in   *reader
	mu   sync.Mutex // held while something is sent
}

// send sends a frame; it doesn't wait for long.
func (ctl *control) send(frame []byte) error {
	ctl.mu.Lock()
	defer ctl.mu.Unlock()
	if err := ctl.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	_, err := ctl.conn.Write(frame)
	return err
}

// greet opens the connection and waits for the worker's version.
func (ctl *control) greet(client uint64) error {
	if err := ctl.send(preface{kind: kindControl, client: client}.append(nil)); err != nil {
		return err
	}
	if err := ctl.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	kind, payload, err := ctl.in.next()
	if err != nil {
		return err
	}
	var v uint64
	if err := numbers(payload, &v); err != nil || kind != frameHello || v != version {
		return fmt.Errorf("%w: a worker of version %d, this is %d", ErrProtocol, v, version)
	}
	return ctl.conn.SetReadDeadline(time.Time{})
}

// listen hears what the worker says out of line, until it ends.
func (c *Client) listen(ctl *control) {
	var err error
	for err == nil {
		var kind byte
		var payload []byte
		if kind, payload, err = ctl.in.next(); err == nil {
			err = c.heed(kind, payload)
		}
	}
	_ = ctl.conn.Close()
	c.mu.Lock()
	c.control = nil
	c.mu.Unlock()
	c.breakOff(fmt.Errorf("its control connection ended: %w", err), false)
}

func (c *Client) heed(kind byte, payload []byte) error {
	var number, seq, deadline uint64
	var err error
	switch kind {
	case frameExpire:
		err = numbers(payload, &number, &seq, &deadline)
	case frameReadsOver:
		err = numbers(payload, &number, &seq)
	default:
		err = fmt.Errorf("%w: a frame %q on the control connection", ErrProtocol, kind)
	}
	if err != nil {
		return err
	}
	c.mu.Lock()
	conn := c.conns[number]
	c.mu.Unlock()
	if conn != nil {
		conn.expire(kind, seq, deadline)
	}
	return nil
}

// breakOff gives all connections up and wakes who reads a body for the worker.
// Unless it is hard, answers that were sent before the worker ended are still
// read: a connection ends after them.
func (c *Client) breakOff(reason error, hard bool) {
	c.mu.Lock()
	conns := make([]*clientConn, 0, len(c.conns))
	for _, conn := range c.conns {
		conns = append(conns, conn)
	}
	clear(c.conns)
	for _, conn := range c.idle {
		_ = conn.Close()
	}
	c.idle = nil
	c.mu.Unlock()
	for _, conn := range conns {
		conn.breakOff(reason, hard)
	}
}

// tell sends a notice on the control connection. One that can't be sent means
// that the worker doesn't listen any more: then all is over.
func (c *Client) tell(kind byte, conn, seq uint64) {
	c.mu.Lock()
	ctl := c.control
	c.mu.Unlock()
	if ctl == nil {
		return
	}
	if err := ctl.send(note(nil, kind, conn, seq)); err != nil {
		_ = ctl.conn.Close() // listen sees it
	}
}
