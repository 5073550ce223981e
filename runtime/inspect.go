package runtime

import (
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// inspector walks a page's syntax tree. It knows which object an expression
// is where the page spells it out: Session.Contents, Request.Form("a").
type inspector struct {
	prog   *Program
	report *Report
	own    map[string]bool // names of intrinsics that the page declares itself
}

func newInspector(p *Program, r *Report) *inspector {
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
	if id, ok := target.(*ast.Identifier); ok && intrinsicClass(id.Name.String()) != nil {
		in.own[id.Name.String()] = true
	}
}

// visit looks at one node.
func (in *inspector) visit(node any) {
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
		if strings.EqualFold(callee.Identifier.Name.String(), "CreateObject") && in.classOf(callee.Left) == serverClass {
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
func (in *inspector) classOf(e ast.Expression) *class {
	switch e := e.(type) {
	case *ast.Identifier:
		if name := e.Name.String(); !in.own[name] {
			return intrinsicClass(name)
		}
	case *ast.DotExpression:
		if c := in.classOf(e.Left); c != nil {
			if m := c.find(e.Identifier.Name.String()); m != nil {
				return memberClass(c, m.name)
			}
		}
	case *ast.CallExpression:
		return calledClass(in.classOf(e.Callee))
	}
	return nil
}

// intrinsicClass are the tables of the names that pages begin with.
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

// memberClass is the table of what a member is.
func memberClass(c *class, member string) *class {
	if member == "Item" {
		return c // itself, which can be called
	}
	switch c {
	case requestClass:
		switch member {
		case "QueryString":
			return queryStringClass
		case "Form":
			return formClass
		case "ClientCertificate":
			return certificateClass
		case "Cookies":
			return requestCookiesClass
		}
	case responseClass:
		if member == "Cookies" {
			return responseCookiesClass
		}
	case sessionClass:
		if member == "Contents" {
			return sessionContentsClass
		}
	case applicationClass:
		if member == "Contents" {
			return applicationContentsClass
		}
	}
	return nil
}

// calledClass is the table of what a collection gives for a name.
func calledClass(c *class) *class {
	switch c {
	case queryStringClass, formClass, certificateClass:
		return itemClass
	case requestCookiesClass:
		return requestCookieClass
	case responseCookiesClass:
		return responseCookieClass
	}
	return nil
}

// member notes a spelling that only this host and IIS forgive.
func (in *inspector) member(c *class, name string, idx file.Idx) {
	if c == nil {
		return
	}
	if m := c.find(name); m != nil && m.name != name {
		in.report.WrongCase = append(in.report.WrongCase, Use{in.place(idx), c.name + "." + name, c.name + "." + m.name})
	}
}

// noCall notes a method that is named and not called though it needs an
// argument: it does nothing. One that needs none is called (bare.go).
func (in *inspector) noCall(dot *ast.DotExpression) {
	c := in.classOf(dot.Left)
	if c == nil {
		return
	}
	name := dot.Identifier.Name.String()
	if m := c.find(name); m != nil && m.call != nil && !m.bare {
		in.report.NoCall = append(in.report.NoCall, Use{in.place(dot.Identifier.Idx), c.name + "." + name, c.name + "." + m.name + "()"})
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
