package runtime

import (
	"context"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime/internal/intrinsics"
	"github.com/najahost/naja/variant"
)

// A caller is a script as ASP's objects know it. What the engine itself throws
// passes through them: they hold nothing that would have to be given back.
type caller struct{ *script }

var _ intrinsics.Program = caller{}

// objectsOf is what the objects of a script stand on.
func (sc *script) objectsOf() *intrinsics.Page {
	if sc.page == nil {
		sc.page = &intrinsics.Page{
			Request: sc.env.Request, Response: sc.env.Response, Session: sc.env.Session, Application: sc.env.Application,
			Server: sc.env.Host, LastError: sc.env.LastError, Program: caller{sc},
		}
	}
	return sc.page
}

// responseObject makes Response.
func (sc *script) responseObject() goja.Value {
	if sc.env.Response == nil {
		sc.missing("Response", "there is no client in this event")
	}
	return sc.hosted(sc.objectsOf().ResponseObject(), nil)
}

// requestObject makes Request.
func (sc *script) requestObject() goja.Value {
	if sc.env.Request == nil {
		sc.missing("Request", "there is no request in this event")
	}
	return sc.hosted(sc.objectsOf().RequestObject(), nil)
}

// serverObject makes Server.
func (sc *script) serverObject() goja.Value { return sc.hosted(sc.objectsOf().ServerObject(), nil) }

// sessionObject makes Session.
func (sc *script) sessionObject() goja.Value {
	if sc.env.Session == nil {
		sc.missing("Session", sc.env.NoSession)
	}
	return sc.hosted(sc.objectsOf().SessionObject(), nil)
}

// applicationObject makes Application.
func (sc *script) applicationObject() goja.Value {
	if sc.env.Application == nil {
		sc.missing("Application", "this host has none")
	}
	return sc.hosted(sc.objectsOf().ApplicationObject(), nil)
}

// Text is ASP's string of a value.
func (c caller) Text(v variant.Value) (text string, err error) {
	if s, ok := v.Str(); ok {
		return s, nil
	}
	own := c.toScript(v)
	if _, object := own.(*goja.Object); !object {
		return c.text(own), nil
	}
	err = c.try(func() { text = c.text(own) })
	return text, err
}

// Number is a value as a number.
func (c caller) Number(v variant.Value) (n float64, err error) {
	own := c.toScript(v)
	err = c.try(func() { n = c.plain(own).ToNumber().ToFloat() })
	return n, err
}

// Truth is a value as true or false.
func (c caller) Truth(v variant.Value) (on bool, err error) {
	own := c.toScript(v)
	err = c.try(func() { on = c.plain(own).ToBoolean() })
	return on, err
}

// Time is a moment: a Date, milliseconds, or a date's text.
func (c caller) Time(v variant.Value) (t time.Time, err error) {
	own := c.toScript(v)
	err = c.try(func() { t = c.time(own) })
	return t, err
}

// Moment is a Date.
func (c caller) Moment(t time.Time) variant.Value { return c.fromScript(c.date(t)) }

// Bytes are those of a typed array or an ArrayBuffer, or a text's.
func (c caller) Bytes(v variant.Value) (b []byte, err error) {
	own := c.toScript(v)
	err = c.try(func() { b = c.binary(own) })
	return b, err
}

// binary is what BinaryWrite takes: bytes, or text as it stands.
func (sc *script) binary(v goja.Value) []byte {
	v = sc.plain(v)
	if obj, ok := v.(*goja.Object); ok {
		switch x := obj.Export().(type) {
		case goja.ArrayBuffer:
			return x.Bytes()
		case []byte:
			return x
		}
		e := &encoder{sc: sc}
		if buf := obj.Get("buffer"); buf != nil && buf.ExportType() == bufferType {
			return e.bytes(obj)
		}
	}
	if s, ok := v.(goja.String); ok {
		return []byte(s.String())
	}
	sc.wrongType("BinaryWrite takes bytes: a Uint8Array, an ArrayBuffer or what BinaryRead returned")
	return nil
}

// Index is a number as a place.
func (c caller) Index(v variant.Value) (int, bool) {
	if v.Kind() == variant.KindString {
		return 0, false
	}
	return index(c.toScript(v))
}

// Call calls a function of the script.
func (c caller) Call(what string, f variant.Value, args ...variant.Value) (variant.Value, error) {
	fn, ok := goja.AssertFunction(c.toScript(f))
	if !ok {
		return variant.Empty, c.try(func() { c.throwRuntime("TypeError", jsTypeError, "%s needs a function", what) })
	}
	given := make([]goja.Value, len(args))
	for i, a := range args {
		given[i] = c.toScript(a)
	}
	v, err := fn(goja.Undefined(), given...)
	if err != nil {
		return variant.Empty, err
	}
	return c.fromScript(v), nil
}

// Write writes text.
func (c caller) Write(text string) error {
	c.write(text)
	return nil
}

// Output looks at what a write came to.
func (c caller) Output(err error) error {
	c.output(err)
	return nil
}

// End ends the page.
func (c caller) End() { c.stop(errEnd) }

// Execute is Server.Execute. The other page sees what this one changed.
func (c caller) Execute(path string) error {
	prog, err := c.program("Execute", path)
	if err != nil {
		return err
	}
	for _, s := range [...]intrinsics.Scope{intrinsics.InSession, intrinsics.InApplication} {
		if err := c.Save(s); err != nil {
			return err
		}
	}
	return c.execute(prog)
}

// Transfer is Server.Transfer.
func (c caller) Transfer(path string) error {
	prog, err := c.program("Transfer", path)
	if err != nil {
		return err
	}
	if c.transfers++; c.transfers > maxTransfers {
		return asp.New(codeExecute, "pages transfer to each other without end")
	}
	c.stop(&transfer{to: prog})
	return nil
}

// MapPath is Server.MapPath.
func (c caller) MapPath(path string) (string, error) { return c.env.Host.MapPath(c.prog.name, path) }

// CreateObject is Server.CreateObject.
func (c caller) CreateObject(progID string) (variant.Value, error) {
	o, err := c.env.Host.CreateObject(around(c), progID)
	if err != nil {
		return variant.Empty, err
	}
	c.closes(o)
	return c.Live(o), nil
}

// Declared is the object of a declaration.
func (c caller) Declared(id string) (variant.Value, error) { return c.fromScript(c.declared(id)), nil }

// Declarations are what global.asa declares in a scope.
func (c caller) Declarations(s intrinsics.Scope) []string {
	scope, ids := ScopeSession, []string{}
	if s == intrinsics.InApplication {
		scope = ScopeApplication
	}
	for _, o := range c.env.Objects {
		if o.Scope == scope {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// Signal is Request.Signal.
func (c caller) Signal() variant.Value { return c.fromScript(c.signalObject()) }

// Waits ends with the request, and when the script is stopped.
func (c caller) Waits() context.Context { return c.waits() }
