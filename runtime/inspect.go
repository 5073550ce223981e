package runtime

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/nearest"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// inspector walks a page's syntax tree. It knows which object an expression
// is where the page spells it out: Session.Contents, Request.Form("a").
type inspector struct {
	prog   *code
	report *Report
	own    map[string]bool // names of intrinsics that the page declares itself
}

func newInspector(p *code, r *Report) *inspector {
	return &inspector{prog: p, report: r, own: map[string]bool{}}
}

// declaration notes that the page has a variable, a parameter or a function
// of an intrinsic's name: what it does with that is its own affair.
func (in *inspector) declaration(node any) {
	switch n := node.(type) {
	case *ast.Binding:
		in.declares(n.Target)
	case *ast.FunctionLiteral:
		if n.Name != nil {
			in.declares(n.Name)
		}
	}
}

func (in *inspector) declares(target any) {
	if id, ok := target.(*ast.Identifier); ok && intrinsics.Global(id.Name.String()) != nil {
		in.own[id.Name.String()] = true
	}
}

// visit looks at one node.
func (in *inspector) visit(node any) {
	in.habit(node)
	switch n := node.(type) {
	case *ast.DotExpression:
		in.member(in.classOf(n.Left), n.Identifier.Name.String(), n.Identifier.Idx)
	case *ast.ExpressionStatement:
		if dot, ok := n.Expression.(*ast.DotExpression); ok {
			in.noCall(dot)
		}
	case *ast.CallExpression:
		in.call(n)
	case *ast.NewExpression:
		if id, ok := n.Callee.(*ast.Identifier); ok && id.Name == "ActiveXObject" {
			in.progID(n.ArgumentList, n.Idx0())
		}
	}
}

// call looks for components, and at the members that the dialect pass has
// made strings of.
func (in *inspector) call(n *ast.CallExpression) {
	switch callee := n.Callee.(type) {
	case *ast.DotExpression:
		if strings.EqualFold(callee.Identifier.Name.String(), "CreateObject") && in.classOf(callee.Left) == intrinsics.Global("Server") {
			in.progID(n.ArgumentList, n.Idx0())
		}
	case *ast.Identifier:
		if name, ok := in.rewritten(n); ok {
			in.member(in.classOf(n.ArgumentList[0]), name.Value.String(), name.Idx)
		}
	}
}

// rewritten gives the member's name of REFM(object, "name", …).
func (in *inspector) rewritten(n *ast.CallExpression) (*ast.StringLiteral, bool) {
	callee, ok := n.Callee.(*ast.Identifier)
	if !ok || callee.Name.String() != in.prog.names.hidden["refMember"] || len(n.ArgumentList) < 2 {
		return nil, false
	}
	name, ok := n.ArgumentList[1].(*ast.StringLiteral)
	return name, ok
}

// classOf is the table of an expression's members, nil where the page doesn't
// say what it is.
func (in *inspector) classOf(e ast.Expression) *component.Class {
	switch e := e.(type) {
	case *ast.Identifier:
		if name := e.Name.String(); !in.own[name] {
			return intrinsics.Global(name)
		}
	case *ast.DotExpression:
		if c := in.classOf(e.Left); c != nil {
			m := c.Find(e.Identifier.Name.String())
			if m != nil && m == c.Item() {
				return c // itself, which can be called
			}
			return intrinsics.Gives(m)
		}
	case *ast.CallExpression:
		if c := in.classOf(e.Callee); c != nil {
			return intrinsics.Gives(c.Item())
		}
	}
	return nil
}

// member notes a spelling that only this host and IIS forgive.
func (in *inspector) member(c *component.Class, name string, idx file.Idx) {
	if c == nil {
		return
	}
	m := c.Find(name)
	if m == nil && !inherited(name) && (c.Named == nil || nearestMember(c, name) != "") {
		in.report.Unknown = append(in.report.Unknown, Use{in.place(idx), c.Name + "." + name, nearestMember(c, name)})
	}
	if m != nil && m.Name != name {
		in.report.WrongCase = append(in.report.WrongCase, Use{in.place(idx), c.Name + "." + name, c.Name + "." + m.Name})
	}
}

// nearestMember is the member that was probably meant, "" for none.
func nearestMember(c *component.Class, name string) string {
	names := make([]string, len(c.Members))
	for i, m := range c.Members {
		names[i] = m.Name
	}
	if near := nearest.Of(name, names); near != "" {
		return c.Name + "." + near
	}
	return ""
}

// noCall notes a method that is named and not called though it needs an
// argument: it does nothing. One that needs none is called (bare.go).
func (in *inspector) noCall(dot *ast.DotExpression) {
	c := in.classOf(dot.Left)
	if c == nil {
		return
	}
	name := dot.Identifier.Name.String()
	if m := c.Find(name); m != nil && m.IsMethod() && m.Needs() > 0 {
		in.report.NoCall = append(in.report.NoCall, Use{in.place(dot.Identifier.Idx), c.Name + "." + name, c.Name + "." + m.Name + "()"})
	}
}

// progID notes a component's name.
func (in *inspector) progID(args []ast.Expression, idx file.Idx) {
	if len(args) == 0 {
		return
	}
	if s, ok := args[0].(*ast.StringLiteral); ok {
		in.report.ProgIDs = append(in.report.ProgIDs, Use{Place: in.place(idx), Name: s.Value.String()})
	} else {
		in.report.Computed = append(in.report.Computed, in.place(idx))
	}
}

func (in *inspector) place(idx file.Idx) Place {
	at := in.prog.atOffset(int(idx) - 1)
	return Place{at.file, at.line, at.col}
}
