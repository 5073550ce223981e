package runtime

import (
	"errors"

	"github.com/dop251/goja"
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
		if out := resolveText(src, n); out != src {
			return sc.vm.ToValue(out)
		}
		return v
	}
	if _, err := parse("", src); isPanic(err) {
		sc.throwRuntime("SyntaxError", jsSyntax, "%v", err) // as a page may catch; the engine would panic again
	}
	edits, err := dialect.Rewrite(src, dialect.Names{Ref: n.ref, RefMember: n.refMember, Value: n.value})
	if err != nil || edits.Text == src {
		return v
	}
	return sc.vm.ToValue(resolveText(edits.Text, n))
}

func isPanic(err error) bool {
	_, ok := errors.AsType[*parserPanic](err)
	return ok
}
