package frame

import (
	"fmt"
	"io"
	"net/http"
	"sync"
)

// A requestBody is the body of a request in the worker: each piece is asked
// for when the one before it was read.
type requestBody struct {
	w *response

	mu   sync.Mutex // held while it is read
	rest []byte     // of the last piece, in the connection's buffer
	err  error      // what comes after rest
}

// Read implements io.Reader.
func (b *requestBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.rest) == 0 && b.err == nil && len(p) > 0 {
		b.err = b.ask(len(p))
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	if len(b.rest) > 0 || len(p) == 0 {
		return n, nil
	}
	return n, b.err
}

// Close implements io.Closer.
func (b *requestBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rest = nil
	if b.err == nil {
		b.err = http.ErrBodyReadAfterClose
	}
	return nil
}

// ask gets the next piece, and the error that comes with it. Each question has
// one frame for an answer, so that nothing of a body is ever left over in the
// connection.
func (b *requestBody) ask(n int) error {
	if err := b.w.want(n); err != nil {
		return err
	}
	kind, payload, err := b.w.conn.in.next()
	if err != nil {
		return unexpected(err)
	}
	switch kind {
	case frameBody:
		b.rest = payload
		return nil
	case frameBodyLast:
		b.rest = payload
		return io.EOF
	case frameBodyEnd:
		return b.end(payload)
	case frameBodyError:
		b.rest, err = bodyErrorOf(payload)
		return err
	}
	return fmt.Errorf("%w: a frame %q for a body", ErrProtocol, kind)
}

// end reads trailers and the last piece.
func (b *requestBody) end(payload []byte) error {
	c := read(payload)
	trailer := c.header(b.w.r.Trailer)
	if c.Bad() {
		return c.err()
	}
	b.w.r.Trailer, b.rest = trailer, []byte(c.Rest())
	return io.EOF
}

// leave ends the reading with the request. False: a Read is under way, or
// something is left in the connection that only it would have read.
func (b *requestBody) leave() bool {
	if b.w == nil {
		return true
	}
	if !b.mu.TryLock() {
		return false
	}
	defer b.mu.Unlock()
	b.rest = nil
	if b.err == nil {
		b.err = http.ErrBodyReadAfterClose
	}
	return true
}

// want asks for a piece of the body, behind what the handler has written.
func (w *response) want(n int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return http.ErrBodyReadAfterClose
	}
	if w.broken != nil {
		return w.broken
	}
	w.conn.out = note(w.conn.out, frameWant, uint64(min(max(n, 1), bodyPiece)))
	return w.send()
}
