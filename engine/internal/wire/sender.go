package wire

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// ErrClientGone is what writing ends with when nobody reads: the connection
// is closed, or the client took nothing for write_stall_timeout.
var ErrClientGone = errors.New("the client is gone")

// ErrOver is what writing ends with when nothing more is sent.
var ErrOver = errors.New("the application is shutting down")

// sendChunk is the most that is written under one deadline. A client has to
// take about that much within write_stall_timeout: 2 KB each second with the
// default.
const sendChunk = 64 << 10

// A Sender is an http.ResponseWriter in front of another that gives up on a
// client that doesn't read. A deadline for the whole response, as of
// http.Server, would have to be as long as the slowest download; this one is
// set anew for each piece.
//
// It changes nothing about the framing: net/http's buffers (2 KB in front of
// its chunk writer, 4 KB in front of the connection) follow behind it. After
// the handler returned net/http flushes those under the last deadline and
// then takes the deadline off the connection.
//
// One goroutine at a time may use it.
type Sender struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	stall time.Duration
	http2 bool
	over  *atomic.Bool // set, and the deadline put into the past, when nothing more is sent; nil: never

	armed  time.Time // when the deadline was last set; zero if none is
	Status int       // 0 until the header is written
	Bytes  int64     // of the body, as far as net/http took them

	moved   atomic.Int64 // when the client last took something, in nanoseconds since 1970
	givenUp atomic.Bool  // by giveUp
}

func (s *Sender) init(w http.ResponseWriter, r *http.Request, stall time.Duration) {
	s.w, s.rc, s.stall = w, http.NewResponseController(w), stall
	s.http2 = r.ProtoMajor >= 2
}

// Header is that of the response.
func (s *Sender) Header() http.Header { return s.w.Header() }

// Unwrap is for http.ResponseController.
func (s *Sender) Unwrap() http.ResponseWriter { return s.w }

// WriteHeader sends the header under a deadline.
func (s *Sender) WriteHeader(status int) {
	s.arm()
	if s.Status == 0 {
		s.Status = status
	}
	s.w.WriteHeader(status)
}

// Write sends p, piece by piece. Any error but those of misuse wraps
// ErrClientGone.
func (s *Sender) Write(p []byte) (int, error) {
	var never atomic.Bool
	return s.writeUnless(&never, p)
}

// writeUnless is Write until stop is set, by whoever then puts the deadline
// into the past.
func (s *Sender) writeUnless(stop *atomic.Bool, p []byte) (int, error) {
	if s.Status == 0 {
		s.WriteHeader(http.StatusOK)
	}
	var written int
	for len(p) > 0 {
		piece := p[:min(len(p), sendChunk)]
		s.arm()
		// The look comes after the deadline, so that a stop is noticed
		// whenever it comes: it is seen, or its deadline is the one in force.
		if stop.Load() {
			return written, errCut
		}
		if s.givenUp.Load() {
			return written, &goneError{errNoRoom}
		}
		if s.isOver() {
			return written, &goneError{ErrOver}
		}
		n, err := s.w.Write(piece)
		written, s.Bytes = written+n, s.Bytes+int64(n)
		if err != nil {
			return written, s.explain(err)
		}
		if len(piece) > DirectSend {
			s.progress()
		}
		p = p[len(piece):]
	}
	return written, nil
}

// Short says that the body is shorter than the header says: a file was cut off
// while it was sent, or the client took nothing of the rest.
func (s *Sender) Short(r *http.Request) bool {
	if r.Method == http.MethodHead {
		return false
	}
	length, err := strconv.ParseInt(s.Header().Get("Content-Length"), 10, 64)
	return err == nil && s.Bytes < length
}

// ReadFrom lets net/http send a file without bringing it into memory.
func (s *Sender) ReadFrom(src io.Reader) (int64, error) {
	dst, ok := s.w.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{s}, src)
	}
	if s.Status == 0 {
		s.WriteHeader(http.StatusOK)
	}
	file, left := unlimit(src)
	var written int64
	for left > 0 {
		s.arm()
		if s.isOver() {
			return written, &goneError{ErrOver}
		}
		// net/http looks through one LimitedReader for a file, not two.
		piece := &io.LimitedReader{R: file, N: min(left, sendChunk)}
		n, err := dst.ReadFrom(piece)
		written, left, s.Bytes = written+n, left-n, s.Bytes+n
		if err != nil {
			return written, s.explain(err)
		}
		if piece.N > 0 {
			break // the source has ended
		}
	}
	if lr, ok := src.(*io.LimitedReader); ok {
		lr.N = left
	}
	return written, nil
}

// unlimit takes a LimitedReader off its source.
func unlimit(src io.Reader) (io.Reader, int64) {
	if lr, ok := src.(*io.LimitedReader); ok {
		return lr.R, lr.N
	}
	return src, 1<<63 - 1
}

// flushUnless sends what net/http has buffered; see writeUnless.
func (s *Sender) flushUnless(stop *atomic.Bool) error {
	s.arm()
	if stop.Load() {
		return errCut
	}
	err := s.rc.Flush()
	if errors.Is(err, http.ErrNotSupported) {
		return nil // what can't flush doesn't buffer or has nobody waiting
	}
	return s.explain(err)
}

// isOver says that the engine ends and waits for nobody who reads slowly.
func (s *Sender) isOver() bool { return s.over != nil && s.over.Load() }

// explain makes ErrClientGone of an error that came from the network.
func (s *Sender) explain(err error) error {
	switch err {
	case nil, http.ErrBodyNotAllowed, http.ErrContentLength, http.ErrHijacked:
		return err
	}
	if s.givenUp.Load() {
		err = errNoRoom
	}
	return &goneError{err}
}

// A goneError is ErrClientGone with its cause.
type goneError struct{ cause error }

func (e *goneError) Error() string   { return ErrClientGone.Error() + ": " + e.cause.Error() }
func (e *goneError) Unwrap() []error { return []error{ErrClientGone, e.cause} }

// arm gives the client stall from now on. A deadline set a moment ago will do:
// most responses are small, and setting one costs as much as writing them.
func (s *Sender) arm() {
	now := time.Now()
	if !s.armed.IsZero() && now.Sub(s.armed) < s.stall/16 {
		return
	}
	s.armed = now
	// Where deadlines aren't supported there is no connection to wait for.
	_ = s.rc.SetWriteDeadline(now.Add(s.stall))
}

// progress notes that the client takes what it gets.
func (s *Sender) progress() { s.moved.Store(time.Now().UnixNano()) }

// stalls says whether the client took nothing for a while. Any goroutine may
// ask.
func (s *Sender) stalls(while time.Duration) bool {
	return time.Now().UnixNano()-s.moved.Load() > int64(while)
}

// giveUp ends the sending from outside, while its handler hasn't returned: its
// Write fails, now or when it comes.
func (s *Sender) giveUp() {
	s.givenUp.Store(true)
	_ = s.rc.SetWriteDeadline(time.Unix(1, 0))
}

// WasGivenUp says whether giveUp was called.
func (s *Sender) WasGivenUp() bool { return s.givenUp.Load() }

// Press gives the client less time: its answer keeps an apartment.
func (s *Sender) Press() { s.stall = min(s.stall, roomPatience) }

// disarm ends a piece of sending after which the page may compute for longer
// than the deadline. HTTP/1 doesn't mind: a deadline ends writes alone. In
// HTTP/2 it ends the stream.
func (s *Sender) disarm() {
	if s.http2 && !s.armed.IsZero() {
		_ = s.rc.SetWriteDeadline(time.Time{})
		s.armed = time.Time{}
	}
}
