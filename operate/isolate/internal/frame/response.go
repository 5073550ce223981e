package frame

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"

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
