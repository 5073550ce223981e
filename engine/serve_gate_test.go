package engine

import (
	"context"
	"sync"
	"testing"
	"time"
)

// A testGate is a component by which a test holds pages: a page that calls
// Pass waits there, in Go code that no script timeout reaches, until the test
// opens the gate.
type testGate struct {
	arrivals chan string
	mu       sync.Mutex
	opened   map[string]chan struct{}
}

// withGate gives pages a Test.Gate. All its gates are open when the test ends.
func withGate(t *testing.T) (*testGate, func(*Config)) {
	g := &testGate{arrivals: make(chan string, 100), opened: map[string]chan struct{}{}}
	return g, func(c *Config) {
		t.Cleanup(g.openAll)
		c.Components = map[string]Component{"Test.Gate": {
			New: func(context.Context) (any, error) { return &gateObject{gate: g}, nil }, Threading: Agile,
		}, "Test.Late": {
			New: func(context.Context) (any, error) { return &lateObject{gateObject{gate: g}}, nil }, Threading: Agile,
		}}
	}
}

// A gateObject is what a page sees of the gates.
type gateObject struct{ gate *testGate }

// A lateObject is a component whose value waits for the gate "late".
type lateObject struct{ gateObject }

// Value is asked for where the page wants a text, a number or what is stored.
func (o *lateObject) Value() string {
	o.Pass("late")
	return "1"
}

// SetValue makes Value a property.
func (o *lateObject) SetValue(string) {}

// Pass waits until the test opens the gate of that name.
func (o *gateObject) Pass(name string) string {
	ch := o.gate.channel(name)
	o.gate.arrivals <- name
	<-ch
	return name
}

// Panic is a mistake of a component.
func (o *gateObject) Panic() { panic("in a component") }

func (g *testGate) channel(name string) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened[name] == nil {
		g.opened[name] = make(chan struct{})
	}
	return g.opened[name]
}

// open lets the pages that wait at a gate go on, and all that come later.
func (g *testGate) open(name string) {
	ch := g.channel(name)
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-ch:
	default:
		close(ch)
	}
}

func (g *testGate) openAll() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, ch := range g.opened {
		select {
		case <-ch:
		default:
			close(ch)
		}
	}
}

// arrived waits for n pages to come to their gates.
func (g *testGate) arrived(t *testing.T, n int) {
	t.Helper()
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	for range n {
		select {
		case <-g.arrivals:
		case <-timeout.C:
			t.Fatal("a page never came to its gate")
		}
	}
}
