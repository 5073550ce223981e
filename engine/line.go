package engine

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// turn waits for the request's place in its session.
func (x *visit) turn() bool {
	if x.mode != session.ReadWrite {
		return true
	}
	var key string
	ok, err := safely(func() (ok bool, _ error) {
		key, ok = x.e.provider(x.app).Key(x.r)
		return ok, nil
	})
	if err != nil {
		x.e.cfg.Logger.Error("session store failed", storeAttrs(err)...)
		return x.refuse(storeFailed)
	}
	if !ok {
		return true
	}
	hop, ok := x.e.turns.TryEnter(key)
	if !ok {
		var err error
		hop, err = x.waitForTurn(key)
		if err != nil {
			if x.r.Context().Err() != nil {
				return x.gone()
			}
			return x.refuse(refusalOf(err))
		}
	}
	x.hop = hop
	x.log.queued += hop.Waited()
	x.takeOver()
	if hop.Waited() > x.e.testTime() && x.r.Context().Err() != nil {
		x.leaveTurn()
		return x.gone()
	}
	return true
}

// waitForTurn waits in the session's queue, for queue_timeout at most.
func (x *visit) waitForTurn(key string) (*turn.Turn, error) {
	ctx, done := x.e.busy.wait(x.exchange, "turn", x.prog.Name(), key, nil)
	if limit := x.e.live().QueueTimeout; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, apartment.ErrQueueTimeout)
		defer cancel()
	}
	hop, err := x.e.turns.Enter(ctx, key)
	if reason := done(); reason != nil && err == nil {
		hop.Leave() // which came at the same time
		return nil, reason
	}
	return hop, err
}

// gone ends a request whose client left before it ran.
func (x *exchange) gone() bool {
	x.log.sent, x.log.status, x.log.err = sentRefused, statusClientGone, wire.ErrClientGone
	x.abort = true
	return false
}

// statusClientGone is what the log says of a client that left before its
// request ran (nginx's number).
const statusClientGone = 499

// leaveTurn gives the turn on. While another request of the session waits, the
// apartment goes with it, for a bounded number of requests.
func (x *visit) leaveTurn() { x.leaveTurnWith(x.wantsOn()) }

// passOn is leaveTurn before the answer is sent, which may need the apartment.
func (x *running) passOn() { x.leaveTurnWith(x.wantsOn() && x.released()) }

func (x *visit) leaveTurnWith(home bool) {
	if x.sess != nil {
		x.sess.leaveOwn()
	}
	if x.hop == nil {
		return
	}
	hop := x.hop
	x.hop = nil
	if home {
		hint := &handover{x.home, x.hops + 1, x.kept}
		x.e.busy.run(x.home.ID, nil)
		x.home = nil
		hop.SetHint(hint)
	}
	hop.Leave()
}

// wantsOn says whether the apartment is wanted with the turn, and may go on.
func (x *visit) wantsOn() bool {
	return x.hop != nil && x.home != nil && x.mayPassOn() && x.hop.Waiting() > 0
}

// released says whether the answer can be sent without the apartment.
func (x *running) released() bool {
	return x.wire == nil || x.wire.HasStarted() || x.reserve()
}

// failLine answers those who wait for the session's turn with what this request
// has found: they would wait for the same store, one after the other.
func (x *visit) failLine() {
	if x.hop != nil {
		x.hop.Fail(errSessionStore)
	}
}

// maxHops and maxKept bound how many requests of one session an apartment
// serves in a row, and how long, so that a flood of one session doesn't keep
// it from the others.
const (
	maxHops = 16
	maxKept = 2 * time.Second
)

// mayPassOn says whether the apartment may go with the turn once more.
func (x *visit) mayPassOn() bool {
	return x.hops < maxHops && time.Since(x.kept) < maxKept
}

// A handover is an apartment that passes on with a turn.
type handover struct {
	apartment *apartment.Apartment
	count     int       // requests of the session that it served in a row
	since     time.Time // when the first of them got it
}

// Drop gives the apartment back when nobody takes it over. Turns that are
// shared with Go handlers call it too.
func (h *handover) Drop() { h.apartment.Release() }

// dropHint takes back an apartment that nobody was left to take.
func dropHint(hint any) {
	if h, ok := hint.(*handover); ok {
		h.Drop()
	}
}

