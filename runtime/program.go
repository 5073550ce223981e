package runtime

import (
	"github.com/najahost/naja/language"
	"github.com/najahost/naja/runtime/internal/page"
	"github.com/najahost/naja/runtime/internal/typelib"
)

// Program is a compiled page with its includes. It is immutable and may be
// run by any number of goroutines at once.
type Program struct {
	name      string
	unit      *page.Unit
	code      language.Code
	objects   []ObjectDecl
	libraries []*typelib.Library // whose constants it has
	undecoded []string           // files that aren't valid in their code page
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
func (p *Program) UsesSession() bool { return p.code.Mentions("Session") }

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
func (p *Program) Declares(function string) bool { return p.code.Declares(function) }

// javascript is the program in JavaScript; nil for one in another language.
func (p *Program) javascript() *code {
	c, _ := p.code.(*code)
	return c
}

// place is a position in a page or in one of its includes.
type place struct {
	file      string
	line, col int
	source    string   // the text of the line
	included  []string // see asp.Error
}

// placeAt finds the words for a place.
func placeAt(p *language.Page, at language.Pos) place {
	pos := p.Position(at)
	return place{pos.File, pos.Line, pos.Column, pos.Source, p.Included(pos.File)}
}
