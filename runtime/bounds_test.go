package runtime

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestBounds: what would cost the process its memory, its stack or a processor
// throws a RangeError that the page catches.
func TestBounds(t *testing.T) {
	for _, src := range []string{
		`"x".repeat(2**33)`, `"x".repeat(2**53-1)`, `"x".padStart(2**33)`, `"x".padEnd(2**53-1, "ab")`,
		`"".repeat.call({length:0, toString() { return "x" }}, 2**33)`, `"x".repeat({valueOf() { return 2**40 }})`,
		`new ArrayBuffer(1e10)`, `new Uint8Array(1e10)`, `new Float64Array(1e8)`, `Uint8Array.from({length:1e10})`,
		`Math.max.apply(null, {length: 2**31})`, `Reflect.apply(Math.max, null, {length: 2**31})`,
		`Reflect.construct(Array, {length: 2**32-1})`, `(function f(){}).apply(null, {length: 2**53-1})`,
		`String.fromCharCode.apply(null, {length: 1e8})`, `1n << (2n**40n)`, `1n << 100000000000n`, `2n ** (2n**40n)`, `var b = 2n; b **= 100000000000n`,
		`BigInt("9".repeat(2e7))`, `[].concat(new Array(4294967294))`, `new Array(1e9).join("abc")`, `new Array(1e8).fill(0)`, `Array(1e9)`,
		`new Array(1e7).join("a long separator")`, `var a = []; a.length = 4294967295`,
		`var a = []; a[4294967294] = 1; a.sort()`, `var a = []; a[4294967294] = 1; a.join()`, `var a = []; a[4294967294] = 1; a.reverse()`,
		`Array.prototype.sort.call({length: 2**32-1})`, `Array.prototype.indexOf.call({length: 2**53-1}, 1)`,
		`Array.prototype.reverse.call({length: 2**53-1})`, `Array.prototype.fill.call({length: 2**53-1})`,
		`Array.prototype.join.call({length: 2**53-1})`, `Array.prototype.unshift.call({length: 2**53-2}, 1)`,
		`Array.prototype.slice.call({length: 2**32-1})`, `Array.prototype.forEach.call({length: 2**53-1}, Boolean)`,
		`Array.prototype.includes.call({length: 2**53-1}, 1)`, `Array.prototype.copyWithin.call({length: 2**53-1}, 0, 1)`,
		`Array.from({length: 2**32-1})`, `var a = []; a[0] = a; a.flat(Infinity)`, `var o = 1; for (var i = 0; i < 40; i++) o = [o, o]; o.flat(Infinity)`,
		`JSON.parse("[".repeat(2375000))`, `JSON.parse('{"a":'.repeat(1875000))`, `JSON.parse("[".repeat(513) + "]".repeat(513))`,
		`var o = 1; for (var i = 0; i < 40; i++) o = {a: o, b: o}; JSON.stringify(o)`,
		`var o = 1; for (var i = 0; i < 3000; i++) o = [o]; JSON.stringify(o)`,
		`("a".repeat(1e5)).replace(/a/g, "b".repeat(1e5))`, "'ab'.repeat(1e6).replaceAll('a', '$`')", `"a".repeat(1e6).replaceAll("", "b".repeat(1e6))`,
		`function* g(){ yield* g() } g().next()`,
	} {
		began := time.Now()
		got, err := runText(`<% try { ` + src + `; Response.Write("no error") } catch (e) { Response.Write(e.name + e.number) } %>`)
		if err != nil || got != "RangeError-2146828283" && got != "RangeErrorundefined" {
			t.Errorf("%s: %q, %v", src, got, err)
		}
		if d := time.Since(began); d > 2*time.Minute {
			t.Errorf("%s took %v", src, d)
		}
	}
}

// TestBoundsOfChosenNames: a method that is called by a value, which may be a
// visitor's, is bounded as if the page named it.
func TestBoundsOfChosenNames(t *testing.T) {
	for name, call := range map[string]string{
		"repeat": `"x"[name](2**26)`, "padStart": `"x"[name](2**26)`, "replaceAll": `"aa"[name]("a", big)`, "flat": `var a = []; a[0] = a; a[name](1/0)`,
		"from": `Array[name]({length: 2**25})`, "join": `Array(20)[name](big)`, "indexOf": `[][name].call({length: 2**25}, 1)`,
		"fill": `[][name].call({length: 2**25}, 1)`, "apply": `Math.max[name](null, {length: 2**20})`, "parse": `JSON[name]("[".repeat(600))`,
	} {
		for way, src := range map[string]string{
			"page":     `var name = Request("m").Item; var big = "y"; while (big.length < 2**24) big += big; ` + call,
			"optional": `var name = Request("m").Item; var big = "y"; while (big.length < 2**24) big += big; ` + strings.Replace(call, "[name]", "?.[name]", 1),
			"eval":     `var name = Request("m").Item; var big = "y"; while (big.length < 2**24) big += big; eval(` + strconv.Quote(call) + `)`,
			"object":   `var name = {toString() { return Request("m").Item }}; var big = "y"; while (big.length < 2**24) big += big; ` + call,
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
		`"ab".repeat(3) + "x".padStart(3, "-") + "x".padEnd(3) + "|" + "".repeat(1e9)`:                        "ababab--xx  |",
		`(function() { try { return "".repeat(-1) } catch (e) { return e.name } })()`:                         "RangeError",
		`(function() { try { return String.prototype.repeat.call(null, 1) } catch (e) { return e.name } })()`: "TypeError",
		`"repeat".repeat.name + String.prototype.repeat.name`:                                                 "repeatrepeat",
		`[3, 1, 2].sort().join("-") + [1, [2, [3]]].flat(Infinity).join() + [1].concat([2], 3)`:               "1-2-31,2,31,2,3",
		`new Array(5).join("ab") + Array(3).length + new Array("7").length + Array(1, 2).length`:              "abababab312",
		`(function() { var a = [1, 2, 3]; a.length = 1; return a + "" })()`:                                   "1",
		`Array.prototype.slice.call({length: 2, 0: "a", 1: "b"}).join("")`:                                    "ab",
		`[1, , 3].find(Boolean) + "," + [, 2].findIndex(Boolean) + [5, 6].find(function(x) { return x > 5 })`: "1,16",
		`String([,].find(Boolean))`: "undefined",
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

// TestStringifyCanBeStopped: writing is native code, but looks.
func TestStringifyCanBeStopped(t *testing.T) {
	got, err := runText(`<% var n = 0; try { JSON.stringify([1, 2], function(k, v) { if (n++ == 1) Response.End(); return v }) } catch (e) { Response.Write("caught") } %>rest`)
	if err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}
