package engine

import (
	"context"
	"errors"
)

// A Recorder is told which page or event runs in which apartment, so that
// somebody outside of the process knows what ran when it died. Its methods are
// called by many goroutines at once, for one apartment by one at a time, and
// must be quick.
type Recorder interface {
	// Begin is called before a page runs, for a request with ctx to the path
	// url, and before an event, whose url is empty and whose page is global.asa
	// with the event's name. Apartments count from 1. When it returns false a
	// page doesn't run, and its client gets 503; an event runs anyway.
	Begin(ctx context.Context, apartment int, page, url string) bool
	// End is called when what the apartment began has ended. It isn't for a
	// script that doesn't stop: it may yet do harm.
	End(apartment int)
}

// record says that the page is about to run.
func (x *exchange) record() bool {
	recorder := x.e.cfg.Recorder
	if recorder == nil || recorder.Begin(x.r.Context(), x.home.id, x.prog.Name(), x.r.URL.Path) {
		return true
	}
	return x.refuse(tooBusy)
}

// recorded says that the page has ended.
func (x *exchange) recorded() {
	if recorder := x.e.cfg.Recorder; recorder != nil && !x.orphan {
		recorder.End(x.home.id)
	}
}

// recordEvent says that an event begins; whoever calls it calls what it
// returns when the event has ended.
func (e *Engine) recordEvent(ctx context.Context, a *apartment, name string) (ended func()) {
	recorder := e.cfg.Recorder
	if recorder == nil {
		return func() {}
	}
	recorder.Begin(ctx, a.id, globalFile+" "+name, "")
	return func() { recorder.End(a.id) }
}

// Unhealthy says that more than half as many scripts don't stop as there are
// processors, as [Status] does, at no price.
func (e *Engine) Unhealthy() bool { return !healthy(e.apartments.status().orphans) }

// Leave ends the engine, not the application, which goes on in another one
// with the same Backend: no new request is let in, running ones finish, and no
// event runs. Without a Backend it is what Shutdown is without the events.
func (e *Engine) Leave(ctx context.Context) error {
	if !e.closed.CompareAndSwap(false, true) {
		return nil
	}
	err := e.gate.shut(ctx)
	err = errors.Join(err, e.life.leave(ctx))
	err = errors.Join(err, e.apartments.close(ctx))
	return errors.Join(err, e.site.close())
}

// leave closes what the application has in this engine.
func (l *lifecycle) leave(ctx context.Context) error {
	close(l.over)
	select {
	case l.changing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer l.done()
	app := l.app()
	var err error
	if app.manager != nil {
		err = app.manager.Close(ctx)
	}
	l.e.objects.clear()
	return errors.Join(err, app.state.Close())
}
