package runtime

import (
	"context"
	"errors"
	"fmt"
)

// Reasons to stop a script that come from outside it. The engine gives one to
// [State.Interrupt].
var (
	// ErrTimeout: the script ran longer than its script timeout (ASP 0113).
	ErrTimeout = errors.New("script timed out")
	// ErrClientGone: nobody is left to write to.
	ErrClientGone = errors.New("client disconnected")
	// ErrLeaseLost: another process took the session; nothing may be stored.
	ErrLeaseLost = errors.New("session lock lost")
	// ErrKilled: an operator ended the request.
	ErrKilled = errors.New("ended by an operator")
	// ErrStopping: the application ends, and waits no longer for the request.
	ErrStopping = errors.New("ended with the application")
)

// errEnd is the reason of Response.End and of what ends like it.
var errEnd = errors.New("Response.End")

// transfer is the reason of Server.Transfer: the named program runs next.
type transfer struct{ to *Program }

func (t *transfer) Error() string { return fmt.Sprintf("Server.Transfer to %s", t.to.Name()) }

// stop ends the script from within: the running native function returns, and
// the next instruction of the script is never reached. The first reason wins.
// A page can't swallow its own End: no machine lets it.
func (s *State) stop(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.raise(reason)
}

// raise keeps the first reason and lifts every flag. s.mu is held.
func (s *State) raise(reason error) {
	if s.reason == nil {
		s.reason = reason
	}
	if s.ended != nil && !s.halted.Load() {
		close(s.ended)
	}
	s.halted.Store(true)
	for _, r := range s.running {
		r.machine.Stop(s.reason)
	}
}

// Interrupt ends the script from any goroutine, as soon as it is in script
// code again: a native function of a machine need not look (an orphan is what the
// engine makes of a script that doesn't stop). The first reason wins.
func (s *State) Interrupt(reason error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outside = true
	s.raise(reason)
	if s.cancel != nil {
		s.cancel(s.reason)
	}
}

// waits is the context of the script's calls that may wait: into components,
// for Application.Lock. It ends with the request, and when somebody else stops
// the script.
func (s *State) waits() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == nil {
		s.calls, s.cancel = context.WithCancelCause(s.ctx)
		if s.outside {
			s.cancel(s.reason)
		}
	}
	return s.calls
}

// calm lowers the flag for what still has to be done after a page ended
// itself; a script that was stopped from outside stays stopped.
func (sc *script) calm() {
	sc.mu.Lock()
	defer sc.mu.Unlock()
	if !sc.outside {
		sc.vm.ClearInterrupt()
	}
}

// Reason is why the script was stopped, nil while it wasn't. Any goroutine
// may ask.
func (s *State) Reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reason
}

// EndedItself says that the script asked for its end, by Response.End or what
// ends like it, before anybody else stopped it. Any goroutine may ask.
func (s *State) EndedItself() bool {
	switch reason := s.Reason().(type) {
	case *transfer:
		return true
	default:
		return reason == errEnd
	}
}

// forced says that somebody else stopped the script.
func (s *State) forced() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.outside
}

// stopped is a cheap Reason() != nil for the script's own goroutine.
func (s *State) stopped() bool { return s.halted.Load() }

// resume forgets a Server.Transfer, so that the named page can run. It
// reports false when the script was stopped for another reason meanwhile.
func (s *State) resume() (*Program, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.reason.(*transfer)
	if !ok {
		return nil, false
	}
	s.reason, s.ended = nil, nil
	s.halted.Store(false)
	return t.to, true
}

// enter and exit keep the list of the runs that an interrupt must reach: an
// executed page's and those of the pages that wait for it. A state that was
// stopped before it ran is interrupted at once.
func (s *State) enter(r *run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = append(s.running, r)
	s.latest = r
	if s.reason != nil {
		r.machine.Stop(s.reason)
	}
}

func (s *State) exit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = s.running[:len(s.running)-1]
	if n := len(s.running); n > 0 {
		s.latest = s.running[n-1]
	}
}

// stopSignal is closed when the script is stopped: for what waits in Go.
func (s *State) stopSignal() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = make(chan struct{})
		if s.halted.Load() {
			close(s.ended)
		}
	}
	return s.ended
}
