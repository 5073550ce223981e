package runtime

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/runtime/internal/dialect"
	"github.com/najahost/naja/runtime/internal/javascript"
)

// moduleText is a module as it is compiled, and the way back to its file.
type moduleText struct {
	text   string
	source string
	steps  []*dialect.Result // from the file's text to the compiled one
	lines  javascript.Lines  // of the compiled one
}

// module makes a module ready to be compiled: a text that isn't JavaScript
// goes through the dialect pass, as pages do, and gets in its text what pages
// get in their syntax tree. Nil is for a text that stays as it is.
func (c *Compiler) module(name, text string) (*moduleText, error) {
	if path.Ext(name) == ".map" {
		return nil, nil
	}
	t := &moduleText{text: text, source: text}
	tree, err := parse(name, evalPrefix+text+evalSuffix)
	if err != nil {
		r, derr := dialect.Rewrite(text, c.names.inserted())
		if derr != nil {
			return nil, nil // the engine says what is wrong with it
		}
		t.step(r)
		if tree, err = parse(name, evalPrefix+t.text+evalSuffix); err != nil {
			return t.done(), nil
		}
	}
	if slowConstants(t.text, tree) {
		return nil, fmt.Errorf("%s: too many constants hang on each other", name)
	}
	f := featuresOf(t.text)
	edits, ok := resolveEdits(t.text, tree, c.names)
	if !ok {
		f.add(allBounds())
	}
	if !f.empty() {
		// What sets up the parts of JScript's library that it names, on its
		// first line: pages have that looked at when they are compiled.
		at := len(directivePrologue.FindString(t.text))
		call := ";" + c.names.hidden["uses"] + "(" + strconv.Quote(f.String()) + ");"
		edits = append([]dialect.Edit{{Offset: at, Text: call}}, edits...)
	}
	if len(edits) > 0 {
		t.step(dialect.Apply(t.text, edits))
	}
	return t.done(), nil
}

// directivePrologue is "use strict" at the start of a module, with the comments
// before it: nothing may stand before that.
var directivePrologue = regexp.MustCompile(`^(?:\s|//[^\n]*\n|/\*(?s:.*?)\*/)*(?:"use strict"|'use strict')`)

func (t *moduleText) step(r *dialect.Result) {
	t.steps, t.text = append(t.steps, r), r.Text
}

func (t *moduleText) done() *moduleText {
	t.lines = javascript.NewLines(t.text)
	return t
}

// place is where in the file a line and column of the compiled text are.
// Columns count from 1, those of the result in characters.
func (t *moduleText) place(name string, line, column int) place {
	at := t.lines.Offset(line, column)
	for i := len(t.steps) - 1; i >= 0; i-- {
		at = t.steps[i].OriginalOffset(at)
	}
	begin := strings.LastIndexByte(t.source[:at], '\n') + 1
	end := len(t.source)
	if n := strings.IndexByte(t.source[at:], '\n'); n >= 0 {
		end = at + n
	}
	return place{file: name, line: line, col: utf8.RuneCountInString(t.source[begin:at]) + 1, source: strings.TrimRight(t.source[begin:end], "\r")}
}
