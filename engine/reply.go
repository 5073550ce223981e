package engine

import (
	"net/http"
	"strconv"

	"github.com/najahost/naja/asp"
)

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
	x.seen.sending = x.now()
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
	if err := x.wire.send(x.code, x.header, x.withReload(body)); err != nil {
		x.log.err = err
	}
}

// finishFlushed ends a page that flushed: with its last chunk when it ended
// well, without it when it failed.
func (x *exchange) finishFlushed(body *asp.Buffer) {
	if x.failure != nil {
		x.abort = !x.wire.finish(false)
		if isGone(x.failure) {
			x.log.err = errClientGone
		}
		return
	}
	err := x.wire.Write(body.Bytes())
	if !x.wire.finish(err == nil) {
		x.abort = true
	}
	x.log.err = err
}
