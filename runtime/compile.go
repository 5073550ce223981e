package runtime

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/language"
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
	// Languages are those that pages may have besides JavaScript. Each speaks its
	// own name.
	Languages []language.Language
	// DisableParentPaths refuses ".." in includes.
	DisableParentPaths bool
	// AllowProxy leaves pages the global Proxy; see docs/hardening.md.
	AllowProxy bool
	// Inspect has Report tell of every page, and not only of those that Check
	// compiles.
	Inspect bool
	// CodePage is that of files that say none; UTF-8 if 0.
	CodePage int
}

// A Compiler turns pages into programs. It may be used by any number of
// goroutines at once.
type Compiler struct {
	cfg       CompilerConfig
	languages []language.Language
	names     *names // of JavaScript
}

// names are the identifiers that compiled pages use for what the page
// language does without naming it. They begin with a random part, so that no
// page can spell or shadow one.
type names struct {
	prefix  string
	text    string            // literal text k of the page, with k behind it
	expr    string            // <%= %>
	encoded string            // <%: %>
	hidden  map[string]string // of hiddenFunctions, by their names to our own code
	globals map[string]int    // places in hostGlobals

	allowProxy bool
	regexps    expressions

	classes sync.Map // reflect.Type → *class, of components
}

// inserted are the names that the dialect pass writes.
func (n *names) inserted() dialect.Names {
	return dialect.Names{Ref: n.hidden["ref"], RefMember: n.hidden["refMember"], Illegal: n.hidden["illegal"], Value: "v"}
}

// NewCompiler makes a compiler.
func NewCompiler(cfg CompilerConfig) *Compiler {
	var b [6]byte
	rand.Read(b[:]) // never fails
	p := "$naja" + hex.EncodeToString(b[:])
	n := &names{
		prefix: p, text: p + "T", expr: p + "E", encoded: p + "H", allowProxy: cfg.AllowProxy, regexps: expressions{prefix: p[1:]},
		hidden: make(map[string]string), globals: make(map[string]int),
	}
	for i, h := range hiddenFunctions {
		n.hidden[h.name] = p + string(rune('a'+i))
	}
	for i, g := range hostGlobals {
		n.globals[g.name] = i
	}
	return &Compiler{cfg: cfg, names: n, languages: append([]language.Language{javaScript{names: n}}, cfg.Languages...)}
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
	inspect  bool // for Report
	tolerate func(*asp.Error) bool
}

func (c *Compiler) compile(name string, files Files, mode compileMode) (*Program, error) {
	load := &loader{files: files, fallback: c.cfg.CodePage}
	unit, err := page.Build(name, load, page.Options{
		MountPath: c.cfg.MountPath, Speaks: c.speaks, Language: cmp.Or(c.cfg.Language, "JavaScript"), DisableParentPaths: c.cfg.DisableParentPaths,
		Global: mode.global, Tolerate: mode.tolerate,
	})
	if err == nil {
		err = checkLocale(unit.Directives)
	}
	if err != nil {
		return nil, err
	}
	unit.Page.Warnings = append(unit.Page.Warnings, load.warnings...)
	p := &Program{name: name, unit: unit, objects: declarations(unit.Objects), undecoded: load.undecoded}
	p.findLibraries()
	language := c.language(unit.Language)
	if js, ok := language.(javaScript); ok {
		js.inspect = mode.inspect || c.cfg.Inspect
		language = js
	}
	p.code, err = language.Compile(&unit.Page)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// language finds the one that a name means; nil for none.
func (c *Compiler) language(name string) language.Language {
	for _, l := range c.languages {
		if l.Speaks(name) {
			return l
		}
	}
	return nil
}

// speaks is page.Options.Speaks.
func (c *Compiler) speaks(name string) string {
	if l := c.language(name); l != nil {
		return strings.ToLower(l.Name())
	}
	return ""
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
