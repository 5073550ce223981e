package runtime

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
)

// TestBounds: one more than a bound allows throws a RangeError that the page
// catches, and what is within it doesn't.
func TestBounds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ past, within string }{
		{`"ab".repeat(16777217)`, `"ab".repeat(1000)`},
		{`"ab".repeat({valueOf() { return 16777217 }})`, `"ab".repeat({valueOf() { return 2 }})`},
		{`"".repeat.call({length: 0, toString() { return "ab" }}, 16777217)`, `"".repeat.call({toString() { return "ab" }}, 2)`},
		{`"x".padStart(33554433)`, `"x".padStart(1000)`}, {`"x".padEnd(33554433, "ab")`, `"x".padEnd(1000, "ab")`},
		{`new ArrayBuffer(67108865)`, `new ArrayBuffer(1000)`}, {`new Uint8Array(67108865)`, `new Uint8Array(1000)`},
		{`new Float64Array(8388609)`, `new Float64Array(1000)`}, {`new Float64Array({length: 8388609})`, `new Float64Array({length: 10})`},
		{`Uint8Array.from({length: 10000001})`, `Uint8Array.from({length: 10})`},
		{`Math.max.apply(null, {length: 262145})`, `Math.max.apply(null, {length: 262144})`},
		{`Reflect.apply(Math.max, null, {length: 262145})`, `Reflect.apply(Math.max, null, {length: 10})`},
		{`Reflect.construct(Array, {length: 262145})`, `Reflect.construct(Array, {length: 10})`},
		{`String.fromCharCode.apply(null, {length: 262145})`, `String.fromCharCode.apply(null, {length: 10})`},
		{`1n << 1048576n`, `1n << 1000n`}, {`2n ** 524289n`, `2n ** 1000n`}, {`var b = 2n; b **= 524289n`, `var b = 2n; b **= 10n`},
		{`BigInt("9".repeat(100001))`, `BigInt("9".repeat(1000))`},
		{`new Array(33554434).join("a")`, `new Array(1000).join("a")`}, {`new Array(10000).join("b".repeat(3400))`, `new Array(10).join("b".repeat(3400))`},
		{`new Array(10000001)`, `new Array(1000)`}, {`Array(10000001)`, `Array(1000)`}, {`var a = []; a.length = 10000001`, `var a = []; a.length = 1000`},
		{`var a = []; a[10000000] = 1; a.sort()`, `var a = [2, 1]; a.sort()`}, {`var a = []; a[10000000] = 1; a.join()`, `var a = [2, 1]; a.join()`},
		{`var a = []; a[10000000] = 1; a.reverse()`, `var a = [2, 1]; a.reverse()`},
		{`Array.from({length: 10000001})`, `Array.from({length: 10})`},
		{nested(`var a = 1;`, `a = [a]`, 66) + `a.flat(Infinity)`, nested(`var a = 1;`, `a = [a]`, 64) + `a.flat(Infinity)`},
		{`JSON.parse("[".repeat(513) + "]".repeat(513))`, `JSON.parse("[".repeat(512) + "]".repeat(512))`},
		{`JSON.parse('{"a":'.repeat(513) + "1" + "}".repeat(513))`, `JSON.parse('{"a":'.repeat(512) + "1" + "}".repeat(512))`},
		{nested(`var o = 1;`, `o = [o]`, 2001) + `JSON.stringify(o)`, nested(`var o = 1;`, `o = [o]`, 1000) + `JSON.stringify(o)`},
		{`"a".repeat(6000).replace(/a/g, "b".repeat(6000))`, `"a".repeat(60).replace(/a/g, "b".repeat(60))`},
		{`"a".repeat(6000).replaceAll("", "b".repeat(6000))`, `"a".repeat(60).replaceAll("", "b".repeat(60))`},
		{"('b'.repeat(1000000) + 'a'.repeat(40)).replaceAll('a', '$`')", "('b'.repeat(1000) + 'a'.repeat(40)).replaceAll('a', '$`')"},
		{delegating + `d(1000).next()`, delegating + `d(100).next()`},
	} {
		for src, want := range map[string][]string{c.past: {"RangeError-2146828283", "RangeErrorundefined"}, c.within: {"no error"}} {
			got, err := runText(`<% try { ` + src + `; Response.Write("no error") } catch (e) { Response.Write(e.name + e.number) } %>`)
			if err != nil || !slices.Contains(want, got) {
				t.Errorf("%s: %q, %v", src, got, err)
			}
		}
	}
}

