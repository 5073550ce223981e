package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// An ending is how people and systems end the command: by SIGINT or SIGTERM, and
// by a second one when they don't want to wait any longer.
type ending struct {
	// context ends at the first signal, which is its cause. Its insistence ends
	// at the second.
	context.Context

	received chan os.Signal
	left     chan struct{} // closed by leave
	gone     chan struct{} // closed when nobody waits for signals any more
}

// lastPatience is how long the command may take after the second signal to say
// what it cuts off. Then it ends by the signal, whatever still runs.
const lastPatience = 3 * time.Second

// awaitSignals begins to wait for them. The caller calls leave.
func awaitSignals() *ending {
	e := &ending{received: make(chan os.Signal, 2), left: make(chan struct{}), gone: make(chan struct{})}
	twice, second := context.WithCancelCause(context.Background())
	once, first := context.WithCancelCause(context.WithValue(context.Background(), insistenceKey{}, twice))
	e.Context = once
	signal.Notify(e.received, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer close(e.gone)
		e.next(first)
		if again := e.next(second); again != nil {
			select {
			case <-time.After(lastPatience):
			case <-e.left:
			}
			endBy(again)
		}
	}()
	return e
}

type insistenceKey struct{}

// insistence is the context that ends when nobody wants to wait any more for the
// end of what ctx, the command's, has ended.
func insistence(ctx context.Context) context.Context {
	if twice, ok := ctx.Value(insistenceKey{}).(context.Context); ok {
		return twice
	}
	return context.WithoutCancel(ctx)
}

// next waits for a signal and cancels by it; nil when none is waited for any more.
func (e *ending) next(cancel context.CancelCauseFunc) os.Signal {
	select {
	case s := <-e.received:
		cancel(fmt.Errorf("%s signal received", s))
		return s
	case <-e.left:
		return nil
	}
}

// leave ends the waiting. Who sent two signals sees the process end by one, not
// by an exit.
func (e *ending) leave() {
	close(e.left)
	<-e.gone
	signal.Stop(e.received)
}

// endBy ends the process as the signal does where nobody handles it.
func endBy(s os.Signal) {
	signal.Reset(os.Interrupt, syscall.SIGTERM)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // it comes to another thread
	}
	os.Exit(exitFailed)
}

// outliveReaders keeps a server alive whose standard output or error nobody reads
// any more. Go ends a process at such a write, unless SIGPIPE is waited for; then
// the line is lost and nothing else. The caller calls what it returns.
func outliveReaders() (stop func()) {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	return func() { signal.Stop(broken) }
}