// takeOver takes what the request before left with the turn: an apartment of
// this engine, unless the turns are shared with another.
func (x *visit) takeOver() {
	hint, ok := x.hop.TakeHint().(*handover)
	switch {
	case !ok:
	case !x.e.apartments.Has(hint.apartment):
		hint.Drop()
	default:
		x.home, x.hops, x.kept = hint.apartment, hint.count, hint.since
	}
}

// apartment waits for a worker: the one that came with the turn, the one the
// session is pinned to, or any.
func (x *visit) apartment() bool {
	pinned := x.e.objects.pinnedTo(x.sess)
	if x.home != nil {
		if pinned == nil || pinned == x.home {
			x.e.apartments.Adopt(x.home)
			return true
		}
		x.leaveApartment()
	}
	wanted := apartment.Claim{Want: pinned, Pinned: pinned != nil}
	if home, ok := x.e.apartments.TryAcquire(wanted); ok {
		x.home, x.hops, x.kept = home, 0, time.Now()
		return true
	}
	wanted.Connected = x.connected
	ctx, done := x.e.busy.wait(x.exchange, "apartment", x.prog.Name(), x.turnKey(), x.handle)
	home, waited, err := x.e.apartments.Acquire(ctx, wanted)
	if reason := done(); reason != nil && err == nil {
		x.e.apartments.Release(home) // which came at the same time
		err = reason
	}
	x.log.queued += waited
	if err != nil {
		if x.r.Context().Err() != nil || errors.Is(err, apartment.ErrLeft) {
			return x.gone()
		}
		return x.refuse(refusalOf(err))
	}
	x.home, x.hops, x.kept = home, 0, time.Now()
	return true
}

// connected says whether the client is still there.
func (x *exchange) connected() bool { return x.r.Context().Err() == nil }

// leaveApartment gives the worker back; an orphan's was given up before.
func (x *visit) leaveApartment() {
	if x.home != nil {
		x.e.release(x.home)
		x.home = nil
	}
}

// release gives an apartment back that ran something.
func (e *Engine) release(a *apartment.Apartment) {
	e.busy.run(a.ID, nil)
	e.apartments.Release(a)
}

// testTime is how long a request may wait without a look at its client.
func (e *Engine) testTime() time.Duration {
	d := e.live().QueueConnectionTestTime
	if d < 0 {
		return 1<<63 - 1
	}
	return d
}

// openSession loads the session, whose turn the request has.
func (x *visit) openSession() bool {
	if x.mode == session.Off {
		return true
	}
	ctx, cancel := x.e.visiting(x.r.Context())
	defer cancel()
	if x.log.queued > 0 && x.e.outage.covers(x.began) {
		return x.refuse(storeFailed)
	}
	handle, err := safely(func() (session.Handle, error) {
		return x.e.provider(x.app).Open(turn.With(ctx, x.hop), x.r, x.mode)
	})
	if err != nil {
		if x.r.Context().Err() != nil {
			return x.gone()
		}
		if errors.Is(err, apartment.ErrQueueTimeout) {
			return x.refuse(tooBusy)
		}
		if errors.Is(err, session.ErrRefused) {
			return x.refusedSession(err)
		}
		x.e.outage.note(err)
		x.failLine()
		x.e.cfg.Logger.Error("session store failed", storeAttrs(err)...)
		return x.refuse(storeFailed)
	}
	x.e.outage.note(nil)
	x.handle = handle
	x.sess = newSessionView(x, handle)
	return true
}

// visiting bounds the wait for a session that another process has, as that for
// one of this process is bounded. Another's provider may keep its context.
func (e *Engine) visiting(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := e.live().QueueTimeout
	if limit <= 0 || e.backend == nil || e.cfg.Sessions != nil {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, limit, apartment.ErrQueueTimeout)
}

// discardSession gives the session up on every path that didn't commit it.
func (x *visit) discardSession() {
	if x.handle != nil {
		_, _ = safely(func() (any, error) { x.handle.Discard(); return nil, nil })
	}
}

// provider is who keeps the application's sessions.
func (e *Engine) provider(app *application) session.Provider {
	if e.cfg.Sessions != nil {
		return e.cfg.Sessions
	}
	return app.manager
}

// mode is what a page does with its session.
func (e *Engine) mode(p *runtime.Program) session.Mode {
	switch p.Directives().EnableSessionState {
	case runtime.SessionOn:
		return session.ReadWrite
	case runtime.SessionOff:
		return session.Off
	case runtime.SessionReadOnly:
		return session.ReadOnly
	}
	if e.live().DisableSessionState {
		return session.Off
	}
	return session.ReadWrite
}
