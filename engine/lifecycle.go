package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
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

	mu     sync.Mutex // one change at a time
	broken error      // a global.asa that doesn't compile, beside the one in force
	stamps []fileStamp
}

// An application is one life, from Application_OnStart to Application_OnEnd.
type application struct {
	prog    *runtime.Program // nil without a global.asa
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
	l.e = e
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
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return l.broken.Error()
	}
	return ""
}

// look starts the application before its first page, and again when
// global.asa changed: new requests wait meanwhile, running ones finish. One
// request does it, the others find it done.
func (l *lifecycle) look(ctx context.Context) {
	if time.Now().UnixNano() < l.next.Load() {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Now().UnixNano() < l.next.Load() || l.e.closed.Load() {
		return
	}
	defer func() { l.next.Store(time.Now().Add(l.interval()).UnixNano()) }()
	if l.app().started && !l.changed() {
		return
	}
	l.change(context.WithoutCancel(ctx))
}

// interval is how long global.asa isn't looked at again.
func (l *lifecycle) interval() time.Duration {
	if l.e.cfg.Dev {
		return 0
	}
	return max(l.e.cfg.CheckInterval, 0)
}

// changed says that global.asa, or what it includes, isn't what was read.
func (l *lifecycle) changed() bool {
	if len(l.stamps) == 0 {
		_, _, err := l.e.site.find(globalFile)
		return err == nil
	}
	return !l.e.site.unchanged(l.stamps)
}

// change reads global.asa and puts the application made of it in the place
// of the old one. One that doesn't compile changes nothing, unless there is
// no old one. l.mu is held.
func (l *lifecycle) change(ctx context.Context) {
	prog, stamps, err := l.compile()
	l.stamps = stamps
	old := l.app()
	if err != nil {
		l.e.cfg.Logger.Error("global.asa does not compile", errorAttrs(err)...)
		l.broken = err
		if !old.started || old.failed != nil {
			l.current.Store(&application{state: old.state, manager: old.manager, started: true, failed: err})
		}
		return
	}
	l.broken = nil
	ctx, cancel := context.WithTimeout(ctx, endPatience)
	defer cancel()
	if old.started {
		if err := l.e.gate.park(ctx); err != nil {
			l.e.cfg.Logger.Warn("global.asa changed while pages still run", "error", err.Error())
		}
		defer l.e.gate.open()
		if err := l.finish(ctx, old); err != nil {
			l.e.cfg.Logger.Error("ending the application", "error", err.Error())
		}
	}
	l.start(ctx, prog, old)
}

// start makes the application of prog and runs Application_OnStart. old is
// the one before, whose empty state the very first one takes over.
func (l *lifecycle) start(ctx context.Context, prog *runtime.Program, old *application) {
	app := &application{prog: prog, state: old.state, manager: old.manager, started: true}
	if old.started {
		fresh, err := l.fresh(ctx)
		if err != nil {
			app.failed = err // and the state of the old one, which refuses
		} else {
			app.state, app.manager = fresh.state, fresh.manager
		}
	}
	if prog != nil {
		app.objects = prog.Objects()
	}
	l.current.Store(app)
	if app.failed == nil && app.handles("Application_OnStart") {
		app.failed = l.event(ctx, app, "Application_OnStart", nil, nil)
		if app.failed != nil {
			l.e.report(app.failed)
		}
	}
}

// compile reads global.asa; a site without one has no program.
func (l *lifecycle) compile() (*runtime.Program, []fileStamp, error) {
	files := &stampingFiles{site: l.e.site}
	name, _, err := l.e.site.find(globalFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading global.asa: %w", err)
	}
	prog, err := l.e.compiler.CompileGlobal(name, files)
	return prog, files.stamps, err
}

// end is the shutdown: every session in memory has its Session_OnEnd, then
// comes Application_OnEnd.
func (l *lifecycle) end(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.finish(ctx, l.app())
}

// finish ends one life of the application.
func (l *lifecycle) finish(ctx context.Context, app *application) error {
	var err error
	if app.manager != nil {
		_, err = app.manager.EndAll(ctx, session.ReasonShutdown)
	}
	if app.started && app.failed == nil && app.handles("Application_OnEnd") {
		if e := l.event(ctx, app, "Application_OnEnd", nil, nil); e != nil {
			l.e.report(e)
		}
	}
	if app.manager != nil {
		err = errors.Join(err, app.manager.Close(ctx))
	}
	return errors.Join(err, app.state.Close())
}

// event runs an event that has no request, in an apartment: the one given or
// any. Its writes to Application are kept unless it failed.
func (l *lifecycle) event(ctx context.Context, app *application, name string, s runtime.Session, home *apartment) error {
	claim := claim{want: home, pinned: home != nil}
	a, _, err := l.e.apartments.acquire(ctx, claim)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer l.e.apartments.release(a)
	view := app.state.Begin(appstate.Owner{Page: globalFile + " " + name})
	defer view.End(false)
	d := a.begin(l.e.cfg.ScriptTimeout)
	defer d.stop()
	host := &eventHost{e: l.e, app: app, home: a, deadline: d, event: name}
	state := runtime.New(ctx, &runtime.Env{
		Application: &applicationView{View: view}, Session: s, Host: host, Log: l.e.cfg.Logger,
		Objects: app.objects, NoSession: name + " has no session", Modules: l.e.modules.current(l.interval()),
	})
	var failed error
	if err := l.e.supervise(a, state, d, nil, func() { failed = state.RunEvent(app.prog, name) }); err != nil {
		if errors.Is(err, errOrphan) {
			err = asp.New(asp.CodeTimeout, name).At(globalFile, 0, 0)
		}
		return errors.Join(err, view.End(false))
	}
	return errors.Join(failed, view.End(failed == nil))
}

// sessionEnd runs Session_OnEnd for a session that has ended.
func (e *Engine) sessionEnd(ctx context.Context, s *session.Ended) error {
	app := e.life.app()
	home := e.objects.home(s.ID())
	defer e.objects.removeAll(s.ID())
	if app.failed != nil || !app.handles("Session_OnEnd") {
		return nil
	}
	err := e.life.event(ctx, app, "Session_OnEnd", &endedView{s, &e.objects}, home)
	if err != nil {
		e.report(err)
	}
	return err
}

// report logs a page's error and tells whoever wants to know.
func (e *Engine) report(err error) {
	e.counts.failed.Add(1)
	if isGone(err) {
		return
	}
	e.cfg.Logger.Error("page failed", errorAttrs(err)...)
	if e.cfg.OnError != nil {
		if ae, ok := errors.AsType[*asp.Error](err); ok {
			e.cfg.OnError(ae)
		}
	}
}
