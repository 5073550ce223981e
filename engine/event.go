package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
)

// errNotRun: an event could not begin.
var errNotRun = errors.New("the event did not run")

// event runs an event that has no request, in an apartment: the one given or
// any, however many requests wait. It ends at its script timeout, or with ctx.
// Its writes to Application are kept unless it failed.
func (l *lifecycle) event(ctx context.Context, app *application, name string, s *endedView, home *apartment.Apartment, args ...string) error {
	view := app.state.Begin(l.owner(name))
	defer view.End(false)
	err := l.eventIn(ctx, view, app, name, s, home, args...)
	return errors.Join(err, view.End(err == nil))
}

// owner says who an event is to those who wait for Application.Lock.
func (l *lifecycle) owner(event string) shared.Owner {
	return shared.Owner{Page: globalFile + " " + event, Deadline: time.Now().Add(l.e.live().ScriptTimeoutMax)}
}

// eventIn is event with a view of Application, which the caller ends.
func (l *lifecycle) eventIn(ctx context.Context, view *shared.View, app *application, name string, s *endedView, home *apartment.Apartment, args ...string) error {
	a, _, err := l.e.apartments.Acquire(ctx, apartment.Claim{Want: home, Pinned: home != nil, Patient: true})
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, errNotRun, err)
	}
	defer l.e.release(a)
	defer l.e.recordEvent(ctx, a, name)()
	job := l.e.ids.Add(1)
	d := newDeadline(l.e.live().ScriptTimeout, job)
	env := &runtime.Env{
		Application: &applicationView{View: view}, Log: l.e.cfg.Logger,
		Host:    &eventHost{e: l.e, app: app, home: a, deadline: d, event: name, session: s},
		Objects: app.objects, Libraries: app.libraries, NoSession: name + " has no session", Modules: l.e.modules.Current(l.interval()),
		Stacks: l.e.live().SlowLog > 0,
	}
	if s != nil {
		env.Session = s
	}
	state := runtime.New(ctx, env)
	f := eventFlight(name, a, s, view, state)
	f.id, f.event, f.deadline = job, name, d
	l.e.busy.run(a.ID, f)
	if name == startEvent && l.e.cutting.Load() {
		f.kill(runtime.ErrStopping)
	}
	var failed error
	stop := alarm{ctx.Done(), runtime.ErrTimeout, l.slow(name, state)}
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
func eventFlight(name string, a *apartment.Apartment, s *endedView, view *shared.View, state *runtime.State) *flight {
	f := &flight{page: globalFile + " " + name, apartment: a.ID, began: time.Now(), view: view}
	if s != nil {
		id := s.ID()
		f.session.Store(&id)
	}
	f.state.Store(state)
	return f
}

// An eventHost is Server in an event without a request.
type eventHost struct {
	e        *Engine
	app      *application
	home     *apartment.Apartment
	deadline *deadline
	event    string
	session  *endedView // of Session_OnEnd
}

// MapPath works in Application_OnStart; the events of an end have none.
func (h *eventHost) MapPath(from, name string) (string, error) {
	if strings.HasSuffix(h.event, "_OnEnd") {
		return "", asp.New(asp.CodeNotAllowed, "Server.MapPath can't be used in "+h.event)
	}
	return h.e.paths.MapPath(from, name)
}

// Program refuses: there is no page.
func (h *eventHost) Program(context.Context, string, string) (*runtime.Program, error) {
	return nil, asp.New(asp.CodeNotAllowed, h.event+" has no page")
}

// CreateObject makes a component.
func (h *eventHost) CreateObject(env component.Env, progID string) (*runtime.Object, error) {
	return h.e.createObject(env, progID, h.home.ID)
}

// StaticObject gives an object of application scope, and in Session_OnEnd one
// of the session's.
func (h *eventHost) StaticObject(env component.Env, d runtime.ObjectDecl) (*runtime.Object, error) {
	switch {
	case d.Scope == runtime.ScopeApplication:
		return h.e.applicationObject(env, h.app, d)
	case d.Scope == runtime.ScopeSession && h.session != nil:
		if o, ok := h.session.Object(staticKey + d.ID); ok {
			return o, nil
		}
		return h.CreateObject(env, d.ProgID)
	}
	return nil, asp.New(asp.CodeNotAllowed, d.ID+" can't be used in "+h.event)
}

// Once refuses: there is no request.
func (h *eventHost) Once(string, string) (bool, error) {
	return false, asp.New(asp.CodeNotAllowed, h.event+" has no request")
}

// ScriptTimeout and SetScriptTimeout are Server.ScriptTimeout.
func (h *eventHost) ScriptTimeout() time.Duration { return h.deadline.get() }

// SetScriptTimeout sets it within script_timeout_max.
func (h *eventHost) SetScriptTimeout(d time.Duration) error {
	if d <= 0 {
		return asp.New(asp.CodeNotAllowed, "Server.ScriptTimeout must be more than 0 seconds")
	}
	h.deadline.move(min(max(d, h.e.live().ScriptTimeout), h.e.live().ScriptTimeoutMax))
	return nil
}

// slow tells of an event that has run for slow_log.
func (l *lifecycle) slow(event string, state *runtime.State) func(time.Duration) {
	return func(ran time.Duration) {
		file, line, stack := whereNow(state)
		l.e.cfg.Logger.Warn("slow event", "event", event, "file", firstOf(file, globalFile), "line", line, "running", ran, "stack", stack)
	}
}
