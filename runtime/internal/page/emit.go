package page

import (
	"strconv"
	"strings"
)

// This file writes the program text. Script is copied as it is; what stands
// between blocks becomes statements. Where may they stand, and what must they
// look like, so that every page means what its author meant?
//
// A text is exactly one statement, a call that ends in its own semicolon:
// W(3); — so that "if (a) %>x<% else %>y<%" and "do %>x<% while (b)" hold, as
// well as cases, labels, loops and bodies of functions. Two statements, or one
// before which an empty one stands, would part the if from its else. Texts with
// nothing but markup between them (an include, a directive) are one statement
// for the same reason.
//
// No semicolon may stand before the call, and yet the script before it may lack
// one: "foo() %>x<%". So a line end closes every block, and the language's own
// insertion of semicolons does the rest: the call begins with a name, and a
// name after a line end continues no statement that is complete. (A bracket,
// a plus or a slash would: the reason why the call isn't wrapped in anything.)
// "return %>x<%" and "break %>x<%" end at the line end, "i++ %>x<%" too. The
// line end also keeps a // comment at the end of a block from swallowing what
// follows.
//
// <%= e %> is E((e⏎)); and the inner brackets keep a comma in e from making
// two arguments, the line end is for a // comment again.
//
// Nothing is put between a block's script and the text of an include inside of
// it, not even a line end: the include may stand in a string.
//
// <script runat=server> blocks follow at the end, each behind a semicolon, for
// one may begin with a bracket. A semicolon opens the whole program, so that a
// "use strict" at the top of the first block isn't more than one further down:
// pages are never strict, their includes couldn't bear it.

// emitter writes a program text and its map.
type emitter struct {
	opt     *Options
	out     strings.Builder
	runs    []run
	sources []*source
	index   map[*source]uint32

	pending  place  // where text began that has yet to become a statement; no src: there is none
	texts    []byte // all texts, one after the other
	textEnds []int

	block Kind // Open… of the block that is being written
	html  htmlComments
	last  place // where script ended last: an error at the end of the program is there
}

// place is an offset in a source.
type place struct {
	src *source
	pos int
}

// begin opens the program.
func (e *emitter) begin(page *source) {
	e.index = map[*source]uint32{}
	e.last = place{page, len(page.text)}
	e.generate(place{page, 0}, ";")
}

// text adds to the pending text.
func (e *emitter) text(src *source, pos, end int) {
	if e.pending.src == nil {
		e.pending = place{src, pos}
	}
	e.texts = append(e.texts, src.text[pos:end]...)
}

// flush makes the pending text a statement.
func (e *emitter) flush() {
	if e.pending.src == nil {
		return
	}
	e.textEnds = append(e.textEnds, len(e.texts))
	e.generate(e.pending, e.opt.Text+"("+strconv.Itoa(len(e.textEnds)-1)+");")
	e.pending = place{}
}

// open begins a block.
func (e *emitter) open(src *source, seg Segment) {
	e.flush()
	e.block = seg.Kind
	e.html = htmlComments{}
	switch seg.Kind {
	case OpenExpr:
		e.generate(place{src, seg.Pos}, e.opt.Expr+"((")
	case OpenEncoded:
		e.generate(place{src, seg.Pos}, e.opt.Encoded+"((")
	}
}

// code copies script of an open block.
func (e *emitter) code(src *source, pos, end int) {
	if pos == end {
		return
	}
	e.addRun(place{src, pos}, 0)
	e.out.WriteString(e.html.mask(src.text[pos:end]))
}

// close ends a block whose %> is at pos.
func (e *emitter) close(src *source, pos int) {
	e.last = place{src, pos}
	if e.block == Open {
		e.generate(e.last, "\n")
	} else {
		e.generate(e.last, "\n));")
	}
}

// script writes a block of <script runat=server>.
func (e *emitter) script(s scriptBlock) {
	e.html = htmlComments{}
	e.generate(place{s.src, s.pos}, ";")
	e.code(s.src, s.pos, s.end)
	e.last = place{s.src, s.end}
	e.generate(e.last, "\n")
}

// finish hands the program over.
func (e *emitter) finish(u *Unit) {
	e.flush()
	e.addRun(e.last, 1)
	u.Script = e.out.String()
	u.Map = newMap(u.Script, e.sources, e.runs)
	u.Texts = make([][]byte, len(e.textEnds))
	start := 0
	for i, end := range e.textEnds {
		u.Texts[i] = e.texts[start:end:end]
		start = end
	}
}

// generate writes text that stands for what is at a place.
func (e *emitter) generate(at place, text string) {
	e.addRun(at, 1)
	e.out.WriteString(text)
}

// addRun notes where what is written next comes from.
func (e *emitter) addRun(at place, generated uint32) {
	k, ok := e.index[at.src]
	if !ok {
		k = uint32(len(e.sources))
		e.index[at.src] = k
		e.sources = append(e.sources, at.src)
	}
	e.runs = append(e.runs, run{out: uint32(e.out.Len()), pos: uint32(at.pos), where: k<<1 | generated})
}

// usesSession reports whether a program could touch the session. It may name
// it, even in an escape, or have the name made up at run time.
func usesSession(script string) bool {
	for _, word := range [...]string{"Session", `\u`, "eval", "Function"} {
		if strings.Contains(script, word) {
			return true
		}
	}
	return false
}
