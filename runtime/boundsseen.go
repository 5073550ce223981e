package runtime

import (
	"reflect"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// seen is what the transformer has learned of a page on its way.
type seen struct {
	callees map[ast.Expression]bool // stand where they are called
	targets map[ast.Expression]bool // stand where they are assigned to, or compared
	written map[ast.Expression]bool // stand where they are assigned to
	eval    bool                    // the page names eval and doesn't declare it
	needs   features
}

func newSeen() *seen {
	return &seen{
		callees: make(map[ast.Expression]bool), targets: make(map[ast.Expression]bool), written: make(map[ast.Expression]bool),
	}
}

// note takes in a node before what is below it is visited.
func (s *seen) note(node any) {
	switch n := node.(type) {
	case *ast.CallExpression:
		s.callees[n.Callee] = true
	case *ast.NewExpression:
		s.callees[n.Callee] = true
	case *ast.AssignExpression:
		if n.Operator == token.ASSIGN {
			s.targets[n.Left], s.written[n.Left] = true, true
		}
	case *ast.BinaryExpression:
		switch n.Operator {
		case token.EQUAL, token.STRICT_EQUAL, token.NOT_EQUAL, token.STRICT_NOT_EQUAL, token.INSTANCEOF:
			s.targets[n.Left], s.targets[n.Right] = true, true
		}
	case *ast.ObjectPattern:
		for _, p := range n.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				s.needs |= nameFeatures(p.Name.Name.String())
			case *ast.PropertyKeyed:
				if key, ok := p.Key.(*ast.StringLiteral); ok {
					s.needs |= nameFeatures(key.Value.String())
				}
			}
		}
	case *ast.PropertyShort:
		if n.Name.Name == "eval" && s.eval {
			s.needs |= needEvalBounds
		}
	}
}

// dot looks at a.name where name is what a bound is put on, and is read and
// not called: then what is called later has another name.
func (s *seen) dot(e *ast.DotExpression) {
	name := e.Identifier.Name.String()
	switch name {
	case "from":
		s.needs |= nameFeatures(name)
	case "constructor":
		if !s.targets[e] {
			s.needs |= needFunctionBounds
		}
	case "eval":
	default:
		if !s.callees[e] && !s.targets[e] && slices.Contains(boundedMethods[:], name) {
			s.needs |= nameFeatures(name)
		}
	}
}

// function looks at Function where it isn't called: it may be, by another
// name.
func (s *seen) function(id *ast.Identifier) {
	if id.Name == "Function" && !s.callees[id] && !s.targets[id] {
		s.needs |= needFunctionBounds
	}
}

// textNeeds are the features of a text for eval or Function that only its
// syntax tree shows.
func textNeeds(tree *ast.Program) features {
	s := newSeen()
	s.eval = true
	walkTree(reflect.ValueOf(tree.Body), func(node any) {
		s.note(node)
		switch n := node.(type) {
		case *ast.DotExpression:
			if s.dot(n); n.Identifier.Name == "eval" {
				s.needs |= needEvalBounds
			}
		case *ast.Identifier:
			s.function(n)
		case *ast.ObjectPattern:
			for _, p := range n.Properties {
				if k, ok := p.(*ast.PropertyKeyed); ok && k.Computed {
					s.needs |= allBounds
				}
			}
		case *ast.CallExpression:
			s.code(n.Callee, n.ArgumentList)
		case *ast.NewExpression:
			s.code(n.Callee, n.ArgumentList)
		}
	})
	return s.needs
}

// code looks at a call of Function with parameters, whose defaults are code.
func (s *seen) code(callee ast.Expression, args []ast.Expression) {
	if id, ok := callee.(*ast.Identifier); ok && id.Name == "Function" && len(args) > 1 {
		s.needs |= needFunctionBounds
	}
}

// declaresEval says that a page has an eval of its own.
func declaresEval(tree *ast.Program) bool {
	found := false
	walkTree(reflect.ValueOf(tree.Body), func(node any) {
		switch n := node.(type) {
		case *ast.Binding:
			id, ok := n.Target.(*ast.Identifier)
			found = found || ok && id.Name == "eval"
		case *ast.FunctionLiteral:
			found = found || n.Name != nil && n.Name.Name == "eval"
		case *ast.AssignExpression:
			id, ok := n.Left.(*ast.Identifier)
			found = found || ok && id.Name == "eval"
		}
	})
	return found
}
