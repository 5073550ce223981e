package frame

import (
	"net"
	"os"
)

// failure is why nothing can be written. What isn't written then makes the
// answer one that isn't whole, whatever the handler thinks of it.
func (w *response) failure() error {
	switch {
	case w.broken != nil:
		return w.broken
	case w.failed.Load():
		w.dropped = true
		return net.ErrClosed
	case w.expired.Load():
		w.dropped = true
		return os.ErrDeadlineExceeded
	}
	return nil
}

// put sends a piece, or keeps it with what is to be sent.
func (w *response) put(p []byte) error {
	out, start := begin(w.conn.out, frameData)
	if len(out)+len(p) <= sendSize {
		w.conn.out = end(append(out, p...), start)
		return nil
	}
	putLength(out[start:], len(p))
	w.pieces = [2][]byte{out, p}
	w.vector = w.pieces[:]
	_, err := w.vector.WriteTo(w.conn.Conn)
	w.pieces, w.conn.out = [2][]byte{}, out[:0]
	return w.sent(err)
}

// send sends what there is.
func (w *response) send() error {
	if w.broken != nil || len(w.conn.out) == 0 {
		return w.broken
	}
	_, err := w.conn.Write(w.conn.out)
	w.conn.out = w.conn.out[:0]
	return w.sent(err)
}

// sendFull sends where enough has been gathered.
func (w *response) sendFull() error {
	if len(w.conn.out) < sendSize {
		return nil
	}
	return w.send()
}

// sent looks at how a write to the server process went. One that failed left
// half a frame.
func (w *response) sent(err error) error {
	if err != nil && w.broken == nil {
		w.broken = err
	}
	if err == nil {
		err = w.failure()
	}
	return err
}
