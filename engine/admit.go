package engine

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// An exchange is one request on its way through the engine and its answer on the
// way back: who asked, and what the log says in the end. What is known and what
// is held later are a [visit] and a [running], which have it inside them, so that
// no step can use what isn't there yet. The handler's goroutine owns it; the
// script's goroutine uses what run hands to it.
type exchange struct {
	e   *Engine
	w   http.ResponseWriter
	r   *http.Request
	log access

	began time.Time
	id    int64 // see number

	place    place
	reading  atomic.Bool  // the request's body
	bodyOver bool         // its body was read, or can't be
	app      *application // in force when the request came in
	wire     *wire.Wire   // that the answer goes out by; nil: the log has been told already
	orphan   bool         // the script doesn't stop, and may use what the request has
	abort    bool         // the connection must not look as if the answer were whole
	flight   flight       // what the status shows
	seen     observed
	room     *room
}

// A room is where the phases of a request stand: one piece of memory, because
// three cost a small page as much as some of its work.
type room struct {
	exchange exchange
	visit    visit
	running  running
}

// A visit is a request that leads to a page: what is known of it once it is
// routed, and what it holds, each with its give in ServeHTTP.
type visit struct {
	*exchange

	name   string           // the page's file
	status string           // what the response begins with: 404 for the page of missing files; "" is 200
	prog   *runtime.Program // of page
	mode   session.Mode
	unfit  error // why the page doesn't compile, when its error page runs

	in      *asphttp.Body // of body
	request *asphttp.Request
	hasBody bool // it is counted in Engine.bodies

	hop       *turn.Turn // of turn
	handle    session.Handle
	sess      *sessionView
	names     bool        // a page of the request names Session
	storeDown atomic.Bool // the store failed while the page ran

	home *apartment.Apartment // of apartment
	hops int                  // requests of the session that it served in a row
	kept time.Time            // since when
}

// begin makes the exchange of a request.
func (e *Engine) begin(w http.ResponseWriter, r *http.Request) *exchange {
	here := new(room)
	x := &here.exchange
	x.e, x.w, x.r, x.began, x.room = e, w, r, time.Now(), here
	x.place.x = x
	return x
}

// visit begins the visit of a page.
func (x *exchange) visit(name, status string) *visit {
	v := &x.room.visit
	v.exchange, v.name, v.status = x, name, status
	return v
}

// end writes the access log, and ends the answer so that its client gets it: one
// that isn't whole so that it can tell, one that came before the request's body
// was read when that is.
func (x *exchange) end() {
	if p := recover(); p != nil && p != http.ErrAbortHandler {
		x.logged()
		panic(p) // a mistake of the engine's own: net/http reports it
	}
	x.logged()
	if x.abort {
		answer.Break(x.w, x.r)
	}
	if !x.bodyOver {
		x.e.linger.Read(x.w, x.r, x.e.live().LingerTimeout)
	}
}

func (x *exchange) logged() {
	x.log.took = time.Since(x.began)
	if x.wire != nil {
		x.log.status, x.log.bytes = x.wire.Status, x.wire.Bytes
	}
	x.e.counts.add(&x.log, x.began.Add(x.log.took))
	x.observe()
	x.log.log(x.e.cfg.Logger, x.r)
}

// refuse answers without a page.
func (x *exchange) refuse(rf refusal) bool {
	x.log.sent = sentRefused
	x.log.status = rf.status
	x.log.bytes = rf.send(x.w, x.r, x.tagged(rf.status, x.e.own(rf.status, rf.pageFor(x.r))))
	return false
}

// detached is a context that outlives the request: what is stored is stored
// whether the client waits or not.
func (x *exchange) detached() context.Context { return context.WithoutCancel(x.r.Context()) }

// admit lets the request in, once the application is ready for it.
func (x *exchange) admit() bool {
	err := x.ready()
	if err == nil {
		err = x.enter()
	}
	switch {
	case err == nil:
		x.app = x.e.life.app()
		return true
	case x.r.Context().Err() != nil:
		return x.gone()
	}
	return x.refuse(refusalOf(err))
}

func (x *exchange) leaveGate() { x.e.gate.leave(&x.place) }

// route finds what the URL leads to and answers what isn't a page; then there is
// no visit.
func (x *exchange) route() *visit {
	where := x.e.routes.Route(x.r.URL)
	if where.Kind == site.Static {
		return x.static(where.Name)
	}
	if c := x.e.live(); !c.takes(x.r.Method) {
		x.method(c.allow())
		return nil
	}
	switch where.Kind {
	case site.Page:
		return x.visit(where.Name, "")
	case site.Slash:
		x.log.sent, x.log.status = sentRefused, answer.Moved(x.w, x.r, where.Location)
		return nil
	case site.Bad:
		x.refuse(badURL)
		return nil
	}
	return x.missing()
}

// method answers a method that pages don't take.
func (x *exchange) method(allow string) {
	if text := x.e.own(http.StatusMethodNotAllowed, ""); text != "" && x.r.Method != http.MethodOptions && x.r.Method != http.MethodConnect {
		x.w.Header().Set("Allow", allow)
		x.log.sent, x.log.status = sentRefused, http.StatusMethodNotAllowed
		x.log.bytes = sendPage(x.w, x.r, http.StatusMethodNotAllowed, text)
		return
	}
	x.log.sent, x.log.status = sentRefused, answer.Method(x.w, x.r, allow)
}

