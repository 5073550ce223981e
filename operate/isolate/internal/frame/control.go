package frame

import (
	"fmt"
	"net"
	"sync"
	"time"
)

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
