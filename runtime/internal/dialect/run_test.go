package dialect

import (
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// host is the smallest host there can be: REF and REFM, and callees that keep
// values under their joined arguments and log what is done to them.
const host = `
var log = [], t = 0
function say(x) { log.push(x); return x }
function reference(callee, self, args) {
	return {
		get v() { return callee.apply(self, args) },
		set v(value) {
			if (!callee || !callee.put) throw new TypeError("not assignable")
			callee.put(self, args, value)
		}
	}
}
function REF(callee) { return reference(callee, undefined, [].slice.call(arguments, 1)) }
function REFM(object, key) { return reference(object[key], object, [].slice.call(arguments, 2)) }
function store(name) {
	var values = {}
	function at(self, args) { return name + (self && self.name ? "@" + self.name : "") + "(" + [].join.call(args) + ")" }
	function f() { log.push("get " + at(this, arguments)); return values[[].join.call(arguments)] }
	f.put = function (self, args, value) { log.push("put " + at(self, args) + "=" + value); values[args.join()] = value }
	f.values = values
	return f
}
var f = store("f"), g = store("g"), o = { name: "o", f: store("f"), get p() { log.push("o.p"); return g } }
`

func TestRun(t *testing.T) {
	for _, c := range []struct {
		name, src, want, log string
	}{
		// A plain put: callee, arguments, right side, one put, no get.
		{"plain", `f(t++, t++) = t++`, "2", "put f(0,1)=2"},
		{"plain member", `o.f(t++, t++) = t++`, "2", "put f@o(0,1)=2"},
		{"plain index", `o[say("f")](say("k")) = say("v")`, "v", "f|k|v|put f@o(k)=v"},
		{"no arguments", `f() = 1`, "1", "put f()=1"},
		{"spread", `f(...[1, t++], ...[2]) = t`, "1", "put f(1,0,2)=1"},

		// A compound put: arguments once, one get, right side, one put.
		{"compound", `f(0,1) = 5; log = []; f(t++, t++) += t++`, "7", "get f(0,1)|put f(0,1)=7"},
		{"compound member", `o.f(0,1) = 5; log = []; o.f(t++, t++) ^= 14`, "11", "get f@o(0,1)|put f@o(0,1)=11"},
		{"get before the right side", `f(1) = "a"; log = []; f(1) += say("b")`, "ab", "get f(1)|b|put f(1)=ab"},
		{"every operator", `f(1) = 7; f(1) -= 1; f(1) *= 4; f(1) /= 3; f(1) %= 5; f(1) **= 4; f(1) <<= 2; f(1) >>= 1; f(1) >>>= 1; f(1) &= 65; f(1) |= 2; f(1) ^= 1`, "66", ""},

		// Logical operators read, and write only if they must.
		{"or, unset", `f(1) ||= say(2)`, "2", "get f(1)|2|put f(1)=2"},
		{"or, set", `f(1) = 3; log = []; f(1) ||= say(2)`, "3", "get f(1)"},
		{"and, unset", `f(1) &&= say(2)`, "undefined", "get f(1)"},
		{"coalescing", `f(1) = 0; log = []; f(1) ??= say(2)`, "0", "get f(1)"},

		// Increments.
		{"postfix", `f(1) = "5"; log = []; f(t++ + 1)++`, "5", "get f(1)|put f(1)=6"},
		{"postfix gives a number", `f(1) = "5"; typeof f(1)--`, "number", ""},
		{"prefix", `f(1) = "5"; log = []; ++f(1)`, "6", "get f(1)|put f(1)=6"},
		{"prefix member", `o.f(1) = 5; log = []; --o.f(1) * 2`, "8", "get f@o(1)|put f@o(1)=4"},
		{"postfix of nothing", `f(1)++`, "NaN", "get f(1)|put f(1)=NaN"},
		{"as an argument", `f(1) = 1; f(f(1)++) = f(1)++; f.values["1"] * 10 + t`, "20", ""},

		// Chains and nesting.
		{"chained", `f(t++) = g(t++) = t++`, "2", "put g(1)=2|put f(0)=2"},
		{"nested", `f(g(1) = 2) = g(3) = 4`, "4", "put g(1)=2|put g(3)=4|put f(2)=4"},
		{"call of a call", `f(1) = g; log = []; f(1)(2) = 3`, "3", "get f(1)|put g(2)=3"},
		{"left to right", `f(say(1)) = say(2), g(say(3)) = say(4)`, "4", "1|2|put f(1)=2|3|4|put g(3)=4"},

		// The callee.
		{"receiver in parentheses", `(o.f)(1) = 2`, "2", "put f@o(1)=2"},
		{"receiver in two parentheses", `((o["f"]))(1)++`, "NaN", "get f@o(1)|put f@o(1)=NaN"},
		{"getter as callee, once", `o.p(1) = 2`, "2", "o.p|put g@o(1)=2"},
		{"result of new", `function F(x) { var s = store("new"); s.name2 = x; return s } new F(say(9))(1) = 2`, "2", "9|put new(1)=2"},
		{"sequence as callee", `(say("x"), f)(1) = 2`, "2", "x|put f(1)=2"},
		{"assignment as callee", `var h; (h = f)(1) = 2; h === f`, "true", "put f(1)=2"},
		{"parentheses around the target", `(f(1)) = 2; (o.f(3))++`, "NaN", "put f(1)=2|get f@o(3)|put f@o(3)=NaN"},
		{"computed key", `class C { get [f(1) = "k"]() { return 3 } } new C().k`, "3", "put f(1)=k"},
		{"super", `class A { get f() { return f } } class B extends A { m() { return super.f(1) = 2 } } new B().m()`, "2", "put f(1)=2"},
		{"private", `class A { #f = f; m() { return this.#f(1) = 2 } } new A().m()`, "2", "put f(1)=2"},
		{"this", `(function () { return this.f(1) = 2 }).call(o)`, "2", "put f@o(1)=2"},
		{"with", `with ({ h: f }) h(1) = 2`, "2", "put f(1)=2"},
		{"escaped names", `o.\u0066(1) = 2; \u0066(3) = 4`, "4", "put f@o(1)=2|put f(3)=4"},

		// Statements.
		{"for", `for (f("i") = 0; f("i") < 3; f("i")++) t += f("i"); t`, "3", ""},
		{"for in", `for (f("k") in { a: 1, b: 2 }) ;`, "undefined", "put f(k)=a|put f(k)=b"},
		{"for of", `for (o.f(t++) of [7, 8]) ;`, "undefined", "put f@o(0)=7|put f@o(1)=8"},
		{"line ends", "var i = 0\ni++\nf(i)\n++i\nf(i) = i", "2", "get f(1)|put f(2)=2"},
		{"generator", `function* gen() { f(yield 1) = yield 2 } var it = gen(); it.next(); it.next("k"); it.next("v").done`, "true", "put f(k)=v"},
		{"arrow", `var put = (k, v) => f(k) = v; put(1, 2) + put(3, 4)`, "6", "put f(1)=2|put f(3)=4"},
		{"default value", `(function (a = f(1) = 2) { return a })()`, "2", "put f(1)=2"},
		{"template", "`${f(1) = 2}${`${f(1)++}`}`", "22", "put f(1)=2|get f(1)|put f(1)=3"},
		{"destructuring default", `var { a = f(1) = 2 } = {}; a`, "2", "put f(1)=2"},

		// Failures.
		{"right side throws", `try { f(1) = say(nothing) } catch (e) { e.name }`, "ReferenceError", ""},
		{"not assignable", `function plain() { return 1 } try { plain(1) = say(2) } catch (e) { e.message }`, "not assignable", "2"},
		{"compound of a plain function", `function plain() { say("called"); return 1 } try { plain(1) += 2 } catch (e) { e.message }`, "not assignable", "called"},
		{"callee missing", `try { nothing(say(1)) = 2 } catch (e) { e.name }`, "ReferenceError", ""},

		// Comments in HTML style.
		{"HTML comment", "f(1) = 1\n<!-- f(1) = 2\nt\n--> f(1) = 3\nf(1)", "1", "put f(1)=1|get f(1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, log := run(t, c.src)
			if got != c.want || c.log != "" && log != c.log {
				t.Errorf("%s\ngot  %q, log %q\nwant %q, log %q", c.src, got, log, c.want, c.log)
			}
		})
	}
}

