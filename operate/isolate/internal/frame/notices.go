package frame

import (
	"fmt"
)

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
