package frame

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/najahost/naja/internal/packet"
)

const (
	magic   = "NAJA"
	version = 1

	prefaceSize = len(magic) + 2 + 8 + 8
	headerSize  = 4 // of a frame

	maxData = 64 << 10 // payload of a piece of a body
	maxHead = 4 << 20  // payload of a head: header fields, trailers
	maxNote = 1 << 10  // payload of any other frame
)

// The kinds of connections.
const (
	kindControl  = 'c'
	kindRequests = 'r'
)

// The frames that the client sends: for a request, then on the control
// connection.
const (
	frameRequest   = 'Q'
	frameBody      = 'B' // a piece of the request's body
	frameBodyLast  = 'C' // the last piece
	frameBodyEnd   = 'Z' // the last piece, behind trailers
	frameBodyError = 'X' // reading it failed: the kind of failure, its text, what was read

	frameGone   = 'G' // the client has left: cancel the context; connection, request
	frameFailed = 'L' // writing to the client failed: fail the handler's writes; connection, request
)

// The frames that the worker sends: for a request, then on the control
// connection.
const (
	frameInfo         = 'i' // a 1xx: status, header
	frameHead         = 'h' // status, header
	frameData         = 'd' // a piece of the answer's body
	frameFlush        = 'f'
	frameEnd          = 'e' // the handler returned; trailers
	frameAbort        = 'a' // the handler panicked: the answer must not look whole
	frameWant         = 'b' // the handler reads: at most so many bytes
	frameDeadline     = 'w' // for writes: its number, milliseconds from now or 0 for none
	frameReadDeadline = 'r' // for reads: milliseconds from now or 0 for none
	frameFullDuplex   = 'u'

	frameHello     = 'V' // the worker's version
	frameExpire    = 'x' // writes are to fail now: connection, request, the deadline's number
	frameReadsOver = 'y' // reads are to fail now: connection, request
)

// ErrProtocol: the other side sent what isn't understood.
var ErrProtocol = errors.New("frame: not understood")

// limit is the most bytes that a frame's payload may have.
func limit(kind byte) int {
	switch kind {
	case frameRequest, frameInfo, frameHead, frameEnd, frameBodyEnd:
		return maxHead
	case frameBody, frameBodyLast, frameData:
		return maxData
	case frameBodyError:
		return maxData + maxNote
	}
	return maxNote
}

// A preface opens a connection.
type preface struct {
	kind   byte
	client uint64 // of this Client, by chance
	conn   uint64 // of this connection, from 1
}

func (p preface) append(b []byte) []byte {
	b = append(b, magic...)
	b = append(b, version, p.kind)
	b = binary.BigEndian.AppendUint64(b, p.client)
	return binary.BigEndian.AppendUint64(b, p.conn)
}

func parsePreface(b []byte) (preface, error) {
	switch {
	case len(b) != prefaceSize || string(b[:len(magic)]) != magic:
		return preface{}, fmt.Errorf("%w: no preface", ErrProtocol)
	case b[4] != version:
		return preface{}, fmt.Errorf("%w: version %d, this is %d", ErrProtocol, b[4], version)
	case b[5] != kindControl && b[5] != kindRequests:
		return preface{}, fmt.Errorf("%w: a connection of kind %q", ErrProtocol, b[5])
	}
	return preface{b[5], binary.BigEndian.Uint64(b[6:]), binary.BigEndian.Uint64(b[14:])}, nil
}

// begin appends the head of a frame whose length end writes.
func begin(b []byte, kind byte) (_ []byte, start int) {
	return append(b, kind, 0, 0, 0), len(b)
}

// end writes the length of the frame that begins at start. The payload must
// keep to its limit.
func end(b []byte, start int) []byte {
	putLength(b[start:], len(b)-start-headerSize)
	return b
}

func putLength(frame []byte, n int) {
	frame[1], frame[2], frame[3] = byte(n>>16), byte(n>>8), byte(n)
}

// note appends a frame of numbers.
func note(b []byte, kind byte, numbers ...uint64) []byte {
	b, start := begin(b, kind)
	for _, n := range numbers {
		b = packet.AppendNumber(b, n)
	}
	return end(b, start)
}

// A cursor reads a payload, whose memory the texts share.
type cursor struct{ packet.Cursor[string] }

func read(payload []byte) cursor { return cursor{packet.Read(string(payload))} }

func (c *cursor) err() error {
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return nil
}

// numbers reads a note of n numbers.
func numbers(payload []byte, into ...*uint64) error {
	c := read(payload)
	for _, n := range into {
		*n = c.Number()
	}
	return c.err()
}
