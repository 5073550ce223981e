package host

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/linked"
)

// A door is where requests come in. Its zero value is shut: nobody lives there.
type door struct {
	open atomic.Pointer[tenancy] // where requests go at once; nil: they have to ask

	mu       sync.Mutex
	tenant   *tenancy // nil: the application isn't loaded
	operator *hold    // that an operator asked for
	own      *hold    // of an operation that runs
	starting bool     // somebody starts the application
	shut     bool     // for good
	failed   error    // why it couldn't be started
	retry    time.Time
	waiting  linked.List[guest]
	max      int
	refused  int64
}

// A hold keeps requests out.
type hold struct {
	mode   string // Refuse or Park
	single bool
	why    string // "operator", or the operation
	since  time.Time
	cancel func()        // ends the operation; nil for an operator's
	over   chan struct{} // closed when it is released
}

// A guest is a request that waits at the door. Its fields are guarded by
// door.mu; ready is closed when it is out of the line.
type guest struct {
	ready  chan struct{}
	tenant *tenancy // that it is inside of now; nil: it has to ask again
	place  linked.Node[guest]
}

// enter lets a request in if the door is open. It calls leave then.
func (d *door) enter() *tenancy {
	t := d.open.Load()
	if t == nil {
		return nil
	}
	t.inside.Add(1)
	if d.open.Load() != t { // it was shut just now, and who waits for t to be empty may not have seen us
		t.leave()
		return nil
	}
	return t
}

// settle opens or shuts the door as things are, and lets in who waits. d.mu is
// held.
func (d *door) settle() {
	switch {
	case d.shut, d.operator != nil && d.operator.mode == Refuse:
		d.open.Store(nil)
		d.wakeAll()
	case d.own != nil, d.operator != nil, d.starting:
		d.open.Store(nil)
	case d.tenant == nil:
		d.open.Store(nil)
		d.wake(d.waiting.First()) // it starts the application
	default:
		for g := range d.waiting.All() {
			d.tenant.inside.Add(1)
			g.tenant = d.tenant
			d.wake(g)
		}
		d.open.Store(d.tenant)
	}
}

// line puts a request in line; nil when too many wait. d.mu is held.
func (d *door) line() *guest {
	if d.waiting.Len() >= d.max {
		return nil
	}
	g := &guest{ready: make(chan struct{})}
	d.waiting.PushBack(&g.place, g)
	return g
}

// wake takes a guest out of the line. d.mu is held.
func (d *door) wake(g *guest) {
	if g != nil && d.waiting.Remove(&g.place) {
		close(g.ready)
	}
}

func (d *door) wakeAll() {
	for g := range d.waiting.All() {
		d.wake(g)
	}
}

// giveUp takes a guest out of the line that waits no more. If it was let in at
// the same time it is inside, and is the caller's to leave.
func (d *door) giveUp(g *guest) *tenancy {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.wake(g)
	return g.tenant
}

// set changes the door.
func (d *door) set(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	d.settle()
}

// lives is who lives there, nil for nobody.
func (d *door) lives() *tenancy {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tenant
}

// A tenancy is a Runner with the requests that are inside it.
type tenancy struct {
	runner    Runner
	isolation string
	program   string // Config.Program when it was made
	since     time.Time

	inside atomic.Int64
	empty  atomic.Pointer[chan struct{}] // gets one when the last has left, while somebody waits for that
}

// leave is called by each request that entered.
func (t *tenancy) leave() {
	if t.inside.Add(-1) > 0 {
		return
	}
	if empty := t.empty.Load(); empty != nil {
		select {
		case *empty <- struct{}{}:
		default:
		}
	}
}

// drained waits until nobody is inside. The door is shut meanwhile, and one
// waits at a time. The error is the cause of ctx's end.
func (t *tenancy) drained(ctx context.Context) error {
	empty := make(chan struct{}, 1)
	t.empty.Store(&empty)
	defer t.empty.Store(nil)
	for t.inside.Load() > 0 {
		select {
		case <-empty:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// drainedWithout is drained, with long pages told to end meanwhile: their
// clients come again and find what is new.
func (t *tenancy) drainedWithout(ctx context.Context) error {
	t.stopping(true)
	defer t.stopping(false)
	return t.drained(ctx)
}
