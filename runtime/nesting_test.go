package runtime

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/asp"
)

// TestNestedPages: a page whose script would cost the engine's parser or
// compiler the process is ASP 0132 on its line.
func TestNestedPages(t *testing.T) {
	rep := strings.Repeat
	for name, src := range map[string]string{
		"parens": rep("(", 300000), "templates": rep("`${", 250000), "functions": rep("function f(){", 150000),
		"assignments": rep("a=", 900000) + "1", "calls": "f" + rep("()", 900000), "try": rep("try{", 300000),
		"arrows": rep("(a=", 40) + "0" + rep(")=>0", 40), "blocks": rep("{", 100000), "signs": rep("- ", 100000) + "1",
		"size": "a='" + rep("x", 3<<20) + "'",
	} {
		began := time.Now()
		_, err := runText("line 1\n<% " + src + " %>")
		e, ok := errors.AsType[*asp.Error](err)
		if !ok || e.Code != 132 && asp.CodeOf(err) != 132 || e.File != "default.asp" || e.Line != 2 {
			t.Errorf("%s: %.200v (line of %+v)", name, err, ok)
		}
		if d := time.Since(began); d > 30*time.Second { // what isn't bounded takes hours
			t.Errorf("%s took %v", name, d)
		}
	}
}

// TestNestedSource: eval and Function throw what a page can catch.
func TestNestedSource(t *testing.T) {
	for _, src := range []string{
		`eval("(".repeat(300000))`, "eval('`${'.repeat(250000))", `eval("a=".repeat(900000)+"1")`, `new Function("(".repeat(300000))`,
		`eval("(a=".repeat(30)+"0"+")=>0".repeat(30))`, `eval("1&&".repeat(100)+"1")`, `eval("1".repeat(3e6))`,
	} {
		got, err := runText(`<% try { ` + src + `; Response.Write("no error") } catch (e) { Response.Write(e.name) } %>`)
		if err != nil || got != "SyntaxError" {
			t.Errorf("%s: %q, %v", src, got, err)
		}
	}
}

// TestConstantChains: the engine's compiler would double its time with each
// operator.
func TestConstantChains(t *testing.T) {
	rep := strings.Repeat
	for src, want := range map[string]string{
		rep("1&&", 3000) + "2": "2", rep("0||", 3000) + "3": "3", rep("null??", 3000) + "4": "4", rep("(-1)&&", 1000) + "5": "5",
	} {
		if got, err := runText(`<%= ` + src + ` %>`); err != nil || got != want {
			t.Errorf("%.20s: %q, %v", src, got, err)
		}
	}
}
