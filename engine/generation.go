package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
)

// Where state outlives the process, or several processes share it, the
// application's life is that of a generation: of one text of global.asa. Who
// brings another text than the last runs Application_OnStart, in one step with
// the mark of it in Application, while the others wait; a second process or a
// restart doesn't, so that counters stay. While processes with the old text
// are still in service (a rolling update) both are known, in their order: the
// old one is served on, and starts nothing when it comes back.
//
// The Application_OnEnd of the old text runs before that, in a process that has
// the text: in this one if its file has changed, else the others are asked, if
// any serves it. If none does it is owed to the text, and the first process
// that has it again runs it.

// askPatience is how long a process that was asked may take to begin with
// Application_OnEnd. It holds Application.Lock from then on.
const askPatience = 3 * time.Second

// askInterval is how often who asked looks.
const askInterval = 20 * time.Millisecond

// startGeneration runs Application_OnStart unless somebody has; again, for a
// text that another one has replaced as well.
func (l *lifecycle) startGeneration(ctx context.Context, app *application, again bool) error {
	for asked := false; ; asked = true {
		last, err := l.tryStart(ctx, app, again, asked)
		if err != nil || last == "" {
			return err
		}
		l.awaitEnd(ctx, app.state, last)
	}
}

// tryStart is startGeneration until the text in force has to be ended by
// another process first, which is asked; it returns that text.
func (l *lifecycle) tryStart(ctx context.Context, app *application, again, asked bool) (last string, err error) {
	const event = "Application_OnStart"
	view := app.state.BeginWhole(l.owner(event))
	defer view.End(false)
	g, err := view.Generations()
	if err != nil || l.isSettled(&g, app, again) {
		return "", err
	}
	if err := l.awaitEnding(ctx, view); err != nil {
		return "", err
	}
	if g, err = l.lockGenerations(ctx, view); err != nil || l.isSettled(&g, app, again) {
		return "", err
	}
	if g.Ending { // whoever began it is dead
		g = shared.Generations{}
	}
	last = g.Last()
	if last != app.mark && !asked && g.Owes(last) && l.isServed(last) {
		g.Next = app.mark
		if err := view.SetGenerations(ctx, g); err != nil {
			return "", err
		}
		return last, view.End(true)
	}
	g.Next = ""
	g.Start(app.mark, l.owesEnd(app))
	if err := view.SetGenerations(ctx, g); err != nil {
		return "", err
	}
	if last != app.mark && app.handles(event) {
		if err := l.eventIn(ctx, view, app, event, nil, nil); err != nil {
			return "", err
		}
	}
	return "", view.End(true)
}

// isSettled says that there is nothing to start: the text is in force, or
// another one has replaced it and it is not to begin again. What a text is owed
// that stopped and is served again is noted in between.
func (l *lifecycle) isSettled(g *shared.Generations, app *application, again bool) bool {
	has, replaced := g.Has(app.mark)
	switch {
	case g.Ending:
		return false
	case replaced:
		return !again
	}
	return has && (g.Owes(app.mark) || !l.owesEnd(app))
}

// owesEnd says that the end of an application is to be run, once.
func (l *lifecycle) owesEnd(app *application) bool {
	return app.handles("Application_OnEnd") || l.e.cfg.StateEnds
}

// lockGenerations takes Application.Lock for the generations.
func (l *lifecycle) lockGenerations(ctx context.Context, view *shared.View) (shared.Generations, error) {
	if err := l.lockPatiently(ctx, view); err != nil {
		return shared.Generations{}, err
	}
	return view.Generations()
}

// awaitEnd waits, a bounded time, until the Application_OnEnd of a text has
// run somewhere else. Who runs it has the lock: whoever waits after this for
// the lock waits for its end.
func (l *lifecycle) awaitEnd(ctx context.Context, state *shared.State, text string) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	tick := time.NewTicker(askInterval)
	defer tick.Stop()
	for {
		g, err := generationsOf(state)
		if err != nil || !g.Wanted(text) {
			return
		}
		select {
		case <-tick.C:
		case <-l.over:
			return
		case <-ctx.Done():
			return
		}
	}
}

// generationsOf are the generations as they were read last.
func generationsOf(state *shared.State) (shared.Generations, error) {
	view := state.Begin(shared.Owner{})
	defer view.End(false)
	return view.Generations()
}

// endGeneration runs the Application_OnEnd of a text that is replaced, or that
// nobody serves any more, unless somebody has. Sessions and values stay.
func (l *lifecycle) endGeneration(ctx context.Context, app *application, due func(shared.Generations) bool) (ran bool) {
	if app.failed != nil || !app.handles("Application_OnEnd") {
		return false
	}
	const event = "Application_OnEnd"
	view := app.state.BeginWhole(l.owner(event))
	defer view.End(false)
	g, err := l.lockGenerations(ctx, view)
	if err == nil {
		if !due(g) {
			return false
		}
		g.End(app.mark)
		err = view.SetGenerations(ctx, g)
	}
	if err == nil {
		err = l.eventIn(ctx, view, app, event, nil, nil)
		if began(ctx, err) { // what it wrote is dropped; it isn't run again
			l.e.report(globalFile, err)
			return l.forgetOwed(ctx, view, app)
		}
	}
	if err == nil {
		err = view.End(true)
	}
	if err != nil {
		l.e.report(globalFile, err)
	}
	return err == nil
}

