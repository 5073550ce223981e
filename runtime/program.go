package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/language"
	"github.com/najahost/naja/runtime/internal/dialect"
	"github.com/najahost/naja/runtime/internal/javascript"
	"github.com/najahost/naja/runtime/internal/page"
	"github.com/najahost/naja/runtime/internal/typelib"
)

// Program is a compiled page with its includes. It is immutable and may be
// run by any number of goroutines at once.
type Program struct {
	name   string
	code   *goja.Program
	unit   *page.Unit
	script string           // what the page's blocks are in JavaScript
	back   *javascript.Map  // and the way from there to the page
	edits  *dialect.Result  // nil when the text was JavaScript as it stood
	lines  javascript.Lines // of the compiled text
	shift  int              // bytes before the page's text in the compiled one
	async  bool             // the page awaits at its top level
	names  *names
	needs  features

	objects   []ObjectDecl
	libraries []*typelib.Library // whose constants it has
	undecoded []string           // files that aren't valid in their code page
	functions map[string]bool    // declared at the top level
}

// What a page's directives say.
type (
	// Directives are <%@ … %> of a page.
	Directives = page.Directives
	// SessionState is the value of EnableSessionState.
	SessionState = page.SessionState
	// Warning is something in a page that works but is not what it seems.
	Warning = language.Warning
)

// The values of EnableSessionState.
const (
	SessionUnset    = page.SessionUnset
	SessionOn       = page.SessionOn
	SessionOff      = page.SessionOff
	SessionReadOnly = page.SessionReadOnly
)

// Name is the page's path below the root.
func (p *Program) Name() string { return p.name }

// Directives are the page's @-directives.
func (p *Program) Directives() Directives { return p.unit.Directives }

// Files are the page and everything that it includes, the page first: when
// one of them changes, the program is out of date.
func (p *Program) Files() []string { return p.unit.Files }

// Warnings are what naja check says of a page that compiles.
func (p *Program) Warnings() []Warning { return p.unit.Page.Warnings }

// UsesSession says that the page's source names Session, so that its cookie
// has to be set before the first flush.
func (p *Program) UsesSession() bool { return usesSession(p.script) }

// Libraries are the type libraries that it asks for, in their order, as far as
// they are known.
func (p *Program) Libraries() TypeLibraries { return p.libraries }

// TypeLibraries are type libraries by whose constants a page is written: see
// [Env].
type TypeLibraries []*typelib.Library

// Objects are the page's <object> declarations.
func (p *Program) Objects() []ObjectDecl { return p.objects }

// Declares says that the program has a function of that name at its top
// level: which events a global.asa handles.
func (p *Program) Declares(function string) bool { return p.functions[function] }

// Rewrites is how many places of the page were JScript's alone.
func (p *Program) Rewrites() int {
	if p.edits == nil {
		return 0
	}
	return len(p.edits.Targets)
}

// place is a position in a page or in one of its includes.
type place struct {
	file      string
	line, col int
	source    string   // the text of the line
	included  []string // see asp.Error
}

// at maps a position that goja reports, in the compiled text, to the page's.
func (p *Program) at(line, col int) place { return p.atOffset(p.lines.Offset(line, col)) }

// atOffset maps an offset in the compiled text.
func (p *Program) atOffset(offset int) place { return p.placeOf(p.written(offset)) }

// written is the offset in the page's own text of one in the compiled text.
func (p *Program) written(offset int) int {
	if p.edits != nil {
		offset = p.edits.OriginalOffset(offset)
	}
	return max(offset-p.shift, 0)
}

// position is the place in the page of an offset in its script.
func (p *Program) position(offset int) page.Position { return p.unit.Page.Position(p.back.Pos(offset)) }

// placeOf is position as it stands in errors.
func (p *Program) placeOf(offset int) place {
	pos := p.position(offset)
	return place{pos.File, pos.Line, pos.Column, pos.Source, p.unit.Page.Included(pos.File)}
}
