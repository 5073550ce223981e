package asphttp

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
)

// ErrDetached is what a Response answers after Detach or Finish, and a Request after Close: whoever still works on the
// page is no longer heard.
var ErrDetached = errors.New("the page is no longer connected to its request")

const (
	defaultLimit = 4 << 20
	defaultLCID  = 1033
)

// Sink takes a response to the network. The engine implements it; the Response calls it, from the page's goroutine,
// only when the page flushes. A nil Sink in ResponseConfig sends nothing.
type Sink interface {
	// Start is called once, before the first flushed byte. h is the header Prepare made; Start may change it.
	Start(status int, reason string, h http.Header) error
	Write(p []byte) error // p is valid during the call only
	Flush() error
	Connected() bool // false once the client is known to have gone
}

// ResponseConfig says where a Response begins. The zero value is a response that isn't buffered and sends nothing.
type ResponseConfig struct {
	Sink       Sink               // nil: nothing is ever sent, and a flush merely closes the header
	Buffering  bool               // Response.Buffer at the start: buffering
	Limit      int                // bytes that may be buffered, buffering_limit; 0 is 4 MiB, negative no limit
	CodePage   *codepage.CodePage // nil is UTF-8; must be ASCII-compatible
	LCID       int                // 0 is 1033
	CookiePath string             // path of cookies that name none: the application's; "" is "/"
	Reserved   string             // name of the session's cookie, which a page can't set, with "__Secure-" and "__Host-" neither: ASP 0162; "" reserves none
	Header     http.Header        // map that Prepare fills; nil: it makes one
	Pool       *BufferPool        // nil: memory comes from the heap
	Request    *Request           // of the same page: decoded by this one's code page, and its cookies; may be nil
}

// Response is ASP's Response: the buffer, the header and the order in which things may happen.
//
// Methods return an *Error for what a page did wrong and may catch. Any other error (ErrDetached, one of the Sink)
// means that nobody listens any more: the page should stop. One goroutine at a time may use a Response, except for
// Detach and BufferedBytes.
type Response struct {
	cfg      ResponseConfig
	codePage *codepage.CodePage
	buffer   bool

	mu       sync.Mutex // held during each call, so that Detach knows that none is in progress
	detached bool
	prepared bool  // the header is fixed
	started  bool  // the Sink has the header
	err      error // the Sink's first error

	buf      Buffer
	buffered atomic.Int64
	scratch  []byte

	statusCode      int
	reason          string
	contentType     string // "" is text/html
	charset         string
	hasCharset      bool
	lcid            int
	cacheControl    string
	hasCacheControl bool // the page has set it
	expires         time.Time
	fields          []headerField
	headerBytes     int
	declared        int64 // -1: nothing promised
	location        string
	session         *http.Cookie
	cookies         *ResponseCookies
	logText         []byte

	header http.Header
	values [4]string // what the header's single values are kept in
}

// NewResponse returns an empty response with status 200.
func NewResponse(cfg ResponseConfig) *Response {
	if cfg.Limit == 0 {
		cfg.Limit = defaultLimit
	}
	if cfg.CookiePath == "" {
		cfg.CookiePath = "/"
	}
	r := &Response{cfg: cfg}
	r.buf.pool = cfg.Pool
	r.init()
	return r
}

func (r *Response) init() {
	r.codePage = r.cfg.CodePage
	r.buffer = r.cfg.Buffering
	r.statusCode, r.reason = http.StatusOK, "OK"
	r.contentType, r.charset, r.hasCharset = "", "", false
	r.lcid = r.cfg.LCID
	if r.lcid == 0 {
		r.lcid = defaultLCID
	}
	r.cacheControl, r.hasCacheControl = "private", false
	r.expires = time.Time{}
	r.fields, r.headerBytes, r.declared = nil, 0, -1
	r.location, r.logText = "", nil
	if r.cookies != nil {
		r.cookies.list = nil // the page may hold the collection itself
	}
	if q := r.cfg.Request; q != nil {
		q.answer = r
		q.SetCodePage(r.codePage)
	}
}

// Reset makes the response as new, for an error page in place of what the failed page made; only the session's
// cookie stays. ASP 0156 when the header was sent.
func (r *Response) Reset() error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	r.buf.reset()
	r.buffered.Store(0)
	r.init()
	return nil
}

// enter begins a call; on success the caller unlocks r.mu.
func (r *Response) enter() error {
	r.mu.Lock()
	if r.detached {
		r.mu.Unlock()
		return ErrDetached
	}
	return nil
}

// enterHeader begins a call that changes the header.
func (r *Response) enterHeader() error {
	if err := r.enter(); err != nil {
		return err
	}
	if r.prepared {
		r.mu.Unlock()
		return asp.New(asp.CodeHeaderSent, "")
	}
	return nil
}

// Detach cuts the page off: a call that is in progress is waited for (its length is the Sink's to bound), every later
// one returns ErrDetached and changes nothing. Any goroutine may call it, any number of times.
func (r *Response) Detach() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.detached {
		return
	}
	r.detached = true
	r.buf.Release()
	r.buffered.Store(0)
}

// Finish ends the response like Detach and hands over what was not sent yet: everything, unless the page flushed.
// The caller releases it. A response that was detached before has nothing left.
func (r *Response) Finish() *Buffer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.detached {
		return &Buffer{}
	}
	r.detached = true
	return &r.buf
}

// BufferedBytes is how much is waiting to be sent. Any goroutine may ask.
func (r *Response) BufferedBytes() int { return int(r.buffered.Load()) }

// Body is a copy of what is waiting to be sent.
func (r *Response) Body() []byte { return r.buf.Bytes() }

// HeadersSent says whether the header is fixed: the page flushed, or Prepare was called.
func (r *Response) HeadersSent() bool { return r.prepared }

// Flushed says whether anything, if only the header, went to the Sink.
func (r *Response) Flushed() bool { return r.started }

// IsClientConnected says whether the client is still there, as far as the Sink knows.
func (r *Response) IsClientConnected() bool {
	if r.enter() != nil {
		return false
	}
	defer r.mu.Unlock()
	return r.err == nil && (r.cfg.Sink == nil || r.cfg.Sink.Connected())
}
