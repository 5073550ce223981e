package runtime

import (
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// evalTexts use the words that resolveText looks for in every place that
// their grammar has, with nothing of ASP's: what it makes of them must mean
// the same.
var evalTexts = []string{
	`typeof 1`, `typeof(1)`, `typeof ((1))`, `typeof (1).x`, `typeof(1)+1`, `typeof - 1`, `typeof!0+1`, `typeof nope`, `typeof(nope)`, `typeof ((nope))`, `typeof nope == "undefined" ? 1 : 2`,
	`typeof typeof nope`, `typeof (typeof nope)`, `typeof typeof (1).x`, `var a = 1; typeof a`, `var a = {b: {c: 1}}; typeof a.b.c`, `var a = {b: [1]}; typeof a.b[0]`, `typeof a.b; var a = {b: 1}`,
	`var a = function () { return 1 }; typeof a`, `var a = function () { return 1 }; typeof a()`, `typeof function () {}`, `typeof (function () {})`, `typeof function () {} + 1`, `typeof class {}`, `typeof new Date`, `typeof new Date()`, `typeof new Date().getTime`,
	"typeof `a${typeof 1}b`", "typeof `x`.length", `typeof /x/`, `typeof /x/.source`, `typeof [1, typeof 2]`, `typeof {a: 1}`, `typeof ({a: typeof 1}).a`, `typeof "a" + typeof 'b'`, `typeof (1, "a")`, `typeof (x = 1)`, `typeof this`, `typeof null`, `typeof 1 .x`, `typeof 1..x`,
	`typeof
x`, "typeof /* c */ (/* d */ 1 /* e */) /* f */", "typeof // c\n1", `[typeof 1, typeof "a", typeof a.b()].join(); var a = {b: function () { return true }}`, `(typeof a)[0]; var a`, `typeof a in {number: 1}; var a = 1`, `typeof a++; var a = 1`, `typeof ++a; var a = 1`, `typeof a?.b; var a`, `typeof a?.b ?? 1; var a = {}`,
	`typeof (() => 1)`, `typeof (() => typeof 1)()`, `(a => typeof a)(1)`, `[1].map(x => typeof x)[0]`, `typeof async function () {}`, `typeof void 0`, `typeof delete x.y; var x = {}`, `typeof -x; var x = 1`, `typeof arguments`, `function f() { return typeof arguments } f()`, `function f(a = typeof b, b) { return a } f()`,
	`var s; switch (1) { case 1: s = "one" } s`, `var s; switch ((1)) { case 1: s = "one" } s`, `var s; switch (typeof 1) { case "number": s = 1; break; default: s = 2 } s`, `var s, a = {b: 2}; switch ((a).b) { case 2: s = "two" } s`, `var s; switch (1, 2) { case 2: s = "two" } s`, "var s; switch /* c */ ( 2 ) { case 2: s = 'two' } s",
	`var s = ""; switch (1) { case 1: switch (2) { case 2: s += "in" } case 3: s += "out" } s`, `var o = {switch: 1, typeof: 2, eval: 3}; o.switch + o.typeof + o.eval`, `switch (1) {}`, `var f = function () { switch (1) { case 1: return typeof f } }; f()`, `x: switch (1) { case 1: break x }`,
	`eval("1+1")`, `eval("typeof 1")`, `eval(("1"))`, `eval("1" + "2")`, `eval(1)`, `eval()`, `eval("eval('2')")`, `eval(typeof 1)`, `(0, eval)("3")`, `eval("1", 2)`, `eval.call(null, "4")`, `var v = 5; eval("v")`, `(function () { var v = 6; return eval("v") })()`, `eval("var w = 7"); w`, `typeof eval`, `eval(eval("'8'"))`, `eval ( "9" )`, `eval("(function () { return typeof v })")(); var v`,
	`var a = {Count: function () { return this.n }, n: 3}; a.Count() + a . Count ( ) + (a).Count() + a.count`, `var a = [{count: function () { return 4 }}]; a[0].count()`, `var a = function () { return {count: function () { return 5 + typeof this }} }; a().count() + a(a().count()).count()`, `a?.count(); var a`, `var a = {count: function () { return 6 }}; a
.count
() + a/* c */.count() + a./* d */count() + a.count(1) + a.count(/* e */)`, `new (class { count() { return 7 } m() { return this.count() } })().m()`, `class A { count() { return 8 } } class B extends A { count() { return super.count() + 1 } } new B().count()`, `typeof a.count(); var a = {count: function () { return 9 }}`, `x = {count: 1}; try { x.count() } catch (e) { e.name }`, `var é = {count: function () { return "漢" }}; "é" + é.count() + é.count()`,
	`Function("return 1")()`, `new Function("return typeof 1")()`, `new Function("a", "return a")(2)`, `new Function()()`, `Function("a,b", "return a + b")(1, 2)`, `typeof Function`, `typeof Function("1")`, `new Function(("return 3"))()`, `Function.prototype.constructor("return 4")()`,
	`return 5`, `var t = "typeof x"; t`, `/typeof/.source + "switch(1)"`, "`typeof ${1}`", `// typeof x
1`, `({typeof: typeof 1}).typeof`, `({get typeof() { return typeof this }}).typeof`, `class A { static typeof() { return typeof this } } A.typeof()`, `class A { x = typeof 1; static { A.y = typeof 2 } } new A().x + A.y`, `for (var i = 0, t = typeof 1; i < 1; i++) t += typeof i; t`, `if (typeof 1 == "number") 1; else 2`, `do var d = typeof 1; while (typeof d == "x") d`, `throw typeof 1`, `x = typeof 1, typeof x`, `"use strict"; typeof 1`, `typeof 1n`, `typeof Symbol()`, `var {a = typeof 1} = {}; a`, `var [b = typeof "s"] = []; b`, "typeof tag`x`; function tag() { return 1 }", `typeof new (class { a() {} })().a`, `typeof new.target`, `(function () { return typeof new.target })()`, `typeof (yield_ => 1)`, `var é = 1; typeof é + "漢" + typeof é`, `typeof "😀"[0] + typeof 1`,
}

// TestDialectEvalText runs each text as it is and as resolveText makes it.
func TestDialectEvalText(t *testing.T) {
	n := NewCompiler(CompilerConfig{}).names
	changed := 0
	for _, src := range evalTexts {
		out := resolveText(src, n)
		if out != src {
			changed++
		}
		if a, b := strings.Count(src, "\n"), strings.Count(out, "\n"); a != b {
			t.Errorf("%q has %d lines, %q has %d", src, a, out, b)
		}
		want := evalIn(goja.New(), src)
		sc := New(t.Context(), &Env{}).newScript(&Program{}, &code{names: n})
		if got := evalIn(sc.vm, out); got != want {
			t.Errorf("%q gives %s; %q gives %s", src, want, out, got)
		}
	}
	if changed < len(evalTexts)*2/3 {
		t.Errorf("only %d of %d texts were changed", changed, len(evalTexts))
	}
}

func evalIn(vm *goja.Runtime, src string) string {
	vm.Set("src", src)
	v, err := vm.RunString(`try { String(eval(src)) } catch (e) { "throws " + (e.name || e) }`)
	if err != nil {
		return err.Error()
	}
	return v.String()
}

// FuzzDialectEvalText: whatever the text, nothing panics, and no line moves.
func FuzzDialectEvalText(f *testing.F) {
	for _, src := range evalTexts {
		f.Add(src)
	}
	n := NewCompiler(CompilerConfig{}).names
	f.Fuzz(func(t *testing.T, src string) {
		out := resolveText(src, n)
		if strings.Count(src, "\n") != strings.Count(out, "\n") {
			t.Errorf("%q -> %q", src, out)
		}
		if out == src {
			return
		}
		if _, err := parse("", evalPrefix+out+evalSuffix); err != nil {
			t.Errorf("%q -> %q: %v", src, out, err)
		}
	})
}