// run executes a source after rewriting and returns its value and the log.
func run(t *testing.T, src string) (value, log string) {
	t.Helper()
	r := rewrite(t, src)
	checkInvariants(t, src, r)
	checkTokens(t, src, r)
	vm := goja.New()
	if _, err := vm.RunString(host); err != nil {
		t.Fatal(err)
	}
	v, err := vm.RunString(r.Text)
	if err != nil {
		t.Fatalf("%s\n%v", r.Text, err)
	}
	var list []string
	if err := vm.ExportTo(vm.Get("log"), &list); err != nil {
		t.Fatal(err)
	}
	return v.String(), strings.Join(list, "|")
}

// TestRunPositions tests that an error in a rewritten line is found at its
// place in the original.
func TestRunPositions(t *testing.T) {
	src := "f(1) = 2\no.f(1)(2) = f(3) = o.missing.x\n"
	r := rewrite(t, src)
	vm := goja.New()
	if _, err := vm.RunString(host); err != nil {
		t.Fatal(err)
	}
	_, err := vm.RunString(r.Text)
	e, ok := err.(*goja.Exception)
	if !ok {
		t.Fatalf("got %v", err)
	}
	pos := e.Stack()[0].Position()
	line := strings.Split(r.Text, "\n")[pos.Line-1]
	offset := strings.Index(r.Text, line) + pos.Column - 1
	if got, want := r.OriginalOffset(offset), strings.Index(src, ".x")+1; pos.Line != 2 || got != want {
		t.Errorf("line %d, offset %d -> %d (%q), want %d", pos.Line, offset, got, src[got:], want)
	}
}
