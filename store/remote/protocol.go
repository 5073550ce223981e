package remote

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
)

const (
	preface    = "NAJS\x02" // the last byte is the version
	headerSize = 4          // the length of what follows
	maxMessage = 256 << 20  // bytes; the contents of an Application may be one message
	firstRead  = 4 << 10
	trusted    = 64 << 10 // bytes that are made room for before they arrived
)

// An op is a method of a store.
type op byte

const (
	opCreate op = iota + 1
	opLoad
	opAcquire
	opRenew
	opCommit
	opRelease
	opTouch
	opEnd
	opClaim
	opFinish
	opCount
	opList
	opRead
	opLock
	opRenewLock
	opCommitLocked
	opUnlock
	opSwap
	opBreak
	opWait
	opFinishWith
	opErr
)

var errTooLong = errors.New("remote: a message is too long")

// A messenger sends and receives messages over a connection, one after the
// other. One goroutine at a time uses it.
type messenger struct {
	net.Conn
	in  *bufio.Reader
	out []byte // with room for the header at its beginning
}

func newMessenger(conn net.Conn) messenger {
	return messenger{Conn: conn, in: bufio.NewReaderSize(conn, firstRead)}
}

// begin makes an empty message.
func (m *messenger) begin() []byte {
	if cap(m.out) > 64<<10 {
		m.out = nil // a large one was the exception
	}
	return append(m.out[:0], 0, 0, 0, 0)
}

// send sends a message that begin began.
func (m *messenger) send(message []byte) error {
	m.out = message
	n := len(message) - headerSize
	if n > maxMessage {
		return errTooLong
	}
	binary.BigEndian.PutUint32(message, uint32(n))
	_, err := m.Conn.Write(message)
	return err
}

// receive reads a message into memory of its own, which its reader may keep.
// It grows by what arrives, not by what is announced.
func (m *messenger) receive() ([]byte, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(m.in, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[:]))
	if n > maxMessage {
		return nil, errTooLong
	}
	message := make([]byte, 0, min(n, trusted))
	for len(message) < n {
		if len(message) == cap(message) {
			message = append(make([]byte, 0, min(n, 2*len(message))), message...)
		}
		got, err := m.in.Read(message[len(message):min(n, cap(message))])
		message = message[:len(message)+got]
		if err != nil && len(message) < n {
			return nil, unexpected(err)
		}
	}
	return message, nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// readPreface reads the first bytes of a connection.
func readPreface(conn io.Reader) error {
	var b [len(preface)]byte
	if _, err := io.ReadFull(conn, b[:]); err != nil {
		return fmt.Errorf("remote: reading the preface: %w", err)
	}
	if string(b[:]) != preface {
		return errors.New("remote: a program of another version, or none of naja's")
	}
	return nil
}
