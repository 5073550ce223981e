package engine

import (
	"context"
	"sync"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/runtime"
)

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
func ownerOf(x *exchange) shared.Owner {
	return shared.Owner{
		Page: x.prog.Name(), URL: x.r.URL.Path, Deadline: x.began.Add(x.e.live().ScriptTimeoutMax),
		Lost: func(err error) { x.Interrupt(err) },
	}
}
