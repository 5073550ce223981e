package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
)

// liveObjects are the components that sessions keep, by its id.
// They live in this process only; an apartment-threaded one pins its session
// to its apartment for as long as it is kept.
type liveObjects struct {
	maxPinned int // pinned_session_max

	mu       sync.Mutex
	sessions map[string]*sessionObjects
	pinned   int
}

type sessionObjects struct {
	home  *apartment.Apartment // nil unless pinned
	items []liveObject
}

type liveObject struct {
	key string
	obj *runtime.Object
}

func (l *liveObjects) find(id, key string) (*sessionObjects, int) {
	s := l.sessions[id]
	if s == nil {
		return nil, -1
	}
	for i := range s.items {
		if strings.EqualFold(s.items[i].key, key) {
			return s, i
		}
	}
	return s, -1
}

func (l *liveObjects) get(id, key string) (*runtime.Object, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, i := l.find(id, key)
	if i < 0 {
		return nil, false
	}
	return s.items[i].obj, true
}

// put keeps a component. home is the apartment that the page runs in.
func (l *liveObjects) put(id, key string, o *runtime.Object, home *apartment.Apartment) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, i := l.find(id, key)
	if o.Threading == runtime.Apartment && (s == nil || s.home == nil) {
		if l.pinned >= l.maxPinned {
			return asp.New(188, named(key)+o.ProgID+": as many sessions are bound to an apartment as may be (pinned_session_max)")
		}
	}
	if s == nil {
		s = &sessionObjects{}
		if l.sessions == nil {
			l.sessions = make(map[string]*sessionObjects)
		}
		l.sessions[id] = s
	}
	if i >= 0 {
		s.items[i].obj = o
	} else {
		s.items = append(s.items, liveObject{key, o})
	}
	l.settle(id, s, home)
	return nil
}

// settle pins or frees a session by what it keeps. l.mu is held.
func (l *liveObjects) settle(id string, s *sessionObjects, home *apartment.Apartment) {
	bound := false
	for _, it := range s.items {
		bound = bound || it.obj.Threading == runtime.Apartment
	}
	switch {
	case bound && s.home == nil:
		s.home = home
		l.pinned++
	case !bound && s.home != nil:
		s.home = nil
		l.pinned--
	}
	if len(s.items) == 0 {
		delete(l.sessions, id)
	}
}

func (l *liveObjects) remove(id, key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, i := l.find(id, key)
	if i < 0 {
		return
	}
	s.items = append(s.items[:i], s.items[i+1:]...)
	l.settle(id, s, nil)
}

func (l *liveObjects) removeAll(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.sessions[id]; s != nil {
		s.items = nil
		l.settle(id, s, nil)
	}
}

// clear forgets everything.
func (l *liveObjects) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sessions, l.pinned = nil, 0
}

// removeContents forgets what pages put into Contents; what <object> declares
// stays.
func (l *liveObjects) removeContents(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.sessions[id]; s != nil {
		s.items = slices.DeleteFunc(s.items, func(it liveObject) bool { return !it.static() })
		l.settle(id, s, nil)
	}
}

// removeApartment forgets what only an apartment may call.
func (l *liveObjects) removeApartment(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s := l.sessions[id]; s != nil {
		s.items = slices.DeleteFunc(s.items, func(it liveObject) bool { return it.obj.Threading == runtime.Apartment })
		l.settle(id, s, nil)
	}
}

// static says that an item is one that <object> declares.
func (it liveObject) static() bool { return strings.HasPrefix(it.key, staticKey) }

// staticKey is what the keys of declared objects begin with, so that no key
// of a page's is one.
const staticKey = "\x00"

// keys are the names of a session's components; those that <object> declares
// are no part of Contents.
func (l *liveObjects) keys(id string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.sessions[id]
	if s == nil {
		return nil
	}
	var keys []string
	for _, it := range s.items {
		if !it.static() {
			keys = append(keys, it.key)
		}
	}
	return keys
}

// pinnedTo is the apartment that a request's session is bound to, nil when it
// may run anywhere.
func (l *liveObjects) pinnedTo(s *sessionView) *apartment.Apartment {
	if s == nil || !s.handle.Exists() {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if so := l.sessions[s.handle.ID()]; so != nil {
		return so.home
	}
	return nil
}

// home is the apartment that an ended session is bound to.
func (l *liveObjects) home(id string) *apartment.Apartment {
	l.mu.Lock()
	defer l.mu.Unlock()
	if so := l.sessions[id]; so != nil {
		return so.home
	}
	return nil
}

// pins is how many sessions are bound.
func (l *liveObjects) pins() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pinned
}

// staticObjects are the <object> declarations of application scope that were
// used: one component each, for every page.
type staticObjects struct {
	mu   sync.Mutex
	made map[string]*runtime.Object
}

