package frame

import (
	"fmt"
	"io"
	"net"
)

// bodyPiece is the most that is read of a body at once.
const bodyPiece = 32 << 10

// want reads a piece of the request's body for the worker and answers with
// one frame.
func (x *exchange) want(payload []byte) error {
	var most uint64
	if err := numbers(payload, &most); err != nil || most == 0 || x.r.Body == nil {
		return fmt.Errorf("%w: it wants %d bytes of a body", ErrProtocol, most)
	}
	conn := x.conn
	frame, err := x.read(int(min(most, bodyPiece)))
	if err != nil {
		return err
	}
	conn.out = frame[:0]
	_, err = conn.Write(frame)
	return err
}

// read makes the frame of the next piece: what one Read gives, its end or its
// error in the same frame, since the request's context may end with them.
func (x *exchange) read(most int) ([]byte, error) {
	out := x.conn.out[:0]
	if cap(out) < headerSize+most {
		out = make([]byte, 0, headerSize+most)
	}
	if !x.conn.reading(x, true) {
		return nil, net.ErrClosed
	}
	out = out[:headerSize+most]
	n, err := x.r.Body.Read(out[headerSize:])
	x.conn.reading(x, false)
	out = out[:headerSize+n]
	out[0] = frameBody
	putLength(out, n)
	switch {
	case err == nil:
		return out, nil
	case err != io.EOF:
		return appendFailure(nil, err, out[headerSize:]), nil
	case len(x.r.Trailer) > 0:
		return x.conn.client.index.appendBodyEnd(nil, x.r.Trailer, out[headerSize:]), nil
	}
	out[0] = frameBodyLast
	return out, nil
}
