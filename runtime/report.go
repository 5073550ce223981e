package runtime

import (
	"reflect"
	"sort"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// A Report is what naja check --report tells of a page: what differs from
// plain JavaScript, and what the page needs.
type Report struct {
	Rewrites   []Place  // assignments to a call
	WrongCase  []Use    // members in another case than documented
	NoCall     []Use    // methods named without calling them: Response.End;
	ProgIDs    []Use    // literal in CreateObject, ActiveXObject and <object>
	CodePage   int      // of the page; 0 where it says none
	Await      bool     // the page awaits at its top level
	TypeLibs   []string // METADATA: constants that the page expects
	Statements int      // of the program's top level
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

// Report inspects a compiled page again.
func (c *Compiler) Report(p *Program) Report {
	r := Report{CodePage: p.unit.Directives.CodePage, Await: p.async}
	if p.edits != nil {
		for _, t := range p.edits.Targets {
			r.Rewrites = append(r.Rewrites, p.original(t.Start))
		}
	}
	for _, o := range p.objects {
		r.ProgIDs = append(r.ProgIDs, Use{Place{o.File, o.Line, 1}, o.ProgID, ""})
	}
	for _, l := range p.unit.TypeLibs {
		r.TypeLibs = append(r.TypeLibs, l.File+l.UUID)
	}
	scratch := &Program{name: p.name, unit: p.unit, names: c.names}
	tree, err := c.parse(scratch)
	if err != nil {
		return r // it compiled before: the files changed since
	}
	r.Statements = len(tree.Body)
	in := inspector{prog: scratch, report: &r}
	walkTree(reflect.ValueOf(tree.Body), in.visit)
	for _, list := range [][]Use{r.WrongCase, r.NoCall, r.ProgIDs} {
		sort.SliceStable(list, func(i, j int) bool {
			return list[i].File < list[j].File || list[i].File == list[j].File && list[i].Line < list[j].Line
		})
	}
	return r
}

func (p *Program) original(offset int) Place {
	pos := p.unit.Map.Position(max(offset-p.shift, 0))
	return Place{pos.File, pos.Line, pos.Column}
}

// inspector walks a page's syntax tree.
type inspector struct {
	prog   *Program
	report *Report
}

func (in *inspector) place(idx file.Idx) Place {
	at := in.prog.atOffset(int(idx) - 1)
	return Place{at.file, at.line, at.col}
}

// walkTree visits every node of a syntax tree below v, outer ones first.
func walkTree(v reflect.Value, visit func(node any)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			walkTree(v.Elem(), visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Interface())
			walkTree(v.Elem(), visit)
		}
	case reflect.Struct:
		if !strings.HasSuffix(v.Type().PkgPath(), "goja/ast") {
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "DeclarationList" {
				walkTree(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkTree(v.Index(i), visit)
		}
	}
}

// visit looks at one node.
func (in *inspector) visit(node any) {
	switch n := node.(type) {
	case *ast.DotExpression:
		in.member(n)
	case *ast.ExpressionStatement:
		if dot, ok := n.Expression.(*ast.DotExpression); ok {
			in.noCall(dot)
		}
	case *ast.CallExpression:
		if dot, ok := n.Callee.(*ast.DotExpression); ok && strings.EqualFold(dot.Identifier.Name.String(), "CreateObject") {
			in.progID(n.ArgumentList, n.Idx0())
		}
	case *ast.NewExpression:
		if id, ok := n.Callee.(*ast.Identifier); ok && id.Name == "ActiveXObject" {
			in.progID(n.ArgumentList, n.Idx0())
		}
	}
}

// intrinsicClasses are the tables of the names that pages begin with.
func intrinsicClass(name string) *class {
	switch name {
	case "Response":
		return responseClass
	case "Request":
		return requestClass
	case "Server":
		return serverClass
	case "Session":
		return sessionClass
	case "Application":
		return applicationClass
	}
	return nil
}

// memberOf finds the table's row of a member of an intrinsic.
func memberOf(dot *ast.DotExpression) (c *class, name string, m *member) {
	id, ok := dot.Left.(*ast.Identifier)
	if !ok {
		return nil, "", nil
	}
	if c = intrinsicClass(id.Name.String()); c == nil {
		return nil, "", nil
	}
	name = dot.Identifier.Name.String()
	return c, name, c.find(name)
}

// member notes a spelling that only this host and IIS forgive.
func (in *inspector) member(dot *ast.DotExpression) {
	if c, name, m := memberOf(dot); m != nil && m.name != name {
		in.report.WrongCase = append(in.report.WrongCase, Use{in.place(dot.Identifier.Idx), c.name + "." + name, c.name + "." + m.name})
	}
}

// noCall notes a method that is named and not called: it does nothing.
func (in *inspector) noCall(dot *ast.DotExpression) {
	if c, name, m := memberOf(dot); m != nil && m.call != nil {
		in.report.NoCall = append(in.report.NoCall, Use{in.place(dot.Identifier.Idx), c.name + "." + name, c.name + "." + m.name + "()"})
	}
}

// progID notes a literal name of a component.
func (in *inspector) progID(args []ast.Expression, idx file.Idx) {
	if len(args) > 0 {
		if s, ok := args[0].(*ast.StringLiteral); ok {
			in.report.ProgIDs = append(in.report.ProgIDs, Use{Place: in.place(idx), Name: s.Value.String()})
		}
	}
}
