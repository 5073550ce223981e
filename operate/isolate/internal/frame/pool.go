package frame

import (
	"context"
	"errors"
)

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
