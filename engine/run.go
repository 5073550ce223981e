package engine

import (
	"errors"
	"sync"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// stopGrace is how long a script may take to notice that it was stopped.
const stopGrace = time.Second

// run runs the page in the apartment, with the events that come before and
// after it, and waits until it has ended or has to be given up.
func (x *exchange) run() {
	e := x.e
	x.wire = e.wires.newWire(x.w, x.r)
	x.res = asp.NewResponse(e.responseConfig(x))
	x.wire.promise = x.res.DeclaredLength
	if x.status != "" {
		_ = x.res.SetStatus(x.status)
	}
	x.view = x.app.state.Begin(ownerOf(x))
	x.info = e.busy.start(x)
	defer e.busy.stop(x.info)
	d := newDeadline(e.cfg.ScriptTimeout)
	defer d.stop()
	host := &pageHost{x: x, deadline: d, home: x.home}
	if x.sess != nil {
		x.sess.home = x.home
	}
	x.state = runtime.New(x.r.Context(), x.env(host))
	x.info.attach(x.state, x.res)

	var failure error // read only when the script has ended
	switch err := e.supervise(x.home, x, d, x.lost(), func() { failure = x.script(host) }); {
	case err == nil:
		x.failure = failure
	case errors.Is(err, errOrphan):
		x.giveUp()
	default:
		x.broken(err)
	}
}

// script is what the apartment's goroutine does. What it shares with the
// handler, which may have given it up, is safe for both.
func (x *exchange) script(host *pageHost) (failure error) {
	defer x.leftAlone()
	failure = x.events(host)
	if err := x.view.End(failure == nil); err != nil && failure == nil {
		failure = err
	}
	if failure != nil {
		x.errorPage(host, failure)
	}
	return failure
}

// events runs the page between what comes before and after it.
func (x *exchange) events(host *pageHost) error {
	app := x.app
	if app.failed != nil {
		return app.failed
	}
	if err := x.sessionStart(app, host); err != nil {
		return err
	}
	if x.state.Reason() != nil {
		return nil // Session_OnStart redirected
	}
	if app.handles("Script_OnStart") {
		if err := x.state.RunEvent(app.prog, "Script_OnStart"); err != nil || x.state.Reason() != nil {
			return err
		}
	}
	err := x.state.Run(x.prog)
	if app.handles("Script_OnEnd") {
		after := runtime.New(x.r.Context(), x.env(host))
		err = errors.Join(err, after.RunEvent(app.prog, "Script_OnEnd"))
	}
	return err
}

// sessionStart makes the session exist before the page where global.asa wants
// to know of it.
func (x *exchange) sessionStart(app *application, host *pageHost) error {
	if x.handle == nil || x.handle.Exists() || !app.handles("Session_OnStart") {
		return nil
	}
	if err := x.sess.create(); err != nil {
		return err
	}
	return x.state.RunEvent(app.prog, "Session_OnStart")
}

// env is what the page may reach.
func (x *exchange) env(host *pageHost) *runtime.Env {
	env := &runtime.Env{
		Request: x.request, Response: x.res, Host: host, Log: x.e.cfg.Logger,
		Application: &applicationView{View: x.view}, Objects: x.app.objects,
		Modules:   x.e.modules.current(x.e.life.interval()),
		NoSession: "the page has EnableSessionState=False",
	}
	if x.sess != nil {
		env.Session = x.sess
	}
	return env
}

// lost is closed when the session turns out to be in other hands.
func (x *exchange) lost() <-chan struct{} {
	if x.handle == nil {
		return nil
	}
	return x.handle.Lost()
}

// Interrupt stops the page, and the error page that may run in its place.
func (x *exchange) Interrupt(reason error) {
	if s := x.second.Load(); s != nil {
		s.Interrupt(reason)
		return
	}
	x.state.Interrupt(reason)
}

// leftAlone ends a script that was given up: what it still used is removed.
func (x *exchange) leftAlone() {
	if x.given.Swap(true) {
		x.request.Close()
	}
}

// An interrupter is a script that can be stopped from outside.
type interrupter interface{ Interrupt(reason error) }

// supervise runs job on the apartment and waits for it. At the deadline, or
// when the session is lost, the script is stopped; when it hasn't noticed a
// second later it is an orphan: supervise returns errOrphan, the apartment has
// a new goroutine, and the old one does no more harm than to use a processor.
// Any other error is a panic outside the script engine, which catches its own.
func (e *Engine) supervise(a *apartment, script interrupter, d *deadline, lost <-chan struct{}, job func()) error {
	a.start(job)
	for {
		select {
		case err := <-a.done():
			return e.jobEnded(err)
		case <-d.restarted:
			continue // what follows a failed page has its own time
		case <-d.timer.C:
			e.counts.timeouts.Add(1)
			script.Interrupt(runtime.ErrTimeout)
		case <-lost:
			script.Interrupt(runtime.ErrLeaseLost)
			lost = nil
		}
		grace := time.NewTimer(stopGrace)
		select {
		case err := <-a.done():
			grace.Stop()
			return e.jobEnded(err)
		case <-d.restarted:
			grace.Stop()
		case <-grace.C:
			a.orphan()
			return errOrphan
		}
	}
}

// errOrphan: the script doesn't stop.
var errOrphan = errors.New("the script does not stop")

// jobEnded reports a panic.
func (e *Engine) jobEnded(err error) error {
	if err != nil {
		e.cfg.Logger.Error("internal error", "error", err.Error(), "stack", stackOf(err))
	}
	return err
}

func stackOf(err error) string {
	if p, ok := errors.AsType[*jobPanicError](err); ok {
		return string(p.stack)
	}
	return ""
}

// giveUp takes everything from a script that doesn't stop: its answer, its
// locks, its place. What it writes from now on goes nowhere.
func (x *exchange) giveUp() {
	x.orphan = true
	x.res.Detach()
	x.wire.cut()
	_ = x.view.End(false)
	x.discardSession()
	file, line := x.state.Where()
	x.failure = asp.New(asp.CodeTimeout, "").At(firstOf(file, x.prog.Name()), line, 0)
	if x.given.Swap(true) {
		x.request.Close() // it ended just now
	}
	x.e.counts.orphans.Add(1)
	x.e.cfg.Logger.Error("script does not stop: given up", "page", firstOf(file, x.prog.Name()), "line", line)
}

// broken answers for a page whose goroutine panicked outside the script.
func (x *exchange) broken(err error) {
	_ = x.view.End(false)
	x.failure = asp.Errorf(asp.CodeUnexpected, "%w", err)
	if x.res.Reset() == nil {
		_ = x.res.SetStatus(internalError)
		_ = x.res.WriteString(x.e.errorBody(x.failure))
	}
}

func firstOf(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// A deadline is a script timeout that the script itself may move. The
// handler's goroutine waits for it, the script's moves it.
type deadline struct {
	mu      sync.Mutex
	began   time.Time
	timeout time.Duration
	timer   *time.Timer

	restarted chan struct{} // a page's error page begins
}

func newDeadline(timeout time.Duration) *deadline {
	return &deadline{began: time.Now(), timeout: timeout, timer: time.NewTimer(timeout), restarted: make(chan struct{}, 1)}
}

// restart gives a page's error page the whole time again, once.
func (d *deadline) restart() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.began = time.Now()
	d.timer.Reset(d.timeout)
	select {
	case d.restarted <- struct{}{}:
	default:
	}
}

// move sets the timeout, counted from the start of the page.
func (d *deadline) move(timeout time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timeout = timeout
	d.timer.Reset(time.Until(d.began.Add(timeout)))
}

// get is the timeout in force.
func (d *deadline) get() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.timeout
}

