package frame

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// An exchange is one request on its way to the worker, and its answer on the
// way back, in the server process. The goroutine of the request owns it.
type exchange struct {
	conn *clientConn
	w    http.ResponseWriter
	r    *http.Request
	rc   *http.ResponseController

	started bool          // the header of the answer was given to w
	failed  bool          // w fails: the client is gone
	stall   time.Duration // how long a write may take; 0 has no end
	armed   time.Time     // when the deadline was last set
	reading bool          // the body is being read; under conn.mu
}

// serve returns whether the connection is good for another request.
func (x *exchange) serve(meta Meta) (reuse bool, err error) {
	conn := x.conn
	conn.seq++
	conn.enter(x)
	defer conn.leave()
	if err := x.send(meta); err != nil {
		return false, err
	}
	defer x.watch()()
	for {
		kind, payload, err := conn.in.next()
		if err == nil {
			var done bool
			if done, err = x.take(kind, payload); done {
				return err == nil && conn.in.between(), err
			}
		}
		if err != nil {
			return false, &BrokenError{x.started, conn.cause(err)}
		}
	}
}

// send sends the request's head.
func (x *exchange) send(meta Meta) error {
	conn := x.conn
	h := head{seq: conn.seq, meta: meta}
	if addr, ok := x.r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		h.local = addr.String()
	}
	from := len(conn.out) // the preface comes first
	conn.out = conn.client.index.appendRequest(conn.out, h, x.r)
	size := len(conn.out) - from - headerSize
	frame := conn.out
	conn.out = conn.out[:0]
	if size > maxHead {
		return &BrokenError{false, fmt.Errorf("%w: a request's header of %d bytes", ErrProtocol, size)}
	}
	if n, err := conn.Write(frame); err != nil {
		err = conn.cause(err)
		if n == 0 {
			return fmt.Errorf("%w: %w", ErrNotSent, err)
		}
		return &BrokenError{false, err}
	}
	return nil
}

// watch tells the worker when the client leaves. What it returns ends that.
func (x *exchange) watch() (stop func()) {
	c, number, seq := x.conn.client, x.conn.number, x.conn.seq
	c.wg.Add(1)
	told := context.AfterFunc(x.r.Context(), func() {
		defer c.wg.Done()
		c.tell(frameGone, number, seq)
	})
	return func() {
		if told() {
			c.wg.Done()
		}
	}
}

// take does what a frame of the worker says.
func (x *exchange) take(kind byte, payload []byte) (done bool, err error) {
	switch kind {
	case frameHead:
		return false, x.head(payload)
	case frameData:
		return false, x.data(payload)
	case frameEnd:
		return true, x.end(payload)
	case frameAbort:
		return true, ErrAborted
	case frameFlush:
		return false, x.flush()
	case frameInfo:
		return false, x.info(payload)
	case frameWant:
		return false, x.want(payload)
	case frameDeadline:
		return false, x.writeDeadline(payload)
	case frameReadDeadline:
		return false, x.readDeadline(payload)
	case frameFullDuplex:
		_ = x.rc.EnableFullDuplex()
	default:
		return false, fmt.Errorf("%w: a frame %q for a request", ErrProtocol, kind)
	}
	return false, nil
}

// head is WriteHeader.
func (x *exchange) head(payload []byte) error {
	c := read(payload)
	status := c.Number()
	header := x.w.Header()
	c.header(header)
	if err := c.err(); err != nil {
		return err
	}
	if x.started || status < 200 || status > 999 {
		return fmt.Errorf("%w: an answer's header with status %d", ErrProtocol, status)
	}
	dropHop(header)
	x.started = true
	x.arm()
	x.w.WriteHeader(int(status))
	x.disarm()
	return nil
}

// dropHop takes out what is between the client and the server process alone.
// A handler can only ask for the connection's end.
func dropHop(h http.Header) {
	for _, name := range [...]string{"Transfer-Encoding", "Upgrade", "Keep-Alive", "Proxy-Connection"} {
		delete(h, name)
	}
	if v, ok := h["Connection"]; ok && (len(v) != 1 || !strings.EqualFold(v[0], "close")) {
		delete(h, "Connection")
	}
}

