package runtime

import (
	"testing"
)

// TestLibrary runs expressions of JScript's library; each prints one line.
func TestLibrary(t *testing.T) {
	for expr, want := range map[string]string{
		`new Error(5, "text").number`:                                             "5",
		`new Error(5, "text").description`:                                        "text",
		`new Error(5, "text").message`:                                            "text",
		`new Error("m").description`:                                              "m",
		`Error(7, "x") instanceof Error`:                                          "True",
		`(function(){ try { null.x } catch (e) { return e.number & 0xFFFF } })()`: "5007",
		`(function(){ try { nope } catch (e) { return (e.number & 0xFFFF) + e.description } })()`:                                                                               "5009nope is not defined",
		`(function(){ class E2 extends Error { constructor(m) { super(m); this.k = 1 } }; var e = new E2("q"); return e.message + (e instanceof E2) + e.k + e.description })()`: "qtrue1q",
		`new TypeError("a", {cause: 3}).cause`:                      "3",
		`/(\d+)-(\w+)/.test("ab 12-xy z") && RegExp.$1 + RegExp.$2`: "12xy",
		`"abcdef".replace(/c(d)/, "") && RegExp.leftContext + "|" + RegExp.rightContext + "|" + RegExp.lastMatch + RegExp.index`: "ab|ef|cd2",
		`"a1b2".match(/\d/g) && RegExp.lastMatch`:                                  "2",
		`new Date(1999, 0, 1).getYear() + "," + new Date(2026, 0, 1).getYear()`:    "99,2026",
		`new Date(0).toGMTString()`:                                                "Thu, 1 Jan 1970 00:00:00 UTC",
		`"x".bold() + "y".link('a"b') + "z".fontcolor("red")`:                      `<B>x</B><A HREF="a&quot;b">y</A><FONT COLOR="red">z</FONT>`,
		`(1234567.891).toLocaleString()`:                                           "1,234,567.891",
		`(Response.LCID = 1031, (-1234.5).toLocaleString())`:                       "-1.234,5",
		`(Response.LCID = 1031, new Date(2003, 0, 31, 22, 5, 6).toLocaleString())`: "31.01.2003 22:05:06",
		`eval("new Date(2026,0,1).getYear()")`:                                     "2026",
		`typeof getYear`:                                                           "undefined",
	} {
		got, err := runText(`<%= ` + expr + ` %>`)
		if err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", expr, got, err, want)
		}
	}
}

// No function that a page can reach tells what naja is made of.
func TestFunctionsAreNamedAsTheLibrarysAre(t *testing.T) {
	got, err := runText(`<%
var seen = [], told = [];
function look(o, path) {
  if (!o || typeof o !== "object" && typeof o !== "function" || seen.indexOf(o) >= 0) return;
  seen.push(o);
  if (typeof o === "function") {
    var text = Function.prototype.toString.call(o);
    if ((text + o.name).indexOf("git" + "hub") >= 0) told.push(path + ": " + text);
  }
  var keys = Reflect.ownKeys(o);
  for (var i = 0; i < keys.length; i++) {
    var p = Object.getOwnPropertyDescriptor(o, keys[i]);
    look(p.get, path + ".get " + String(keys[i])); look(p.set, path + ".set " + String(keys[i])); look(p.value, path + "." + String(keys[i]));
  }
  look(Object.getPrototypeOf(o), path + ".__proto__");
}
look(globalThis, "globalThis"); look(Error.prototype, "Error"); look(new TypeError("x"), "thrown"); look(new Enumerator([]), "Enumerator");
look(Date.prototype, "Date"); look(String.prototype, "String"); look(Array.prototype, "Array"); look(RegExp.prototype, "RegExp"); look(Promise.prototype, "Promise");
%><%= told.join("\n") %>`)
	if err != nil || got != "" {
		t.Errorf("%s, %v", got, err)
	}
}
