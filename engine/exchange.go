package engine

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// An exchange is one request on its way through the engine and its answer on
// the way back. The handler's goroutine owns it; the script's goroutine uses
// what run hands to it.
type exchange struct {
	e   *Engine
	w   http.ResponseWriter
	r   *http.Request
	log access

	began time.Time

	app    *application // in force when the request came in
	where  route
	prog   *runtime.Program
	status string // what the response begins with; "" is 200
	mode   session.Mode
	in     *asp.Body
	hop    *session.Turn
	handle session.Handle
	home   *apartment
	hops   int       // requests of the session that the apartment served in a row
	kept   time.Time // since when

	wire     *wire
	request  *asp.Request
	res      *asp.Response
	view     *appstate.View
	sess     *sessionView
	state    *runtime.State
	failure  error // of the page
	orphan   bool
	given    atomic.Bool                   // the script ended, or was given up
	second   atomic.Pointer[runtime.State] // of the error page
	abort    bool                          // the connection must not look as if the answer were whole
	code     int                           // the answer's status and header, once they are fixed
	header   http.Header
	reserved int64 // bytes of sending_max
	info     *flight
}

// begin makes the exchange of a request.
func (e *Engine) begin(w http.ResponseWriter, r *http.Request) *exchange {
	return &exchange{e: e, w: w, r: r, began: time.Now()}
}

// end writes the access log, and ends an answer that isn't whole so that the
// client can tell.
func (x *exchange) end() {
	if p := recover(); p != nil && p != http.ErrAbortHandler {
		x.logged()
		panic(p) // a mistake of the engine's own: net/http reports it
	}
	x.logged()
	if x.abort {
		panic(http.ErrAbortHandler)
	}
}

func (x *exchange) logged() {
	x.log.took = time.Since(x.began)
	if x.wire != nil {
		x.log.status, x.log.bytes = x.wire.status, x.wire.bytes
	}
	x.e.counts.add(&x.log)
	x.log.log(x.e.cfg.Logger, x.r)
}

// refuse answers without a page.
func (x *exchange) refuse(rf refusal) bool {
	x.log.sent = sentRefused
	x.log.status = rf.status
	x.log.bytes = rf.send(x.w, x.r)
	return false
}

// admit lets the request in, once the application is ready for it.
func (x *exchange) admit() bool {
	x.e.life.look(x.r.Context())
	switch err := x.e.gate.enter(x.r.Context()); {
	case err == nil:
		x.app = x.e.life.app()
		return true
	case errors.Is(err, errShutdown):
		return x.refuse(shuttingDown)
	default:
		return x.refuse(tooBusy)
	}
}

func (x *exchange) leaveGate() { x.e.gate.leave() }

// route finds what the URL leads to and answers what isn't a page.
func (x *exchange) route() bool {
	x.where = x.e.routes.route(x.r.URL)
	if x.where.kind == routeStatic {
		return x.static()
	}
	if !methodAllowed(x.r.Method) {
		x.log.sent, x.log.status = sentRefused, answerMethod(x.w, x.r, pageMethods)
		return false
	}
	switch x.where.kind {
	case routePage:
		return true
	case routeSlash:
		redirectToSlash(x.w, x.r, x.where.location)
		x.log.sent, x.log.status = sentRefused, http.StatusMovedPermanently
		return false
	case routeBad:
		return x.refuse(badURL)
	}
	return x.missing()
}

// static sends a file.
func (x *exchange) static() bool {
	s, err := x.e.statics.send(x.w, x.r, x.where.name)
	if err != nil {
		return x.missing()
	}
	x.log.sent, x.log.status, x.log.bytes = sentStatic, s.status, s.bytes
	return false
}

// missing answers 404, by the application's page for it where it has one.
func (x *exchange) missing() bool {
	if x.e.cfg.ErrorPage404 == "" || !methodAllowed(x.r.Method) {
		return x.refuse(notFound)
	}
	x.where = route{kind: routePage, name: pageName(x.e.cfg.ErrorPage404)}
	x.status = "404 Not Found"
	return true
}

