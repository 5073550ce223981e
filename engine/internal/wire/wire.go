// Package wire sends answers: the exact HTTP framing of a page that flushes and
// of one that doesn't, the deadline that a client has for each piece, and the
// bound on what waits for slow readers.
package wire

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Wires makes the wires of an engine. It must not be copied.
type Wires struct {
	Stall atomic.Int64 // nanoseconds
	Over  atomic.Bool  // nothing more is sent: the engine ends
	pool  sync.Pool    // of *bufio.Writer
}

// A Wire takes one response of a page to net/http and sees to its framing:
//
//   - a page that never flushed goes out by Send, with its Content-Length,
//     whatever its size, so that the connection stays open;
//   - a page that flushes goes out by Start, Write and Flush while it runs:
//     in chunks on HTTP/1.1, until the connection closes on HTTP/1.0;
//   - a page that said Content-Length before it flushed goes out under that
//     length. Its last byte is kept back until Finish: only then is it known
//     that nothing follows, and that what the page stored is safe. So a page
//     that doesn't keep its word, or fails at the end, never looks whole.
//
// The reason phrase of a status is the standard one: net/http can't send
// another without giving up the connection, and HTTP/2 has none.
//
// Start, Write and Flush are the script's (its goroutine's); Send and Finish
// are the handler's, once the script has ended or was cut off. Connected and
// Cut may be called from anywhere.
type Wire struct {
	Sender
	wires *Wires
	r     *http.Request
	// Promise is the length that the page said its body has, if it did: asp's
	// Response.DeclaredLength. It is asked once, when the header goes out.
	Promise func() (int64, bool)
	// Tag gives what follows the body in development; nil: nothing does.
	Tag func(status int, h http.Header) string
	// Leave is closed when the page should come to its end although its client
	// waits. nil: never.
	Leave <-chan struct{}

	// Before is called with the header before that of a page that flushes goes
	// out, which an error of it keeps from going. nil: nothing is.
	Before func(http.Header) error

	mu      sync.Mutex  // held while the script sends
	isCut   atomic.Bool // the script is no longer heard
	started bool        // by Start
	failed  atomic.Bool // the client is gone or the length wasn't kept
	noBody  bool        // HEAD, 204, 205, 304
	length  int64       // promised, or -1
	taken   int64       // of the body, from the page
	held    []byte      // its last byte, where a length was promised
	tail    string      // of tag
	ranges  [1]string   // of tellProxies, so that it costs nothing
}

// errCut is what a script's writing ends with after cut.
var errCut = errors.New("the response was taken from its page")

// New makes the wire of a page's response.
func (ws *Wires) New(w http.ResponseWriter, r *http.Request) *Wire {
	wr := &Wire{wires: ws, r: r, length: -1}
	ws.prepare(&wr.Sender, w, r)
	return wr
}

// NewSender is for a response that no page makes.
func (ws *Wires) NewSender(w http.ResponseWriter, r *http.Request) *Sender {
	s := new(Sender)
	ws.prepare(s, w, r)
	return s
}

func (ws *Wires) prepare(s *Sender, w http.ResponseWriter, r *http.Request) {
	s.init(w, r, time.Duration(ws.Stall.Load()))
	s.over = &ws.Over
}

// enter begins a call of the script; on success the caller unlocks mu. After
// a cut nothing of the wire is touched any more: it is the handler's.
func (wr *Wire) enter() error {
	wr.mu.Lock()
	if wr.isCut.Load() {
		wr.mu.Unlock()
		return errCut
	}
	return nil
}

// Start sends the header of a page that flushes.
func (wr *Wire) Start(status int, _ string, h http.Header) error {
	if wr.Before != nil {
		if err := wr.Before(h); err != nil {
			return err
		}
	}
	if err := wr.enter(); err != nil {
		return err
	}
	defer wr.mu.Unlock()
	wr.started = true
	header := wr.takeHeader(h)
	wr.tellProxies(status, header)
	if isEventStream(header) && !has(header, "X-Accel-Buffering") {
		header["X-Accel-Buffering"] = []string{"no"}
	}
	if wr.Tag != nil {
		wr.tail = wr.Tag(status, header)
	}
	if wr.length = wr.promised(header); wr.length >= 0 {
		header["Content-Length"] = []string{strconv.FormatInt(wr.length+int64(len(wr.tail)), 10)}
	}
	wr.writeStatus(status)
	wr.disarm()
	return nil
}

