package runtime

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// Run runs a page, and the pages that it transfers to, in a clean script
// state. It returns nil when the page ended by itself, by Response.End or by
// Response.Redirect, and an [*asp.Error] that names the page's line when it
// failed or was stopped. It never panics because of what a script does.
//
// Components of the request that want to know are told of its end before it
// returns.
func (s *State) Run(prog *Program) (err error) {
	defer func() { s.close(err != nil) }()
	for {
		err = s.runOne(prog, func(sc *script) error { return sc.main() })
		next, ok := s.resume()
		if !ok || err != nil {
			return err
		}
		prog = next
	}
}

// RunEvent runs the program of global.asa and calls the event's handler in
// it, when it has one.
func (s *State) RunEvent(prog *Program, handler string, args ...string) (err error) {
	defer func() { s.close(err != nil) }()
	return s.runOne(prog, func(sc *script) error {
		if err := sc.main(); err != nil {
			return err
		}
		fn, ok := goja.AssertFunction(sc.vm.GlobalObject().Get(handler))
		if !ok {
			return nil
		}
		values := make([]goja.Value, len(args))
		for i, a := range args {
			values[i] = sc.vm.ToValue(a)
		}
		_, err := fn(goja.Undefined(), values...)
		return err
	})
}

// runOne gives body a fresh runtime and turns its outcome into an error in
// ASP's vocabulary. Values of the script are touched only in here, where the
// timer still runs and a Go panic is caught; the runtime is dropped with
// everything queued on it.
func (s *State) runOne(prog *Program, body func(*script) error) (err error) {
	sc := s.newScript(prog)
	s.enter(sc.vm)
	defer s.exit()
	defer func() {
		if r := recover(); r != nil {
			err = sc.panicked(r)
		}
	}()
	err = body(sc)
	if err == nil {
		err = sc.finish()
	}
	if err != nil {
		err = sc.fail(err)
	}
	if saved := sc.save(err != nil); err == nil && saved != nil {
		err = sc.fail(saved)
	}
	return err
}

// main runs the program's top level.
func (sc *script) main() error {
	v, err := sc.vm.RunProgram(sc.prog.code)
	if err == nil && sc.prog.async {
		sc.top, _ = v.Export().(*goja.Promise)
	}
	return err
}

// execute is Server.Execute: the page runs now, on a runtime of its own, and
// its error is the caller's. An End inside it ends the caller too.
func (s *State) execute(prog *Program) error {
	if s.depth >= maxExecuteDepth {
		return asp.New(codeExecute, fmt.Sprintf("pages execute each other more than %d deep", maxExecuteDepth))
	}
	s.depth++
	defer func() { s.depth-- }()
	return s.runOne(prog, func(sc *script) error { return sc.main() })
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
		return e.At(sc.prog.Name(), 0, 0)
	}
	return &asp.Error{Number: asp.EFail, Category: asp.CategoryRuntime, Short: err.Error(), File: sc.prog.Name(), Err: err}
}