// delegating is generators that yield* each other n deep.
const delegating = `function* d(n) { if (n) yield* d(n - 1); yield n } `

// nested is script that does something n times.
func nested(begin, step string, n int) string {
	return begin + ` for (var i = 0; i < ` + strconv.Itoa(n) + `; i++) ` + step + `; `
}

// TestBoundsOfLengths: the methods of Array, called on what only says how long
// it is.
func TestBoundsOfLengths(t *testing.T) {
	t.Parallel()
	call := func(name string, length int) (string, error) {
		return runText(fmt.Sprintf(`<%% try { Array.prototype.%s.call({length: %d}, null); Response.Write("no error") } catch (e) { Response.Write(e.name) } %%>`, name, length))
	}
	for _, name := range boundedMethods {
		if got, err := call(name, maxElements+1); err != nil || got != "RangeError" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if got, err := call(name, 2); err != nil || got == "RangeError" {
			t.Errorf("%s of a short one: %q, %v", name, got, err)
		}
	}
}

// TestBoundsOfChosenNames: a method that is called by a value, which may be a
// visitor's, is bounded as if the page named it.
func TestBoundsOfChosenNames(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]string{
		"repeat": `"x"[name](33554433)`, "padStart": `"x"[name](33554433)`, "replaceAll": `big[name]("a", big)`,
		"flat": nested(`var a = 1;`, `a = [a]`, 66) + `a[name](Infinity)`,
		"from": `Array[name]({length: 10000001})`, "join": `Array(8192)[name](big)`, "indexOf": `[][name].call({length: 10000001}, 1)`,
		"fill": `[][name].call({length: 10000001}, 1)`, "apply": `Math.max[name](null, {length: 262145})`,
		"parse": `JSON[name]("[".repeat(513) + "]".repeat(513))`,
	} {
		for way, src := range map[string]string{
			"page":     `var name = Request("m").Item; var big = "a"; while (big.length < 8192) big += big; ` + call,
			"optional": `var name = Request("m").Item; var big = "a"; while (big.length < 8192) big += big; ` + strings.Replace(call, "[name]", "?.[name]", 1),
			"eval":     `var name = Request("m").Item; var big = "a"; while (big.length < 8192) big += big; eval(` + strconv.Quote(call) + `)`,
			"object":   `var name = {toString() { return Request("m").Item }}; var big = "a"; while (big.length < 8192) big += big; ` + call,
		} {
			got, err := runAsked(`<% try { `+src+`; Response.Write("no error") } catch (e) { Response.Write(e.name) } %>`, "/?m="+name)
			if err != nil || got != "RangeError" {
				t.Errorf("%s, %s: %q, %v", name, way, got, err)
			}
		}
	}
}

