package engine

import (
	"errors"
	"sync"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// run runs the page in the apartment, with the events that come before and
// after it, and waits until it has ended or has to be given up.
func (x *exchange) run() {
	e := x.e
	defer x.recorded()
	x.wire = e.wires.New(x.w, x.r)
	x.res = asp.NewResponse(e.responseConfig(x))
	x.wire.Promise, x.wire.Leave, x.wire.Before = x.res.DeclaredLength, e.bell.rung(), x.keepSession
	if x.e.cfg.Dev {
		x.wire.Tag = x.tag
	}
	if x.status != "" {
		_ = x.res.SetStatus(x.status)
	}
	x.view = x.app.state.Begin(ownerOf(x))
	d := deadlineIn(x.home, e.live().ScriptTimeout, x.number())
	defer func() { x.sealFate(d.stop()) }()
	host := &pageHost{x: x, deadline: d, home: x.home}
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
	switch err := e.supervise(x.home, x, d, alarm{x.lost(), runtime.ErrLeaseLost}, func() { failure = x.script(host) }); {
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
	if failure != nil && !x.given.Load() {
		return x.errorPage(host, failure)
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
func (x *exchange) scriptEnd(host *pageHost, failure error) error {
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
func (x *exchange) sessionStart(app *application, host *pageHost) error {
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
func (x *exchange) env(host *pageHost) *runtime.Env {
	env := &runtime.Env{
		Request: x.request, Response: x.res, Host: host, Log: x.e.cfg.Logger,
		Application: &applicationView{View: x.view}, Objects: x.app.objects,
		Modules:   x.e.modules.Current(x.e.life.interval()),
		NoSession: "the page has EnableSessionState=False", Leave: x.wire.Leave,
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
func (x *exchange) lost() <-chan struct{} {
	if x.handle == nil {
		return nil
	}
	return x.handle.Lost()
}

// Interrupt stops the page, or the script that runs in its place.
func (x *exchange) Interrupt(reason error) {
	x.seen.noteReason(reason)
	x.scripts.stop(reason)
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
func (x *exchange) leftAlone() {
	if x.given.Swap(true) {
		x.request.Close()
	}
}

// responseConfig is how a page's response begins.
func (e *Engine) responseConfig(x *exchange) asp.ResponseConfig {
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
	return asp.ResponseConfig{
		Reserved: reserved, Sink: x.wire, Buffering: !e.live().DisableBuffering, Limit: int(e.live().BufferingLimit),
		CodePage: cp, LCID: lcid, CookiePath: e.cfg.Path, Header: x.w.Header(), Pool: &e.buffers, Request: x.request,
	}
}
