package engine

import (
	"errors"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

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
	d := x.home.begin(e.cfg.ScriptTimeout)
	defer d.stop()
	host := &pageHost{x: x, deadline: d, home: x.home}
	if x.sess != nil {
		x.sess.home = x.home
	}
	x.state = runtime.New(x.r.Context(), x.env(host))
	x.fly()

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
