package engine

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// commit stores what the page left in its session, before the client can
// know the page's answer. It returns false when it answered instead.
func (x *running) commit() bool {
	if x.orphan {
		return x.answerOrphan()
	}
	if isLost(x.failure) && !x.wire.HasStarted() {
		x.wire = nil
		return x.refuse(lostTo(x.failure))
	}
	if (x.storeDown.Load() || isStoreFailure(x.failure)) && !x.wire.HasStarted() {
		x.wire = nil
		return x.refuse(storeFailed)
	}
	x.settleOnce()
	if !x.wire.HasStarted() {
		x.code, _, x.header = x.res.Prepare()
	}
	if x.handle == nil {
		return true
	}
	err := x.closeSession(x.header)
	if err == nil {
		return true
	}
	if errors.Is(err, session.ErrRefused) && !x.wire.HasStarted() {
		return x.refusedSession(err)
	}
	x.e.cfg.Logger.Error("session not stored", append([]any{"page", x.prog.Name()}, storeAttrs(err)...)...)
	if !errors.Is(err, store.ErrLost) {
		x.failLine()
	}
	if x.wire.HasStarted() {
		x.abort = !x.wire.Finish(false)
		x.log.sent = sentFlushed
		return false
	}
	x.wire = nil
	clear(x.w.Header()) // the page's answer is not sent, its header neither
	if errors.Is(err, store.ErrLost) {
		return x.refuse(lockLost)
	}
	return x.refuse(storeFailed)
}

// refusedSession answers a page whose session is the page's mistake, or the
// program's: nothing of it is stored, and trying again is of no use.
func (x *visit) refusedSession(err error) bool {
	err = asp.Errorf(asp.CodeNotAllowed, "%w", err)
	x.seen.failed.Store(true)
	x.report(x.prog.Name(), err)
	x.wire = nil
	clear(x.w.Header()) // the page's answer is not sent, its header neither
	return x.refuseFailed(err)
}

// isLost says that a page was stopped because its session, or
// Application.Lock, is in other hands.
func isLost(err error) bool {
	return errors.Is(err, runtime.ErrLeaseLost) || errors.Is(err, appstate.ErrLockLost)
}

// lostTo is the answer to that.
func lostTo(err error) refusal {
	if errors.Is(err, appstate.ErrLockLost) {
		return applicationLost
	}
	return lockLost
}

// isGone says that a page was stopped because nobody reads what it writes.
func isGone(err error) bool { return errors.Is(err, runtime.ErrClientGone) }

// closeSession stores the session and gives it up; the header gets its cookie
// when it is still here.
func (x *visit) closeSession(h http.Header) error {
	defer x.stored(x.handle.Exists(), x.now())
	err := x.e.storeError(func() error { return x.handle.Close(x.detached(), h) })
	if x.e.ends != nil && x.app.manager != nil && x.handle.Abandoned() {
		x.app.manager.Sweep()
	}
	return err
}

// keepSession stores the session before the header of a flushing page goes
// out, with its cookie. A page that names Session gets its session now, for
// afterwards no cookie can be sent and no session can begin.
func (x *visit) keepSession(h http.Header) error {
	if x.handle == nil {
		return nil
	}
	if !x.handle.Exists() && x.names {
		_ = x.sess.create() // a page that touches it afterwards hears of the error
	}
	began := x.now()
	err := x.e.storeError(func() error { return x.handle.Commit(x.detached(), h) })
	x.stored(x.handle.Exists(), began)
	if err != nil {
		if !errors.Is(err, store.ErrLost) && !errors.Is(err, session.ErrRefused) && !errors.Is(err, session.ErrClosed) {
			x.storeDown.Store(true) // the answer will be that, and nothing is stored behind it
			x.failLine()
		}
		x.e.cfg.Logger.Error("session not stored", append([]any{"page", x.prog.Name()}, storeAttrs(err)...)...)
		return asp.Errorf(asp.CodeUnexpected, "storing the session: %w", err)
	}
	x.sess.enterOwn()
	return nil
}

// sendPage sends a page of the engine's own.
func sendPage(w http.ResponseWriter, r *http.Request, status int, html string) int64 {
	return answer.Text(w, r, status, answer.HTML, html)
}

// reserve takes room for the answer among those that wait for slow readers, if
// there is some.
func (x *running) reserve() bool {
	return x.answer.Bytes > 0 || x.e.sending.TryReserve(&x.answer, int64(x.res.BufferedBytes()))
}

// detach lets the apartment go before the answer is sent, if there is or comes
// room for the answer. The caller calls leave of the budget when it is sent.
func (x *running) detach() {
	budget := &x.e.sending
	switch {
	case x.reserve(), x.home != nil && budget.Await(x.r.Context(), &x.answer, int64(x.res.BufferedBytes())):
		x.leaveApartment()
		if x.answer.Bytes > wire.DirectSend {
			budget.Enter(&x.answer, x.r.RemoteAddr, &x.wire.Sender)
		}
	case budget.Limit > 0:
		x.wire.Press()
	}
}

// send sends what the page made. A client that reads slowly keeps no
// apartment, unless too much waits to be sent already, to clients who take it.
func (x *running) send() {
	x.seen.sending = x.now()
	x.detach()
	defer x.e.sending.Leave(&x.answer)
	body := x.res.Finish()
	defer body.Release()
	x.log.note = x.res.LogText()
	if x.wire.HasStarted() {
		x.log.sent = sentFlushed
		x.finishFlushed(body)
		x.abort = x.abort || x.wire.WasGivenUp()
		return
	}
	x.log.sent = sentBuffered
	if isGone(x.failure) {
		x.abort, x.log.err = true, wire.ErrClientGone
		return
	}
	x.log.err = x.wire.Send(x.code, x.header, x.withReload(x.code, x.header, body))
	x.abort = x.abort || x.log.err != nil
}

// showFailure puts the error behind what a document has flushed, where its reader
// sees errors (as IIS does). whole says that the answer then has its end: a
// browser that goes to the page in development shows little of one that breaks off,
// and never shows it anew. Any other breaks off behind the error.
func (x *running) showFailure() (whole bool) {
	status, header, open := x.wire.OpenHeader()
	if !x.e.showsErrors() || isGone(x.failure) || !open || !takesTag(status, header) {
		return false
	}
	if _, ok := errors.AsType[*asp.Error](x.failure); !ok {
		return false
	}
	text := x.errorText(x.failure)
	if wantsHTML(x.r) {
		text = flushedFailure + inASCII(html.EscapeString(text)) + "</pre>\n"
	}
	if x.wire.Write([]byte("\n"+text)) != nil || x.wire.Flush() != nil {
		return false
	}
	return x.navigates()
}

// flushedFailure closes what the page may have open in which a text isn't seen.
const flushedFailure = `</script></style></select></table><pre style="margin:1rem;padding:1rem;overflow:auto;white-space:pre-wrap;color:#b3261e;background:#fdecea">`

// inASCII is HTML that means the same in every code page that a page may have.
func inASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteByte(byte(r))
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return b.String()
}

// finishFlushed ends a page that flushed: with its last chunk when it ended
// well, without it when it failed.
func (x *running) finishFlushed(body *asphttp.Buffer) {
	if x.failure != nil {
		x.abort = !x.wire.Finish(x.showFailure())
		if isGone(x.failure) {
			x.log.err = wire.ErrClientGone
		}
		return
	}
	err := x.wire.Write(body.Bytes())
	if !x.wire.Finish(err == nil) {
		x.abort = true
	}
	x.log.err = err
}
