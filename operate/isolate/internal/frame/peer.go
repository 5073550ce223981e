package frame

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"syscall"
)

// A peer is a [Client] as the worker sees it: its control connection and its
// others.
type peer struct {
	users int // connections; under server.mu

	mu      sync.Mutex
	control *control
	conns   map[uint64]*serverConn
}

// listen serves the control connection. When it ends the server process has,
// or has given this worker up: what runs for it is cancelled.
func (p *peer) listen(conn net.Conn) error {
	ctl := &control{conn: conn, in: newReader(conn)}
	p.mu.Lock()
	p.control = ctl
	p.mu.Unlock()
	defer p.cancelAll()
	if err := ctl.send(note(nil, frameHello, version)); err != nil {
		return err
	}
	for {
		kind, payload, err := ctl.in.next()
		if err != nil {
			return err
		}
		var number, seq uint64
		if err := numbers(payload, &number, &seq); err != nil || kind != frameGone && kind != frameFailed {
			return fmt.Errorf("%w: a frame %q on the control connection", ErrProtocol, kind)
		}
		p.mu.Lock()
		sc := p.conns[number]
		p.mu.Unlock()
		if sc != nil {
			sc.lost(kind, seq)
		}
	}
}

// cancelAll cancels what runs for the peer.
func (p *peer) cancelAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, sc := range p.conns {
		sc.lost(frameFailed, ^uint64(0))
	}
}

func (p *peer) add(sc *serverConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[sc.number] = sc
}

func (p *peer) remove(sc *serverConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, sc.number)
}

// tell sends a notice to the server process.
func (p *peer) tell(kind byte, numbers ...uint64) {
	p.mu.Lock()
	ctl := p.control
	p.mu.Unlock()
	if ctl == nil {
		return
	}
	if err := ctl.send(note(nil, kind, numbers...)); err != nil {
		_ = ctl.conn.Close()
	}
}

// isEnd says that a connection ended as connections do.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
