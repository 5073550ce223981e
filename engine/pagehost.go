package engine

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// A pageHost is Server for one page: paths, other pages, components and the
// script timeout. The script's goroutine uses it.
type pageHost struct {
	x        *exchange
	deadline *deadline
	home     *apartment
}

var _ runtime.Host = (*pageHost)(nil)

// MapPath is Server.MapPath.
func (h *pageHost) MapPath(from, name string) (string, error) { return h.x.e.mapPath(from, name) }

// Program finds the page that Execute or Transfer names.
func (h *pageHost) Program(_ context.Context, from, name string) (*runtime.Program, error) {
	return h.x.e.otherPage(from, name)
}

// CreateObject makes a component.
func (h *pageHost) CreateObject(ctx context.Context, progID string) (*runtime.Object, error) {
	return h.x.e.createObject(ctx, progID, h.home.id)
}

// StaticObject gives an object declared with <object>.
func (h *pageHost) StaticObject(ctx context.Context, d runtime.ObjectDecl) (*runtime.Object, error) {
	switch d.Scope {
	case runtime.ScopeApplication:
		return h.x.e.applicationObject(ctx, h.x.app, d)
	case runtime.ScopeSession:
		return h.x.sessionObject(ctx, d, h.home)
	}
	return h.CreateObject(ctx, d.ProgID)
}

// ScriptTimeout is Server.ScriptTimeout.
func (h *pageHost) ScriptTimeout() time.Duration { return h.deadline.get() }

// SetScriptTimeout sets it. As in IIS a page can't make it shorter than the
// setting; script_timeout_max bounds it.
func (h *pageHost) SetScriptTimeout(d time.Duration) error {
	if d <= 0 {
		return asp.New(asp.CodeNotAllowed, "Server.ScriptTimeout must be more than 0 seconds")
	}
	h.deadline.move(min(max(d, h.x.e.cfg.ScriptTimeout), h.x.e.cfg.ScriptTimeoutMax))
	return nil
}

// sessionObject gives an object of session scope, made at its first use.
func (x *exchange) sessionObject(ctx context.Context, d runtime.ObjectDecl, home *apartment) (*runtime.Object, error) {
	if x.sess == nil {
		return nil, asp.New(asp.CodeNotAllowed, d.ID+" has session scope, and the page has EnableSessionState=False")
	}
	key := "\x00" + d.ID
	if o, ok := x.sess.Object(key); ok {
		return o, nil
	}
	o, err := x.e.createObject(ctx, d.ProgID, home.id)
	if err != nil {
		return nil, err
	}
	if o.Threading == runtime.PerRequest {
		return o, nil
	}
	return o, x.sess.SetObject(key, o)
}

// createObject makes a component by its ProgID, which is found without regard
// to case.
func (e *Engine) createObject(ctx context.Context, progID string, home int) (*runtime.Object, error) {
	for name, c := range e.cfg.Components {
		if !strings.EqualFold(name, progID) {
			continue
		}
		instance, err := c.New(ctx)
		if err != nil {
			failed := asp.Errorf(asp.CodeCreateObject, "%w", err)
			failed.Description = progID + ": " + err.Error()
			return nil, failed
		}
		return &runtime.Object{ProgID: name, Threading: c.Threading, Instance: instance, Home: home}, nil
	}
	return nil, asp.New(asp.CodeCreateObject, progID)
}

// mapPath gives the physical path of a virtual one. from is the page that
// asks: a path that doesn't begin with a slash is relative to its folder.
func (e *Engine) mapPath(from, name string) (string, error) {
	if e.cfg.DisableParentPaths && hasParent(name) {
		return "", asp.New(175, name)
	}
	inside, err := e.resolve(from, name)
	if err != nil {
		return "", err
	}
	return e.physical(inside), nil
}

