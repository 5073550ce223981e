package bridge

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// errBroken is what a handler's writing ends with when its session couldn't be
// stored: another answer went out in the place of its own.
var errBroken = errors.New("session: it could not be stored; the answer was replaced")

// A Writer is a http.ResponseWriter that stores the session before the first
// byte of the header leaves, whichever way it leaves. One goroutine at a time
// may use it.
type Writer struct {
	http.ResponseWriter
	before func(h http.Header) error
	failed func(w http.ResponseWriter, err error)

	away, broken bool
}

// NewWriter puts a Writer in front of w. before is called once; when it fails,
// failed answers in the handler's place.
func NewWriter(w http.ResponseWriter, before func(http.Header) error, failed func(http.ResponseWriter, error)) *Writer {
	return &Writer{ResponseWriter: w, before: before, failed: failed}
}

// Away reports whether the header is away.
func (w *Writer) Away() bool { return w.away }

// Broken reports whether another answer went out in the place of the
// handler's, because the session couldn't be stored.
func (w *Writer) Broken() bool { return w.broken }

// Finish is what comes before a header that the handler leaves to net/http.
func (w *Writer) Finish() { w.open() }

// open stores the session if that wasn't done yet. It is false when the
// answer isn't the handler's any more.
func (w *Writer) open() bool {
	if w.away {
		return !w.broken
	}
	w.away = true
	if err := w.before(w.Header()); err != nil {
		w.broken = true
		w.failed(w.ResponseWriter, err)
	}
	return !w.broken
}

// WriteHeader is http.ResponseWriter's.
func (w *Writer) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status) // the header proper is still to come
		return
	}
	if w.open() {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write is http.ResponseWriter's.
func (w *Writer) Write(p []byte) (int, error) {
	if !w.open() {
		return 0, errBroken
	}
	return w.ResponseWriter.Write(p)
}

// ReadFrom lets net/http send a file without bringing it into memory.
func (w *Writer) ReadFrom(src io.Reader) (int64, error) {
	if !w.open() {
		return 0, errBroken
	}
	return io.Copy(w.ResponseWriter, src)
}

// FlushError sends the header with its cookie, and what was written.
func (w *Writer) FlushError() error {
	if !w.open() {
		return errBroken
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Flush is http.Flusher's.
func (w *Writer) Flush() { _ = w.FlushError() }

// Hijack hands the connection out. The session is stored first; its cookie
// can't be sent by this Writer any more.
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if !w.open() {
		return nil, nil, errBroken
	}
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