// info is WriteHeader of a 1xx. Its fields aren't those of the answer.
func (x *exchange) info(payload []byte) error {
	c := read(payload)
	status := c.Number()
	fields := c.header(nil)
	if err := c.err(); err != nil {
		return err
	}
	if x.started || status < 100 || status > 199 || status == http.StatusSwitchingProtocols {
		return fmt.Errorf("%w: status %d", ErrProtocol, status)
	}
	header := x.w.Header()
	dropHop(fields)
	for name, values := range fields {
		header[name] = values
	}
	x.arm()
	x.w.WriteHeader(int(status))
	x.disarm()
	for name := range fields {
		delete(header, name)
	}
	return nil
}

// data is Write.
func (x *exchange) data(p []byte) error {
	if !x.started {
		return fmt.Errorf("%w: a body without its header", ErrProtocol)
	}
	if x.failed {
		return nil
	}
	x.arm()
	if _, err := x.w.Write(p); err != nil && !isMisuse(err) {
		x.fail()
	}
	x.disarm()
	return nil
}

// isMisuse tells what a handler did wrong from what the network did.
func isMisuse(err error) bool {
	return errors.Is(err, http.ErrBodyNotAllowed) || errors.Is(err, http.ErrContentLength)
}

func (x *exchange) flush() error {
	if !x.started {
		return fmt.Errorf("%w: a flush without a header", ErrProtocol)
	}
	if x.failed {
		return nil
	}
	x.arm()
	if err := x.rc.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		x.fail()
	}
	x.disarm()
	return nil
}

// fail: nothing more reaches the client. The handler's writes are to fail too,
// but it goes on, as it would have here, and its answer is read to the end.
func (x *exchange) fail() {
	x.failed = true
	x.conn.client.tell(frameFailed, x.conn.number, x.conn.seq)
}

// end is the handler's return.
func (x *exchange) end(payload []byte) error {
	if !x.started {
		return &BrokenError{false, fmt.Errorf("%w: no answer", ErrProtocol)}
	}
	c := read(payload)
	if len(payload) > 0 {
		c.header(x.w.Header())
	}
	if err := c.err(); err != nil {
		return &BrokenError{true, err}
	}
	x.arm() // for what net/http still has to send
	return nil
}

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

// writeDeadline is SetWriteDeadline. It crosses as a time from now, and holds
// for each piece that follows: the pieces wait in the sockets between the two
// processes, where the handler can't see how long each took.
func (x *exchange) writeDeadline(payload []byte) error {
	var number, ms uint64
	if err := numbers(payload, &number, &ms); err != nil {
		return err
	}
	x.stall, x.armed = milliseconds(ms), time.Time{}
	x.conn.mu.Lock()
	defer x.conn.mu.Unlock()
	x.conn.deadline = max(x.conn.deadline, number)
	if ms == 0 {
		_ = x.rc.SetWriteDeadline(time.Time{})
	}
	return nil
}

// readDeadline is SetReadDeadline.
func (x *exchange) readDeadline(payload []byte) error {
	var ms uint64
	if err := numbers(payload, &ms); err != nil {
		return err
	}
	at := time.Time{}
	if ms > 0 {
		at = time.Now().Add(milliseconds(ms))
	}
	_ = x.rc.SetReadDeadline(at)
	return nil
}

// milliseconds is a duration that can't overflow.
func milliseconds(ms uint64) time.Duration {
	const most = 1000 * 24 * time.Hour
	return time.Duration(min(ms, uint64(most/time.Millisecond))) * time.Millisecond
}

// arm gives the client its time from now on. A deadline set a moment ago will
// do.
func (x *exchange) arm() {
	if x.stall == 0 {
		return
	}
	now := time.Now()
	if !x.armed.IsZero() && now.Sub(x.armed) < x.stall/16 {
		return
	}
	x.armed = now
	_ = x.rc.SetWriteDeadline(now.Add(x.stall))
}

// disarm ends a piece of sending where the deadline would end more than
// writes: in HTTP/2 it ends the stream.
func (x *exchange) disarm() {
	if x.r.ProtoMajor >= 2 && !x.armed.IsZero() {
		_ = x.rc.SetWriteDeadline(time.Time{})
		x.armed = time.Time{}
	}
}