// static sends a file. Where there is none after all the page for that is visited.
func (x *exchange) static(name string) *visit {
	if x.document(name) {
		return nil
	}
	s := x.e.wires.NewSender(x.w, x.r)
	if err := x.e.statics.Send(s, x.r, name); err != nil {
		return x.missing()
	}
	x.log.sent, x.log.status, x.log.bytes = sentStatic, s.Status, s.Bytes
	x.abort = s.Short(x.r)
	return nil
}

// missing answers 404, by the application's page for it where it has one.
func (x *exchange) missing() *visit {
	c := x.e.live()
	if c.ErrorPage404 == "" || !c.takes(x.r.Method) {
		x.refuse(notFound)
		return nil
	}
	return x.visit(site.PageName(c.ErrorPage404), "404 Not Found")
}

// page gets the program, compiled on a miss, if there is memory to run it.
func (x *visit) page() bool {
	if x.e.memory.over() {
		return x.refuse(tooBusy)
	}
	prog, err := x.program(x.name)
	if err == nil {
		x.prog = prog
		x.mode = x.e.mode(prog)
		return true
	}
	if asp.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist) {
		return x.refuse(notFound)
	}
	return x.unusable(err)
}

// unusable answers for a page that doesn't compile: by what the application has
// for its errors, which runs as a page does, or else at once.
func (x *visit) unusable(err error) bool {
	x.seen.failed.Store(true)
	own := x.e.live().ErrorPage != "" || x.app.handles("Application_OnError")
	if own && x.status == "" {
		if stub, e := x.e.compiler.Compile(x.name, noText{}); e == nil {
			x.unfit, x.prog, x.mode = err, stub, x.e.mode(stub)
			return true
		}
	}
	x.report(x.name, err)
	if x.status != "" && !x.e.showsErrors() {
		return x.refuse(notFound)
	}
	return x.refuseFailed(err)
}

// noText is what is left of a page that doesn't compile.
type noText struct{}

// ReadFile is [runtime.Files].
func (noText) ReadFile(string) ([]byte, error) { return nil, nil }

// refuseWith answers 500 with a page of its own.
func (x *exchange) refuseWith(html string) bool {
	x.log.sent = sentRefused
	x.log.status = http.StatusInternalServerError
	html = x.tagged(http.StatusInternalServerError, html) // when the page is mended it shows
	x.log.bytes = sendPage(x.w, x.r, http.StatusInternalServerError, html)
	return false
}

// A lobby is where requests wait for the application to be ready: to start, or
// to start again because global.asa has changed. They wait as before a turn or an
// apartment: as many as may, for a bounded time, and Status shows them.
type lobby struct {
	waiting  atomic.Int64
	max      atomic.Int64
	patience atomic.Int64 // nanoseconds
}

// set takes the bounds from a Config that went through WithDefaults: those of
// every queue, and those of a held application where they are tighter.
func (l *lobby) set(c *Config) {
	most := max(c.RequestQueueMax, 0)
	if c.HoldQueueMax != 0 {
		most = min(most, max(c.HoldQueueMax, 0))
	}
	long := patience(c)
	if c.HoldTimeout > 0 {
		long = min(long, c.HoldTimeout)
	}
	l.max.Store(int64(most))
	l.patience.Store(int64(long))
}

// crowdPatience is how long a request may wait that is one too many: most waits
// are for somebody who just looks whether global.asa has changed.
const crowdPatience = 100 * time.Millisecond

// await has a request wait for the application, for the rest of the time that it
// may wait for it in all. The context of wait ends with it, for the cause that is
// then the error. An error means that nothing is held; undo gives back what wait
// took while somebody ended the request.
func (x *exchange) await(wait func(context.Context) error, undo func()) error {
	l := &x.e.lobby
	left, late := time.Until(x.began.Add(time.Duration(l.patience.Load()))), errParked
	defer l.waiting.Add(-1)
	if l.waiting.Add(1) > l.max.Load() && left > crowdPatience {
		left, late = crowdPatience, apartment.ErrTooBusy
	}
	ctx, done := x.e.busy.wait(x, "application", "", "", nil)
	ctx, cancel := context.WithTimeoutCause(ctx, left, late)
	defer cancel()
	err := wait(ctx)
	if reason := done(); reason != nil {
		if err == nil {
			undo()
		}
		return reason
	}
	return err
}

// ready waits until the application has started, and has started again where
// global.asa has changed. One request finds out, and whoever comes meanwhile goes
// on with what there is, where there is something.
func (x *exchange) ready() error {
	l := &x.e.life
	if time.Now().UnixNano() < l.next.Load() {
		return nil
	}
	select {
	case l.changing <- struct{}{}:
	default:
		if l.app().started && l.interval() > 0 {
			return nil
		}
		return x.await(func(ctx context.Context) error { return l.lookNow(ctx, false) }, func() {})
	}
	changed := l.lookApart(context.WithoutCancel(x.r.Context()), false)
	if changed == nil {
		return nil
	}
	return x.await(func(ctx context.Context) error {
		select {
		case <-changed:
			return nil
		case <-ctx.Done():
		}
		if x.r.Context().Err() != nil { // it may have closed its sending side alone
			still := time.NewTimer(halfClosedPatience)
			defer still.Stop()
			select {
			case <-changed:
				return nil
			case <-still.C:
			}
		}
		return context.Cause(ctx)
	}, func() {})
}

// halfClosedPatience is how long a client that looks as if it had left is taken
// for one that waits for its answer: most starts are over by then.
const halfClosedPatience = time.Second

// enter passes the gate, once it is open.
func (x *exchange) enter() error {
	g := &x.e.gate
	parked, err := g.tryEnter(&x.place)
	if parked == nil {
		return err
	}
	return x.await(func(ctx context.Context) error { return g.enter(ctx, &x.place) }, x.leaveGate)
}
