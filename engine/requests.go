package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// requests are the requests of pages that wait, and what runs in the apartments.
type requests struct {
	running []atomic.Pointer[flight] // by the apartment, whose holder sets it

	mu  sync.Mutex
	all map[*flight]struct{} // that wait
}

func (rs *requests) init(apartments int) {
	rs.running, rs.all = make([]atomic.Pointer[flight], apartments), make(map[*flight]struct{})
}

// run says what an apartment runs; nil when it is about to be left.
func (rs *requests) run(apartment int, f *flight) { rs.running[apartment-1].Store(f) }

// in is what an apartment runs; nil while it is idle, and for a moment before and
// after.
func (rs *requests) in(apartment int) *flight { return rs.running[apartment-1].Load() }

// runs is what runs now.
func (rs *requests) runs() (list []*flight) {
	for i := range rs.running {
		if f := rs.running[i].Load(); f != nil {
			list = append(list, f)
		}
	}
	return list
}

// A flight is one request of a page, as the status shows it. Its parts are
// set by the request's goroutine and read by anybody.
type flight struct {
	id          int64 // unique in the engine
	method, url string
	arrived     time.Time
	waits       string // "application", "turn" or "apartment"; "" when it runs
	page        string
	key         string // of its turn
	apartment   int
	began       time.Time
	queued      time.Duration

	session  atomic.Pointer[string] // its id, once there is one
	state    atomic.Pointer[runtime.State]
	res      atomic.Pointer[asphttp.Response]
	view     *shared.View
	deadline *deadline               // of one that runs
	event    string                  // of global.asa that it is; "" for a request
	cancel   func(reason error) bool // takes one that waits out of its line, see kill
	fate     atomic.Pointer[outcome]
}

// wait notes that a request of a page waits, with the turn of key or for it, until the
// returned function is called, which says why somebody ended it, nil for
// nobody. It waits with the returned context.
func (rs *requests) wait(x *exchange, what, page, key string, h session.Handle) (ctx context.Context, done func() error) {
	var killed error
	ctx, cancel := context.WithCancelCause(x.r.Context())
	f := &flight{id: x.number(), method: x.r.Method, url: x.r.URL.Path, arrived: x.began, waits: what, page: page, key: key}
	var mu sync.Mutex
	over := false
	f.cancel = func(reason error) bool {
		mu.Lock()
		defer mu.Unlock()
		if !over && killed == nil {
			killed = reason
			cancel(reason)
		}
		return killed != nil
	}
	f.in(h)
	rs.add(f)
	if x.e.cutting.Load() {
		f.kill(runtime.ErrStopping)
	}
	return ctx, func() error {
		rs.remove(f)
		mu.Lock()
		defer mu.Unlock()
		over = true
		f.ended(true, "its place in the line; nothing had run")
		cancel(nil)
		return killed
	}
}

// kill ends it for an operator, or with the application; false when it has
// ended.
func (f *flight) kill(reason error) bool {
	if f.deadline != nil {
		return f.deadline.kill(f.id, reason)
	}
	return f.cancel(reason)
}

// in notes the session that a request has.
func (f *flight) in(h session.Handle) {
	if h == nil {
		return
	}
	if id := h.ID(); id != "" {
		f.session.Store(&id)
	}
}

// number is the request's own, by which operators know it.
func (x *exchange) number() int64 {
	if x.id == 0 {
		x.id = x.e.ids.Add(1)
	}
	return x.id
}

// turnKey is the key of the turn that a request has, "" without one.
func (x *visit) turnKey() string {
	if x.hop == nil {
		return ""
	}
	return x.hop.Key()
}

// fly says what the status shows of a request that begins to run: the
// apartment holds it until it is released.
func (x *running) fly(d *deadline) {
	f := &x.flight
	f.id = x.number()
	f.method, f.url, f.arrived, f.page = x.r.Method, x.r.URL.Path, x.began, x.prog.Name()
	f.apartment, f.began, f.queued, f.view = x.home.ID, time.Now(), x.log.queued, x.view
	f.key = x.turnKey()
	f.deadline = d
	f.in(x.handle)
	f.state.Store(x.state)
	f.res.Store(x.res)
	x.e.busy.run(x.home.ID, f)
	if x.e.cutting.Load() {
		f.kill(runtime.ErrStopping)
	}
}

func (rs *requests) add(f *flight) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.all[f] = struct{}{}
}

func (rs *requests) remove(f *flight) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.all, f)
}

// list copies what there is.
func (rs *requests) list() []*flight {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	list := make([]*flight, 0, len(rs.all))
	for f := range rs.all {
		list = append(list, f)
	}
	return list
}

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
	ended := ctx.Err() != nil // who has no time left isn't told by chance
	if !ended {
		select {
		case <-ft.sealed:
		case <-ctx.Done():
			ended = true
		}
	}
	if ended {
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
func (x *running) sealFate(killed bool) {
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
func (x *running) killedPage(failure error) error {
	rf := killedAs(failure)
	if x.res.HeadersSent() || x.res.Replace(rf.statusLine(), rf.page()) != nil {
		return failure
	}
	if rf == shuttingDown { // the page is not to blame: the next server will have it
		_ = x.res.AddHeader("Retry-After", strconv.Itoa(int(rf.retryAfter.Seconds())))
	}
	return nil
}
