package runtime

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// JScript's numbers for the errors that scripts meet, as pages know them
// (0x800A0000 + n, signed).
const (
	jsOutOfStack   int32 = -2146828260 // 28
	jsNoMember     int32 = -2146827850 // 438, the object has no such member
	jsTypeError    int32 = -2146823281 // 5007
	jsUndefined    int32 = -2146823279 // 5009
	jsThrown       int32 = -2146823266 // 5022, thrown and not caught
	jsSyntax       int32 = -2146827286 // 1002
	codeExecute          = 230
	codeEngine           = 240
	codeCompile          = 132
	codeTerminated       = asp.CodeTimeout
)

// throw raises err in the script, as an Error object that carries number and
// description the way JScript pages look for them.
//
// What the script itself threw, or was stopped by, while a member of the host's
// called it, goes on as it is.
func (sc *script) throw(err error) {
	if own := thrownBefore(err); own != nil {
		panic(own)
	}
	panic(sc.errorValue(err))
}

// thrownBefore is what the engine threw, where err is that.
func thrownBefore(err error) error {
	if _, ok := errors.AsType[*asp.Error](err); ok {
		return nil
	}
	if ex, ok := errors.AsType[*goja.Exception](err); ok {
		return ex
	}
	if stop, ok := errors.AsType[*goja.InterruptedError](err); ok {
		return stop
	}
	if deep, ok := errors.AsType[*goja.StackOverflowError](err); ok {
		return deep
	}
	return nil
}

// hostError is an error of the host's in ASP's vocabulary.
func hostError(err error) *asp.Error {
	if e, ok := errors.AsType[*asp.Error](err); ok {
		return e
	}
	e := &asp.Error{Number: asp.EFail, Category: asp.CategoryRuntime, Short: err.Error(), Err: err}
	if own, ok := errors.AsType[*component.Error](err); ok && own.Source != "" {
		e.Category = own.Source
	}
	if code, ok := errors.AsType[variant.HRESULT](err); ok {
		e.Number = int32(code)
	}
	return e
}

// errorValue makes the Error object of a host error and remembers what it
// was, so that the page's report keeps the code when nobody catches it.
func (sc *script) errorValue(err error) *goja.Object {
	e := hostError(err)
	message := e.Short
	if e.Description != "" && e.Short != "" {
		message += ": " + e.Description
	} else if message == "" {
		message = e.Description
	}
	if e.Code == 0 && e.File != "" {
		message = e.Error() // an executed page's error keeps its place
	}
	obj := sc.newError("Error", message)
	obj.Set("number", e.Number)
	obj.Set("description", e.COMDescription())
	if sc.errs == nil {
		sc.errs = make(map[*goja.Object]*asp.Error)
	}
	sc.errs[obj] = e
	return obj
}

// newError makes an object of one of the script's own error constructors. A
// page that replaced the constructor gets a TypeError.
func (sc *script) newError(class, message string) *goja.Object {
	if class != "TypeError" {
		if ctor := sc.vm.Get(class); ctor != nil {
			if obj, err := sc.vm.New(ctor, sc.vm.ToValue(message)); err == nil {
				return obj
			}
		}
	}
	return sc.vm.NewTypeError("%s", message)
}

// throwRuntime raises an error of JScript's own table.
func (sc *script) throwRuntime(class string, number int32, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	sc.throwDescribed(class, number, message, message)
}

// throwDescribed throws an error whose message says more than its description,
// which is JScript's.
func (sc *script) throwDescribed(class string, number int32, description, message string) {
	obj := sc.newError(class, message)
	obj.Set("number", number)
	obj.Set("description", description)
	panic(obj)
}

// fail turns what ended a script into its error. Ends that the script asked
// for are none.
func (sc *script) fail(err error) error {
	if e, ok := errors.AsType[*goja.InterruptedError](err); ok {
		return sc.interrupted(e)
	}
	if e, ok := errors.AsType[*goja.StackOverflowError](err); ok {
		return sc.overflowed(e)
	}
	if e, ok := errors.AsType[*goja.Exception](err); ok {
		if sc.forced() {
			return sc.stoppedError() // the call that waited failed for it
		}
		return sc.thrown(e)
	}
	if e, ok := errors.AsType[*asp.Error](err); ok {
		return e.At(sc.prog.name, 0, 0)
	}
	return &asp.Error{Number: asp.EFail, Category: asp.CategoryRuntime, Short: err.Error(), File: sc.prog.name, Err: err}
}