// began says that an event failed by itself, and not because it could not run.
func began(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() == nil && !errors.Is(err, errNotRun) && !isStoreFailure(err) && !errors.Is(err, appstate.ErrLockLost)
}

// forgetOwed notes that the Application_OnEnd of app has run, in the place of
// view, whose writes are dropped.
func (l *lifecycle) forgetOwed(ctx context.Context, view *shared.View, app *application) bool {
	_ = view.End(false)
	again := app.state.BeginWhole(l.owner("Application_OnEnd"))
	defer again.End(false)
	g, err := l.lockGenerations(ctx, again)
	if err == nil {
		g.End(app.mark)
		err = again.SetGenerations(ctx, g)
	}
	if err == nil {
		err = again.End(true)
	}
	if err != nil {
		l.e.report(globalFile, err)
	}
	return err == nil
}

// isOwed says that the end of a text wasn't run.
func (a *application) isOwed(g shared.Generations) bool { return g.Owes(a.mark) }

// isUnserved is isOwed where no process serves the application any more, as far
// as can be told, or another text has replaced this one.
func (l *lifecycle) isUnserved(app *application) func(shared.Generations) bool {
	return func(g shared.Generations) bool {
		return g.Owes(app.mark) && (g.Last() != app.mark || !l.isKnown() || !l.isServed(""))
	}
}

// giveWay runs the Application_OnEnd of the text that is served here when
// another process brings a text in its place, and serves it on.
func (l *lifecycle) giveWay(ctx context.Context) {
	app := l.app()
	if !app.started || app.failed != nil {
		return
	}
	g, err := generationsOf(app.state)
	if err != nil || !g.Wanted(app.mark) {
		return
	}
	if l.e.cfg.StateEnds { // the new text is in the same folder
		_ = l.lookNow(ctx, true)
		return
	}
	if l.begin(ctx) != nil {
		return
	}
	defer l.done()
	if app = l.app(); l.e.closed.Load() || !app.started {
		return
	}
	if l.endGeneration(ctx, app, func(g shared.Generations) bool { return g.Wanted(app.mark) }) {
		l.e.cfg.Logger.Info("another global.asa takes the place of the one here: its Application_OnEnd has run, and it is still served")
	}
}

