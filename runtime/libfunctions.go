package runtime

import (
	"regexp"
	"strings"

	"github.com/dop251/goja"
)

// extendFunctionText gives a function that was made of text the text that
// JScript's has, whose parameters stand on one line.
func (sc *script) extendFunctionText() {
	proto := sc.prototype("Function")
	original, ok := proto.Get("toString").(*goja.Object)
	if !ok {
		return
	}
	behind, _ := goja.AssertFunction(original)
	fn := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		v, err := behind(call.This)
		if err != nil {
			panic(err)
		}
		head, body, ok := strings.Cut(v.String(), "\n) {\n")
		parameters, made := strings.CutPrefix(head, "function anonymous(")
		if !ok || !made {
			return v
		}
		return sc.vm.ToValue("function anonymous(" + parameterComma.ReplaceAllString(parameters, ", $1") + ") {\n" + body)
	}).(*goja.Object)
	imitate(fn, original)
	proto.DefineDataProperty("toString", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// parameterComma is a comma that no blank follows.
var parameterComma = regexp.MustCompile(`,([^ ])`)
