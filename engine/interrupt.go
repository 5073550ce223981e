package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/najahost/naja/runtime"
)

// ErrNoRequest is that there is no request of this number, any more.
var ErrNoRequest = errors.New("there is no such request: it has ended")

// Interrupted is a request that was ended by an operator.
type Interrupted struct {
	Request RequestStatus `json:"request"` // as it was just before
	Stopped bool          `json:"stopped"` // false: its script doesn't stop; it was given up and uses a processor
	Lost    []string      `json:"lost"`    // what is lost with it
}

// Interrupt ends one request of a page, or one event, whether it runs or
// waits, and returns when it has ended. Its client gets 503, or an answer that
// is visibly broken off where some of it had left. Error: [ErrNoRequest], or
// the cause of ctx's end.
//
// What the page wrote under Application.Lock is lost. What it wrote to its
// session is kept, as after any failure, unless its script doesn't stop within
// a second: then that is lost too, the request's turn and apartment are taken
// from it, and it counts as an orphan.
func (e *Engine) Interrupt(ctx context.Context, request int64) (Interrupted, error) {
	f := e.flight(request)
	if f == nil {
		return Interrupted{}, ErrNoRequest
	}
	before := f.status()
	ft := f.foretell()
	if !f.kill(runtime.ErrKilled) {
		return Interrupted{}, ErrNoRequest
	}
	select {
	case <-ft.sealed:
	case <-ctx.Done():
		return Interrupted{Request: before}, fmt.Errorf("waiting for the end of request %d: %w", request, context.Cause(ctx))
	}
	e.cfg.Logger.Warn("request ended by an operator", "request", request, "method", f.method, "url", f.url,
		"page", f.page, "ran", before.Run.Duration(), "stopped", ft.stopped)
	lost := ft.lost
	if before.HoldsLock {
		lost = append(lost, "what it wrote to Application under the lock")
	}
	return Interrupted{Request: before, Stopped: ft.stopped, Lost: lost}, nil
}

// flight finds a request that runs or waits.
func (e *Engine) flight(id int64) *flight {
	for _, f := range append(e.busy.runs(), e.busy.list()...) {
		if f.id == id {
			return f
		}
	}
	return nil
}

// An outcome is what becomes of a request that somebody wants to end.
type outcome struct {
	sealed  chan struct{} // closed when it is known
	stopped bool
	lost    []string
}

// foretell gives the fate of a request, which several may ask for.
func (f *flight) foretell() *outcome {
	f.fate.CompareAndSwap(nil, &outcome{sealed: make(chan struct{})})
	return f.fate.Load()
}

// ended seals the fate of a request, for those who wait for it. It is called
// once, by the request's goroutine, when nobody can end it any more.
func (f *flight) ended(stopped bool, lost ...string) {
	if ft := f.fate.Load(); ft != nil {
		ft.stopped, ft.lost = stopped, lost
		close(ft.sealed)
	}
}

// sealFate says what an interrupted page lost.
func (x *exchange) sealFate(killed bool) {
	var lost []string
	switch {
	case !killed:
	case x.wire.HasStarted():
		lost = []string{"the rest of its answer"}
	default:
		lost = []string{"its answer"}
	}
	if killed && x.orphan && x.handle != nil {
		lost = append(lost, "what it wrote to its session")
	}
	x.flight.ended(!x.orphan, lost...)
}

// isKilled says that somebody ended the page: an operator, or the application's
// own end.
func isKilled(err error) bool {
	return errors.Is(err, runtime.ErrKilled) || errors.Is(err, runtime.ErrStopping)
}

// killedAs is the answer to a request that somebody ended.
func killedAs(err error) refusal {
	if errors.Is(err, runtime.ErrStopping) {
		return shuttingDown
	}
	return killed
}

// killedPage is the answer to a page that somebody ended. No error page of the
// application's runs for it. It returns the failure where some of the answer
// has left already.
func (x *exchange) killedPage(failure error) error {
	rf := killedAs(failure)
	if x.res.HeadersSent() || x.res.Replace(rf.statusLine(), rf.page()) != nil {
		return failure
	}
	if rf == shuttingDown { // the page is not to blame: the next server will have it
		_ = x.res.AddHeader("Retry-After", strconv.Itoa(rf.retryAfter))
	}
	return nil
}
