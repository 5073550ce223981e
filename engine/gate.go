package engine

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// errParked: the application wasn't ready again in time.
var errParked = errors.New("the application is not ready")

// errShutdown: the application has ended.
var errShutdown = errors.New("the application is shutting down")

// A gate counts the requests inside an application and can be closed behind
// them: parked, so that new ones wait, or shut for good. The zero gate is
// open; patience is set before it is used.
type gate struct {
	patience atomic.Int64 // nanoseconds that a request waits before a parked gate

	mu     sync.Mutex
	inside int
	shutUp bool
	parked chan struct{} // closed when the gate opens again; nil while open
	empty  chan struct{} // closed when nobody is inside; nil unless awaited
}

// enter lets a request in, which calls leave afterwards.
func (g *gate) enter(ctx context.Context) error {
	for {
		g.mu.Lock()
		if g.shutUp {
			g.mu.Unlock()
			return errShutdown
		}
		parked := g.parked
		if parked == nil {
			g.inside++
			g.mu.Unlock()
			return nil
		}
		g.mu.Unlock()
		if err := g.wait(ctx, parked); err != nil {
			return err
		}
	}
}

// wait waits for a parked gate to open.
func (g *gate) wait(ctx context.Context, parked <-chan struct{}) error {
	timer := time.NewTimer(time.Duration(g.patience.Load()))
	defer timer.Stop()
	select {
	case <-parked:
		return nil
	case <-timer.C:
		return errParked
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.inside == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// park closes the gate and waits until nobody is inside. Only one parks at a
// time; it calls open afterwards, also after an error, which is ctx's.
func (g *gate) park(ctx context.Context) error {
	g.mu.Lock()
	if g.parked == nil {
		g.parked = make(chan struct{})
	}
	empty := g.awaitEmpty()
	g.mu.Unlock()
	return waitFor(ctx, empty)
}

// awaitEmpty is closed once nobody is inside. g.mu is held.
func (g *gate) awaitEmpty() <-chan struct{} {
	if g.inside == 0 {
		done := make(chan struct{})
		close(done)
		return done
	}
	if g.empty == nil {
		g.empty = make(chan struct{})
	}
	return g.empty
}

// open lets waiting requests in.
func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.parked != nil {
		close(g.parked)
		g.parked = nil
	}
}

// shut refuses new requests for good and waits for those inside.
func (g *gate) shut(ctx context.Context) error {
	g.mu.Lock()
	g.shutUp = true
	if g.parked != nil {
		close(g.parked) // those who wait learn that it is over
		g.parked = nil
	}
	empty := g.awaitEmpty()
	g.mu.Unlock()
	return waitFor(ctx, empty)
}

func waitFor(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
