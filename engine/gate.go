package engine

import (
	"context"
	"errors"
	"sync"

	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/linked"
)

// errParked: the application wasn't ready again in time.
var errParked = errors.New("the application is not ready")

// errShutdown: the application has ended.
var errShutdown = wire.ErrOver

// A gate counts the requests inside an application and can be closed behind
// them: parked, so that new ones wait, or shut for good. The zero gate is
// open.
type gate struct {
	mu     sync.Mutex
	inside linked.List[place]
	shutUp bool
	parked chan struct{} // closed when the gate opens again; nil while open
	empty  chan struct{} // closed when nobody is inside; nil unless awaited
}

// A place is a request's inside the gate.
type place struct {
	x    *exchange
	node linked.Node[place]
}

// enter lets a request in, which calls leave with its place afterwards. Before a
// parked gate it waits until that opens, or ctx ends, whose cause is the error.
func (g *gate) enter(ctx context.Context, p *place) error {
	for {
		parked, err := g.tryEnter(p)
		if parked == nil {
			return err
		}
		select {
		case <-parked:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// tryEnter is enter for who would rather not wait: before a parked gate it gives
// what is closed when that opens.
func (g *gate) tryEnter(p *place) (parked <-chan struct{}, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.shutUp:
		return nil, errShutdown
	case g.parked != nil:
		return g.parked, nil
	}
	g.inside.PushBack(&p.node, p)
	return nil, nil
}

func (g *gate) leave(p *place) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside.Remove(&p.node)
	if g.inside.Len() == 0 && g.empty != nil {
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
	if g.inside.Len() == 0 {
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

// count is how many are inside.
func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.inside.Len()
}

// each calls f with every request inside, none of which can leave meanwhile.
func (g *gate) each(f func(*exchange)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for p := range g.inside.All() {
		f(p.x)
	}
}

// waitFor waits until done is closed, which counts also where ctx has ended.
func waitFor(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