// writeStatus writes the header and notes whether a body may follow it.
func (wr *Wire) writeStatus(status int) {
	if status < 200 || status > 999 {
		status = http.StatusInternalServerError // 1xx would not end the header
	}
	wr.noBody = wr.r.Method == http.MethodHead
	switch status {
	case http.StatusNoContent, http.StatusNotModified:
		wr.noBody, wr.length = true, -1
		delete(wr.Header(), "Content-Length")
	case http.StatusResetContent:
		// It has no body either, but clients look for its end as for that of
		// any other (RFC 9110 section 15.3.6), and net/http would send one.
		wr.noBody, wr.length = true, -1
		wr.Header()["Content-Length"] = []string{"0"}
	}
	wr.WriteHeader(status)
}

// Write sends a piece of a flushing page's body.
func (wr *Wire) Write(p []byte) error {
	if err := wr.enter(); err != nil {
		return err
	}
	defer wr.mu.Unlock()
	wr.taken += int64(len(p))
	if wr.length >= 0 && wr.taken > wr.length {
		wr.failed.Store(true)
		return fmt.Errorf("the page writes more than the %d bytes its Content-Length says", wr.length)
	}
	if wr.noBody || len(p) == 0 {
		return nil
	}
	defer wr.disarm()
	if wr.length >= 0 {
		return wr.writeHolding(p)
	}
	return wr.write(p)
}

// writeHolding sends all but the last byte of what it ever got.
func (wr *Wire) writeHolding(p []byte) error {
	last := len(p) - 1
	if err := wr.write(wr.held); err != nil {
		return err
	}
	wr.held = append(wr.held[:0], p[last])
	return wr.write(p[:last])
}

func (wr *Wire) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	_, err := wr.writeUnless(&wr.isCut, p)
	if err != nil {
		wr.failed.Store(true)
	}
	return err
}

// Flush sends what is on its way.
func (wr *Wire) Flush() error {
	if err := wr.enter(); err != nil {
		return err
	}
	defer wr.mu.Unlock()
	defer wr.disarm()
	err := wr.flushUnless(&wr.isCut)
	if err != nil {
		wr.failed.Store(true)
	}
	return err
}

// Connected reports whether the client is still there as far as is known. A
// client that closed only its sending side counts as gone here, for nothing
// tells the two apart, but what is sent to it still arrives. So does one that
// waits for the page of an application that ends.
func (wr *Wire) Connected() bool {
	select {
	case <-wr.Leave:
		return false
	default:
	}
	return !wr.failed.Load() && wr.r.Context().Err() == nil
}

// Cut takes the response away from a script that doesn't stop: when it
// returns no Write is in progress, and every later one fails. A client that
// doesn't read can't delay it. The handler can still send a response that
// wasn't started; HasStarted tells.
func (wr *Wire) Cut() {
	wr.isCut.Store(true)
	if !wr.mu.TryLock() {
		_ = wr.rc.SetWriteDeadline(time.Unix(1, 0))
		wr.mu.Lock()
	}
	wr.mu.Unlock()
}

// HasStarted reports whether the page flushed, so that its header is out.
func (wr *Wire) HasStarted() bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	return wr.started
}

// OpenHeader is the status and header of what was started, if more of its body
// may follow and nobody knows how much.
func (wr *Wire) OpenHeader() (status int, h http.Header, open bool) {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	open = wr.started && wr.length < 0 && !wr.noBody && !wr.isCut.Load() && !wr.failed.Load()
	return wr.Status, wr.Header(), open
}

