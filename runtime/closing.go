package runtime

import (
	"context"

	"github.com/najahost/naja/component"
)

// closes remembers a component that wants to be told of the end of its request.
func (s *State) closes(o *Object) {
	if _, ok := o.Instance.(component.Closer); ok {
		s.made = append(s.made, o)
	}
}

// keeps forgets a component that Session or Application has taken: it ends with
// them.
func (s *State) keeps(o *Object) {
	for i, made := range s.made {
		if made == o || made.Instance == o.Instance {
			s.made = append(s.made[:i:i], s.made[i+1:]...)
			return
		}
	}
}

// close tells the components that the request made that it has ended, the last
// one first. One that is made meanwhile is told too.
func (s *State) close(failed bool) {
	end := component.Finished
	if failed || s.forced() {
		end = component.Failed
	}
	for len(s.made) > 0 {
		last := len(s.made) - 1
		o := s.made[last]
		s.made = s.made[:last]
		s.closeOne(o, end)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel(context.Canceled) // for what Session or Application keeps, whose request has ended
		s.calls, s.cancel = nil, nil
	}
}

// closeOne keeps a component's error and its panic in the log.
func (s *State) closeOne(o *Object, end component.End) {
	defer s.calling.Store(s.calling.Swap(o))
	var err error
	defer func() {
		if r := recover(); r != nil {
			err = &PanicError{Value: r}
		}
		if err != nil && s.log != nil {
			s.log.Warn("a component failed at the end of its request", "component", o.ProgID, "error", err)
		}
	}()
	err = o.Instance.(component.Closer).Close(end)
}
