package frame

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/packet"
)

// sendSize is how many bytes are gathered before they are sent.
const sendSize = 16 << 10

// A response is the http.ResponseWriter of a worker's handler.
type response struct {
	conn   *serverConn
	seq    uint64 // of the request; the connection may be at another one later
	header http.Header
	r      *http.Request
	cancel context.CancelFunc
	body   requestBody

	failed  atomic.Bool   // writing to the client failed
	expired atomic.Bool   // the deadline for writes is over
	number  atomic.Uint64 // of the last deadline

	mu      sync.Mutex // held while something is sent
	status  int        // 0 before the header is sent
	length  int64      // Content-Length, -1 where there is none
	written int64
	armed   bool // the last deadline that was sent ends
	ended   bool
	dropped bool  // something wasn't written
	broken  error // of the connection to the server process
	pieces  [2][]byte
	vector  net.Buffers // of pieces
}

var errEnded = errors.New("frame: the handler has returned")

// Header implements http.ResponseWriter.
func (w *response) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter. Like that of net/http it panics
// at a status that is none.
func (w *response) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %v", status))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writeHeader(status)
}

func (w *response) writeHeader(status int) {
	if w.status != 0 || w.ended {
		return
	}
	if status < 200 && status != http.StatusSwitchingProtocols {
		w.putHead(frameInfo, status)
		_ = w.send()
		return
	}
	w.status = status
	if v := w.header["Content-Length"]; len(v) > 0 {
		if n, err := strconv.ParseUint(v[0], 10, 63); err == nil {
			w.length = int64(n)
		}
	}
	w.putHead(frameHead, status)
}

func (w *response) putHead(kind byte, status int) {
	out, start := begin(w.conn.out, kind)
	out = packet.AppendNumber(out, uint64(status))
	out = w.conn.server.index.appendHeader(out, w.header)
	if size := len(out) - start - headerSize; size > maxHead {
		w.broken = fmt.Errorf("frame: a header of %d bytes; at most %d are carried", size, maxHead)
		out = out[:start]
	}
	w.conn.out = end(out, start)
}

// Write implements io.Writer.
func (w *response) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.beginWrite(len(p)); err != nil || len(p) == 0 {
		return 0, err
	}
	written := 0
	for len(p) > 0 {
		piece := p[:min(len(p), maxData)]
		if err := w.put(piece); err != nil {
			return written, err
		}
		written += len(piece)
		p = p[len(piece):]
	}
	return written, nil
}

// WriteString implements io.StringWriter.
func (w *response) WriteString(s string) (int, error) {
	if len(s) > sendSize {
		return w.Write([]byte(s))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.beginWrite(len(s)); err != nil || s == "" {
		return 0, err
	}
	out, start := begin(w.conn.out, frameData)
	w.conn.out = end(append(out, s...), start)
	return len(s), w.sendFull()
}

// beginBody sends the header where none went yet.
func (w *response) beginBody() error {
	if w.ended {
		return errEnded
	}
	if w.status == 0 {
		w.writeHeader(http.StatusOK)
	}
	return w.failure()
}

// beginWrite does what net/http does before it takes n bytes.
func (w *response) beginWrite(n int) error {
	if err := w.beginBody(); err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return http.ErrBodyNotAllowed
	}
	w.written += int64(n)
	if w.length >= 0 && w.written > w.length {
		return http.ErrContentLength
	}
	return nil
}

// FlushError implements what http.ResponseController calls.
func (w *response) FlushError() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.beginBody(); err != nil {
		return err
	}
	out, start := begin(w.conn.out, frameFlush)
	w.conn.out = end(out, start)
	return w.send()
}

// Flush implements http.Flusher.
func (w *response) Flush() { _ = w.FlushError() }

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

// end ends the answer after the handler returned.
func (w *response) end() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.writeHeader(http.StatusOK)
	}
	w.ended = true
	if w.broken != nil {
		return w.broken
	}
	kind := byte(frameEnd)
	if w.dropped {
		kind = frameAbort
	}
	out, start := begin(w.conn.out, kind)
	if kind == frameEnd {
		out = w.appendTrailer(out)
	}
	w.conn.out = end(out, start)
	return w.leave()
}

// appendTrailer appends the trailers: fields that the header announced, and
// those with http.TrailerPrefix.
func (w *response) appendTrailer(b []byte) []byte {
	var trailer http.Header
	for name, values := range w.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			trailer = with(trailer, name, values)
		}
	}
	for _, list := range w.header["Trailer"] {
		for name := range strings.SplitSeq(list, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			if values, ok := w.header[name]; ok {
				trailer = with(trailer, name, values)
			}
		}
	}
	if trailer == nil {
		return b
	}
	return w.conn.server.index.appendHeader(b, trailer)
}

func with(h http.Header, name string, values []string) http.Header {
	if h == nil {
		h = http.Header{}
	}
	h[name] = values
	return h
}

// abort ends the answer so that it doesn't look whole.
func (w *response) abort() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	if w.broken != nil {
		return w.broken
	}
	out, start := begin(w.conn.out, frameAbort)
	w.conn.out = end(out, start)
	return w.leave()
}

// leave sends the last of an answer and says whether the connection is good
// for another request.
func (w *response) leave() error {
	_, err := w.conn.Write(w.conn.out)
	w.conn.out = w.conn.out[:0]
	if cap(w.conn.out) > 4*sendSize {
		w.conn.out = nil
	}
	if err == nil && !w.body.leave() {
		return io.ErrUnexpectedEOF // somebody still reads
	}
	return err
}

// EnableFullDuplex is for http.ResponseController.
func (w *response) EnableFullDuplex() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.broken != nil {
		return w.broken
	}
	out, start := begin(w.conn.out, frameFullDuplex)
	w.conn.out = end(out, start)
	return nil
}

// SetWriteDeadline is for http.ResponseController; see [exchange.writeDeadline]
// for what becomes of it.
func (w *response) SetWriteDeadline(t time.Time) error {
	left := time.Until(t)
	if !t.IsZero() && left <= 0 {
		return w.expire()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || w.broken != nil || t.IsZero() && w.number.Load() == 0 {
		return nil
	}
	w.expired.Store(false)
	ms := uint64(0)
	if !t.IsZero() {
		ms = uint64((left + time.Millisecond - 1) / time.Millisecond)
	}
	w.conn.out = note(w.conn.out, frameDeadline, w.number.Add(1), ms)
	// In HTTP/2 a deadline that isn't taken back in time ends the stream.
	taken := t.IsZero() && w.armed
	w.armed = !t.IsZero()
	if taken && w.r.ProtoMajor >= 2 {
		return w.send()
	}
	return nil
}

// SetReadDeadline is for http.ResponseController.
func (w *response) SetReadDeadline(t time.Time) error {
	left := time.Until(t)
	if !t.IsZero() && left <= 0 {
		w.conn.peer.tell(frameReadsOver, w.conn.number, w.seq)
		return nil
	}
	ms := uint64(0)
	if !t.IsZero() {
		ms = uint64((left + time.Millisecond - 1) / time.Millisecond)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended && w.broken == nil {
		w.conn.out = note(w.conn.out, frameReadDeadline, ms)
	}
	return nil
}

// expire makes the writes of the handler fail from now on, the one that waits
// too: the server process gives up on the client, and so reads on.
func (w *response) expire() error {
	w.expired.Store(true)
	w.conn.peer.tell(frameExpire, w.conn.number, w.seq, w.number.Add(1))
	return nil
}