// applicationObject gives an object of application scope, made once.
func (e *Engine) applicationObject(env component.Env, app *application, d runtime.ObjectDecl) (*runtime.Object, error) {
	s := &app.static
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.made[d.ID]; o != nil {
		return o, nil
	}
	o, err := e.createObject(lasting{env}, d.ProgID, 0)
	if err != nil {
		return nil, err
	}
	if o.Threading != runtime.Agile {
		return nil, asp.New(197, d.ID+" ("+o.ProgID+") is "+o.Threading.String()+": only an agile component can have application scope")
	}
	if s.made == nil {
		s.made = make(map[string]*runtime.Object)
	}
	s.made[d.ID] = o
	return o, nil
}

// lasting is what is around a component that lives longer than its request.
type lasting struct{ component.Env }

// Context doesn't end with the request.
func (l lasting) Context() context.Context { return context.WithoutCancel(l.Env.Context()) }

// ownerOf is a request as the holder of Application.Lock.
func ownerOf(x *running) shared.Owner {
	return shared.Owner{
		Page: x.prog.Name(), URL: x.r.URL.Path, Deadline: x.began.Add(x.e.live().ScriptTimeoutMax),
		Lost: func(err error) { x.Interrupt(err) },
	}
}

// An applicationView is the Application of one request: its errors in ASP's
// words, its components with their threading model.
type applicationView struct{ *shared.View }

var _ runtime.Application = (*applicationView)(nil)

// applicationError makes an error that a page may catch.
func applicationError(err error) error {
	if err == nil {
		return nil
	}
	var e *asp.Error
	if errors.As(err, &e) {
		return err
	}
	return asp.Errorf(asp.CodeNotAllowed, "%w", err)
}

// Set keeps a value.
func (v *applicationView) Set(ctx context.Context, key string, raw []byte) error {
	return applicationError(v.View.Set(ctx, key, raw))
}

// Remove forgets a value.
func (v *applicationView) Remove(ctx context.Context, key string) error {
	return applicationError(v.View.Remove(ctx, key))
}

// RemoveAll forgets all values.
func (v *applicationView) RemoveAll(ctx context.Context) error {
	return applicationError(v.View.RemoveAll(ctx))
}

// Lock is Application.Lock.
func (v *applicationView) Lock(ctx context.Context) error { return applicationError(v.View.Lock(ctx)) }

// Unlock is Application.Unlock.
func (v *applicationView) Unlock(ctx context.Context) error {
	return applicationError(v.View.Unlock(ctx))
}

// Increment adds to a number.
func (v *applicationView) Increment(ctx context.Context, key string, n float64) (float64, error) {
	sum, err := v.View.Increment(ctx, key, n)
	return sum, applicationError(err)
}

// CompareAndSet replaces a value that is still the expected one.
func (v *applicationView) CompareAndSet(ctx context.Context, key string, old, new []byte) (bool, error) {
	ok, err := v.View.CompareAndSet(ctx, key, old, new)
	return ok, applicationError(err)
}

// Object gives a component kept in Application.
func (v *applicationView) Object(key string) (*runtime.Object, bool) {
	obj, ok := v.View.Object(key)
	if !ok {
		return nil, false
	}
	o, ok := obj.(*runtime.Object)
	return o, ok
}

// SetObject keeps an agile component, which every apartment may call. Any
// other is refused, as in ASP.
func (v *applicationView) SetObject(ctx context.Context, key string, o *runtime.Object) error {
	if o.Threading != runtime.Agile {
		return asp.New(197, "Application("+strconv.Quote(key)+"): "+o.ProgID+" is "+o.Threading.String()+": only an agile component can be shared by all pages")
	}
	return applicationError(v.View.SetObject(ctx, key, o))
}

// endedView is a session as its Session_OnEnd sees it.
type endedView struct {
	*sessions.Ended
	objects *liveObjects
}

// Abandon, Renew and Close mean nothing to a session that has ended.
func (v *endedView) Abandon() error { return nil }

// Renew does nothing.
func (v *endedView) Renew() error { return nil }

// Close does nothing.
func (v *endedView) Close() error { return nil }

// Object gives a component kept in the session.
func (v *endedView) Object(key string) (*runtime.Object, bool) { return v.objects.get(v.ID(), key) }

// SetObject refuses.
func (v *endedView) SetObject(key string, _ *runtime.Object) error {
	return asp.New(asp.CodeNotAllowed, "the session has ended: "+strings.TrimSpace(key))
}

// EndAttempt is Session.EndAttempt.
func (v *endedView) EndAttempt() int { return v.Attempt() }

// EndReason is Session.EndReason.
func (v *endedView) EndReason() string { return string(v.Reason()) }

var (
	_ runtime.Session      = (*endedView)(nil)
	_ runtime.EndedSession = (*endedView)(nil)
)
