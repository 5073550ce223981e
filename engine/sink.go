package engine

import (
	"net/http"
	"strconv"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// A pageSink takes a flushing page's output to the wire and sees to it that
// the session is stored, and its cookie set, before the first byte.
type pageSink struct {
	*wire
	x *exchange
}

// Start is [asp.Sink].
func (s *pageSink) Start(status int, reason string, h http.Header) error {
	if err := s.x.keepSession(h); err != nil {
		return err
	}
	return s.wire.Start(status, reason, h)
}

// responseConfig is how a page's response begins.
func (e *Engine) responseConfig(x *exchange) asp.ResponseConfig {
	lcid := e.cfg.LCID
	if n := x.prog.Directives().LCID; n != 0 {
		lcid = n
	}
	cp := e.pageCodePage(x.prog)
	if x.handle != nil && x.handle.Exists() {
		lcid, cp = x.sess.locale(lcid, cp, x.prog)
	}
	return asp.ResponseConfig{
		Sink: &pageSink{x.wire, x}, Buffering: !e.cfg.DisableBuffering, Limit: int(e.cfg.BufferingLimit),
		CodePage: cp, LCID: lcid, CookiePath: e.cfg.Path, Header: x.w.Header(), Pool: &e.buffers, Request: x.request,
	}
}

// errorPage puts the error's own page in the place of what a failed page
// wrote, as far as nothing was sent yet. It runs in the failed page's
// apartment; one that fails itself gives way to the built-in one.
func (x *exchange) errorPage(host *pageHost, failure error) {
	x.e.report(failure)
	if x.res.HeadersSent() || isGone(failure) || isLost(failure) {
		return
	}
	if x.errorEvent(host, failure) {
		return
	}
	if name := x.e.cfg.ErrorPage; name != "" && x.runErrorPage(host, pageName(name), failure) {
		return
	}
	if x.res.HeadersSent() || x.res.Reset() != nil {
		return
	}
	_ = x.res.SetStatus(internalError)
	_ = x.res.WriteString(x.e.errorBody(failure))
}

// errorEvent runs Application_OnError (ours), which sees the error by
// Server.GetLastError. One that ends the response itself, by Redirect or End,
// has answered; otherwise what it wrote is dropped.
func (x *exchange) errorEvent(host *pageHost, failure error) bool {
	if x.app.prog == nil || !x.app.handles("Application_OnError") || x.res.Reset() != nil {
		return false
	}
	_ = x.res.SetStatus(internalError)
	ended, err := x.afterFailure(host, failure, func(s *runtime.State) error { return s.RunEvent(x.app.prog, "Application_OnError") })
	return err == nil && ended
}

const internalError = "500 Internal Server Error"

// sendPage sends a page of the engine's own.
func sendPage(w http.ResponseWriter, r *http.Request, status int, html string) int64 {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(html)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return 0
	}
	n, _ := w.Write([]byte(html))
	return int64(n)
}

// reserve makes room for the answer among those that wait for slow readers.
func (x *exchange) reserve() bool {
	if x.reserved > 0 {
		return true
	}
	n := int64(x.res.BufferedBytes())
	if !x.e.sending.tryReserve(n) {
		return false
	}
	x.reserved = n
	return true
}

// send sends what the page made. A client that reads slowly keeps no
// apartment, unless too much waits to be sent already.
func (x *exchange) send() {
	if x.reserve() {
		x.leaveApartment()
	}
	defer func() { x.e.sending.release(x.reserved) }()
	body := x.res.Finish()
	defer body.Release()
	x.log.note = x.res.LogText()
	if x.wire.hasStarted() {
		x.log.sent = sentFlushed
		x.finishFlushed(body)
		return
	}
	x.log.sent = sentBuffered
	if isGone(x.failure) {
		x.abort, x.log.err = true, errClientGone
		return
	}
	if err := x.wire.send(x.code, x.header, body); err != nil {
		x.log.err = err
	}
}

// finishFlushed ends a page that flushed: with its last chunk when it ended
// well, without it when it failed.
func (x *exchange) finishFlushed(body *asp.Buffer) {
	if x.failure != nil {
		x.abort = !x.wire.finish(false)
		return
	}
	err := x.wire.Write(body.Bytes())
	if !x.wire.finish(err == nil) {
		x.abort = true
	}
	x.log.err = err
}

// closeSession stores the session and gives it up; the header gets its cookie
// when it is still here.
func (x *exchange) closeSession() error {
	return x.handle.Close(x.detached(), x.header)
}

// keepSession stores the session before the header of a flushing page goes
// out, with its cookie. A page that names Session gets its session now, for
// afterwards no cookie can be sent.
func (x *exchange) keepSession(h http.Header) error {
	if x.handle == nil {
		return nil
	}
	if !x.handle.Exists() && (!x.prog.UsesSession() || x.sess.create() != nil) {
		return nil
	}
	if err := x.handle.Commit(x.detached(), h); err != nil {
		x.e.cfg.Logger.Error("session not stored", "page", x.prog.Name(), "error", err.Error())
		return asp.Errorf(asp.CodeUnexpected, "storing the session: %w", err)
	}
	x.sess.enterOwn()
	return nil
}

var _ asp.Sink = (*pageSink)(nil)
