package runtime

import (
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/najahost/naja/internal/asphttp"
)

// comparisonRows are comparisons in a row and what ECMA-262 13.10 makes of
// them. goja 793a2a65c13b groups them from the right: findings/goja-comparisons.sh.
var comparisonRows = []struct{ source, want string }{
	{`1 < 2 < 3`, "true"}, {`3 > 2 > 1`, "false"}, {`3 > (2 > 1)`, "true"}, {`1 < (2 < 3)`, "false"},
	{`(1 < 2) < 3`, "true"}, {`3 > (2) > 1`, "false"}, {`(3) > ((2)) > ((1))`, "false"}, {`3 > ((2 > 1))`, "true"},
	{`0 <= 5 <= 1`, "true"}, {`5 >= 5 >= 2`, "false"}, {`1 < 2 < 3 < 0.5`, "false"}, {`4 > 3 > (2 > 1 > 0) > -1`, "true"},
	{`(5 > 4 > 3) == (3 > 2 > 1)`, "true"}, {`1 + 1 < 2 + 1 < 0 + 2`, "true"}, {`[2][0] < [3][0] < [2][0]`, "true"},
	{`"a" in {a: 1} in {true: 1}`, "true"}, {`("a" in {a: 1}) in {"true": 1}`, "true"}, {`3 > ("x" in {x: 1} > 0)`, "true"},
	{`[] instanceof Array instanceof Object`, "false"}, {`1 < [] instanceof Array`, "false"}, {`3 > 2 /* > ( */ > // (
1`, "false"},
	{"`${3 > 2 > 1}`", "false"}, {`/</.test("<") > 0 > 0`, "true"}, {`(function (a) { return a > 2 > 1 })(3)`, "false"},
	{`((a, b) => a > b > 1)(3, 2)`, "false"}, {`3 > -2 > 1`, "false"}, {`3 > typeof 1 > -1`, "true"}, {`1 < 2 ? 3 > 2 > 1 : 9`, "false"},
	{`(1 < 2) + (3 > 2 > 1)`, "1"}, {`[3 > 2 > 1, 1 < 2 < 3].join()`, "false,true"}, {`eval("3 > 2 > 1")`, "false"}, {`Function("a", "return a > 2 > 1")(3)`, "false"},
	{`(function () { for (var k in "q" in {q: 1} ? {z: 1} : {}) return k })()`, "z"},
}

// TestComparisonsFromTheLeft has each row on a page, in eval and in a module.
func TestComparisonsFromTheLeft(t *testing.T) {
	for _, row := range comparisonRows {
		quoted := strconv.Quote(row.source)
		for way, page := range map[string]string{
			"page":   "<% var value = " + row.source + "\n; Response.Write(String(value)) %>",
			"eval":   "<% Response.Write(String(eval(" + quoted + "))) %>",
			"module": `<% Response.Write(String(require("./m.js").value)) %>`,
			"put":    "<% Session('n') = 1; var value = " + row.source + "\n; Response.Write(String(value)) %>", // through the dialect pass
			"await":  "<% await 1; var value = " + row.source + "\n; Response.Write(String(value)) %>",
		} {
			if got := runComparison(t, page, row.source); got != row.want {
				t.Errorf("%s: %s is %s, want %s", way, row.source, got, row.want)
			}
		}
	}
}

// runComparison gives what a page writes, or its error.
func runComparison(t *testing.T, source, module string) string {
	t.Helper()
	files := mapLoader{
		"p.asp": {Data: []byte(source)},
		"m.js":  {Data: []byte("exports.value = " + module + "\n")},
	}
	c := NewCompiler(CompilerConfig{})
	p, err := c.Compile("p.asp", files)
	if err != nil {
		return err.Error()
	}
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true})
	env := Env{Request: asphttp.NewRequest(httptest.NewRequest("GET", "/", nil), nil, asphttp.RequestConfig{}), Response: res, Modules: c.NewModules(files), Session: newTestSession()}
	if err := New(t.Context(), &env).Run(p); err != nil {
		return err.Error()
	}
	return string(res.Body())
}
