package runtime

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// hoistFunctions makes functions that are declared in a block known outside of
// it. In JScript each belongs to the function around it, from its first line
// on; in the language of today (ECMA-262, B.3.3) from where its block begins;
// in the engine to its block alone. A name that is declared once moves up, as
// in JScript. One that is declared several times is assigned at the begin of
// each block, so that of two branches the one that runs has its own. What the
// language calls strict stays, and what stands in a block that has let, const
// or class, which the function may use.
func hoistFunctions(tree *ast.Program) {
	hoistIn(&tree.Body, &tree.DeclarationList, nil)
}

// blockFunction is a declaration that stands in a block.
type blockFunction struct {
	list *[]ast.Statement // of the block
	decl *ast.FunctionDeclaration
	loop bool // the block may run several times
}

// functionScope is one function, or a page.
type functionScope struct {
	found []blockFunction
	taken map[unistring.String]bool // declared by var, function or as a parameter
	fixed map[unistring.String]bool // declared by let, const or class
	at    []blockPlace              // of the nodes around the one that is visited
}

// blockPlace is where in a function a statement stands.
type blockPlace struct {
	lexical bool // some block around it has names of its own
	loop    bool
}

// hoistIn looks at one function's body and at the functions in it.
func hoistIn(body *[]ast.Statement, vars *[]*ast.VariableDeclaration, params *ast.ParameterList) {
	if strict(*body) {
		return
	}
	s := &functionScope{taken: make(map[unistring.String]bool), fixed: make(map[unistring.String]bool)}
	for _, v := range *vars {
		for _, b := range v.List {
			note(b.Target, s.taken)
		}
	}
	if params != nil {
		for _, b := range params.List {
			note(b.Target, s.fixed) // a parameter goes before
		}
		s.look(params)
	}
	lexicalNames(*body, s.fixed)
	for _, st := range *body {
		if f, ok := st.(*ast.FunctionDeclaration); ok {
			s.taken[f.Function.Name.Name] = true
		}
		s.look(st)
	}
	if len(s.found) > 0 {
		s.apply(body, vars)
	}
}

// look visits a node and what is below it; functions in it are scopes of their
// own.
func (s *functionScope) look(node any) {
	s.at = append(s.at[:0], blockPlace{})
	walk(node, s)
}

// enter notes where in the function what is below a node stands.
func (s *functionScope) enter(node any) bool {
	at := s.at[len(s.at)-1]
	if s.node(node, &at) {
		return false
	}
	s.at = append(s.at, at)
	return true
}

func (s *functionScope) leave(any) any {
	s.at = s.at[:len(s.at)-1]
	return nil
}

// node looks at one node, and says whether all below it has been visited.
func (s *functionScope) node(node any, at *blockPlace) bool {
	switch n := node.(type) {
	case *ast.Identifier, *ast.ClassLiteral: // a class is strict
		return true
	case *ast.FunctionLiteral:
		hoistIn(&n.Body.List, &n.DeclarationList, n.ParameterList)
		return true
	case *ast.ArrowFunctionLiteral:
		if body, ok := n.Body.(*ast.BlockStatement); ok {
			hoistIn(&body.List, &n.DeclarationList, n.ParameterList)
			return true
		}
	case *ast.BlockStatement:
		at.lexical = lexicalNames(n.List, map[unistring.String]bool{}) || at.lexical
		s.block(&n.List, *at)
	case *ast.SwitchStatement:
		for _, c := range n.Body {
			at.lexical = lexicalNames(c.Consequent, map[unistring.String]bool{}) || at.lexical
		}
		for _, c := range n.Body {
			s.block(&c.Consequent, *at)
		}
	case *ast.CatchStatement:
		at.lexical = at.lexical || n.Parameter != nil
	case *ast.WithStatement:
		at.lexical = true
	case *ast.ForStatement:
		_, own := n.Initializer.(*ast.ForLoopInitializerLexicalDecl)
		at.loop, at.lexical = true, at.lexical || own
	case *ast.ForInStatement:
		_, own := n.Into.(*ast.ForDeclaration)
		at.loop, at.lexical = true, at.lexical || own
	case *ast.ForOfStatement:
		_, own := n.Into.(*ast.ForDeclaration)
		at.loop, at.lexical = true, at.lexical || own
	case *ast.WhileStatement, *ast.DoWhileStatement:
		at.loop = true
	}
	return false
}

// block notes the functions that a block declares.
func (s *functionScope) block(list *[]ast.Statement, at blockPlace) {
	if at.lexical {
		return
	}
	for _, st := range *list {
		if f, ok := st.(*ast.FunctionDeclaration); ok && !f.Function.Async && !f.Function.Generator {
			s.found = append(s.found, blockFunction{list, f, at.loop})
		}
	}
}

// apply moves the functions that were found.
func (s *functionScope) apply(body *[]ast.Statement, vars *[]*ast.VariableDeclaration) {
	count := make(map[unistring.String]int)
	for _, f := range s.found {
		count[f.decl.Function.Name.Name]++
	}
	var top []ast.Statement
	for _, f := range s.found {
		name := f.decl.Function.Name
		if s.fixed[name.Name] {
			continue
		}
		once := count[name.Name] == 1 && !s.taken[name.Name]
		if once {
			top = append(top, f.decl)
		} else if !s.taken[name.Name] {
			s.taken[name.Name] = true
			*vars = append(*vars, &ast.VariableDeclaration{Var: name.Idx, List: []*ast.Binding{{Target: name}}})
		}
		f.leave(!once || f.loop)
	}
	*body = append(*body, top...)
}

// leave takes a declaration out of its block, and has it assigned there.
func (f blockFunction) leave(assign bool) {
	rest := make([]ast.Statement, 0, len(*f.list)+1)
	if assign {
		fn := *f.decl.Function
		fn.Name = nil // of an expression it would be a name within
		rest = append(rest, &ast.ExpressionStatement{Expression: &ast.AssignExpression{
			Operator: token.ASSIGN, Left: &ast.Identifier{Name: f.decl.Function.Name.Name, Idx: f.decl.Function.Name.Idx}, Right: &fn,
		}})
	}
	for _, st := range *f.list {
		if st != ast.Statement(f.decl) {
			rest = append(rest, st)
		}
	}
	*f.list = rest
}

// strict says that a body begins with the directive.
func strict(body []ast.Statement) bool {
	for _, st := range body {
		e, ok := st.(*ast.ExpressionStatement)
		if !ok {
			return false
		}
		text, ok := e.Expression.(*ast.StringLiteral)
		if !ok {
			return false
		}
		if text.Literal == `"use strict"` || text.Literal == `'use strict'` {
			return true
		}
	}
	return false
}

// note puts the names of a binding in a set.
func note(target any, set map[unistring.String]bool) {
	walk(target, onEnter(func(node any) {
		if id, ok := node.(*ast.Identifier); ok {
			set[id.Name] = true
		}
	}))
}

// lexicalNames puts the names that a list of statements declares by let, const
// and class in a set, and says whether there are any.
func lexicalNames(list []ast.Statement, set map[unistring.String]bool) bool {
	found := false
	for _, st := range list {
		switch st := st.(type) {
		case *ast.LexicalDeclaration:
			found = true
			for _, b := range st.List {
				note(b.Target, set)
			}
		case *ast.ClassDeclaration:
			found = true
			if st.Class.Name != nil {
				set[st.Class.Name.Name] = true
			}
		}
	}
	return found
}
