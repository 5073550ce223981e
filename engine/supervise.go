package engine

import (
	"errors"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/runtime"
)

// stopGrace is how long a script may take to notice that it was stopped.
const stopGrace = time.Second

// An interrupter is a script that can be stopped from outside.
type interrupter interface{ Interrupt(reason error) }

// An alarm stops a script before its deadline.
type alarm struct {
	rings  <-chan struct{}
	reason error
}

// supervise runs job on the apartment and waits for it. At the deadline, or
// when stop rings, the script is stopped; when it hasn't noticed a
// second later it is an orphan: supervise returns errOrphan, the apartment has
// a new goroutine, and the old one does no more harm than to use a processor.
// Any other error is a panic outside the script engine, which catches its own.
func (e *Engine) supervise(a *apartment.Apartment, script interrupter, d *deadline, stop alarm, job func()) error {
	a.Start(job)
	for {
		select {
		case err := <-a.Done():
			return e.jobEnded(err)
		case <-d.restarted:
			continue // what follows a failed page has its own time
		case <-d.timer.C:
			if !d.over() {
				continue
			}
			reason := d.reason()
			if errors.Is(reason, runtime.ErrTimeout) {
				e.counts.timeouts.Add(1)
			}
			script.Interrupt(reason)
		case <-stop.rings:
			script.Interrupt(stop.reason)
			stop.rings = nil
		}
		grace := time.NewTimer(stopGrace)
		select {
		case err := <-a.Done():
			grace.Stop()
			return e.jobEnded(err)
		case <-d.restarted:
			grace.Stop()
		case <-grace.C:
			a.Orphan()
			return errOrphan
		}
	}
}

// errOrphan: the script doesn't stop.
var errOrphan = errors.New("the script does not stop")

// jobEnded reports a panic.
func (e *Engine) jobEnded(err error) error {
	if err != nil {
		e.cfg.Logger.Error("internal error", "error", err.Error(), "stack", apartment.StackOf(err))
	}
	return err
}

// giveUp takes everything from a script that doesn't stop: its answer, its
// locks, its place. What it writes from now on goes nowhere.
func (x *exchange) giveUp() {
	x.orphan = true
	x.wire.Cut() // first: it ends a write that the script is in, which Detach would wait for
	x.res.Detach()
	script := x.scripts.giveUp()
	if x.sess != nil {
		x.sess.giveUp(script.Calling())
	}
	x.discardSession()
	file, line := script.Where()
	x.failure = asp.New(asp.CodeTimeout, "").At(firstOf(file, x.prog.Name()), line, 0)
	if reason := x.flight.deadline.reason(); isKilled(reason) {
		x.failure = reason
	}
	if x.given.Swap(true) {
		x.request.Close() // it ended just now
	}
	x.e.counts.orphans.Add(1)
	defer x.e.reportHealth()
	x.e.cfg.Logger.Error("script does not stop: given up", "page", firstOf(file, x.prog.Name()), "line", line)
}

// broken answers for a page whose goroutine panicked outside the script.
func (x *exchange) broken(err error) {
	_ = x.view.End(false)
	x.failure = asp.Errorf(asp.CodeUnexpected, "%w", err)
	_ = x.replaceFailed(x.failure) // unless the page has flushed
}

func firstOf(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// answerOrphan answers the client of a script that doesn't stop.
func (x *exchange) answerOrphan() bool {
	x.seen.failed.Store(true)
	if !isKilled(x.failure) {
		x.report(x.prog.Name(), x.failure)
	}
	if x.wire.HasStarted() {
		x.log.sent = sentFlushed
		x.abort = true
		return false
	}
	x.wire = nil
	if isKilled(x.failure) {
		return x.refuse(killedAs(x.failure))
	}
	return x.refuseFailed(x.failure)
}
