package engine

import (
	"context"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/runtime"
)

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
