package engine

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// wires makes the wires of an engine. It must not be copied.
type wires struct {
	stall atomic.Int64 // nanoseconds
	over  atomic.Bool  // nothing more is sent: the engine ends
	pool  sync.Pool    // of *bufio.Writer
}

// A wire takes one response of a page to net/http and sees to its framing:
//
//   - a page that never flushed goes out by send, with its Content-Length,
//     whatever its size, so that the connection stays open;
//   - a page that flushes goes out by Start, Write and Flush while it runs:
//     in chunks on HTTP/1.1, until the connection closes on HTTP/1.0;
//   - a page that said Content-Length before it flushed goes out under that
//     length. Its last byte is kept back until finish: only then is it known
//     that nothing follows, and that what the page stored is safe. So a page
//     that doesn't keep its word, or fails at the end, never looks whole.
//
// The reason phrase of a status is the standard one: net/http can't send
// another without giving up the connection, and HTTP/2 has none.
//
// Start, Write and Flush are the script's (its goroutine's); send and finish
// are the handler's, once the script has ended or was cut off. Connected and
// cut may be called from anywhere.
type wire struct {
	sender
	wires *wires
	r     *http.Request
	// promise is the length that the page said its body has, if it did: asp's
	// Response.DeclaredLength. It is asked once, when the header goes out.
	promise func() (int64, bool)
	// tag gives what follows the body in development; nil: nothing does.
	tag func(status int, h http.Header) string
	// leave is closed when the page should come to its end although its client
	// waits. nil: never.
	leave <-chan struct{}

	mu      sync.Mutex  // held while the script sends
	isCut   atomic.Bool // the script is no longer heard
	started bool        // by Start
	failed  atomic.Bool // the client is gone or the length wasn't kept
	noBody  bool        // HEAD, 204, 205, 304
	length  int64       // promised, or -1
	taken   int64       // of the body, from the page
	held    []byte      // its last byte, where a length was promised
	tail    string      // of tag
}

// errCut is what a script's writing ends with after cut.
var errCut = errors.New("the response was taken from its page")

func (ws *wires) newWire(w http.ResponseWriter, r *http.Request) *wire {
	wr := &wire{wires: ws, r: r, length: -1}
	wr.init(w, r, time.Duration(ws.stall.Load()))
	wr.over = &ws.over
	return wr
}

// enter begins a call of the script; on success the caller unlocks mu. After
// a cut nothing of the wire is touched any more: it is the handler's.
func (wr *wire) enter() error {
	wr.mu.Lock()
	if wr.isCut.Load() {
		wr.mu.Unlock()
		return errCut
	}
	return nil
}

// Start sends the header of a page that flushes.
func (wr *wire) Start(status int, _ string, h http.Header) error {
	if err := wr.enter(); err != nil {
		return err
	}
	defer wr.mu.Unlock()
	wr.started = true
	header := wr.takeHeader(h)
	if wr.tag != nil {
		wr.tail = wr.tag(status, header)
	}
	if wr.length = wr.promised(header); wr.length >= 0 {
		header["Content-Length"] = []string{strconv.FormatInt(wr.length+int64(len(wr.tail)), 10)}
	}
	wr.writeStatus(status)
	wr.disarm()
	return nil
}

// writeStatus writes the header and notes whether a body may follow it.
func (wr *wire) writeStatus(status int) {
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
func (wr *wire) Write(p []byte) error {
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
func (wr *wire) writeHolding(p []byte) error {
	last := len(p) - 1
	if err := wr.write(wr.held); err != nil {
		return err
	}
	wr.held = append(wr.held[:0], p[last])
	return wr.write(p[:last])
}

func (wr *wire) write(p []byte) error {
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
func (wr *wire) Flush() error {
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
func (wr *wire) Connected() bool {
	select {
	case <-wr.leave:
		return false
	default:
	}
	return !wr.failed.Load() && wr.r.Context().Err() == nil
}

// cut takes the response away from a script that doesn't stop: when it
// returns no Write is in progress, and every later one fails. A client that
// doesn't read can't delay it. The handler can still send a response that
// wasn't started; hasStarted tells.
func (wr *wire) cut() {
	wr.isCut.Store(true)
	if !wr.mu.TryLock() {
		_ = wr.rc.SetWriteDeadline(time.Unix(1, 0))
		wr.mu.Lock()
	}
	wr.mu.Unlock()
}

// hasStarted reports whether the page flushed, so that its header is out.
func (wr *wire) hasStarted() bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	return wr.started
}

// isOpenDocument says that what was started is HTML that may go on.
func (wr *wire) isOpenDocument() bool {
	wr.mu.Lock()
	defer wr.mu.Unlock()
	return wr.started && wr.length < 0 && !wr.noBody && !wr.isCut.Load() && !wr.failed.Load() &&
		takesTag(wr.status, wr.Header())
}

// finish ends the response. whole says that the page ended well and what it
// stored is safe. If finish returns false the client must not take what it
// got for the whole: the handler has to panic with http.ErrAbortHandler,
// which ends chunks without the last one and resets an HTTP/2 stream. A body
// without length on HTTP/1.0 is the one that can't be told from a whole one.
func (wr *wire) finish(whole bool) bool {
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
func (wr *wire) takeHeader(h http.Header) http.Header {
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

func sameMap(a, b http.Header) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}