// watchNews has the application give way, until it ends.
func (l *lifecycle) watchNews(ctx context.Context) {
	defer close(l.watched)
	for {
		select {
		case <-l.news:
			l.giveWay(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// wake starts the application here, where nobody has asked for a page yet, if
// it goes on with state that ends with it: so that its events can be run.
func (l *lifecycle) wake(ctx context.Context) {
	app := l.app()
	if app.started || l.e.backend == nil || !l.e.cfg.StateEnds {
		return
	}
	if g, err := generationsOf(app.state); err == nil && len(g.Texts) > 0 {
		l.change(ctx)
	}
}

// takeGeneration says whether the end of an application whose state ends with
// it is this process's to run: another one may have seen the change first.
// Others wait in awaitEnding until forgetGeneration.
func (l *lifecycle) takeGeneration(ctx context.Context, app *application) bool {
	view := app.state.BeginWhole(l.owner("Application_OnEnd"))
	defer view.End(false)
	g, err := l.lockGenerations(ctx, view)
	if err == nil {
		if g.Last() != app.mark || g.Ending {
			return false
		}
		g.Ending = true
		err = view.SetGenerations(ctx, g)
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
	if err := view.SetGenerations(ctx, shared.Generations{}); err != nil {
		return err
	}
	return view.End(true)
}

// awaitEnding waits, a bounded time, while another process ends the generation
// before.
func (l *lifecycle) awaitEnding(ctx context.Context, view *shared.View) error {
	ctx, cancel := context.WithTimeout(ctx, l.patience+l.e.live().ScriptTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		g, err := view.Generations()
		if err != nil || !g.Ending {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil // whoever began it is dead: go on
		}
	}
}

// lockPatiently waits for Application.Lock for as long as another process may
// need for the same event, or for its lease to end when it died.
func (l *lifecycle) lockPatiently(ctx context.Context, view *shared.View) error {
	ctx, cancel := context.WithTimeout(ctx, l.e.live().ScriptTimeout+30*time.Second)
	defer cancel()
	for {
		err := view.Lock(ctx)
		if _, waited := errors.AsType[*appstate.LockTimeoutError](err); !waited || ctx.Err() != nil {
			return err
		}
	}
}

// ErrNoGeneration is why [Engine.BeginGeneration] has nothing to do.
var ErrNoGeneration = errors.New("no generation can begin")

// BeginGeneration begins the generation of the global.asa that is served here
// again, where another text has replaced it: Application_OnEnd of the text in
// force runs where that is served, then Application_OnStart of this one.
// Sessions and values stay. It is for an operator who goes back to an older
// text on purpose; a process that merely brings one serves it and runs nothing.
// [ErrNoGeneration]: the text is in force, or state is in memory and ends with
// the application.
func (e *Engine) BeginGeneration(ctx context.Context) error {
	l := &e.life
	if e.backend == nil || e.cfg.StateEnds {
		return fmt.Errorf("%w: the state is in memory, each start of the application is a new one", ErrNoGeneration)
	}
	if _, err := l.ready(ctx); err != nil {
		return fmt.Errorf("starting the application: %w", err)
	}
	if err := l.begin(ctx); err != nil {
		return err
	}
	defer l.done()
	app := l.app()
	switch replaced, err := l.isReplaced(ctx, app); {
	case err != nil:
		return err
	case !replaced:
		return fmt.Errorf("%w: the global.asa that is served here is in force", ErrNoGeneration)
	}
	defer e.gate.open()
	parked, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	if err := e.gate.park(parked); err != nil {
		e.cfg.Logger.Warn("a generation begins while pages still run", "error", err.Error())
	}
	if err := l.startGeneration(ctx, app, true); err != nil {
		return fmt.Errorf("%s: %w", globalFile, err)
	}
	e.cfg.Logger.Info("a generation begins again", "text", short(app.mark))
	return nil
}

// isReplaced says whether another text is in force, as of now.
func (l *lifecycle) isReplaced(ctx context.Context, app *application) (bool, error) {
	view := app.state.BeginWhole(l.owner("Application_OnStart"))
	defer view.End(false)
	g, err := l.lockGenerations(ctx, view)
	_, replaced := g.Has(app.mark)
	return replaced, err
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

// join says that this process serves app, in the place of what it did.
func (l *lifecycle) join(app *application) {
	l.part()
	if c, ok := l.e.backend.(store.Census); ok && app.failed == nil {
		if leave, err := c.Join(app.mark); err == nil {
			l.parting = leave
		}
	}
}

// part says that nothing is served here any more.
func (l *lifecycle) part() {
	if l.parting != nil {
		l.parting()
		l.parting = nil
	}
}

// isKnown says that it is known who serves what.
func (l *lifecycle) isKnown() bool {
	_, ok := l.e.backend.(store.Census)
	return ok
}

// isServed says whether a text is being served, as far as is known: it may be.
func (l *lifecycle) isServed(text string) bool {
	c, ok := l.e.backend.(store.Census)
	return !ok || c.Serving(text)
}

// A GenerationStatus says for which texts of global.asa an application has been
// started that outlives its processes. Texts are named by the first digits of
// their hash.
type GenerationStatus struct {
	Text  string   `json:"text"`    // that is served here; "" before the first page
	Last  string   `json:"last"`    // that is in force: the last one for which Application_OnStart ran
	Older bool     `json:"older"`   // Text was replaced by Last, and is served on
	Owed  []string `json:"unended"` // whose Application_OnEnd hasn't run
	Texts []string `json:"texts"`   // all, in their order
}

// shortMark is how much of a text's hash people are shown.
const shortMark = 12

func short(mark string) string { return mark[:min(len(mark), shortMark)] }

func shorts(marks []string) []string {
	list := make([]string, len(marks))
	for i, m := range marks {
		list[i] = short(m)
	}
	return list
}

// generation is what the status shows; nil where state is in memory.
func (e *Engine) generation(app *application) *GenerationStatus {
	if e.backend == nil || e.cfg.StateEnds {
		return nil
	}
	g, err := generationsOf(app.state)
	if err != nil || len(g.Texts) == 0 {
		return nil
	}
	_, replaced := g.Has(app.mark)
	return &GenerationStatus{Text: short(app.mark), Last: short(g.Last()), Older: replaced, Owed: shorts(g.Owed), Texts: shorts(g.Texts)}
}

// serveOlder says so if a text is served from now on that another one has
// replaced, and runs its Application_OnEnd if no process with it has.
func (l *lifecycle) serveOlder(ctx context.Context, app *application) {
	g, err := generationsOf(app.state)
	if err != nil {
		return
	}
	if _, replaced := g.Has(app.mark); replaced {
		if g.Wanted(app.mark) {
			l.endGeneration(ctx, app, func(g shared.Generations) bool { return g.Wanted(app.mark) })
		}
		l.e.cfg.Logger.Warn("this process serves an older global.asa: its Application_OnStart isn't run again",
			"text", short(app.mark), "in_force", short(g.Last()))
	}
}

// hasGenerations says that a text of the application has been started before.
func hasGenerations(state *shared.State) bool {
	g, err := generationsOf(state)
	return err != nil || len(g.Texts) > 0
}
