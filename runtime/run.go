package runtime

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/language"
	"github.com/najahost/naja/variant"
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
		err = s.runOne(prog, language.Machine.Run)
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
	return s.runOne(prog, func(m language.Machine) error {
		if err := m.Run(); err != nil {
			return err
		}
		values := make([]variant.Value, len(args))
		for i, a := range args {
			values[i] = variant.String(a)
		}
		return m.Call(handler, values...)
	})
}

// run is one program that a state runs, and the host of its machine.
type run struct {
	*State
	prog    *Program
	machine language.Machine
}

// runOne gives body a fresh machine and turns its outcome into an error in ASP's
// vocabulary. The machine is used only in here, where the timer still runs and a
// Go panic is caught; it is dropped with everything queued on it.
func (s *State) runOne(prog *Program, body func(language.Machine) error) (err error) {
	r := &s.first
	if r.State != nil {
		r = new(run)
	}
	r.State, r.prog = s, prog
	r.machine = prog.code.Start(r)
	s.enter(r)
	defer s.exit()
	err = r.outcome(r.guard(func() error {
		if err := body(r.machine); err != nil {
			return err
		}
		return r.machine.Finish()
	}))
	closed := r.guard(func() error { return r.machine.Close(err != nil) })
	if err == nil {
		err = r.outcome(closed)
	}
	return err
}

// guard makes a Go panic in a machine its error.
func (r *run) guard(part func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			e := asp.New(codeEngine, "")
			e.Err = &PanicError{Value: p, Stack: debug.Stack()}
			err = r.place(e)
		}
	}()
	return part()
}

// outcome is a machine's error in ASP's vocabulary, at the line where it was: nil
// for an end that the script asked for.
func (r *run) outcome(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*asp.Error](err); ok {
		if e.File == "" {
			return r.place(e)
		}
		return e
	}
	if _, ok := errors.AsType[*transfer](err); ok || errors.Is(err, errEnd) {
		return nil
	}
	e := &asp.Error{Number: asp.EFail, Category: asp.CategoryRuntime, Short: err.Error(), Err: err}
	if errors.Is(err, ErrTimeout) {
		e = asp.New(codeTerminated, "")
	} else if errors.Is(err, r.Reason()) {
		e = stoppedBy(err)
	}
	return r.place(e)
}

// place gives an error the place where the script is.
func (r *run) place(e *asp.Error) error {
	at, ok := r.machine.Where()
	if !ok {
		return e.At(r.prog.name, 0, 0)
	}
	return spot{place: placeAt(&r.prog.unit.Page, at)}.mark(e)
}

// Text is [language.Host].
func (r *run) Text(k int) error {
	return r.send(func(res *asphttp.Response) error { return res.WriteText(r.prog.unit.Texts[k]) })
}

// Write is [language.Host].
func (r *run) Write(text string, encode bool) error {
	if encode {
		text = encodeText(text)
	}
	return r.send(func(res *asphttp.Response) error { return res.WriteString(text) })
}

// send writes to the response. The page ends with a client that is gone.
func (r *run) send(write func(*asphttp.Response) error) error {
	res := r.env.Response
	if res == nil {
		return asp.New(asp.CodeNotAllowed, "Response can't be used here: an event has no client")
	}
	if r.stopped() {
		return r.Reason()
	}
	if r.ctx.Err() != nil && r.leave() {
		return ErrClientGone
	}
	if err := write(res); err != nil && gone(err) {
		r.stop(ErrClientGone)
		return ErrClientGone
	} else if err != nil {
		return err
	}
	return nil
}

// Waits is [language.Host].
func (r *run) Waits() context.Context { return r.waits() }

// execute is Server.Execute: the page runs now, on a runtime of its own, and
// its error is the caller's. An End inside it ends the caller too.
func (s *State) execute(prog *Program) error {
	if s.depth >= maxExecuteDepth {
		return asp.New(codeExecute, fmt.Sprintf("pages execute each other more than %d deep", maxExecuteDepth))
	}
	s.depth++
	defer func() { s.depth-- }()
	return s.runOne(prog, language.Machine.Run)
}
