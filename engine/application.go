package engine

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/store"
)

// An application is one life, from Application_OnStart to Application_OnEnd.
type application struct {
	prog      *runtime.Program // nil without a global.asa
	mark      string           // names the text that prog was made of
	objects   []runtime.ObjectDecl
	libraries runtime.TypeLibraries
	state     *shared.State
	manager   *sessions.Manager // of its sessions; nil where the program keeps them
	static    staticObjects
	failed    error // why it can't serve: global.asa or Application_OnStart
	started   bool
}

// handles says that global.asa has the event.
func (a *application) handles(event string) bool { return a.prog != nil && a.prog.Declares(event) }

// fresh is an application with empty state that wasn't started yet.
func (l *lifecycle) fresh(ctx context.Context) (*application, error) {
	state, err := l.e.newApplicationState(ctx)
	if err != nil {
		return nil, err
	}
	manager, err := l.e.newSessions()
	if err != nil {
		return nil, errors.Join(err, state.Close())
	}
	return &application{state: state, manager: manager}, nil
}

// replace ends the old application, once its pages have, and says whether its
// state has ended with it: in memory, where no other process did it already.
func (l *lifecycle) replace(ctx context.Context, old *application) (ended bool) {
	l.e.bell.ring() // or an event stream would keep everybody waiting
	defer l.e.bell.still()
	parked, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	if err := l.e.gate.park(parked); err != nil {
		l.e.cfg.Logger.Warn("global.asa changed while pages still run", "error", err.Error())
	}
	switch {
	case l.e.backend == nil:
	case !l.e.cfg.StateEnds:
		l.e.objects.clear()
		l.endGeneration(ctx, old, old.isOwed)
		return false
	case !l.takeGeneration(ctx, old):
		return false
	}
	if err := l.finish(ctx, old, l.patience); err != nil {
		l.e.cfg.Logger.Error("ending the application", "error", err.Error())
	}
	return true
}

// start puts app in the place of old and runs Application_OnStart. Where the
// old one's state has ended it gets state of its own.
func (l *lifecycle) start(ctx context.Context, app, old *application, ended bool) {
	if ended {
		fresh, err := l.fresh(ctx)
		if err != nil {
			app.failed = err // and the state of the old one, which refuses
		} else {
			app.state, app.manager = fresh.state, fresh.manager
		}
	}
	if app.prog != nil {
		app.objects, app.libraries = app.prog.Objects(), app.prog.Libraries()
	}
	if app.manager == nil && app.handles("Session_OnEnd") {
		l.e.cfg.Logger.Warn("Session_OnEnd won't run: who keeps the sessions doesn't tell when they end")
	}
	if ends := l.e.ends; ends != nil && ends.List != nil && app.handles("Session_OnEnd") {
		app.manager.Find(ends.List)
	}
	l.join(app)
	if app.failed == nil {
		app.failed = l.onStart(ctx, app)
		if app.failed != nil {
			l.e.report(globalFile, app.failed)
		}
	}
	if app.failed != nil {
		l.part()
	}
	app.started = !isStoreFailure(app.failed) // which passes: it is tried again
	l.current.Store(app)                      // who finds it may read all of it
}

// onStart runs Application_OnStart: once for each application in memory, once
// for each generation where others share the state.
func (l *lifecycle) onStart(ctx context.Context, app *application) error {
	switch starts := app.handles("Application_OnStart"); {
	case l.e.backend != nil && (starts || l.owesEnd(app) || hasGenerations(app.state)):
		err := l.startGeneration(ctx, app, false)
		if err == nil {
			l.serveOlder(ctx, app)
		}
		return err
	case l.e.backend == nil && starts:
		return l.event(ctx, app, "Application_OnStart", nil, nil)
	}
	return nil
}

// end is the shutdown: every session in memory has its Session_OnEnd, then
// comes Application_OnEnd, for which a quarter of the time is kept. Sessions
// in a store that lasts stay.
func (l *lifecycle) end(ctx context.Context) error {
	if err := l.takeLast(ctx); err != nil {
		return err
	}
	defer l.done()
	l.wake(ctx)
	var patience time.Duration
	if end, ok := ctx.Deadline(); ok {
		patience = max(time.Until(end)*3/4, 1)
	}
	return l.finish(ctx, l.app(), patience)
}

// leave closes what the application has in this engine.
func (l *lifecycle) leave(ctx context.Context) error {
	if err := l.takeLast(ctx); err != nil {
		return err
	}
	defer l.done()
	l.part()
	app := l.app()
	var err error
	if app.manager != nil {
		err = app.manager.Close(ctx)
	}
	l.e.objects.clear()
	return errors.Join(err, app.state.Close())
}

// takeLast waits until nobody changes the application, whose last change this is;
// whoever called it calls done.
func (l *lifecycle) takeLast(ctx context.Context) error {
	close(l.over)
	l.unwatch()
	select {
	case l.changing <- struct{}{}:
		<-l.watched // who changes nothing, and can't begin to
		return nil
	default: // somebody changes the application
	}
	select {
	case l.changing <- struct{}{}:
		<-l.watched
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finish ends one life of the application; patience, where it isn't 0, bounds
// the ends of its sessions.
func (l *lifecycle) finish(ctx context.Context, app *application, patience time.Duration) error {
	l.part()
	err := l.endSessions(ctx, app, patience)
	switch {
	case !app.started || ctx.Err() != nil:
	case l.e.backend != nil && !l.e.cfg.StateEnds:
		l.endGeneration(ctx, app, l.isUnserved(app))
	case app.failed == nil && app.handles("Application_OnEnd"):
		if e := l.event(ctx, app, "Application_OnEnd", nil, nil); e != nil {
			l.e.report(globalFile, e)
		}
	}
	if app.manager != nil {
		err = errors.Join(err, app.manager.Close(ctx))
	}
	if l.e.backend != nil && l.e.cfg.StateEnds && !l.e.closed.Load() {
		err = errors.Join(err, l.forgetGeneration(ctx, app))
	}
	l.e.objects.clear()
	return errors.Join(err, app.state.Close())
}

// endSessions ends all sessions that end with the application, where
// global.asa wants to know or somebody else keeps them.
func (l *lifecycle) endSessions(ctx context.Context, app *application, patience time.Duration) error {
	kept := l.e.cfg.StateEnds && !l.e.closed.Load() // and would go on with the next application
	if app.manager == nil || app.failed != nil || !app.handles("Session_OnEnd") && !kept {
		return nil
	}
	if ends := l.e.ends; ends != nil {
		if !ends.Volatile || !l.e.closed.Load() {
			return nil // they go on, without pages
		}
	} else if l.e.backend != nil && !l.e.cfg.StateEnds {
		return nil
	}
	if patience > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	_, err := app.manager.EndAll(ctx, store.ReasonShutdown)
	return err
}
