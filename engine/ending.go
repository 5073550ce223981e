package engine

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/store"
)

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