// TestBoundsKeepTheLanguage: what is bounded works as before below its bound.
func TestBoundsKeepTheLanguage(t *testing.T) {
	for expr, want := range map[string]string{
		`"ab".repeat(3) + "x".padStart(3, "-") + "x".padEnd(3) + "|" + "".repeat(33554433)`:                                                         "ababab--xx  |",
		`(function() { try { return "".repeat(-1) } catch (e) { return e.name } })()`:                                                               "RangeError",
		`(function() { try { return String.prototype.repeat.call(null, 1) } catch (e) { return e.name } })()`:                                       "TypeError",
		`"repeat".repeat.name + String.prototype.repeat.name`:                                                                                       "repeatrepeat",
		`[3, 1, 2].sort().join("-") + [1, [2, [3]]].flat(Infinity).join() + [1].concat([2], 3)`:                                                     "1-2-31,2,31,2,3",
		`new Array(5).join("ab") + Array(3).length + new Array("7").length + Array(1, 2).length`:                                                    "abababab312",
		`(function() { var a = [1, 2, 3]; a.length = 1; return a + "" })()`:                                                                         "1",
		`Array.prototype.slice.call({length: 2, 0: "a", 1: "b"}).join("")`:                                                                          "ab",
		`[1, 3].find(Boolean) + "," + [0, 2].findIndex(Boolean) + [5, 6].find(function(x) { return x > 5 })`:                                        "1,16",
		`new Uint8Array([1, 2, 300]).join() + new Uint8Array(2).length + (new Uint8Array(1) instanceof Uint8Array)`:                                 "1,2,442true",
		`Uint8Array.from([1, 2]).length + Uint8Array.of(5)[0] + Uint8Array.BYTES_PER_ELEMENT + new Uint8Array(4).map(function(x) { return 7 })[3]`:  "15",
		`Object.prototype.toString.call(new Float64Array(1)) + ArrayBuffer.isView(new DataView(new ArrayBuffer(8)))`:                                "[object Float64Array]true",
		`new Uint8Array(new ArrayBuffer(8), 2, 3).length`:                                                                                           "3",
		`2n ** 10n + BigInt("7") + (1n << 4n) + ""`:                                                                                                 "1047",
		`(function() { var x = 3n; x **= 2n; x <<= 1n; return x + "" + (2 ** 3) + (1 << 4) + typeof BigInt(1) + (BigInt(2) instanceof BigInt) })()`: "18816bigintfalse",
		`BigInt.asUintN(8, 257n) + ""`:                                              "1",
		`JSON.stringify({a: [1, {b: null}], c: undefined, d: new Date(0), e: "x"})`: `{"a":[1,{"b":null}],"d":"1970-01-01T00:00:00.000Z","e":"x"}`,
		`JSON.stringify({a: 1, b: [2]}, null, 1).length + JSON.stringify({a: 1, b: 2}, ["b"]) + JSON.stringify([1], function(k, v) { return v === 1 ? 9 : v })`: `27{"b":2}[9]`,
		`JSON.stringify() + JSON.stringify("x") + JSON.stringify(function() {})`:                                                                                `undefined"x"undefined`,
		`(function() { try { var o = {}; o.o = o; JSON.stringify(o) } catch (e) { return e.name } })()`:                                                         "TypeError",
		`(function() { var d = [1]; return JSON.stringify([d, d, [d, [d]]]) })()`:                                                                               "[[1],[1],[[1],[[1]]]]",
		`JSON.parse("[1,{\"a\":\"[[[\\\"\"}]")[1].a + JSON.parse("1", function(k, v) { return v + 1 })`:                                                         `[[["2`,
		`"a-b-c".replace("-", "$&$&") + "a-b".replaceAll("-", "+") + "abc".replace(/b/, function(m) { return m.toUpperCase() })`:                                "a--b-ca+baBc",
		"('x'.repeat(2000) + 'k=v').replace(/(k)=(?<n>v)/, \"[$2$1$$$&$<n>$3]\").slice(2000)":                                                                   "[vk$k=vv$3]",
		"('x'.repeat(2000) + 'é=v').replace(/=/, \"[$'|$`]\").length":                                                                                           "4007",
		`Math.max.apply(null, [1, 5, 2]) + Math.max.apply(null, undefined) + String.fromCharCode.apply(null, [97, 98])`:                                         "-Infinityab",
		`Reflect.apply(Math.max, null, [1, 2]) + Reflect.construct(Array, [3]).length`:                                                                          "5",
		`typeof Proxy + (function* () { yield* [1, 2] })().next().value`:                                                                                        "undefined1",
		`(function() { function* t(n) { if (n) { yield* t(n - 1) } yield n } var s = 0; for (var v of t(200)) s += v; return s })()`:                            "20100",
		`Array.from({length: 3}, function(_, i) { return i }).join("") + Array.from("ab").join("")`:                                                             "012ab",
		`[1, [2, [3, [4]]]].flat(2).length`: "4",
	} {
		got, err := runText(`<%= ` + expr + ` %>`)
		if err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", expr, got, err, want)
		}
	}
}

