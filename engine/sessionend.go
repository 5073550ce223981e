package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/store"
)

// sessionEnd runs Session_OnEnd for a session that has ended. It is told why,
// and a name for this end. One that fails isn't run again: it began.
func (e *Engine) sessionEnd(ctx context.Context, s *sessions.Ended) error {
	if e.backend != nil {
		return e.storedSessionEnd(ctx, s)
	}
	app := e.life.app()
	home := e.objects.home(s.ID())
	if app.failed == nil && app.handles("Session_OnEnd") {
		view := &endedView{s, &e.objects}
		err := e.life.event(ctx, app, "Session_OnEnd", view, home, string(s.Reason()), s.EndID())
		if errors.Is(err, errNotRun) {
			return fmt.Errorf("%w: %w", sessions.ErrNotRun, err)
		}
		if err != nil {
			e.report(globalFile, err)
		}
	}
	e.objects.removeAll(s.ID())
	return nil
}

// storedSessionEnd is sessionEnd for a session that outlived the process, or
// may. What Session_OnEnd writes to Application is committed in one step with
// the removal of the session: exactly once, whoever dies in between.
func (e *Engine) storedSessionEnd(ctx context.Context, s *sessions.Ended) error {
	const event = "Session_OnEnd"
	app, err := e.life.ready(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", sessions.ErrNotRun, err)
	}
	home := e.objects.home(s.ID())
	if !app.handles(event) {
		e.objects.removeAll(s.ID())
		return nil
	}
	view := app.state.BeginWhole(e.life.owner(event))
	defer view.End(false)
	err = e.life.eventIn(ctx, view, app, event, &endedView{s, &e.objects}, home, string(s.Reason()), s.EndID())
	switch {
	case errors.Is(err, errNotRun):
		return fmt.Errorf("%w: %w", sessions.ErrNotRun, err)
	case ctx.Err() != nil, isStoreFailure(err), errors.Is(err, appstate.ErrLockLost):
		return fmt.Errorf("%s: %w: %w", event, sessions.ErrAgain, errors.Join(err, ctx.Err())) // not the script's fault
	case err != nil: // it began, and what it wrote is dropped
		e.report(globalFile, err)
	case e.endsApart():
		if err := view.End(true); err != nil {
			return fmt.Errorf("%s: %w: %w", event, sessions.ErrAgain, err)
		}
	default:
		err := view.EndWith(func(ctx context.Context, lock int64, c store.Changes) (int64, error) {
			id, claim := s.Claim()
			return e.backend.FinishWith(ctx, id, claim, lock, c)
		})
		if err != nil {
			return fmt.Errorf("%s: %w: %w", event, sessions.ErrAgain, err)
		}
		s.Removed()
	}
	e.objects.removeAll(s.ID())
	return nil
}