// page gets the program, compiled on a miss.
func (x *exchange) page() bool {
	prog, err := x.e.pages.get(x.where.name)
	if err == nil {
		x.prog = prog
		x.mode = x.e.mode(prog)
		return true
	}
	if asp.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist) {
		return x.refuse(notFound)
	}
	x.e.report(err)
	return x.refuseWith(x.e.errorBody(err))
}

// refuseWith answers 500 with a page of its own.
func (x *exchange) refuseWith(html string) bool {
	x.log.sent = sentRefused
	x.log.status = http.StatusInternalServerError
	x.log.bytes = sendPage(x.w, x.r, http.StatusInternalServerError, html)
	return false
}

// body reads the request's body, so that no apartment ever waits for one and
// net/http notices a client that leaves.
func (x *exchange) body() bool {
	c := &x.e.cfg
	var err error
	x.in, err = asp.ReadBody(x.r.Context(), x.r, asp.BodyLimits{Max: c.MaxRequestEntity, UploadMax: c.UploadMaxRequestEntity})
	if err != nil {
		// What is left of the body isn't waited for.
		x.w.Header().Set("Connection", "close")
		return x.refuse(refusalOf(err))
	}
	x.request = asp.NewRequest(x.r, x.in, x.e.requestConfig(x))
	if err := x.request.CheckLimits(); err != nil {
		x.closeBody()
		return x.refuse(refusalOf(err))
	}
	return true
}

// closeBody removes the request's temporary files.
func (x *exchange) closeBody() {
	if x.orphan {
		return // the script may still read them: whoever waits for it does it
	}
	x.request.Close()
}

// turn waits for the request's place in its session.
func (x *exchange) turn() bool {
	if x.mode != session.ReadWrite {
		return true
	}
	key, ok := x.e.provider(x.app).Key(x.r)
	if !ok {
		return true
	}
	hop, ok := x.e.turns.TryEnter(key)
	if !ok {
		done := x.e.busy.wait(x, "turn")
		var err error
		hop, err = x.e.turns.Enter(x.r.Context(), key)
		done()
		if err != nil {
			if x.r.Context().Err() != nil {
				return x.gone()
			}
			return x.refuse(refusalOf(err))
		}
	}
	x.hop = hop
	x.log.queued += hop.Waited()
	if hint, ok := hop.TakeHint().(*handover); ok {
		x.home, x.hops, x.kept = hint.apartment, hint.count, hint.since
	}
	if hop.Waited() > x.e.testTime() && x.r.Context().Err() != nil {
		x.leaveTurn()
		return x.gone()
	}
	return true
}

// gone ends a request whose client left before it ran.
func (x *exchange) gone() bool {
	x.log.sent, x.log.status, x.log.err = sentRefused, statusClientGone, errClientGone
	x.abort = true
	return false
}

// statusClientGone is what the log says of a client that left before its
// request ran (nginx's number).
const statusClientGone = 499

// leaveTurn gives the turn on. While another request of the session waits,
// the apartment goes with it, for a bounded number of requests.
func (x *exchange) leaveTurn() {
	if x.sess != nil {
		x.sess.leaveOwn()
	}
	if x.hop == nil {
		return
	}
	hop := x.hop
	x.hop = nil
	if x.home != nil && x.mayPassOn() && hop.Waiting() > 0 && x.released() {
		hint := &handover{x.home, x.hops + 1, x.kept}
		x.home = nil
		hop.SetHint(hint)
	}
	hop.Leave()
}

// released says whether the answer can be sent without the apartment.
func (x *exchange) released() bool {
	return x.wire == nil || x.wire.hasStarted() || x.reserve()
}

// maxHops and maxKept bound how many requests of one session an apartment
// serves in a row, and how long, so that a flood of one session doesn't keep
// it from the others.
const (
	maxHops = 16
	maxKept = 2 * time.Second
)

// mayPassOn says whether the apartment may go with the turn once more.
func (x *exchange) mayPassOn() bool {
	if x.kept.IsZero() {
		x.kept = x.began
	}
	return x.hops < maxHops && time.Since(x.kept) < maxKept
}

// A handover is an apartment that passes on with a turn.
type handover struct {
	apartment *apartment
	count     int       // requests of the session that it served in a row
	since     time.Time // when the first of them came
}

