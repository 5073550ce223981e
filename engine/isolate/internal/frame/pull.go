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

// read makes the frame of the next piece, in the connection's buffer.
func (x *exchange) read(most int) ([]byte, error) {
	out := x.conn.out[:0]
	err := x.bodyErr
	if err == nil {
		if cap(out) < headerSize+most {
			out = make([]byte, 0, headerSize+most)
		}
		if !x.conn.reading(x, true) {
			return nil, net.ErrClosed
		}
		out = out[:headerSize+most]
		var n int
		n, err = x.r.Body.Read(out[headerSize:])
		out = out[:headerSize+n]
		x.conn.reading(x, false)
		out[0] = frameBody
		putLength(out, n)
		switch {
		case err == io.EOF && len(x.r.Trailer) == 0:
			out[0] = frameBodyLast
			return out, nil
		case err == nil, err == io.EOF && n > 0:
			x.bodyErr = err
			return out, nil
		case err != io.EOF:
			// In one frame: the request's context may have ended with the read.
			return appendFailure(nil, err, out[headerSize:]), nil
		}
		out = out[:0]
	}
	out, start := begin(out, frameBodyEnd)
	if len(x.r.Trailer) > 0 {
		out = x.conn.client.index.appendHeader(out, x.r.Trailer)
	}
	return end(out, start), nil
}
