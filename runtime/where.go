package runtime

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// where remembers the last call of the script into the host, for the status
// page: the frame is kept as goja has it and only turned into a line when
// somebody asks.
type where struct {
	mu    sync.Mutex
	frame goja.StackFrame
	ok    bool
	stack []goja.StackFrame // with Env.Stacks: the frame and who called it, the innermost first
	buf   []goja.StackFrame // the script's own goroutine only
}

// deepest is how many frames are kept of a stack.
const deepest = 50

// Where is the file and line where the script was last, as far as its machine
// knows: "" and 0 before it began. Any goroutine may ask.
func (s *State) Where() (file string, line int) {
	s.mu.Lock()
	runs := slices.Clone(s.running)
	if len(runs) == 0 && s.latest != nil {
		runs = append(runs, s.latest)
	}
	s.mu.Unlock()
	for _, r := range slices.Backward(runs) { // one that has just begun is where it was called
		if at, ok := r.machine.Where(); ok {
			pos := r.prog.unit.Page.Position(at)
			return pos.File, pos.Line
		}
	}
	return "", 0
}

// Stack is how the script came to where it was last, as Where has it: function, file,
// line and column of each call, the innermost first. It is nil without [Env.Stacks],
// and where the machine doesn't know. Any goroutine may ask.
func (s *State) Stack() []string {
	s.mu.Lock()
	r := s.latest
	if n := len(s.running); n > 0 {
		r = s.running[n-1]
	}
	s.mu.Unlock()
	if r == nil {
		return nil
	}
	if m, ok := r.machine.(interface{ Stack() []string }); ok {
		return m.Stack()
	}
	return nil
}

// Calling is the component whose method the script is in, nil for none. Any
// goroutine may ask.
func (s *State) Calling() *Object { return s.calling.Load() }

// mark notes where the script is.
func (sc *script) mark() {
	w := &sc.where
	if sc.env.Stacks {
		w.buf = sc.vm.CaptureCallStack(deepest, w.buf[:0])
		w.mu.Lock()
		w.stack = append(w.stack[:0], w.buf...)
		w.mu.Unlock()
	} else {
		w.buf = sc.vm.CaptureCallStack(2, w.buf[:0])
	}
	for i := range w.buf {
		if w.buf[i].SrcName() == sc.prog.name {
			w.mu.Lock()
			w.frame, w.ok = w.buf[i], true
			w.mu.Unlock()
			return
		}
	}
}

// stack is what Stack says.
func (sc *script) stack() []string {
	sc.where.mu.Lock()
	frames := slices.Clone(sc.where.stack)
	sc.where.mu.Unlock()
	return sc.frames(frames).stack
}

// spot is where an error happened: the innermost frame in page code, and the
// script's call stack in the page's own lines.
type spot struct {
	place
	stack []string
}

// frames reads goja's stack.
func (sc *script) frames(frames []goja.StackFrame) spot {
	at := spot{place: place{file: sc.prog.name}}
	found := false
	for i := range frames {
		f := &frames[i]
		p, ok := sc.placeOf(f)
		if !ok {
			continue
		}
		if !found {
			at.place, found = p, true
		}
		if len(at.stack) < 50 {
			at.stack = append(at.stack, fmt.Sprintf("%s (%s:%d:%d)", f.FuncName(), p.file, p.line, p.col))
		}
	}
	return at
}

// reference moves the place of "x is not defined" from where the engine
// noticed it, behind the name, to the name itself.
func (at *spot) reference(text string) {
	name, ok := strings.CutPrefix(text, "ReferenceError: ")
	if !ok {
		return
	}
	name, ok = strings.CutSuffix(name, " is not defined")
	line := []rune(at.source)
	if n := len([]rune(name)); ok && at.col-1 >= n && at.col-1 <= len(line) && string(line[at.col-1-n:at.col-1]) == name {
		at.col -= n
	}
}

// placeOf is a frame's place in the page, or in a module that it required.
func (sc *script) placeOf(f *goja.StackFrame) (place, bool) {
	pos := f.Position()
	switch name := f.SrcName(); name {
	case sc.prog.name:
		return sc.prog.at(pos.Line, pos.Column), true
	case "", "<native>", "<eval>":
		return place{}, false
	default:
		if pos.Line == 1 && pos.Column > len(moduleHead) {
			pos.Column -= len(moduleHead)
		}
		return sc.env.Modules.place(name, pos.Line, pos.Column), true
	}
}

// mark gives e its place, unless an inner page gave it one, and its stack.
func (at spot) mark(e *asp.Error) *asp.Error {
	c := *e
	if c.File == "" {
		c.File, c.Line, c.Column, c.Source, c.Included = at.file, at.line, at.col, at.source, at.included
	}
	if c.Err == nil && len(at.stack) > 0 {
		c.Err = &ScriptError{Stack: at.stack}
	}
	return &c
}

// here is the place of the call that the script is in.
func (sc *script) here() spot { return sc.frames(sc.vm.CaptureCallStack(0, nil)) }
