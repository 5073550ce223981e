package runtime

import (
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// walkBuiltins lists every function and property of the engine's own objects:
// kind, length, name and flags.
const walkBuiltins = `(function () {
	var lines = [], seen = [];
	function walk(path, o) {
		if (seen.indexOf(o) >= 0 || path.split(".").length > 4) return;
		seen.push(o);
		var keys = Object.getOwnPropertyNames(o), base = Object.getPrototypeOf(o);
		if (typeof o == "function" && base.name == o.name) keys = keys.concat(Object.getOwnPropertyNames(base)); // a class before the engine's
		for (var i = 0; i < keys.length; i++) {
			var d = Object.getOwnPropertyDescriptor(o, keys[i]) || Object.getOwnPropertyDescriptor(base, keys[i]), v = d.value, at = path + "." + keys[i];
			if (/^(globalThis|console|\$)/.test(keys[i])) continue;
			var flags = (d.writable ? "w" : "") + (d.enumerable ? "e" : "") + (d.configurable ? "c" : "") + (d.get ? "g" : "") + (d.set ? "s" : "");
			if (typeof v == "function") lines.push(at + " function " + flags + " " + v.name + "/" + v.length + (keys[i] == "constructor" && v.prototype === o));
			else lines.push(at + " " + typeof v + " " + flags);
			if (v && (typeof v == "function" || typeof v == "object")) walk(at, v);
		}
	}
	var names = ["Object", "Function", "Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError", "Array", "String", "Number", "Boolean", "Date", "RegExp", "Math", "JSON", "Promise", "Map", "Set", "Symbol", "BigInt", "ArrayBuffer", "Uint8Array", "Float64Array", "DataView", "Reflect"];
	for (var i = 0; i < names.length; i++) { seen = []; walk(names[i], this[names[i]]); lines.push(names[i] + ": " + Object.keys(this[names[i]])) }
	return lines.join("\n");
})()`

// TestDialectLibraryLooksLikeTheEngines compares the engine's own objects in
// a script that has everything which is added to the library with those of the
// engine alone: there is more, and nothing that was there looks different.
func TestDialectLibraryLooksLikeTheEngines(t *testing.T) {
	plain, err := goja.New().RunString(walkBuiltins)
	if err != nil {
		t.Fatal(err)
	}
	var all features
	for f := range featureCount {
		all.add(need(f))
	}
	sc := New(t.Context(), &Env{}).newScript(&Program{}, &code{names: NewCompiler(CompilerConfig{}).names, needs: all})
	ours, err := sc.vm.RunString(walkBuiltins)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for line := range strings.SplitSeq(ours.String(), "\n") {
		has[line] = true
	}
	n := 0
	for line := range strings.SplitSeq(plain.String(), "\n") {
		if n++; !has[line] {
			t.Errorf("the engine has %q", line)
		}
	}
	if n < 300 {
		t.Errorf("only %d properties were compared", n)
	}
}
