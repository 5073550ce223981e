package frame

import (
	"fmt"
	"io"
	"net"
)

// readSize is the size of a connection's reading buffer between requests.
const readSize = 8 << 10

// A reader reads frames from a connection. One goroutine at a time uses it.
type reader struct {
	conn net.Conn
	buf  []byte
	from int // buf[from:to] was read and not given out
	to   int
}

func newReader(conn net.Conn) *reader {
	return &reader{conn: conn, buf: make([]byte, readSize)}
}

// next gives a frame; its payload is good until the next call. io.EOF: the
// other side closed between frames.
func (r *reader) next() (kind byte, payload []byte, err error) {
	if err := r.fill(headerSize); err != nil {
		return 0, nil, err
	}
	head := r.buf[r.from:]
	kind, n := head[0], int(head[1])<<16|int(head[2])<<8|int(head[3])
	if n > limit(kind) {
		return 0, nil, fmt.Errorf("%w: a frame %q of %d bytes", ErrProtocol, kind, n)
	}
	if r.to-r.from < headerSize+n {
		if err := r.fill(headerSize + n); err != nil {
			return 0, nil, unexpected(err)
		}
	}
	payload = r.buf[r.from+headerSize:][:n]
	r.from += headerSize + n
	return kind, payload, nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// fill reads until the buffer has n bytes to give out. It grows by what
// arrives, not by what is announced.
func (r *reader) fill(n int) error {
	if r.from == r.to {
		r.from, r.to = 0, 0
	}
	for r.to-r.from < n {
		if r.from+n > len(r.buf) {
			r.makeRoom(n)
		}
		got, err := r.conn.Read(r.buf[r.to:])
		r.to += got
		if err != nil && r.to-r.from < n {
			if r.to > r.from {
				err = unexpected(err)
			}
			return err
		}
	}
	return nil
}

// makeRoom moves what there is to the beginning, of a larger buffer where n
// bytes wouldn't fit and half of this one is used.
func (r *reader) makeRoom(n int) {
	have := r.buf[r.from:r.to]
	into := r.buf
	if n > len(r.buf) && len(have) >= len(r.buf)/2 {
		into = make([]byte, min(n, max(2*len(r.buf), maxData+headerSize)))
	}
	r.from, r.to = 0, copy(into, have)
	r.buf = into
}

// between is called between requests: it gives a large buffer back and
// reports whether the other side sent nothing unasked.
func (r *reader) between() bool {
	if r.from != r.to {
		return false
	}
	if len(r.buf) > maxData+headerSize {
		r.buf = make([]byte, readSize)
	}
	return true
}

// readPreface reads the first bytes of a connection.
func readPreface(conn io.Reader) (preface, error) {
	var b [prefaceSize]byte
	if _, err := io.ReadFull(conn, b[:]); err != nil {
		return preface{}, fmt.Errorf("reading the preface: %w", err)
	}
	return parsePreface(b[:])
}
