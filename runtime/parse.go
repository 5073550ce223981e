package runtime

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime/internal/dialect"
	"github.com/najahost/naja/runtime/internal/javascript"
	"github.com/najahost/naja/runtime/internal/page"
)

// parse parses the page's text as it stands; only a text that isn't
// JavaScript goes through the dialect pass, so that a valid page is never
// touched. A page that awaits at its top level becomes an async function's
// body, and only such a page: everywhere else await is an ordinary name.
func (p *code) parse() (*ast.Program, error) {
	text := p.script
	p.lines = javascript.NewLines(text)
	if err := checkSource(text); err != nil {
		return nil, p.compileError(err)
	}
	if strings.Contains(text, "await") && dialect.HasTopLevelAwait(text) {
		p.async, p.shift = true, len(asyncPrefix)
		tree, err := p.parseText(asyncPrefix + text + asyncSuffix)
		if err == nil {
			return tree, nil
		}
		p.async, p.shift, p.edits = false, 0, nil
		if tree, plain := p.parseText(text); plain == nil {
			return tree, nil
		}
		p.shift = len(asyncPrefix)
		_, err = p.parseText(asyncPrefix + text + asyncSuffix)
		return nil, p.compileError(err)
	}
	tree, err := p.parseText(text)
	if err != nil {
		return nil, p.compileError(err)
	}
	return tree, nil
}

const (
	asyncPrefix = "(async function(){"
	asyncSuffix = "\n}).call(this)"
)

// parseText parses text, rewritten if need be, and remembers its lines for
// errors.
func (p *code) parseText(text string) (*ast.Program, error) {
	p.lines = javascript.NewLines(text)
	tree, err := parse(p.name, text)
	if err == nil {
		return tree, nil
	}
	edits, derr := dialect.Rewrite(text, p.names.inserted())
	if derr != nil {
		return nil, derr
	}
	if len(edits.Edits) == 0 {
		return nil, err
	}
	p.edits, p.lines = edits, javascript.NewLines(edits.Text)
	return parse(p.name, edits.Text)
}

// parsed is the text that the page's tree was made of.
func (p *code) parsed() string {
	switch {
	case p.edits != nil:
		return p.edits.Text
	case p.async:
		return asyncPrefix + p.script + asyncSuffix
	}
	return p.script
}

// warnIllegal tells of assignments that can only fail: they are no mistake to
// JScript until they are reached.
func (p *code) warnIllegal() {
	if p.edits == nil {
		return
	}
	for _, s := range p.edits.Illegal {
		at := p.original(s.Start)
		p.page.Warnings = append(p.page.Warnings, Warning{
			Position: page.Position{File: at.File, Line: at.Line, Column: at.Column},
			Message:  "a text or a number is assigned to, which fails when it is reached",
		})
	}
}

// parserPanic is what the engine's parser came to on a broken text.
type parserPanic struct{ value any }

func (p *parserPanic) Error() string { return fmt.Sprint("the text can't be parsed: ", p.value) }

// parse is the engine's parser, whose panics are errors like others.
func parse(name, text string) (tree *ast.Program, err error) {
	return parsed(func() (*ast.Program, error) {
		return parser.ParseFile(nil, name, text, 0, parser.WithDisableSourceMaps)
	})
}

// parsed makes a panic of the parser that it calls its error.
func parsed(by func() (*ast.Program, error)) (tree *ast.Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &parserPanic{r}
		}
	}()
	return by()
}

// compileError puts an error of parser, dialect or compiler on the page's
// line.
func (p *code) compileError(err error) error {
	e := asp.New(codeCompile, "")
	e.Err = err
	offset := -1
	if list, ok := errors.AsType[parser.ErrorList](err); ok && len(list) > 0 {
		first := list[0]
		offset, e.Description = p.written(p.lines.Offset(first.Position.Line, first.Position.Column)), first.Message
	} else if d, ok := errors.AsType[*dialect.Error](err); ok {
		offset, e.Description = max(d.Offset-p.shift, 0), d.Message
	} else if c, ok := errors.AsType[*goja.CompilerSyntaxError](err); ok {
		offset, e.Description = p.written(c.Offset), c.Message
	} else if c, ok := errors.AsType[*goja.CompilerReferenceError](err); ok {
		offset, e.Description = p.written(c.Offset), c.Message
	} else {
		e.Description = fmt.Sprint(err)
	}
	at := place{file: p.name}
	if offset >= 0 {
		at = p.placeOf(offset)
	}
	e.Number, e.Category = jsSyntax, asp.CategoryCompile
	e.File, e.Line, e.Column, e.Source, e.Included = at.file, at.line, at.col, at.source, at.included
	e.Hint = p.hintCompile(e, offset)
	return e
}
