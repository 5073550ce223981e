package remote

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/najahost/naja/store"
)

// A Config says how a [Client] reaches the other process.
type Config struct {
	// Dial makes a connection to what [Serve] listens on. Required.
	Dial func(ctx context.Context) (net.Conn, error)
	// MaxIdle is how many connections are kept for later calls. Default 32.
	MaxIdle int
}

// A Client is a store.Backend whose state another process keeps. Its methods
// may be called from any goroutine. It starts none.
type Client struct {
	cfg         Config
	sessions    *sessions
	application *application

	mu     sync.Mutex
	idle   []*conn
	closed bool
}

// A conn is a connection that one call at a time has.
type conn struct {
	messenger
	fresh bool // the preface wasn't sent yet
}

// New makes a client. It dials at the first call.
func New(cfg Config) *Client {
	if cfg.MaxIdle == 0 {
		cfg.MaxIdle = 32
	}
	c := &Client{cfg: cfg}
	c.sessions, c.application = &sessions{c}, &application{c}
	return c
}

// Close ends the connections between calls. Calls under way end as they end;
// later ones answer ErrClosed.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, cn := range c.idle {
		_ = cn.Close()
	}
	c.idle = nil
	return nil
}

// Sessions is the store of sessions, the same at each call.
func (c *Client) Sessions() store.Sessions { return c.sessions }

// Application is the store of Application values, the same at each call.
func (c *Client) Application() store.Application { return c.application }

// errPatience bounds the question of Err, which the status page asks.
const errPatience = time.Second

// Err says why the last use failed, here or there, nil when it didn't.
func (c *Client) Err() error {
	ctx, cancel := context.WithTimeout(context.Background(), errPatience)
	defer cancel()
	_, err := c.call(ctx, opErr, nil)
	return err
}

// call asks for one operation; args appends what it is about. What it returns
// is the answer behind its outcome.
func (c *Client) call(ctx context.Context, what op, args func([]byte) []byte) (*message, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	answer, err := c.ask(ctx, what, args)
	if err != nil {
		return nil, fmt.Errorf("remote: asking the server process: %w", err)
	}
	m := read(answer)
	err = readOutcome(m)
	return m, err
}

// ask sends a call and waits for its answer.
func (c *Client) ask(ctx context.Context, what op, args func([]byte) []byte) ([]byte, error) {
	cn, err := c.take(ctx)
	if err != nil {
		return nil, err
	}
	whole := false
	defer func() { c.give(cn, whole) }()
	// A context that ends ends the wait, and the connection with it.
	stop := context.AfterFunc(ctx, func() { _ = cn.SetDeadline(time.Now().Add(what.grace())) })
	answer, err := cn.ask(ctx, what, args)
	whole = stop() && err == nil
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return answer, err
}

// grace is how long a call is waited for after its context has ended. What
// changes something is: were it given up in flight, it could take effect after
// the next change of the same caller. The other process has the deadline too,
// so that the answer is on its way.
func (o op) grace() time.Duration {
	switch o {
	case opLoad, opCount, opList, opRead, opWait, opErr:
		return 0
	}
	return time.Second
}

func (cn *conn) ask(ctx context.Context, what op, args func([]byte) []byte) ([]byte, error) {
	b := append(cn.begin(), byte(what))
	left := time.Duration(0)
	if deadline, ok := ctx.Deadline(); ok {
		left = max(time.Until(deadline), 1)
	}
	b = appendDuration(b, left)
	if args != nil {
		b = args(b)
	}
	if cn.fresh {
		if _, err := cn.Write([]byte(preface)); err != nil {
			return nil, err
		}
		cn.fresh = false
	}
	if err := cn.send(b); err != nil {
		return nil, err
	}
	answer, err := cn.receive()
	return answer, unexpected(err)
}

func (c *Client) take(ctx context.Context) (*conn, error) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(c.idle); n > 0 {
		cn := c.idle[n-1]
		c.idle[n-1] = nil
		c.idle = c.idle[:n-1]
		c.mu.Unlock()
		return cn, nil
	}
	c.mu.Unlock()
	raw, err := c.cfg.Dial(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{newMessenger(raw), true}, nil
}

func (c *Client) give(cn *conn, whole bool) {
	c.mu.Lock()
	if whole && !c.closed && len(c.idle) < c.cfg.MaxIdle && cn.in.Buffered() == 0 {
		c.idle = append(c.idle, cn)
		c.mu.Unlock()
		return
	}
	c.mu.Unlock()
	_ = cn.Close()
}
