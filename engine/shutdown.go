package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/najahost/naja/runtime"
)

// Shutdown ends the application. No new request is let in; those inside finish
// for as long as ctx lasts, and long pages learn of it (see [Engine.Stopping]).
// What is still inside then is cut off: pages are stopped as at their script
// timeout, and one that doesn't stop within a second is given up. Their clients
// get 503, or an answer that is visibly broken off where some of it has left.
// Then comes the application's end, in a time of its own, Config.EndTimeout:
// sessions in memory have their Session_OnEnd, and the application its
// Application_OnEnd. Sessions in a durable store stay.
//
// An end of ctx shortens the wait for requests and nothing else: what follows
// takes a few seconds and EndTimeout at most. The error is a [*CutError] where
// requests were cut off, joined with what else went wrong. A second call does
// nothing.
func (e *Engine) Shutdown(ctx context.Context) error {
	return e.close(ctx, e.life.end)
}

// Leave ends the engine, not the application, which goes on in another one
// with the same Backend: it is Shutdown without the events. Without a Backend
// what it has in memory ends without them.
func (e *Engine) Leave(ctx context.Context) error {
	return e.close(ctx, e.life.leave)
}

// Stopping tells the pages that run, and those that begin, that the application
// is about to stop: Response.IsClientConnected is false for them, and
// Request.Signal is aborted, so that an event stream ends and its client comes
// again. It stops nothing. Stopping(false) takes it back; each call of the one
// needs one of the other. Shutdown and Leave do it themselves, but who waits
// for requests before them, such as [http.Server.Shutdown], wants it earlier:
//
//	server.RegisterOnShutdown(func() { pages.Stopping(true) })
func (e *Engine) Stopping(on bool) {
	if on {
		e.bell.ring()
	} else {
		e.bell.still()
	}
}

// A CutError is that requests were cut off because the application ended before
// they did.
type CutError struct {
	// Requests is how many there were.
	Requests int
	// Cause is why nobody waited for them any longer.
	Cause error
}

// Error says how many, and why.
func (e *CutError) Error() string {
	if e.Requests == 1 {
		return fmt.Sprintf("1 request was cut off: %v", e.Cause)
	}
	return fmt.Sprintf("%d requests were cut off: %v", e.Requests, e.Cause)
}

// Unwrap gives the cause.
func (e *CutError) Unwrap() error { return e.Cause }

// closePatience bounds the wait for what has nothing left to do.
const closePatience = 5 * time.Second

// close lets no request in, and once the others have left, or were cut off, ends
// the application's life in this engine, and the engine.
func (e *Engine) close(ctx context.Context, life func(context.Context) error) error {
	if !e.closed.CompareAndSwap(false, true) {
		return nil
	}
	e.bell.ring()
	err := e.empty(ctx)
	// What is left is an application that starts, perhaps.
	defer context.AfterFunc(ctx, e.interruptAll)()
	ctx = context.WithoutCancel(ctx)
	ending, cancel := context.WithTimeout(ctx, e.live().EndTimeout)
	defer cancel()
	err = errors.Join(err, life(ending))
	closing, cancel := context.WithTimeout(ctx, closePatience)
	defer cancel()
	err = errors.Join(err, e.apartments.Close(closing))
	return errors.Join(err, e.site.Close())
}

// startEvent is the one event that is cut off: it begins what ends.
const startEvent = "Application_OnStart"

// cutGrace is how long a request that is cut off may take to leave: a script
// that doesn't stop is given up after stopGrace.
const cutGrace = stopGrace + time.Second

// empty waits until no request is inside any more. Those that are when ctx ends
// are cut off: first what runs and waits, and what is still being sent a moment
// later. What stays even so can do no more harm than an orphan.
func (e *Engine) empty(ctx context.Context) error {
	err := e.gate.shut(ctx)
	if err == nil {
		return nil
	}
	cut := &CutError{Requests: e.gate.count(), Cause: context.Cause(ctx)}
	if cut.Requests == 0 {
		return nil // the last one left just now
	}
	e.interruptAll()
	e.gate.each((*exchange).readNoMore)
	if e.emptied() {
		return cut
	}
	e.wires.Over.Store(true)
	e.gate.each((*exchange).sendNoMore)
	if !e.emptied() {
		e.cfg.Logger.Error("requests don't end", "requests", e.gate.count())
	}
	return cut
}

// emptied waits a moment for the last request to leave.
func (e *Engine) emptied() bool {
	ctx, cancel := context.WithTimeout(context.Background(), cutGrace)
	defer cancel()
	return e.gate.shut(ctx) == nil
}

// interruptAll ends what runs and what waits. Requests that come to run or to
// wait from now on end themselves: see Engine.cutting. Of the events those that
// begin something end as well.
func (e *Engine) interruptAll() {
	e.cutting.Store(true)
	for _, f := range e.busy.runs() {
		if f.event == "" || f.event == startEvent {
			f.kill(runtime.ErrStopping)
		}
	}
	for _, f := range e.busy.list() {
		f.kill(runtime.ErrStopping)
	}
}

// readNoMore ends the reading of a request's body. Any goroutine may call it
// while the request is inside.
func (x *exchange) readNoMore() {
	if x.reading.Load() {
		_ = http.NewResponseController(x.w).SetReadDeadline(time.Unix(1, 0))
	}
}

// sendNoMore ends the sending of an answer, likewise.
func (x *exchange) sendNoMore() {
	_ = http.NewResponseController(x.w).SetWriteDeadline(time.Unix(1, 0))
}

// A bell tells pages that they should come to their end. It rings as long as
// somebody wants it to; a page that begins meanwhile hears it at once.
type bell struct {
	mu    sync.Mutex
	hands int           // that ring it
	sound chan struct{} // closed while it rings
}

func (b *bell) init() { b.sound = make(chan struct{}) }

// ring rings it until each who did has called still.
func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hands++; b.hands == 1 {
		close(b.sound)
	}
}

func (b *bell) still() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hands--; b.hands == 0 {
		b.sound = make(chan struct{})
	}
}

// rung is closed when the bell rings.
func (b *bell) rung() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sound
}
