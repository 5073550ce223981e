package engine

import (
	"strconv"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// Get reads a value.
func (s *sessionView) Get(key string) ([]byte, bool) {
	if s.Touch() != nil {
		return nil, false
	}
	return s.handle.Get(key)
}

// write makes one change of values and components, which a script that was
// given up can't make any more.
func (s *sessionView) write(do func() error) error {
	if err := s.Touch(); err != nil {
		return err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.over {
		return sessionError(session.ErrClosed)
	}
	return sessionError(do())
}

// Set keeps a value; it takes the place of a component.
func (s *sessionView) Set(key string, raw []byte) error {
	return s.write(func() error {
		if err := s.handle.Set(key, raw); err != nil {
			return err
		}
		s.x.e.objects.remove(s.handle.ID(), key)
		return nil
	})
}

// Remove forgets a value or component.
func (s *sessionView) Remove(key string) error {
	return s.write(func() error {
		if err := s.handle.Remove(key); err != nil {
			return err
		}
		s.x.e.objects.remove(s.handle.ID(), key)
		return nil
	})
}

// RemoveAll forgets everything but what <object> declares.
func (s *sessionView) RemoveAll() error {
	return s.write(func() error {
		if err := s.handle.RemoveAll(); err != nil {
			return err
		}
		s.x.e.objects.removeContents(s.handle.ID())
		return nil
	})
}

// Keys are the names of values, then those of components.
func (s *sessionView) Keys() []string {
	if s.Touch() != nil {
		return nil
	}
	keys := s.handle.Keys()
	if more := s.x.e.objects.keys(s.handle.ID()); len(more) > 0 {
		return append(append([]string(nil), keys...), more...)
	}
	return keys
}

// Object gives a component kept in the session; nil for one that only another
// apartment may call.
func (s *sessionView) Object(key string) (*runtime.Object, bool) {
	if !s.handle.Exists() {
		return nil, false
	}
	o, ok := s.x.e.objects.get(s.handle.ID(), key)
	if ok && o.Threading == runtime.Apartment && o.Home != s.home.ID {
		return nil, true // kept by a request that ran at the same time
	}
	return o, ok
}

// SetObject keeps a component in the session. An apartment-threaded one pins
// the session to the apartment that the page runs in.
func (s *sessionView) SetObject(key string, o *runtime.Object) error {
	if o.Threading == runtime.PerRequest {
		return asp.New(188, named(key)+o.ProgID+" is a per-request component: it ends with the page")
	}
	if s.x.e.cfg.Sessions != nil || s.x.e.backend != nil {
		return asp.New(188, named(key)+o.ProgID+": sessions of this application are kept outside the process, where a component can't go")
	}
	return s.write(func() error {
		// First a write that changes nothing: may this page write at all?
		if err := s.handle.Remove(staticKey); err != nil {
			return err
		}
		if err := s.x.e.objects.put(s.handle.ID(), key, o, s.home); err != nil {
			return err
		}
		return s.handle.Remove(key)
	})
}

// named is how messages begin that are about an item of Session; the keys of
// declared objects are nobody's business.
func named(key string) string {
	if strings.HasPrefix(key, staticKey) {
		return ""
	}
	return "Session(" + strconv.Quote(key) + "): "
}
