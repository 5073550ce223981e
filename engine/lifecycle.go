package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// globalFile is the application's own file, below the root.
const globalFile = "global.asa"

// endPatience bounds the wait for running pages when global.asa changed.
const endPatience = 30 * time.Second

// A lifecycle starts and ends an application: Application_OnStart before its
// first page, Application_OnEnd after its last session, and both again when
// global.asa changes.
type lifecycle struct {
	e *Engine

	current atomic.Pointer[application]
	next    atomic.Int64 // when global.asa is looked at again, Unix nanoseconds

	broken   atomic.Pointer[error] // of a global.asa that doesn't compile, beside the one in force
	patience time.Duration         // with running pages, when global.asa changed

	changing chan struct{} // holds something while somebody looks at global.asa or changes the application
	over     chan struct{} // closed when the application ends
	stamps   []fileStamp
	sum      [sha256.Size]byte // of what was read
	late     <-chan compiled   // a compilation that took too long, and goes on
	lateSums *summedFiles      // what it reads
}

// An application is one life, from Application_OnStart to Application_OnEnd.
type application struct {
	prog    *runtime.Program // nil without a global.asa
	mark    string           // names the text that prog was made of
	objects []runtime.ObjectDecl
	state   *appstate.State
	manager *session.Manager // of its sessions; nil where the program keeps them
	static  staticObjects
	failed  error // why it can't serve: global.asa or Application_OnStart
	started bool
}

// handles says that global.asa has the event.
func (a *application) handles(event string) bool { return a.prog != nil && a.prog.Declares(event) }

func (l *lifecycle) init(e *Engine) error {
	l.e, l.patience, l.changing, l.over = e, endPatience, make(chan struct{}, 1), make(chan struct{})
	app, err := l.fresh(context.Background())
	l.current.Store(app)
	return err
}

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

// app is the application in force.
func (l *lifecycle) app() *application { return l.current.Load() }

// problem is what is wrong with global.asa.
func (l *lifecycle) problem() string {
	if a := l.app(); a.failed != nil {
		return a.failed.Error()
	}
	if err := l.broken.Load(); err != nil {
		return (*err).Error()
	}
	return ""
}

