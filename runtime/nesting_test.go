package runtime

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/dop251/goja/ast"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// nest is a text that has one more of its parts than a bound allows, or n of
// them: of a script that is right, so that nothing but the bound is against it.
func nest(before, middle, after string, n int) string {
	return strings.Repeat(before, n) + middle + strings.Repeat(after, n)
}

// nestings are the ways to nest a script, by how many levels a bound allows.
var nestings = map[string]struct {
	most int
	of   func(n int) string
}{
	"parens":      {dialect.MaxNesting, func(n int) string { return nest("(", "1", ")", n) }},
	"templates":   {dialect.MaxNesting, func(n int) string { return nest("`${", "1", "}`", n) }},
	"functions":   {dialect.MaxNesting, func(n int) string { return nest("function f(){", "", "}", n) }},
	"try":         {dialect.MaxNesting, func(n int) string { return nest("try{", "", "}finally{}", n) }},
	"blocks":      {dialect.MaxNesting, func(n int) string { return nest("{", "", "}", n) }},
	"assignments": {dialect.MaxChain, func(n int) string { return "var a;" + nest("a=", "1", "", n) }},
	"calls":       {dialect.MaxChain, func(n int) string { return "function f(){return f};" + nest("", "f", "()", n) }},
	"signs":       {dialect.MaxChain, func(n int) string { return nest("- ", "1", "", n) }},
	"arrows":      {dialect.MaxArrowNesting, func(n int) string { return nest("(a=", "0", ")=>0", n) }},
	"size":        {maxScript, func(n int) string { return "''" + strings.Repeat(" ", n-2) }},
}

// TestNestedPages: a page whose script is nested deeper than the bounds allow
// is ASP 0132 on its line.
func TestNestedPages(t *testing.T) {
	t.Parallel()
	for name, nesting := range nestings {
		_, err := runText("line 1\n<% " + nesting.of(nesting.most+1) + " %>")
		e, ok := errors.AsType[*asp.Error](err)
		if !ok || asp.CodeOf(err) != 132 || e.File != "default.asp" || e.Line != 2 {
			t.Errorf("%s: %.200v (line of %+v)", name, err, ok)
		}
		if _, err := runText("<% " + nesting.of(min(nesting.most, 5000)*9/10) + " %>"); err != nil {
			t.Errorf("%s within the bound: %.200v", name, err)
		}
	}
}

// TestNestedSource: eval and Function throw what a page can catch.
func TestNestedSource(t *testing.T) {
	t.Parallel()
	check := func(what, of, call, want string) {
		got, err := runAsked(`<% var s = `+of+`; try { `+call+`; Response.Write("no error") } catch (e) { Response.Write(e.name) } %>`, "/?s="+url.QueryEscape(what))
		if err != nil || got != want {
			t.Errorf("%s of %s, %.20s: %q, %v", call, of, what, got, err)
		}
	}
	for _, call := range []string{"eval(s)", "new Function(s)"} {
		for name, nesting := range nestings {
			if name != "size" { // of a URL
				check(nesting.of(nesting.most+1), `String(Request("s"))`, call, "SyntaxError")
			}
		}
		check("", fmt.Sprintf(`" ".repeat(%d)`, maxScript+1), call, "SyntaxError")
		check("", fmt.Sprintf(`" ".repeat(%d)`, maxScript-100), call, "no error")
	}
}

// TestConstantChains: the engine's compiler never gets a chain of constants
// that is longer than the bound, and the chain's value stays what it is.
func TestConstantChains(t *testing.T) {
	t.Parallel()
	rep := strings.Repeat
	for src, want := range map[string]string{
		rep("1&&", maxConstantChain+1) + "2": "2", rep("0||", maxConstantChain+1) + "3": "3", rep("null??", maxConstantChain+1) + "4": "4",
		rep("(-1)&&", maxConstantChain+1) + "5": "5",
	} {
		tree, err := parse("default.asp", src)
		if err != nil {
			t.Fatal(err)
		}
		if !slowConstants(src, tree) {
			t.Errorf("%s isn't seen", src)
		}
		if _, err := transform(tree, src, src, NewCompiler(CompilerConfig{}).names); err != nil || slowConstants(src, tree) {
			t.Errorf("%s is left as it is, %v", src, err)
		}
		if got, err := runText(`<%= ` + src + ` %>`); err != nil || got != want {
			t.Errorf("%s: %q, %v", src, got, err)
		}
		got, err := runText(`<% try { eval("` + src + `"); Response.Write("no error") } catch (e) { Response.Write(e.name) } %>`)
		if err != nil || got != "SyntaxError" {
			t.Errorf("eval of %s: %q, %v", src, got, err)
		}
	}
	if src := rep("1&&", maxConstantChain) + "2"; looksConstant(src) {
		t.Errorf("%s is within the bound", src)
	}
}

// TestAPanicOfTheParserIsAnError like any other.
func TestAPanicOfTheParserIsAnError(t *testing.T) {
	_, err := parsed(func() (*ast.Program, error) { panic("on a text") })
	if !isPanic(err) || err.Error() != "the text can't be parsed: on a text" {
		t.Errorf("%v", err)
	}
}
