package runtime

import (
	"strings"
	"testing"
)

// TestNothingHearsOfAnEnd: wherever the language would call something of the
// page's on the way out, it isn't called when the page ended itself. Each END
// stands for one of the ways to do that; nothing may be written after it.
func TestNothingHearsOfAnEnd(t *testing.T) {
	for _, src := range []string{
		`try { END } catch (e) { LATE } finally { LATE }`,
		`try { eval("try { END } finally { LATE }") } finally { LATE }`,
		`function f() { try { END } finally { return 1 } } f(); LATE`,
		`lab: try { END } finally { break lab } LATE`,
		`for (;;) { try { END } finally { continue } } LATE`,
		`try { nope() } finally { END } LATE`,
		`try { try { nope() } finally { END } } catch (e) { LATE }`,
		`try { throw END } catch (e) { LATE }`,
		`var it = {[Symbol.iterator]() { return {next() { return {value: 1, done: false} }, return() { LATE; return {} }} }}; for (var x of it) { END }`,
		`function* g() { try { yield 1 } finally { LATE } } for (var x of g()) { END }`,
		`function* g() { try { yield 1 } finally { LATE } } var [a] = {[Symbol.iterator]() { END }}`,
		`new Promise(function () { END }).then(null, function () { LATE }).finally(function () { LATE })`,
		`async function f() { try { await null; END } catch (e) { LATE } finally { LATE } } f()`,
		`async function f() { try { await null; END } finally { LATE } } await f(); LATE`,
		`Promise.all([Promise.resolve().then(function () { END })]).then(null, function () { LATE })`,
		`Promise.resolve().then(function () { LATE }); END`,
		`setTimeout(function () { LATE }, 0); END`,
		`setTimeout(function () { END }, 0); setTimeout(function () { LATE }, 1)`,
		`Promise.reject(new Error("x")); END`,
		`Array.from([1, 2], function () { END }); LATE`,
		`[3, 1].sort(function () { END }); LATE`,
		`JSON.parse("[1]", function () { END }); LATE`,
		`JSON.stringify({toJSON: function () { END }}); LATE`,
		`"a".replace(/a/, function () { END }); LATE`,
		`new Map([[1, 2]]).forEach(function () { END }); LATE`,
		`new Set({[Symbol.iterator]() { return {next() { END; return {done: true} }} }}); LATE`,
		`({get x() { END }}).x; LATE`,
		`({set x(v) { END }}).x = 1; LATE`,
		"`${{toString() { END }}}`; LATE",
		`({valueOf() { END }}) + 1; LATE`,
		`class A { constructor() { END } } try { new A } catch (e) { LATE }`,
		`class A { static { try { END } catch (e) { LATE } } } LATE`,
		`try { new Function("END")() } catch (e) { LATE }`,
		`with ({get x() { END }}) { x } LATE`,
		`Response.Write({toString() { END }}); LATE`,
		`Session("k") = {get x() { END }}; LATE`,
		`Response.AddHeader("x", {toString() { END }}); LATE`,
		`new Enumerator({[Symbol.iterator]() { END }}); LATE`,
		`throw {toString() { END }}`,
	} {
		for _, end := range []string{"Response.End()", `Response.Redirect('/x')`, `Server.Transfer('to.asp')`} {
			text := strings.NewReplacer("LATE", "Response.AppendToLog('LATE')", "END", end).Replace("<% " + src + " %>")
			host := &testHost{files: sources{"page.asp": text, "to.asp": ""}}
			prog, err := NewCompiler(CompilerConfig{}).Compile("page.asp", host.files)
			if err != nil {
				t.Errorf("%s: %v", src, err)
				continue
			}
			res, err := runHosted(prog, host)
			if err != nil || strings.Contains(res.LogText(), "LATE") {
				t.Errorf("%s: %q, %v", text, res.LogText(), err)
			}
		}
	}
}
