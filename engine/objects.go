package engine

import (
	"slices"
	"strings"
	"sync"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
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
