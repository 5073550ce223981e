package engine

import (
	"errors"
	"net/http"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// commit stores what the page left in its session, before the client can
// know the page's answer. It returns false when it answered instead.
func (x *exchange) commit() bool {
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
	if !x.wire.HasStarted() {
		x.code, _, x.header = x.res.Prepare()
	}
	if x.handle == nil {
		return true
	}
	err := x.closeSession()
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
func (x *exchange) refusedSession(err error) bool {
	x.failure = asp.Errorf(asp.CodeNotAllowed, "%w", err)
	x.seen.failed.Store(true)
	x.report(x.prog.Name(), x.failure)
	x.wire = nil
	clear(x.w.Header()) // the page's answer is not sent, its header neither
	return x.refuseFailed(x.failure)
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
func (x *exchange) closeSession() error {
	defer x.stored(x.handle.Exists(), x.now())
	err := x.e.storeError(func() error { return x.handle.Close(x.detached(), x.header) })
	if x.e.ends != nil && x.app.manager != nil && x.handle.Abandoned() {
		x.app.manager.Sweep()
	}
	return err
}

// keepSession stores the session before the header of a flushing page goes
// out, with its cookie. A page that names Session gets its session now, for
// afterwards no cookie can be sent and no session can begin.
func (x *exchange) keepSession(h http.Header) error {
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
