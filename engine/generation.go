package engine

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/value"
)

// Where state outlives the process, or several processes share it, the
// application's life is that of a generation: of one text of global.asa. Who
// finds another generation's mark in Application, or none, runs
// Application_OnStart, in one step with the mark, while the others wait; a
// second process or a restart doesn't, so that counters stay.

// generationKey is where the mark is kept, among the keys no page sees.
const generationKey = "generation"

// endingMark is the mark while a generation is ended whose state ends with it.
const endingMark = "ending"

// isMarked says whether mark is the generation's.
func isMarked(v *appstate.View, mark string) bool {
	raw, ok := v.GetReserved(generationKey)
	if !ok {
		return false
	}
	text, err := value.ToGo(raw)
	return err == nil && text == mark
}

func setMark(ctx context.Context, v *appstate.View, mark string) error {
	raw, err := value.FromGo(mark)
	if err != nil {
		return err
	}
	return v.SetReserved(ctx, generationKey, raw)
}

// startGeneration runs Application_OnStart unless somebody has.
func (l *lifecycle) startGeneration(ctx context.Context, app *application) error {
	const event = "Application_OnStart"
	view := app.state.BeginWhole(l.owner(event))
	defer view.End(false)
	if isMarked(view, app.mark) {
		return nil
	}
	if err := l.awaitEnding(ctx, view); err != nil {
		return err
	}
	if err := l.lockPatiently(ctx, view); err != nil {
		return err
	}
	if isMarked(view, app.mark) {
		return nil
	}
	if err := setMark(ctx, view, app.mark); err != nil {
		return err
	}
	if app.handles(event) {
		if err := l.eventIn(ctx, view, app, event, nil, nil); err != nil {
			return err
		}
	}
	return view.End(true)
}

// endGeneration runs Application_OnEnd of a global.asa that has changed,
// unless another process that saw it has. Sessions and values stay.
func (l *lifecycle) endGeneration(ctx context.Context, app *application) {
	l.e.objects.clear()
	if app.failed != nil || !app.handles("Application_OnEnd") {
		return
	}
	const event = "Application_OnEnd"
	view := app.state.BeginWhole(l.owner(event))
	defer view.End(false)
	err := l.lockPatiently(ctx, view)
	if err == nil {
		if !isMarked(view, app.mark) {
			return
		}
		err = setMark(ctx, view, "")
	}
	if err == nil {
		err = l.eventIn(ctx, view, app, event, nil, nil)
	}
	if err == nil {
		err = view.End(true)
	}
	if err != nil {
		l.e.report(globalFile, err)
	}
}

// wake starts the application here, where nobody has asked for a page yet, if
// it goes on with state that ends with it: so that its events can be run.
func (l *lifecycle) wake(ctx context.Context) {
	app := l.app()
	if app.started || l.e.backend == nil || !l.e.cfg.StateEnds {
		return
	}
	view := app.state.BeginWhole(l.owner("Application_OnEnd"))
	_, marked := view.GetReserved(generationKey)
	begun := marked && !isMarked(view, "")
	view.End(false)
	if begun {
		l.change(ctx)
	}
}

// takeGeneration says whether the end of an application whose state ends with
// it is this process's to run: another one may have seen the change first.
// Others wait in awaitEnding until forgetGeneration.
func (l *lifecycle) takeGeneration(ctx context.Context, app *application) bool {
	view := app.state.BeginWhole(l.owner("Application_OnEnd"))
	defer view.End(false)
	err := l.lockPatiently(ctx, view)
	if err == nil {
		if !isMarked(view, app.mark) {
			return false
		}
		err = setMark(ctx, view, endingMark)
	}
	if err == nil {
		err = view.End(true)
	}
	if err != nil {
		l.e.report(globalFile, err)
	}
	return err == nil
}

// forgetGeneration removes all values of an application that has ended.
func (l *lifecycle) forgetGeneration(ctx context.Context, app *application) error {
	view := app.state.BeginWhole(l.owner("Application_OnEnd"))
	defer view.End(false)
	if err := l.lockPatiently(ctx, view); err != nil {
		return err
	}
	if err := view.RemoveAll(ctx); err != nil {
		return err
	}
	if err := setMark(ctx, view, ""); err != nil {
		return err
	}
	return view.End(true)
}

// awaitEnding waits, a bounded time, while another process ends the generation
// before.
func (l *lifecycle) awaitEnding(ctx context.Context, view *appstate.View) error {
	ctx, cancel := context.WithTimeout(ctx, l.patience+l.e.live().ScriptTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for isMarked(view, endingMark) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil // whoever began it is dead: go on
		}
	}
	return nil
}

// lockPatiently waits for Application.Lock for as long as another process may
// need for the same event, or for its lease to end when it died.
func (l *lifecycle) lockPatiently(ctx context.Context, view *appstate.View) error {
	ctx, cancel := context.WithTimeout(ctx, l.e.live().ScriptTimeout+30*time.Second)
	defer cancel()
	for {
		err := view.Lock(ctx)
		if _, waited := errors.AsType[*appstate.LockTimeoutError](err); !waited || ctx.Err() != nil {
			return err
		}
	}
}

// ready is the application once it has started, for those who come without a
// request.
func (l *lifecycle) ready(ctx context.Context) (*application, error) {
	if !l.app().started {
		if err := l.look(ctx); err != nil {
			return nil, err
		}
	}
	app := l.app()
	switch {
	case app.failed != nil:
		return nil, app.failed
	case !app.started:
		return nil, errParked
	}
	return app, nil
}
