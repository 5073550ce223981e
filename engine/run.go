package engine

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// A running is a page that runs, and what came of it. The handler's goroutine owns
// it; the script's goroutine uses what run hands to it.
type running struct {
	*visit

	res     *asphttp.Response
	view    *shared.View
	state   *runtime.State
	scripts scripts
	given   atomic.Bool // the script ended, or was given up

	failure error // of the page, unless its error page made a whole answer
	code    int   // the answer's status and header, once they are fixed
	header  http.Header
	answer  wire.Waiting // its bytes of sending_max
	once    *once        // the token that it is the first to bring
}

// run runs the page in the apartment, with the events that come before and
// after it, and waits until it has ended or has to be given up.
func (v *visit) run() *running {
	x := &v.room.running
	x.visit = v
	e := x.e
	defer x.recorded()
	x.wire = e.wires.New(x.w, x.r)
	x.res = asphttp.NewResponse(e.responseConfig(x.visit))
	x.wire.Promise, x.wire.Leave, x.wire.Before = x.res.DeclaredLength, e.bell.rung(), x.keepSession
	if x.e.cfg.Dev {
		x.wire.Tag = x.tag
	}
	if x.status != "" {
		_ = x.res.SetStatus(x.status)
	}
	x.view = x.app.state.Begin(ownerOf(x))
	x.seen.view = x.view
	d := deadlineIn(x.home, e.live().ScriptTimeout, x.number())
	defer func() { x.sealFate(d.stop()) }()
	host := &pageHost{x: v, deadline: d, home: x.home, running: x}
	if x.sess != nil {
		x.sess.home = x.home
	}
	x.state = runtime.New(x.r.Context(), x.env(host))
	x.scripts.begin(x.state, x.view)
	x.names = x.prog.UsesSession()
	x.fly(d)

	began := x.now()
	defer func() { x.seen.script = since(began) }()
	var failure error // read only when the script has ended
	switch err := e.supervise(x.home, x, d, alarm{x.lost(), runtime.ErrLeaseLost, x.saySlow}, func() { failure = x.script(host) }); {
	case err == nil:
		x.failure = failure
	case errors.Is(err, errOrphan):
		x.giveUp()
	default:
		x.broken(err)
	}
	return x
}

// script is what the apartment's goroutine does. What it shares with the
// handler, which may have given it up, is safe for both.
func (x *running) script(host *pageHost) (failure error) {
	defer x.leftAlone()
	failure = x.events(host)
	if err := x.view.End(failure == nil); err != nil && failure == nil {
		failure = err
	}
	if failure != nil && !x.given.Load() {
		return x.errorPage(host, failure)
	}
	return failure
}

// events runs the page between what comes before and after it.
func (x *running) events(host *pageHost) error {
	app := x.app
	if app.failed != nil {
		return app.failed
	}
	if err := x.sessionStart(app, host); err != nil {
		return err
	}
	if x.unfit != nil {
		return x.unfit
	}
	if x.state.EndedItself() {
		return nil // Session_OnStart redirected; who was stopped before the page fails in it
	}
	if app.handles("Script_OnStart") {
		if err := x.state.RunEvent(app.prog, "Script_OnStart"); err != nil || x.state.EndedItself() {
			return err
		}
	}
	err := x.state.Run(x.prog)
	if app.handles("Script_OnEnd") && !x.given.Load() && !isKilled(err) {
		return x.scriptEnd(host, err)
	}
	return err
}

// scriptEnd runs Script_OnEnd, for a page that failed too: what that one wrote
// under Application.Lock is dropped first, and the event has a view and a time
// of its own. The page's failure is not forgotten for the event's.
func (x *running) scriptEnd(host *pageHost, failure error) error {
	run := func(s *runtime.State) error { return s.RunEvent(x.app.prog, "Script_OnEnd") }
	if failure != nil {
		_ = x.view.End(false)
		_, _ = x.afterFailure(host, failure, run)
		return failure
	}
	after := runtime.New(x.r.Context(), x.env(host))
	x.scripts.follow(after)
	return run(after)
}

// sessionStart makes the session exist before the page where global.asa wants
// to know of it.
func (x *running) sessionStart(app *application, host *pageHost) error {
	if x.handle == nil || x.handle.Exists() || !app.handles("Session_OnStart") {
		return nil
	}
	if err := x.sess.create(); err != nil {
		return err
	}
	err := x.state.RunEvent(app.prog, "Session_OnStart")
	if x.mode == session.ReadOnly {
		x.handle.Freeze() // the event may write, the page may not
	}
	return err
}