// TestBoundsOfCounts: what flat and JSON.stringify have seen is counted over
// the whole of their work. Here they have nearly seen it all.
func TestBoundsOfCounts(t *testing.T) {
	sc := bareScript(t)
	list := sc.vm.NewArray(sc.vm.NewArray(), sc.vm.NewArray(), 1)
	for left, past := range map[int]bool{10: false, 2: true} {
		seen := maxNodes/4 - left
		if got := sc.deeper(list, 0, &seen); got != past {
			t.Errorf("flat, %d left: %v", left, got)
		}
		w := jsonWriter{sc: sc, nodes: maxNodes - left}
		if got := thrown(func() {
			for range 3 {
				w.note(list, sc.vm.ToValue(1))
			}
		}); (got != nil) != past {
			t.Errorf("JSON.stringify, %d left: %v", left, got)
		}
	}
}

// thrown is what a function throws.
func thrown(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

// bareScript is a script that hasn't run.
func bareScript(t *testing.T) *script {
	t.Helper()
	prog, err := NewCompiler(CompilerConfig{}).Compile("default.asp", sources{"default.asp": ""})
	if err != nil {
		t.Fatal(err)
	}
	return New(t.Context(), &Env{}).newScript(prog, prog.javascript())
}

// TestFindHandsOnUndefined: a function of the engine gets undefined where find
// has nothing for it.
func TestFindHandsOnUndefined(t *testing.T) {
	sc := bareScript(t)
	call := goja.FunctionCall{This: sc.vm.NewArray(1), Arguments: []goja.Value{sc.vm.Get("Boolean")}}
	sc.checkFind(&call)
	predicate, _ := goja.AssertFunction(call.Argument(0))
	if v, err := predicate(goja.Undefined(), nil); err != nil || v.ToBoolean() {
		t.Errorf("%v, %v", v, err)
	}
}

// TestStringifyCanBeStopped: writing is native code, but looks.
func TestStringifyCanBeStopped(t *testing.T) {
	got, err := runText(`<% var n = 0; try { JSON.stringify([1, 2], function(k, v) { if (n++ == 1) Response.End(); return v }) } catch (e) { Response.Write("caught") } %>rest`)
	if err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestJoinCanBeStopped: arrays in an array are joined by native code, which
// looks too.
func TestJoinCanBeStopped(t *testing.T) {
	const src = `<% ["a", {toString: console.log}, [{toString: console.log}]].join() %>`
	prog, err := NewCompiler(CompilerConfig{}).Compile("default.asp", sources{"default.asp": src})
	if err != nil {
		t.Fatal(err)
	}
	log := &stoppingLog{}
	log.state = New(t.Context(), &Env{Response: asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true}), Log: slog.New(log)})
	if err := log.state.Run(prog); asp.CodeOf(err) != 113 || log.lines != 1 {
		t.Errorf("%v after %d lines", err, log.lines)
	}
}

// A stoppingLog stops the script that writes its first line.
type stoppingLog struct {
	slog.Handler
	state *State
	lines int
}

// Enabled says that every line is for it.
func (l *stoppingLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle counts a line.
func (l *stoppingLog) Handle(context.Context, slog.Record) error {
	l.lines++
	l.state.Interrupt(ErrTimeout)
	return nil
}
