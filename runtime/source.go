package runtime

import (
	"errors"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// rewriteSource gives eval and Function what the engine can read: text that
// isn't JavaScript goes through the dialect pass, as a page does. Text that
// stays unreadable is left to the engine, whose SyntaxError the page can
// catch.
func (sc *script) rewriteSource(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	text, ok := v.(goja.String)
	if !ok {
		return v
	}
	src := text.String()
	if err := checkSource(src); err != nil {
		sc.throwRuntime("SyntaxError", jsSyntax, "%v", err)
	}
	sc.extend(featuresOf(src))
	n := sc.prog.names
	if tree, err := parse("", evalPrefix+src+evalSuffix); err == nil {
		if slowConstants(src, tree) {
			sc.throwRuntime("SyntaxError", jsSyntax, "too many constants hang on each other")
		}
		return sc.resolved(v, src, tree)
	}
	if _, err := parse("", src); isPanic(err) {
		sc.throwRuntime("SyntaxError", jsSyntax, "%v", err) // as a page may catch; the engine would panic again
	}
	edits, err := dialect.Rewrite(src, n.inserted())
	if err != nil || edits.Text == src {
		return v
	}
	if tree, err := parse("", evalPrefix+edits.Text+evalSuffix); err == nil {
		return sc.resolved(sc.vm.ToValue(edits.Text), edits.Text, tree)
	}
	return sc.vm.ToValue(edits.Text)
}

// resolved is a text with what a page has resolved when it is compiled; v is
// the text as it is. Where that can't be done in the text the script gets all
// bounds.
func (sc *script) resolved(v goja.Value, src string, tree *ast.Program) goja.Value {
	out, ok := resolveTree(src, tree, sc.prog.names)
	if !ok {
		sc.extend(allBounds())
	}
	if out == src {
		return v
	}
	return sc.vm.ToValue(out)
}

func isPanic(err error) bool {
	_, ok := errors.AsType[*parserPanic](err)
	return ok
}