// dropHint takes back an apartment that nobody was left to take.
func (e *Engine) dropHint(hint any) {
	if h, ok := hint.(*handover); ok {
		e.apartments.release(h.apartment)
	}
}

// apartment waits for a worker: the one that came with the turn, the one the
// session is pinned to, or any.
func (x *exchange) apartment() bool {
	pinned := x.e.objects.pinnedTo(x.sess)
	if x.home != nil {
		if pinned == nil || pinned == x.home {
			x.e.apartments.adopt(x.home)
			return true
		}
		x.leaveApartment()
	}
	done := x.e.busy.wait(x, "apartment")
	home, waited, err := x.e.apartments.acquire(x.r.Context(), claim{want: pinned, pinned: pinned != nil, connected: x.connected})
	done()
	x.log.queued += waited
	if err != nil {
		if x.r.Context().Err() != nil || errors.Is(err, errClientGone) {
			return x.gone()
		}
		return x.refuse(refusalOf(err))
	}
	x.home = home
	return true
}

// connected says whether the client is still there.
func (x *exchange) connected() bool { return x.r.Context().Err() == nil }

// leaveApartment gives the worker back; an orphan's was given up before.
func (x *exchange) leaveApartment() {
	if x.home != nil {
		x.e.apartments.release(x.home)
		x.home = nil
	}
}

// openSession loads the session, whose turn the request has.
func (x *exchange) openSession() bool {
	if x.mode == session.Off {
		return true
	}
	handle, err := x.e.provider(x.app).Open(x.r.Context(), x.r, x.mode)
	if err != nil {
		if x.r.Context().Err() != nil {
			return x.gone()
		}
		x.e.cfg.Logger.Error("session store failed", "error", err.Error())
		return x.refuse(storeFailed)
	}
	x.handle = handle
	x.sess = newSessionView(x, handle)
	return true
}

// discardSession gives the session up on every path that didn't commit it.
func (x *exchange) discardSession() {
	if x.handle != nil {
		x.handle.Discard()
	}
}

// testTime is how long a request may wait without a look at its client.
func (e *Engine) testTime() time.Duration {
	if e.cfg.QueueConnectionTestTime < 0 {
		return 1<<63 - 1
	}
	return e.cfg.QueueConnectionTestTime
}

// provider is who keeps the application's sessions.
func (e *Engine) provider(app *application) session.Provider {
	if e.cfg.Sessions != nil {
		return e.cfg.Sessions
	}
	return app.manager
}

// mode is what a page does with its session.
func (e *Engine) mode(p *runtime.Program) session.Mode {
	switch p.Directives().EnableSessionState {
	case runtime.SessionOn:
		return session.ReadWrite
	case runtime.SessionOff:
		return session.Off
	case runtime.SessionReadOnly:
		return session.ReadOnly
	}
	if e.cfg.DisableSessionState {
		return session.Off
	}
	return session.ReadWrite
}

// requestConfig is what the page's Request doesn't see in the HTTP request.
func (e *Engine) requestConfig(x *exchange) asp.RequestConfig {
	cp := e.pageCodePage(x.prog)
	return asp.RequestConfig{
		ScriptName:      e.urlPath(x.where.name),
		PhysicalPath:    e.physical(x.where.name),
		AppPath:         e.cfg.Path,
		AppPhysicalPath: e.physical(""),
		ServerSoftware:  "naja",
		CodePage:        cp,
		Limits: asp.FormLimits{MaxFields: e.cfg.MaxFormFields, MaxFieldSize: int(e.cfg.MaxFormFieldSize),
			MaxFiles: e.cfg.MaxUploadFiles},
	}
}

// pageCodePage is the code page that a page's text and requests are in.
func (e *Engine) pageCodePage(p *runtime.Program) *codepage.CodePage {
	if p != nil {
		if n := p.Directives().CodePage; n != 0 {
			if cp, ok := codepage.Lookup(n); ok {
				return cp
			}
		}
	}
	return e.codePage
}

// detached is a context that outlives the request: what is stored is stored
// whether the client waits or not.
func (x *exchange) detached() context.Context { return context.WithoutCancel(x.r.Context()) }
