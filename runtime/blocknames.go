package runtime

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"
)

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
	walkTree(reflect.ValueOf(target), func(node any) {
		if id, ok := node.(*ast.Identifier); ok {
			set[id.Name] = true
		}
	})
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