// begin waits until nobody else changes the application, as long as requests
// wait for it to be ready. Whoever gets nil calls done.
func (l *lifecycle) begin(ctx context.Context) error {
	select {
	case l.changing <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(time.Duration(l.e.gate.patience.Load()))
	defer timer.Stop()
	select {
	case l.changing <- struct{}{}:
		return nil
	case <-timer.C:
		return errParked
	case <-l.over:
		return errShutdown
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lifecycle) done() { <-l.changing }

// look starts the application before its first page, and again when
// global.asa changed: new requests wait meanwhile, running ones finish. One
// request does it, the others find it done. The error says that it took too
// long.
func (l *lifecycle) look(ctx context.Context) error {
	if time.Now().UnixNano() < l.next.Load() {
		return nil
	}
	return l.lookNow(ctx, false)
}

// lookNow is look when the time for it has come, or whether or not it has.
func (l *lifecycle) lookNow(ctx context.Context, anyway bool) error {
	if err := l.begin(ctx); err != nil {
		return err
	}
	defer l.done()
	if !anyway && time.Now().UnixNano() < l.next.Load() || l.e.closed.Load() {
		return nil
	}
	defer func() { l.next.Store(time.Now().Add(l.interval()).UnixNano()) }()
	if !l.app().started || l.changed() {
		l.change(context.WithoutCancel(ctx))
	}
	return nil
}

// interval is how long global.asa isn't looked at again.
func (l *lifecycle) interval() time.Duration {
	if l.e.cfg.Dev {
		return 0
	}
	return max(l.e.live().CheckInterval, 0)
}

// changed says that global.asa, or what it includes, isn't what was read.
func (l *lifecycle) changed() bool {
	if err := l.broken.Load(); err != nil && missesFile(*err) {
		return true // what it misses may be there now
	}
	if len(l.stamps) == 0 {
		_, _, err := l.e.site.find(globalFile)
		return err == nil
	}
	if l.e.site.unchanged(l.stamps) {
		return false
	}
	old := slices.Clone(l.stamps)
	for i := range old {
		old[i].young = false
	}
	if !l.e.site.unchanged(old) {
		return true
	}
	// All that makes it suspect is that it was read right after it was
	// written. To end every session for that would be too much: is it the
	// same?
	before := l.sum
	_, stamps, _ := l.compile()
	l.stamps = stamps
	return l.sum != before
}

// change reads global.asa and puts the application made of it in the place
// of the old one. One that doesn't compile changes nothing, unless there is
// no old one.
func (l *lifecycle) change(ctx context.Context) {
	prog, stamps, err := l.compile()
	l.stamps = stamps
	old := l.app()
	if err != nil {
		l.doesNotCompile(err)
		if !old.started || old.failed != nil {
			l.current.Store(&application{state: old.state, manager: old.manager, started: true, failed: err})
		}
		return
	}
	l.broken.Store(nil)
	ended := false
	if old.started {
		defer l.e.gate.open()
		ended = l.replace(ctx, old)
	}
	mark := hex.EncodeToString(l.sum[:])
	l.start(ctx, &application{prog: prog, mark: mark, state: old.state, manager: old.manager, started: true}, old, ended)
}

// doesNotCompile says so, once.
func (l *lifecycle) doesNotCompile(err error) {
	if before := l.broken.Swap(&err); before == nil || (*before).Error() != err.Error() {
		l.e.cfg.Logger.Error("global.asa does not compile", errorAttrs(globalFile, err)...)
	}
}

// replace ends the old application, once its pages have, and says whether its
// state has ended with it: in memory, where no other process did it already.
func (l *lifecycle) replace(ctx context.Context, old *application) (ended bool) {
	parked, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	if err := l.e.gate.park(parked); err != nil {
		l.e.cfg.Logger.Warn("global.asa changed while pages still run", "error", err.Error())
	}
	switch {
	case l.e.backend == nil:
	case !l.e.cfg.StateEnds:
		l.endGeneration(ctx, old)
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
		app.objects = app.prog.Objects()
	}
	if app.manager == nil && app.handles("Session_OnEnd") {
		l.e.cfg.Logger.Warn("Session_OnEnd won't run: who keeps the sessions doesn't tell when they end")
	}
	if app.failed == nil {
		app.failed = l.onStart(ctx, app)
		if app.failed != nil {
			l.e.report(globalFile, app.failed)
		}
	}
	app.started = !isStoreFailure(app.failed) // which passes: it is tried again
	l.current.Store(app)                      // who finds it may read all of it
}

// onStart runs Application_OnStart: once for each application in memory, once
// for each generation where others share the state.
func (l *lifecycle) onStart(ctx context.Context, app *application) error {
	switch starts := app.handles("Application_OnStart"); {
	case l.e.backend != nil && (starts || app.handles("Application_OnEnd") || l.e.cfg.StateEnds):
		return l.startGeneration(ctx, app)
	case l.e.backend == nil && starts:
		return l.event(ctx, app, "Application_OnStart", nil, nil)
	}
	return nil
}

// compile reads global.asa; a site without one has no program. It waits as
// long as for a page, and doesn't begin a second time before the first has
// ended.
func (l *lifecycle) compile() (*runtime.Program, []fileStamp, error) {
	files := &stampingFiles{site: l.e.site}
	name, _, err := l.e.site.find(globalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading global.asa: %w", err)
	}
	if l.late != nil {
		select {
		case c := <-l.late:
			l.late, l.sum = nil, l.lateSums.sum
			return c.prog, c.stamps, c.err
		default:
			return nil, nil, l.e.pages.tooLong(name)
		}
	}
	sums := &summedFiles{Files: files}
	done := compileApart(name, files, func() (*runtime.Program, error) { return l.e.compiler.CompileGlobal(name, sums) })
	c, late := l.e.pages.watch(done, name)
	if l.late, l.lateSums = late, sums; late == nil {
		l.sum = sums.sum
	}
	return c.prog, c.stamps, c.err
}

// summedFiles are files whose contents can be compared with another reading.
type summedFiles struct {
	runtime.Files
	sum [sha256.Size]byte
}

// ReadFile is [runtime.Files].
func (f *summedFiles) ReadFile(name string) ([]byte, error) {
	content, err := f.Files.ReadFile(name)
	f.sum = sha256.Sum256(append(f.sum[:], content...))
	return content, err
}

// end is the shutdown: every session in memory has its Session_OnEnd, then
// comes Application_OnEnd, for which a quarter of the time is kept. Sessions
// in a store that lasts stay.
func (l *lifecycle) end(ctx context.Context) error {
	close(l.over)
	select {
	case l.changing <- struct{}{}:
	default: // somebody changes the application
		select {
		case l.changing <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer l.done()
	var patience time.Duration
	if end, ok := ctx.Deadline(); ok {
		patience = max(time.Until(end)*3/4, 1)
	}
	return l.finish(ctx, l.app(), patience)
}

// finish ends one life of the application; patience, where it isn't 0, bounds
// the ends of its sessions.
func (l *lifecycle) finish(ctx context.Context, app *application, patience time.Duration) error {
	err := l.endSessions(ctx, app, patience)
	if app.started && app.failed == nil && app.handles("Application_OnEnd") && ctx.Err() == nil {
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
	_, err := app.manager.EndAll(ctx, session.ReasonShutdown)
	return err
}

// errNotRun: an event could not begin.
var errNotRun = errors.New("the event did not run")

// event runs an event that has no request, in an apartment: the one given or
// any, however many requests wait. It ends at its script timeout, or with ctx.
// Its writes to Application are kept unless it failed.
func (l *lifecycle) event(ctx context.Context, app *application, name string, s *endedView, home *apartment, args ...string) error {
	view := app.state.Begin(l.owner(name))
	defer view.End(false)
	err := l.eventIn(ctx, view, app, name, s, home, args...)
	return errors.Join(err, view.End(err == nil))
}

// owner says who an event is to those who wait for Application.Lock.
func (l *lifecycle) owner(event string) appstate.Owner {
	return appstate.Owner{Page: globalFile + " " + event, Deadline: time.Now().Add(l.e.live().ScriptTimeoutMax)}
}

// eventIn is event with a view of Application, which the caller ends.
func (l *lifecycle) eventIn(ctx context.Context, view *appstate.View, app *application, name string, s *endedView, home *apartment, args ...string) error {
	a, _, err := l.e.apartments.acquire(ctx, claim{want: home, pinned: home != nil, patient: true})
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, errNotRun, err)
	}
	defer l.e.apartments.release(a)
	defer l.e.recordEvent(ctx, a, name)()
	job := l.e.ids.Add(1)
	d := newDeadline(l.e.live().ScriptTimeout, job)
	env := &runtime.Env{
		Application: &applicationView{View: view}, Log: l.e.cfg.Logger,
		Host:    &eventHost{e: l.e, app: app, home: a, deadline: d, event: name, session: s},
		Objects: app.objects, NoSession: name + " has no session", Modules: l.e.modules.current(l.interval()),
	}
	if s != nil {
		env.Session = s
	}
	state := runtime.New(ctx, env)
	f := eventFlight(name, a, s, view, state)
	f.id, f.kill = job, func() bool { return d.kill(job) }
	a.setCurrent(f)
	var failed error
	stop := alarm{ctx.Done(), runtime.ErrTimeout}
	err = l.e.supervise(a, state, d, stop, func() { failed = state.RunEvent(app.prog, name, args...) })
	if d.stop() {
		f.ended(err == nil, "the rest of "+name)
	}
	if err != nil {
		if errors.Is(err, errOrphan) {
			err = asp.New(asp.CodeTimeout, name).At(globalFile, 0, 0)
		}
		return err
	}
	return failed
}

// eventFlight is what the status shows of an event.
func eventFlight(name string, a *apartment, s *endedView, view *appstate.View, state *runtime.State) *flight {
	f := &flight{page: globalFile + " " + name, apartment: a.id, began: time.Now(), view: view}
	if s != nil {
		id := s.ID()
		f.session.Store(&id)
	}
	f.state.Store(state)
	return f
}

// sessionEnd runs Session_OnEnd for a session that has ended. It is told why,
// and a name for this end. One that fails isn't run again: it began.
func (e *Engine) sessionEnd(ctx context.Context, s *session.Ended) error {
	if e.backend != nil {
		return e.storedSessionEnd(ctx, s)
	}
	app := e.life.app()
	home := e.objects.home(s.ID())
	if app.failed == nil && app.handles("Session_OnEnd") {
		view := &endedView{s, &e.objects}
		err := e.life.event(ctx, app, "Session_OnEnd", view, home, string(s.Reason()), s.EndID())
		if errors.Is(err, errNotRun) {
			return fmt.Errorf("%w: %w", session.ErrNotRun, err)
		}
		if err != nil {
			e.report(globalFile, err)
		}
	}
	e.objects.removeAll(s.ID())
	return nil
}

// report logs an error of the page that was asked for and tells whoever wants
// to know.
func (e *Engine) report(page string, err error) {
	if isGone(err) {
		return // nobody's failure
	}
	e.counts.fail()
	e.errors.add(page, err, time.Now())
	e.cfg.Logger.Error("page failed", errorAttrs(page, err)...)
	if e.cfg.OnError != nil {
		if ae, ok := errors.AsType[*asp.Error](err); ok {
			e.cfg.OnError(ae)
		}
	}
}
