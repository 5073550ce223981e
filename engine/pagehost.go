package engine

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"reflect"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/runtime"
)

// A pageHost is Server for one page: paths, other pages, components and the
// script timeout. The script's goroutine uses it.
type pageHost struct {
	x        *visit
	deadline *deadline
	home     *apartment.Apartment
	running  *running
}

var _ runtime.Host = (*pageHost)(nil)

// MapPath is Server.MapPath.
func (h *pageHost) MapPath(from, name string) (string, error) { return h.x.e.paths.MapPath(from, name) }

// Program finds the page that Execute or Transfer names.
func (h *pageHost) Program(_ context.Context, from, name string) (*runtime.Program, error) {
	prog, err := h.x.e.otherPage(from, name)
	if err == nil && prog.UsesSession() {
		h.x.names = true
	}
	return prog, err
}

// CreateObject makes a component.
func (h *pageHost) CreateObject(env component.Env, progID string) (*runtime.Object, error) {
	return h.x.e.createObject(env, progID, h.home.ID)
}

// StaticObject gives an object declared with <object>.
func (h *pageHost) StaticObject(env component.Env, d runtime.ObjectDecl) (*runtime.Object, error) {
	switch d.Scope {
	case runtime.ScopeApplication:
		return h.x.e.applicationObject(env, h.x.app, d)
	case runtime.ScopeSession:
		return h.x.sessionObject(env, d, h.home)
	}
	return h.CreateObject(env, d.ProgID)
}

// Once is Request.Once.
func (h *pageHost) Once(token, scope string) (bool, error) { return h.running.onceOf(token, scope) }

// ScriptTimeout is Server.ScriptTimeout.
func (h *pageHost) ScriptTimeout() time.Duration { return h.deadline.get() }

// SetScriptTimeout sets it. As in IIS a page can't make it shorter than the
// setting; script_timeout_max bounds it.
func (h *pageHost) SetScriptTimeout(d time.Duration) error {
	if d <= 0 {
		return asp.New(asp.CodeNotAllowed, "Server.ScriptTimeout must be more than 0 seconds")
	}
	h.deadline.move(min(max(d, h.x.e.live().ScriptTimeout), h.x.e.live().ScriptTimeoutMax))
	return nil
}

// sessionObject gives an object of session scope, made at its first use.
func (x *visit) sessionObject(env component.Env, d runtime.ObjectDecl, home *apartment.Apartment) (*runtime.Object, error) {
	if x.sess == nil {
		return nil, asp.New(asp.CodeNotAllowed, d.ID+" has session scope, and the page has EnableSessionState=False")
	}
	key := staticKey + d.ID
	if o, ok := x.sess.Object(key); ok {
		if o == nil {
			return nil, asp.New(asp.CodeNotAllowed, d.ID+": "+runtime.ElsewhereText)
		}
		return o, nil
	}
	o, err := x.e.createObject(env, d.ProgID, home.ID)
	if err != nil {
		return nil, err
	}
	return o, x.sess.SetObject(key, o)
}

// createObject makes a component by its ProgID, which is found without regard
// to case.
func (e *Engine) createObject(env component.Env, progID string, home int) (*runtime.Object, error) {
	for name, c := range e.cfg.Components {
		if !strings.EqualFold(name, progID) {
			continue
		}
		instance, err := made(env, name, c)
		if err != nil {
			return nil, err
		}
		return &runtime.Object{ProgID: name, Threading: c.Threading, Instance: instance, Home: home}, nil
	}
	return nil, asp.New(asp.CodeCreateObject, progID)
}

// made calls a component's Make or New. A panic in it is ASP 0115, as one in a method
// is; nil is no component.
func made(env component.Env, name string, c Component) (instance any, err error) {
	defer func() {
		if failed := recover(); failed != nil {
			e := asp.New(115, name)
			e.Err = &runtime.PanicError{Value: failed}
			instance, err = nil, e
		}
	}()
	if c.Make != nil {
		instance, err = c.Make(env)
	} else {
		instance, err = c.New(env.Context())
	}
	if v := reflect.ValueOf(instance); err == nil && (!v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()) {
		err = errors.New("its New returned nil")
	}
	if err != nil {
		failed := asp.Errorf(asp.CodeCreateObject, "%w", err)
		failed.Description = name + ": " + err.Error()
		return nil, failed
	}
	return instance, nil
}

var _ runtime.Host = (*eventHost)(nil)

// otherPage compiles the page that Execute or Transfer names.
func (e *Engine) otherPage(from, name string) (*runtime.Program, error) {
	inside, err := e.paths.Resolve(from, name)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(path.Ext(inside), ".asp") && !strings.EqualFold(path.Ext(inside), ".inc") {
		return nil, asp.New(172, name)
	}
	real, _, err := e.site.Find(inside)
	if err != nil {
		return nil, asp.New(176, name)
	}
	prog, err := e.pages.Get(real)
	if asp.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist) {
		return nil, asp.New(176, name)
	}
	return prog, err
}
