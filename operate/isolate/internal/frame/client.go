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