func (d *deadline) stop() { d.timer.Stop() }

// commit stores what the page left in its session, before the client can
// know the page's answer. It returns false when it answered instead.
func (x *exchange) commit() bool {
	if x.orphan {
		return x.answerOrphan()
	}
	if isLost(x.failure) && !x.wire.hasStarted() {
		x.wire = nil
		return x.refuse(lockLost)
	}
	if !x.wire.hasStarted() {
		x.code, _, x.header = x.res.Prepare()
	}
	if x.handle == nil {
		return true
	}
	err := x.closeSession()
	if err == nil {
		return true
	}
	x.e.cfg.Logger.Error("session not stored", "page", x.prog.Name(), "error", err.Error())
	if x.wire.hasStarted() {
		x.abort = !x.wire.finish(false)
		x.log.sent = sentFlushed
		return false
	}
	x.wire = nil
	clear(x.w.Header()) // the page's answer is not sent, its header neither
	if errors.Is(err, session.ErrLost) {
		return x.refuse(lockLost)
	}
	return x.refuse(storeFailed)
}

// isLost says that a page was stopped because its session is in other hands.
func isLost(err error) bool { return errors.Is(err, runtime.ErrLeaseLost) }

// isGone says that a page was stopped because nobody reads what it writes.
func isGone(err error) bool { return errors.Is(err, runtime.ErrClientGone) }

// answerOrphan answers the client of a script that doesn't stop.
func (x *exchange) answerOrphan() bool {
	x.e.report(x.failure)
	if x.wire.hasStarted() {
		x.log.sent = sentFlushed
		x.abort = true
		return false
	}
	x.wire = nil
	return x.refuseWith(x.e.errorBody(x.failure))
}