func hasParent(name string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(name, `\`, "/"), "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// resolve makes a name below the root of a path as pages write it: from the
// server's URL space when it begins with a slash, else from the page's
// folder. It never leaves the root.
func (e *Engine) resolve(from, name string) (string, error) {
	if strings.ContainsAny(name, "\x00") {
		return "", asp.New(173, "a NUL character")
	}
	name = strings.ReplaceAll(name, `\`, "/")
	full := name
	if strings.HasPrefix(name, "/") {
		full = e.insideMount(name)
	} else {
		full = path.Join("/", path.Dir(from)) + "/" + name
	}
	depth := 0
	for part := range strings.SplitSeq(full, "/") {
		switch part {
		case "", ".":
		case "..":
			depth--
		default:
			depth++
		}
		if depth < 0 {
			return "", asp.New(175, name)
		}
	}
	return strings.TrimPrefix(path.Clean("/"+full), "/"), nil
}

// insideMount takes the application's URL prefix off a path.
func (e *Engine) insideMount(name string) string {
	prefix := strings.TrimSuffix(e.cfg.Path, "/")
	if prefix != "" && len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) &&
		(len(name) == len(prefix) || name[len(prefix)] == '/') {
		return name[len(prefix):]
	}
	return name
}

// physical is the path of a name below the root on this machine. A site that
// is no folder has its own root.
func (e *Engine) physical(name string) string {
	if e.cfg.Root == "" {
		return "/" + name
	}
	root, err := filepath.Abs(e.cfg.Root)
	if err != nil {
		root = e.cfg.Root
	}
	return filepath.Join(root, filepath.FromSlash(name))
}

// urlPath is the URL of a page.
func (e *Engine) urlPath(name string) string { return strings.TrimSuffix(e.cfg.Path, "/") + "/" + name }

// otherPage compiles the page that Execute or Transfer names.
func (e *Engine) otherPage(from, name string) (*runtime.Program, error) {
	inside, err := e.resolve(from, name)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(path.Ext(inside), ".asp") && !strings.EqualFold(path.Ext(inside), ".inc") {
		return nil, asp.New(172, name)
	}
	real, _, err := e.site.find(inside)
	if err != nil {
		return nil, asp.New(176, name)
	}
	prog, err := e.pages.get(real)
	if asp.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist) {
		return nil, asp.New(176, name)
	}
	return prog, err
}

// pageName is a page's name below the root of a setting's path.
func pageName(setting string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(setting, `\`, "/")), "/")
}

// runErrorPage runs the configured error page with what it is about. It
// returns false when that fails too.
func (x *exchange) runErrorPage(host *pageHost, name string, failure error) bool {
	prog, err := x.e.pages.get(name)
	if err != nil {
		x.e.report(err)
		return false
	}
	if x.res.Reset() != nil {
		return false
	}
	_ = x.res.SetStatus(internalError)
	_, err = x.afterFailure(host, failure, func(s *runtime.State) error { return s.Run(prog) })
	return err == nil
}

// afterFailure runs what deals with a failed page's error, in the page's
// apartment, with a view of Application and a script timeout of its own.
// ended says that the script ended itself.
func (x *exchange) afterFailure(host *pageHost, failure error, run func(*runtime.State) error) (ended bool, err error) {
	env := x.env(host)
	env.LastError = errorOf(failure)
	view := x.app.state.Begin(ownerOf(x))
	defer view.End(false)
	env.Application = &applicationView{View: view}
	host.deadline.restart()
	state := runtime.New(x.r.Context(), env)
	x.second.Store(state)
	if err := run(state); err != nil {
		x.e.report(err)
		return false, err
	}
	return state.Reason() != nil, view.End(true)
}

// errorOf is a failure in the words of ASPError.
func errorOf(err error) *asp.Error {
	if e, ok := errors.AsType[*asp.Error](err); ok {
		return e
	}
	return &asp.Error{Number: asp.EFail, Category: asp.CategoryASP, Short: err.Error(), Err: err}
}

// An eventHost is Server in an event without a request.
type eventHost struct {
	e        *Engine
	app      *application
	home     *apartment
	deadline *deadline
	event    string
}

var _ runtime.Host = (*eventHost)(nil)

// MapPath works in Application_OnStart; the events of an end have none.
func (h *eventHost) MapPath(from, name string) (string, error) {
	if strings.HasSuffix(h.event, "_OnEnd") {
		return "", asp.New(asp.CodeNotAllowed, "Server.MapPath can't be used in "+h.event)
	}
	return h.e.mapPath(from, name)
}

// Program refuses: there is no page.
func (h *eventHost) Program(context.Context, string, string) (*runtime.Program, error) {
	return nil, asp.New(asp.CodeNotAllowed, h.event+" has no page")
}

// CreateObject makes a component.
func (h *eventHost) CreateObject(ctx context.Context, progID string) (*runtime.Object, error) {
	return h.e.createObject(ctx, progID, h.home.id)
}

// StaticObject gives an object of application scope.
func (h *eventHost) StaticObject(ctx context.Context, d runtime.ObjectDecl) (*runtime.Object, error) {
	if d.Scope != runtime.ScopeApplication {
		return nil, asp.New(asp.CodeNotAllowed, d.ID+" can't be used in "+h.event)
	}
	return h.e.applicationObject(ctx, h.app, d)
}

// ScriptTimeout and SetScriptTimeout are Server.ScriptTimeout.
func (h *eventHost) ScriptTimeout() time.Duration { return h.deadline.get() }

// SetScriptTimeout sets it within script_timeout_max.
func (h *eventHost) SetScriptTimeout(d time.Duration) error {
	if d <= 0 {
		return asp.New(asp.CodeNotAllowed, "Server.ScriptTimeout must be more than 0 seconds")
	}
	h.deadline.move(min(max(d, h.e.cfg.ScriptTimeout), h.e.cfg.ScriptTimeoutMax))
	return nil
}
