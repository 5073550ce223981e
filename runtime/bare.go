package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// COM doesn't tell a method that needs no argument from a property: where a
// page names one and doesn't call it, JScript asks the object for its value,
// and the object runs the method (Eric Lippert, "Use vs. Mention in JScript
// Doesn't Come For Free", 2004-09-20). Response.End; ends the page, rs.MoveNext;
// moves, and stream.ReadAll is the text. Only objects of the host are such;
// those of the language keep their functions as values.
//
// typeof, delete and what is assigned to only mention the member.

// namesAction remembers a method that is called where it is read.
func (sc *script) namesAction(method goja.Value) {
	if sc.actions == nil {
		sc.actions = make(map[goja.Value]bool)
	}
	sc.actions[method] = true
}

// calledBare is the value of a member that was read: what a method gives that
// needs no argument, anything else as it is.
func (sc *script) calledBare(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if len(sc.actions) == 0 {
		return v
	}
	if _, ok := v.(*goja.Object); !ok || !sc.actions[v] {
		return v
	}
	method, _ := goja.AssertFunction(v)
	result, err := method(goja.Undefined())
	if err != nil {
		panic(err)
	}
	return result
}

// reads knows which members of a program are read, and which of them may be
// methods of an object of the host.
type reads struct {
	place map[ast.Expression]places
	// own are the members that the program makes itself, in literals, classes
	// and assignments: they are data of its own. It is nil where the program
	// can't come by a component.
	own map[string]bool
}

// places says where a member stands that isn't read there.
type places uint8

const (
	placeCalled places = 1 << iota
	placeAssigned
	placeMentioned // by typeof and the like
	placeAlone     // a statement of its own: read, and for nothing else than to be called
)

// newReads looks through a program.
func newReads(tree *ast.Program, text string) *reads {
	r := &reads{place: make(map[ast.Expression]places)}
	if mayHaveComponents(text) {
		r.own = make(map[string]bool)
		walk(tree, onEnter(r.makes))
	}
	return r
}

// mayHaveComponents says whether a program may come by an object of the host
// besides the intrinsics: it makes one, or has it from Session or Application,
// where global.asa puts them, or from a module.
func mayHaveComponents(text string) bool {
	for _, way := range [...]string{"CreateObject", "ActiveXObject", "Session", "Application", "StaticObjects", "require", "GetLastError"} {
		if strings.Contains(text, way) {
			return true
		}
	}
	return false
}

// makes notes the members that the program makes.
func (r *reads) makes(node any) {
	switch n := node.(type) {
	case *ast.PropertyKeyed:
		if key, ok := n.Key.(*ast.StringLiteral); ok {
			r.own[key.Value.String()] = true
		}
	case *ast.PropertyShort:
		r.own[n.Name.Name.String()] = true
	case *ast.AssignExpression:
		if dot, ok := n.Left.(*ast.DotExpression); ok && n.Operator == token.ASSIGN {
			r.own[dot.Identifier.Name.String()] = true
		}
	case *ast.MethodDefinition:
		if key, ok := n.Key.(*ast.StringLiteral); ok {
			r.own[key.Value.String()] = true
		}
	case *ast.FieldDefinition:
		if key, ok := n.Key.(*ast.StringLiteral); ok {
			r.own[key.Value.String()] = true
		}
	}
}

// note takes in a node before what is below it is visited.
func (r *reads) note(node any) {
	switch n := node.(type) {
	case *ast.CallExpression:
		r.mark(n.Callee, placeCalled)
	case *ast.NewExpression:
		r.mark(n.Callee, placeCalled)
	case *ast.TemplateLiteral:
		r.mark(n.Tag, placeCalled)
	case *ast.AssignExpression:
		r.mark(n.Left, placeAssigned)
	case *ast.UnaryExpression:
		switch n.Operator {
		case token.TYPEOF, token.DELETE:
			r.mark(n.Operand, placeMentioned)
		case token.INCREMENT, token.DECREMENT:
			r.mark(n.Operand, placeAssigned)
		}
	case *ast.ForIntoExpression:
		r.mark(n.Expression, placeAssigned)
	case *ast.ArrayPattern:
		for _, e := range n.Elements {
			r.mark(e, placeAssigned)
		}
		r.mark(n.Rest, placeAssigned)
	case *ast.ObjectPattern:
		for _, p := range n.Properties {
			if keyed, ok := p.(*ast.PropertyKeyed); ok {
				r.mark(keyed.Value, placeAssigned)
			}
		}
		r.mark(n.Rest, placeAssigned)
	case *ast.OptionalChain:
		r.chain(n.Expression)
	case *ast.ExpressionStatement:
		r.mark(n.Expression, placeAlone)
	}
}

// mark says where an expression stands; the target of a default, too.
func (r *reads) mark(e ast.Expression, at places) {
	if e == nil {
		return
	}
	r.place[e] |= at
	if a, ok := e.(*ast.AssignExpression); ok && at == placeAssigned {
		r.place[a.Left] |= at
	}
}

// chain leaves alone the members of a?.b.c: they are one expression to the
// engine.
func (r *reads) chain(e ast.Expression) {
	for e != nil {
		r.place[e] |= placeMentioned
		switch n := e.(type) {
		case *ast.DotExpression:
			e = n.Left
		case *ast.BracketExpression:
			e = n.Left
		case *ast.CallExpression:
			e = n.Callee
		case *ast.Optional:
			e = n.Expression
		default:
			return
		}
	}
}

// bare says whether a member is read, and may be a method of the host's.
func (r *reads) bare(e *ast.DotExpression) bool {
	at := r.place[e]
	if at&^placeAlone != 0 {
		return false
	}
	if _, super := e.Left.(*ast.SuperExpression); super {
		return false
	}
	name := e.Identifier.Name.String()
	if at&placeAlone != 0 {
		return !plainMember(name)
	}
	if id, ok := e.Left.(*ast.Identifier); ok {
		if c := intrinsics.Global(id.Name.String()); c != nil {
			m := c.Find(name)
			return m == nil || m.IsMethod() && m.Needs() == 0
		}
	}
	return r.own != nil && !plainMember(name) && !r.own[name]
}

// plainMember says that a member is one of the language's own objects, which
// no component has as a method.
func plainMember(name string) bool {
	switch name {
	case "length", "prototype", "constructor", "name", "message", "number", "description", "stack", "index", "input", "lastIndex",
		"source", "flags", "global", "groups", "size", "callee", "PI", "E", "Item", "Value", "Count":
		return true
	}
	return false
}