// env is what the page may reach.
func (x *running) env(host *pageHost) *runtime.Env {
	env := &runtime.Env{
		Request: x.request, Response: x.res, Host: host, Log: x.e.cfg.Logger,
		Application: &applicationView{View: x.view}, Objects: x.app.objects, Libraries: x.app.libraries,
		Modules:   x.e.modules.Current(x.e.life.interval()),
		NoSession: "the page has EnableSessionState=False", Leave: x.wire.Leave, Stacks: x.e.live().SlowLog > 0,
	}
	if x.sess != nil {
		env.Session = x.sess
	}
	if x.status != "" {
		env.LastError = missingError(x.r.URL.Path)
	}
	return env
}

// lost is closed when the session turns out to be in other hands.
func (x *visit) lost() <-chan struct{} {
	if x.handle == nil {
		return nil
	}
	return x.handle.Lost()
}

// Interrupt stops the page, or the script that runs in its place.
func (x *running) Interrupt(reason error) {
	x.seen.noteReason(reason)
	x.scripts.stop(reason)
}

// now is the script that runs, or ran last.
func (ss *scripts) now() *runtime.State {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	return ss.current
}

// scripts are those of one request, one after the other: the page, what comes
// after it, an error page.
type scripts struct {
	mu      sync.Mutex
	current *runtime.State
	view    *shared.View // of the current one
	stopped error
	over    bool // given up: no other comes
}

// begin makes s the one that runs, with a time and a view of its own. It
// returns false when the request was given up.
func (ss *scripts) begin(s *runtime.State, view *shared.View) bool {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if !ss.over {
		ss.current, ss.view, ss.stopped = s, view, nil
	}
	return !ss.over
}

// giveUp frees what the current script has of Application, and returns where
// it was last.
func (ss *scripts) giveUp() (at *runtime.State) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.over = true
	_ = ss.view.End(false)
	return ss.current
}

// follow makes s the one that runs on in the time of the last one.
func (ss *scripts) follow(s *runtime.State) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.current = s
	if ss.stopped != nil {
		s.Interrupt(ss.stopped)
	}
}

func (ss *scripts) stop(reason error) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.stopped = reason
	ss.current.Interrupt(reason)
}

// leftAlone ends a script that was given up: what it still used is removed.
func (x *running) leftAlone() {
	if x.given.Swap(true) {
		x.request.Close()
	}
}

// responseConfig is how a page's response begins.
func (e *Engine) responseConfig(x *visit) asphttp.ResponseConfig {
	lcid := e.cfg.LCID
	if n := x.prog.Directives().LCID; n != 0 {
		lcid = n
	}
	cp := e.pageCodePage(x.prog)
	if x.handle != nil && x.handle.Exists() {
		lcid, cp = x.sess.locale(lcid, cp, x.prog)
	}
	reserved := e.cfg.SessionCookie
	if e.cfg.Sessions != nil {
		reserved = "" // the program's provider has a cookie of its own
	}
	return asphttp.ResponseConfig{
		Reserved: reserved, Sink: x.wire, Buffering: !e.live().DisableBuffering, Limit: int(e.live().BufferingLimit),
		CodePage: cp, LCID: lcid, CookiePath: e.cfg.Path, Header: x.w.Header(), Pool: &e.buffers, Request: x.request,
	}
}

// saySlow tells of a page that has run for slow_log.
func (x *running) saySlow(ran time.Duration) {
	file, line, stack := whereNow(x.scripts.now())
	x.e.cfg.Logger.Warn("slow page", "method", x.r.Method, "path", x.r.URL.Path, "page", x.prog.Name(), "file", firstOf(file, x.prog.Name()), "line", line,
		"running", ran, "stack", stack, "request", x.number())
}

// whereNow is where a script was when it last called the host, and how it came there.
func whereNow(s *runtime.State) (file string, line int, stack string) {
	file, line = s.Where()
	return file, line, strings.Join(s.Stack(), " < ")
}

// stopGrace is how long a script may take to notice that it was stopped.
const stopGrace = time.Second

// An interrupter is a script that can be stopped from outside.
type interrupter interface{ Interrupt(reason error) }

// An alarm stops a script before its deadline, and tells of one that is slow.
type alarm struct {
	rings  <-chan struct{}
	reason error
	slow   func(ran time.Duration) // nil: nobody wants to know
}