// thrown is the report of an exception that no catch took.
func (sc *script) thrown(ex *goja.Exception) error {
	at := sc.frames(ex.Stack())
	obj, _ := ex.Value().(*goja.Object)
	if e := sc.errs[obj]; e != nil {
		return at.mark(e)
	}
	e := &asp.Error{Number: jsThrown, Category: asp.CategoryRuntime, Short: "Exception thrown and not caught", Err: &ScriptError{Stack: at.stack}}
	e.Short, e.Number = sc.describe(ex.Value())
	at.reference(e.Short)
	e.Hint = sc.hintThrown(e.Short)
	return at.mark(e)
}

// describe reads an uncaught value's text. Reading runs script code (getters,
// toString), which may throw again.
func (sc *script) describe(v goja.Value) (text string, number int32) {
	number = jsThrown
	if ex := sc.vm.Try(func() {
		obj, ok := v.(*goja.Object)
		if !ok || obj.ClassName() != "Error" {
			text = "Exception thrown and not caught: " + clip(v.String())
			return
		}
		text = clip(obj.String())
		if n := obj.Get("number"); n != nil && n.ToInteger() != 0 {
			number = int32(n.ToInteger())
		} else {
			number = numberOf(textOf(obj.Get("name")), textOf(obj.Get("message")))
		}
	}); ex != nil && text == "" {
		text = "Exception thrown and not caught"
	}
	return text, number
}

// clip keeps an error's text at a size that a log line can carry.
func clip(s string) string {
	const most = 2000
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// interrupted is the report of a script that was stopped: none when the page
// itself ended it.
func (sc *script) interrupted(e *goja.InterruptedError) error {
	reason := sc.Reason()
	switch reason.(type) {
	case *transfer:
		return nil
	}
	switch {
	case reason == errEnd, reason == nil:
		return nil
	case errors.Is(reason, ErrTimeout):
		return sc.frames(e.Stack()).mark(asp.New(codeTerminated, ""))
	}
	at := sc.frames(e.Stack())
	return at.mark(stoppedBy(reason))
}

// stoppedBy is the error of a script that was stopped from outside.
func stoppedBy(reason error) *asp.Error {
	return &asp.Error{Number: asp.EFail, Category: asp.CategoryASP, Short: "Script stopped", Description: reason.Error(), Err: reason}
}

// overflowed is the report of recursion without end.
func (sc *script) overflowed(e *goja.StackOverflowError) error {
	return sc.frames(e.Stack()).mark(&asp.Error{Number: jsOutOfStack, Category: asp.CategoryRuntime, Short: "Out of stack space", Err: e})
}

// panicked is the report of a Go panic inside the script engine: this page's
// 500 and nobody else's. The text stays in the log; a page never sees it.
func (sc *script) panicked(r any) error {
	if err, ok := r.(error); ok {
		if e, ok := errors.AsType[*goja.InterruptedError](err); ok {
			return sc.interrupted(e)
		}
		if e, ok := errors.AsType[*goja.Exception](err); ok {
			return sc.thrown(e)
		}
	}
	e := asp.New(codeEngine, "")
	e.Err = &PanicError{Value: r, Stack: debug.Stack()}
	return sc.scene().mark(e)
}

// scene is where the script was when the engine panicked, as far as the
// engine still knows.
func (sc *script) scene() (at spot) {
	defer func() {
		if recover() != nil {
			at = spot{place: place{file: sc.prog.name}}
		}
	}()
	return sc.here()
}

// PanicError is the cause of an ASP 0240: a Go panic in the script engine or
// in a component.
type PanicError struct {
	Value any
	Stack []byte // of the goroutine, for the log
}

// Error is the panic's value as text.
func (e *PanicError) Error() string { return fmt.Sprint("panic: ", e.Value) }

// ScriptError is the cause of an error of the script itself: its call stack,
// innermost first, in the page's own lines.
type ScriptError struct {
	Stack []string
}

// Error is the innermost line of the stack.
func (e *ScriptError) Error() string {
	if len(e.Stack) == 0 {
		return "script error"
	}
	return e.Stack[0]
}
