// Package javascript writes the program text of a page in JavaScript, and keeps
// the way back from it to the page.
package javascript

import (
	"strconv"
	"strings"

	"github.com/najahost/naja/language"
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

// Names are those of the functions that a program calls: with the number of a
// text, with the value of <%= %> and with that of <%: %>. A page should be unable
// to spell them.
type Names struct{ Text, Value, Encoded string }

// Write makes the program text of a page.
func Write(p *language.Page, names Names) (script string, back *Map) {
	w := writer{names: names}
	w.makeRoom(p)
	w.generate(p.Start, ";")
	last := p.End // an error at the end of the program is where script ended last
	for i := range p.Blocks {
		if b := &p.Blocks[i]; b.Kind == language.Text {
			w.generate(b.Begin, names.Text+"("+strconv.Itoa(b.Text)+");")
		} else {
			w.block(b)
			last = b.End
		}
	}
	w.addRun(last, true)
	script = w.out.String()
	return script, &Map{runs: w.runs, length: len(script)}
}

// writer writes a program text and its map.
type writer struct {
	names Names
	out   strings.Builder
	runs  []run
}

// makeRoom is for what will be written, and a little more.
func (w *writer) makeRoom(p *language.Page) {
	size, runs := 1, 2
	for i := range p.Blocks {
		size += len(w.names.Encoded) + 10
		runs += 2 + len(p.Blocks[i].Pieces)
		for _, piece := range p.Blocks[i].Pieces {
			size += len(piece.Text)
		}
	}
	w.out.Grow(size)
	w.runs = make([]run, 0, runs)
}

// block writes a block with script.
func (w *writer) block(b *language.Block) {
	end := "\n"
	switch b.Kind {
	case language.Value:
		w.generate(b.Begin, w.names.Value+"((")
		end = "\n));"
	case language.Encoded:
		w.generate(b.Begin, w.names.Encoded+"((")
		end = "\n));"
	case language.Script:
		w.generate(b.Begin, ";")
	}
	var html htmlComments
	for _, piece := range b.Pieces {
		w.addRun(piece.Pos, false)
		w.out.WriteString(html.mask(piece.Text))
	}
	w.generate(b.End, end)
}

// generate writes text that stands for what is at a place.
func (w *writer) generate(at language.Pos, text string) {
	w.addRun(at, true)
	w.out.WriteString(text)
}

// addRun notes where what is written next comes from.
func (w *writer) addRun(at language.Pos, generated bool) {
	w.runs = append(w.runs, run{out: uint32(w.out.Len()), pos: uint32(at), generated: generated})
}
