//go:build unix

package runtime

import (
	"fmt"
	"strconv"
	"syscall"
	"testing"

	"github.com/dop251/goja"
)

// BenchmarkRegExp runs common expressions in a page, and beside it in the
// engine as it comes.
func BenchmarkRegExp(b *testing.B) {
	for _, c := range []struct{ name, script string }{
		{"trim", `"   the quick brown fox jumps over the lazy dog   ".replace(/^\s+|\s+$/g, "")`},
		{"mail", `/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test("somebody.or.other@mail.example.com")`},
		{"date", `/^(\d{4})-(\d{2})-(\d{2})$/.exec("2026-11-30")[2]`},
		{"digits", `"Order number of the customer: 4711".match(/\d+/)[0]`},
		{"integer", `/^-?\d+$/.test("1234567890")`},
		{"price", `/^\d+(?:[.,]\d{1,2})?$/.test("1299.95")`},
		{"strip tags", `"<p>some <b>text</b> of a <i>page</i></p>".replace(/<[^>]+>/g, "")`},
		{"escape", `"a < b & c > d".replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")`},
		{"escape by function", `"a < b & c > d".replace(/[&<>]/g, function (c) { return "&" + c.charCodeAt(0) + ";" })`},
		{"line ends", `"first line\nsecond line\nthird line".replace(/\n/g, "<br>")`},
		{"words", `"the quick brown fox jumps over the lazy dog".match(/\w+/g).length`},
		{"word", `/\bfox\b/.test("the quick brown foxes and the fox")`},
		{"anycase", `/script/i.test("text of a page and so on and so forth <SCRIPT>")`},
		{"file", `/\.(?:gif|jpe?g|png|webp)$/i.test("/images/2026/11/holiday-picture.JPG")`},
		{"query", `/[?&]id=([^&]*)/.exec("/default.asp?page=3&sort=name&id=4711&x=1")[1]`},
		{"url", `/^(https?):\/\/([^\/:]+)(?::(\d+))?(\/.*)?$/.exec("http://www.example.com:8080/path/to/page.asp?x=1")[2]`},
		{"split", `"one,two , three,four ,five".split(/\s*,\s*/).length`},
		{"search", `"a text with a number 42 in it".search(/\d/)`},
		{"password", `/^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$/.test("correctHorse9battery")`},
		{"twice", `/(\w+)\s+\1/.exec("this is a text with the the same word")[1]`},
	} {
		loop := func(n int) string { return "for (var i = 0; i < " + strconv.Itoa(n) + "; i++) var x = " + c.script }
		b.Run(fmt.Sprintf("%s/page", c.name), func(b *testing.B) {
			b.ReportAllocs()
			defer cpuTime(b)()
			if _, err := runText("<% " + loop(b.N) + " %>"); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(fmt.Sprintf("%s/engine", c.name), func(b *testing.B) {
			b.ReportAllocs()
			defer cpuTime(b)()
			if _, err := goja.New().RunString(loop(b.N)); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// cpuTime reports the processor time of an operation, which other work on the
// machine changes less than the time that passes.
func cpuTime(b *testing.B) func() {
	used := func() int64 {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return u.Utime.Nano() + u.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N), "cpu-ns/op") }
}