// Finish ends the response. whole says that the page ended well and what it
// stored is safe. If Finish returns false the client must not take what it
// got for the whole: the handler has to end it by answer.Break, which
// resets the connection or the stream.
func (wr *Wire) Finish(whole bool) bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	if !wr.started {
		return true
	}
	kept := wr.noBody || wr.length < 0 || wr.taken == wr.length
	if !whole || !kept || wr.failed.Load() || wr.isCut.Load() {
		return false
	}
	wr.arm() // for the last chunk, which net/http writes after the handler
	return wr.write(wr.held) == nil && wr.write([]byte(wr.tail)) == nil
}

// takeHeader makes h the header of the response and takes out of it what
// would change the framing.
func (wr *Wire) takeHeader(h http.Header) http.Header {
	header := wr.Header()
	if !sameMap(header, h) {
		for name, values := range h {
			header[name] = values
		}
	}
	for _, name := range [...]string{"Transfer-Encoding", "Trailer", "Upgrade", "Keep-Alive"} {
		delete(header, name)
	}
	if _, ok := header["Content-Type"]; !ok {
		header["Content-Type"] = nil // or net/http would guess one
	}
	return header
}

// tellProxies says that a piece of the page can't be had (RFC 9110 section 14.3):
// each request runs it anew, and a piece of another run fits to nothing. Apache and
// Varnish cut pieces out of whatever they pass on that doesn't say so. A page that
// makes pieces itself says what it likes.
func (wr *Wire) tellProxies(status int, h http.Header) {
	if has(h, "Accept-Ranges") || status == http.StatusPartialContent {
		return
	}
	wr.ranges[0] = "none"
	h["Accept-Ranges"] = wr.ranges[:]
}

// isEventStream says whether a page is read as it comes, event by event: nginx
// passes on what it has not collected first only where it is told so.
func isEventStream(h http.Header) bool {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/event-stream")
}

func has(h http.Header, name string) bool { _, ok := h[name]; return ok }

func sameMap(a, b http.Header) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}

// promised is the length that the page promised, -1 if none.
func (wr *Wire) promised(h http.Header) int64 {
	if wr.Promise != nil {
		if n, ok := wr.Promise(); ok {
			return n
		}
	}
	return declaredLength(h)
}

// declaredLength is what a header says the length is, -1 if nothing or no
// number; then it is taken out of the header.
func declaredLength(h http.Header) int64 {
	values := h["Content-Length"]
	if len(values) == 0 {
		return -1
	}
	length, err := strconv.ParseUint(values[0], 10, 63)
	for _, other := range values[1:] {
		if other != values[0] {
			err = strconv.ErrSyntax
		}
	}
	if err != nil {
		delete(h, "Content-Length")
		return -1
	}
	h["Content-Length"] = values[:1]
	return int64(length)
}

// A Body is what a page left to be sent: an *asphttp.Buffer.
type Body interface {
	io.WriterTo
	Len() int
}

// Send sends a page that never flushed: its header, its length, its body. It
// must not be called after Start. An error wraps ErrClientGone.
func (wr *Wire) Send(status int, h http.Header, b Body) error {
	header := wr.takeHeader(h)
	length := int64(b.Len())
	if wr.r.Method == http.MethodHead && length == 0 {
		// A page may answer HEAD with a length and spare itself the body.
		length = max(wr.promised(header), 0)
	}
	header["Content-Length"] = []string{strconv.FormatInt(length, 10)}
	wr.tellProxies(status, header)
	wr.writeStatus(status)
	if wr.noBody || b.Len() == 0 {
		return nil
	}
	if b.Len() <= DirectSend {
		_, err := b.WriteTo(&wr.Sender)
		return err
	}
	return wr.wires.gather(&wr.Sender, b)
}

// DirectSend is how large a body may be to go straight to net/http, whose own
// buffer takes it whole.
const DirectSend = 4 << 10

// gather sends a body of many small pieces as few large ones: each is a
// system call.
func (ws *Wires) gather(dst *Sender, b Body) error {
	buf, ok := ws.pool.Get().(*bufio.Writer)
	if !ok {
		buf = bufio.NewWriterSize(nil, sendChunk)
	}
	buf.Reset(dst)
	defer func() {
		buf.Reset(nil)
		ws.pool.Put(buf)
	}()
	if _, err := b.WriteTo(buf); err != nil {
		return err
	}
	return buf.Flush()
}