// supervise runs job on the apartment and waits for it. At the deadline, or
// when stop rings, the script is stopped; when it hasn't noticed a
// second later it is an orphan: supervise returns errOrphan, the apartment has
// a new goroutine, and the old one does no more harm than to use a processor.
// Any other error is a panic outside the script engine, which catches its own.
func (e *Engine) supervise(a *apartment.Apartment, script interrupter, d *deadline, stop alarm, job func()) error {
	a.Start(job)
	var slow <-chan time.Time
	after := e.live().SlowLog
	if after > 0 && stop.slow != nil {
		timer := time.NewTimer(after)
		defer timer.Stop()
		slow = timer.C
	}
	for {
		select {
		case <-slow:
			stop.slow(after)
			continue
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
func (x *running) giveUp() {
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
func (x *running) broken(err error) {
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
func (x *running) answerOrphan() bool {
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

// body reads the request's body, so that no apartment ever waits for one and
// net/http notices a client that leaves.
func (x *visit) body() bool {
	c := x.e.live()
	if x.r.ContentLength != 0 {
		x.hasBody = true
		x.e.bodies.Add(1)
	}
	x.reading.Store(true)
	if x.e.cutting.Load() {
		x.readNoMore()
	}
	var err error
	x.in, err = asphttp.ReadBody(x.r.Context(), x.r, asphttp.BodyLimits{
		Max: c.MaxRequestEntity, UploadMax: c.UploadMaxRequestEntity, Memory: bodyMemory(x.e.bodies.Load()),
	})
	x.reading.Store(false)
	if err != nil {
		x.leaveBody()
		_, x.bodyOver = errors.AsType[*asphttp.BodyError](err) // it came too slowly, or was no body
		// What is left of the body isn't worth a connection.
		x.w.Header().Set("Connection", "close")
		if x.e.cutting.Load() {
			return x.refuse(shuttingDown)
		}
		return x.refuse(refusalOf(err))
	}
	x.bodyOver = true
	x.request = asphttp.NewRequest(x.r, x.in, x.e.requestConfig(x))
	if err := x.request.CheckLimits(); err != nil {
		x.closeBody()
		return x.refuse(refusalOf(err))
	}
	return true
}

// bodyMemory is how many bytes of a body stay in memory when so many requests
// have one: 256 KB, and less in a crowd, so that what all of them keep is
// bounded. The rest of a body goes to a temporary file.
func bodyMemory(bodies int64) int {
	const all, each, least = 64 << 20, 256 << 10, 4 << 10
	return int(max(min(each, all/max(bodies, 1)), least))
}

func (x *visit) leaveBody() {
	if x.hasBody {
		x.hasBody = false
		x.e.bodies.Add(-1)
	}
}

// closeBody removes the request's temporary files.
func (x *visit) closeBody() {
	x.leaveBody()
	if x.orphan {
		return // the script may still read them: whoever waits for it does it
	}
	x.request.Close()
}

// requestConfig is what the page's Request doesn't see in the HTTP request.
func (e *Engine) requestConfig(x *visit) asphttp.RequestConfig {
	cp, c := e.pageCodePage(x.prog), e.live()
	return asphttp.RequestConfig{
		ScriptName:      e.paths.URLPath(x.name),
		PhysicalPath:    e.paths.Physical(x.name),
		AppPath:         e.cfg.Path,
		AppPhysicalPath: e.paths.Physical(""),
		ServerSoftware:  "naja",
		CodePage:        cp,
		Variables:       x,
		Failed:          x.failedAs(),
		Limits: asphttp.FormLimits{MaxFields: c.MaxFormFields, MaxFieldSize: int(c.MaxFormFieldSize),
			MaxFiles: max(c.MaxUploadFiles, 0), NoFiles: c.MaxUploadFiles == None},
	}
}

// failedAs is the status that the page is there for, 0 for one that was asked
// for.
func (x *visit) failedAs() int {
	if x.status == "" {
		return 0
	}
	return http.StatusNotFound
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

// ServerVariable gives the server variables that are naja's own: the number of
// the apartment that runs the page, the milliseconds that the request waited for
// its turn and for the apartment, and what the session is called to operators.
func (x *visit) ServerVariable(name string) (string, bool) {
	switch name {
	case "NAJA_APARTMENT":
		return strconv.Itoa(x.flight.apartment), true
	case "NAJA_SESSION":
		if x.handle == nil || !x.handle.Exists() {
			return "", true
		}
		return x.handle.ID(), true
	case "NAJA_QUEUE_TIME":
		return strconv.FormatInt(x.flight.queued.Milliseconds(), 10), true
	}
	return "", false
}
