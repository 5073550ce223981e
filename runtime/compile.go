package runtime

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/runtime/internal/dialect"
	"github.com/najahost/naja/runtime/internal/page"
)

// CompilerConfig says how pages are read.
type CompilerConfig struct {
	// MountPath is the application's URL prefix, "/" when empty: virtual
	// paths begin with it.
	MountPath string
	// Language is the language of pages that name none; JavaScript if empty.
	Language string
	// DisableParentPaths refuses ".." in includes.
	DisableParentPaths bool
	// AllowProxy leaves pages the global Proxy; see docs/hardening.md.
	AllowProxy bool
	// CodePage is that of files that say none; UTF-8 if 0.
	CodePage int
}

// A Compiler turns pages into programs. It may be used by any number of
// goroutines at once.
type Compiler struct {
	cfg   CompilerConfig
	names *names
}

// names are the identifiers that compiled pages use for what the page
// language does without naming it. They hold a random part, so that no page
// can spell or shadow one.
type names struct {
	prefix    string
	text      string // literal text k of the page
	expr      string // <%= %>
	encoded   string // <%: %>
	output    string // what the three become
	ref       string // assignment to a call
	refMember string // assignment to a call of a member
	value     string // the property that holds a reference's value
	illegal   string // assignment to a literal
	typeOf    string // typeof, for collections
	source    string // source text given to eval and Function
	plain     string // a collection's value, for switch
	uses      string // what a module needs of JScript's library
	called    string // a property read with an empty pair of parentheses
	size      string // a length, checked
	left      string // an operand of a power or shift
	right     string // the other one, checked
	delegate  string // what a yield* goes on with
	key       string // the name of a method that is called by a value
	itemText  string // a member Item that isn't called
	bare      string // a member that is read and may be a method

	regexp string // a regular expression in a text for eval

	allowProxy bool
	regexps    expressions

	classes sync.Map // reflect.Type → *class, of components
}

// inserted are the names that the dialect pass writes.
func (n *names) inserted() dialect.Names {
	return dialect.Names{Ref: n.ref, RefMember: n.refMember, Illegal: n.illegal, Value: n.value}
}

// NewCompiler makes a compiler.
func NewCompiler(cfg CompilerConfig) *Compiler {
	var b [6]byte
	rand.Read(b[:]) // never fails
	p := "$naja" + hex.EncodeToString(b[:])
	return &Compiler{cfg: cfg, names: &names{
		prefix: p, text: p + "t", expr: p + "e", encoded: p + "h", output: p + "o", ref: p + "r", refMember: p + "m",
		value: "v", typeOf: p + "y", source: p + "s", plain: p + "p", uses: p + "u", called: p + "c",
		size: p + "b", left: p + "l", right: p + "g", delegate: p + "d", allowProxy: cfg.AllowProxy,
		regexp: p + "x", regexps: expressions{prefix: p[1:]},
		key: p + "k", itemText: p + "n", bare: p + "q", illegal: p + "a",
	}}
}

// Compile reads and compiles a page with its includes. An error of the page
// is an [*asp.Error] with its file, line and column.
func (c *Compiler) Compile(name string, files Files) (*Program, error) {
	return c.compile(name, files, compileMode{})
}

// CompileGlobal reads and compiles a global.asa.
func (c *Compiler) CompileGlobal(name string, files Files) (*Program, error) {
	return c.compile(name, files, compileMode{global: true})
}

// compileMode is what a compilation is for.
type compileMode struct {
	global   bool // a global.asa
	tolerate func(*asp.Error) bool
}

func (c *Compiler) compile(name string, files Files, mode compileMode) (*Program, error) {
	load := &loader{files: files, fallback: c.cfg.CodePage}
	unit, err := page.Build(name, load, page.Options{
		Text: c.names.text, Expr: c.names.expr, Encoded: c.names.encoded,
		MountPath: c.cfg.MountPath, Language: c.cfg.Language, DisableParentPaths: c.cfg.DisableParentPaths,
		Global: mode.global, Tolerate: mode.tolerate,
	})
	if err == nil {
		err = checkLocale(unit.Directives)
	}
	if err != nil {
		return nil, err
	}
	unit.Warnings = append(unit.Warnings, load.warnings...)
	p := &Program{name: name, unit: unit, names: c.names, objects: declarations(unit.Objects), undecoded: load.undecoded}
	tree, err := c.parse(p)
	if err != nil {
		return nil, err
	}
	p.warnIllegal()
	p.functions = topLevel(tree)
	if p.needs, err = transform(tree, unit.Script, p.parsed(), c.names); err != nil {
		return nil, p.compileError(err)
	}
	hoistFunctions(tree)
	p.code, err = goja.CompileAST(tree, false)
	if err != nil {
		return nil, p.compileError(err)
	}
	return p, nil
}

// checkLocale refuses a code page or locale that a page names and nobody
// knows, at the place where it names it.
func checkLocale(d page.Directives) error {
	code, number, at := 0, 0, page.Position{}
	if cp, ok := codepage.Lookup(d.CodePage); d.CodePage != 0 && !(ok && cp.ASCIICompatible()) {
		code, number, at = asp.CodeCodePageValue, d.CodePage, d.CodePageAt
	} else if d.LCID > maxLCID {
		code, number, at = asp.CodeLCID, d.LCID, d.LCIDAt
	}
	if code == 0 {
		return nil
	}
	e := asp.New(code, fmt.Sprintf("(%d)", number)).At(at.File, at.Line, at.Column)
	e.Source = at.Source
	return e
}

// maxLCID is the largest number that a Windows locale can have.
const maxLCID = 0xFFFFF

// declarations are a page's objects in the words of this package's users.
func declarations(objects []page.Object) []ObjectDecl {
	var list []ObjectDecl
	for _, o := range objects {
		d := ObjectDecl{ID: o.ID, ProgID: o.ProgID, File: o.File, Line: o.Line}
		if d.ProgID == "" {
			d.ProgID = o.ClassID
		}
		switch o.Scope {
		case "session":
			d.Scope = ScopeSession
		case "application":
			d.Scope = ScopeApplication
		}
		list = append(list, d)
	}
	return list
}

// topLevel lists the functions that a program declares at its top level.
func topLevel(tree *ast.Program) map[string]bool {
	functions := make(map[string]bool)
	for _, s := range tree.Body {
		if f, ok := s.(*ast.FunctionDeclaration); ok && f.Function.Name != nil {
			functions[f.Function.Name.Name.String()] = true
		}
	}
	return functions
}
