package runtime

import (
	"errors"
	"slices"
	"sort"

	"github.com/dop251/goja/ast"
	"github.com/najahost/naja/asp"
)

// A Report is what naja check --report tells of a page: what differs from
// plain JavaScript, and what the page needs.
type Report struct {
	Rewrites  []Place  // assignments to a call
	WrongCase []Use    // members in another case than documented
	NoCall    []Use    // methods that need an argument, named without calling them: Response.Write;
	Unknown   []Use    // members that ASP's objects don't have
	Habits    []Habit  // what works, and not as it seems
	ProgIDs   []Use    // literal in CreateObject, ActiveXObject and <object>
	Computed  []Place  // components whose ProgID the page makes up when it runs
	CodePage  int      // that the page names; 0 where it names none
	Undecoded []string // files that aren't valid in their code page
	Await     bool     // the page awaits at its top level
	TypeLibs  []string // METADATA: constants that the page expects
}

// A Place is a position in a page or include.
type Place struct {
	File         string
	Line, Column int
}

// A Use is a name at a place. Instead is how it should be written, where
// there is such.
type Use struct {
	Place
	Name, Instead string
}

// A Habit is what is said of a place where something isn't as it seems.
type Habit struct {
	Place
	Message string
}

// maxTolerated bounds the errors that are found in one page.
const maxTolerated = 200

// Check compiles a page, or a global.asa, to learn what is wrong with it: a
// missing include and a script block in another language are noted and left
// out. The program is nil when there is none to inspect; with errors it is not
// to be run. Errors are [*asp.Error] where the page is to blame.
func (c *Compiler) Check(name string, files Files, global bool) (*Program, []error) {
	var errs []error
	missing := false
	p, err := c.compile(name, files, compileMode{global: global, inspect: true, tolerate: func(e *asp.Error) bool {
		errs = append(errs, e)
		missing = missing || e.Code == codeNoInclude
		return len(errs) < maxTolerated
	}})
	if err == nil || slices.Contains(errs, err) {
		return p, errs
	}
	// What doesn't parse without an include may do so with it.
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Code != codeCompile || !missing {
		errs = append(errs, err)
	}
	return nil, errs
}

// codeNoInclude is ASP 0126.
const codeNoInclude = 126

// Report tells of a page that Check compiled, or of any where the compiler
// inspects.
func (c *Compiler) Report(p *Program) Report {
	js := p.javascript()
	var r Report
	if js != nil {
		r = js.seen
	}
	r.CodePage, r.Undecoded = p.unit.Directives.CodePage, p.undecoded
	for _, o := range p.objects {
		r.ProgIDs = append(r.ProgIDs, Use{Place{o.File, o.Line, 1}, o.ProgID, ""})
	}
	for _, l := range p.unit.TypeLibs {
		r.TypeLibs = append(r.TypeLibs, l.File+l.UUID)
	}
	if js == nil {
		return r
	}
	r.Await = js.async
	if js.edits != nil {
		for _, t := range js.edits.Targets {
			r.Rewrites = append(r.Rewrites, js.original(t.Start))
		}
	}
	r.sort()
	return r
}

// inspect looks for what a page will meet when it runs.
func inspect(p *code, tree *ast.Program) Report {
	var r Report
	in := newInspector(p, &r)
	walk(tree, onEnter(in.declaration))
	walk(tree, onEnter(in.visit))
	return r
}

// sort puts everything in the order of files and lines.
func (r *Report) sort() {
	before := func(a, b Place) bool {
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		}
		return a.Column < b.Column
	}
	for _, list := range [][]Use{r.WrongCase, r.NoCall, r.Unknown, r.ProgIDs} {
		sort.SliceStable(list, func(i, j int) bool { return before(list[i].Place, list[j].Place) })
	}
	sort.SliceStable(r.Habits, func(i, j int) bool { return before(r.Habits[i].Place, r.Habits[j].Place) })
	for _, list := range [][]Place{r.Rewrites, r.Computed} {
		sort.SliceStable(list, func(i, j int) bool { return before(list[i], list[j]) })
	}
}

func (p *code) original(offset int) Place {
	pos := p.position(max(offset-p.shift, 0))
	return Place{pos.File, pos.Line, pos.Column}
}
