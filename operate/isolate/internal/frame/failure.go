package frame

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"

	"github.com/najahost/naja/internal/packet"
)

// ErrNotSent: nothing of the request reached the worker, so that another one
// may be asked; nothing was read of its body.
var ErrNotSent = errors.New("frame: the worker can't be reached")

// ErrAborted: the handler gave its answer up on purpose, as by
// http.ErrAbortHandler. The caller of [Client.Serve] panics with that.
var ErrAborted = errors.New("frame: the answer was given up")

// ErrClosed: the Client was closed.
var ErrClosed = errors.New("frame: the client is closed")

// A BrokenError says that the worker went away, or spoke nonsense, in the
// middle of a request.
type BrokenError struct {
	// Started: a part of the answer was given to the http.ResponseWriter, so
	// that nothing but http.ErrAbortHandler is left. Otherwise the caller
	// answers.
	Started bool
	Err     error
}

// Error says what was seen of it.
func (e *BrokenError) Error() string { return "frame: the worker broke off: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *BrokenError) Unwrap() error { return e.Err }

// A readFailure is a kind of failure of reading a request's body, which
// crosses to the worker as a number.
type readFailure byte

const (
	readOther readFailure = iota
	readUnexpectedEOF
	readTimeout
	readReset
	readClosed
	readCanceled
	readAfterClose
	readTooLarge
)

// failureOf tells the kind; it keeps those apart that package asp does.
func failureOf(err error) readFailure {
	var netErr net.Error
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return readUnexpectedEOF
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return readTimeout
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.As(err, new(*net.OpError)):
		return readReset
	case errors.Is(err, net.ErrClosed):
		return readClosed
	case errors.Is(err, context.Canceled):
		return readCanceled
	case errors.Is(err, http.ErrBodyReadAfterClose):
		return readAfterClose
	case errors.As(err, new(*http.MaxBytesError)):
		return readTooLarge
	}
	return readOther
}

// A bodyError is such a failure in the worker: the text of the server
// process, and a cause of the same kind.
type bodyError struct {
	text  string
	cause error
}

func (e *bodyError) Error() string { return e.text }
func (e *bodyError) Unwrap() error { return e.cause }

func (f readFailure) cause() error {
	switch f {
	case readUnexpectedEOF:
		return io.ErrUnexpectedEOF
	case readTimeout:
		return os.ErrDeadlineExceeded
	case readReset:
		return syscall.ECONNRESET
	case readClosed:
		return net.ErrClosed
	case readCanceled:
		return context.Canceled
	case readAfterClose:
		return http.ErrBodyReadAfterClose
	case readTooLarge:
		return &http.MaxBytesError{}
	}
	return nil
}

// appendFailure appends the frame of an error of reading, and what was read
// with it.
func appendFailure(b []byte, err error, data []byte) []byte {
	b, start := begin(b, frameBodyError)
	text := err.Error()
	b = packet.AppendText(append(b, byte(failureOf(err))), text[:min(len(text), maxNote/2)])
	return end(append(b, data...), start)
}

// bodyErrorOf reads it.
func bodyErrorOf(payload []byte) (data []byte, err error) {
	c := packet.Read(payload)
	cause, text := readFailure(c.Byte()).cause(), string(c.Text())
	if c.Bad() {
		return nil, ErrProtocol
	}
	if cause == nil {
		return c.Rest(), errors.New(text)
	}
	return c.Rest(), &bodyError{text, cause}
}
