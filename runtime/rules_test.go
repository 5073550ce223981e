package runtime

import (
	"strings"
	"testing"

	"github.com/dop251/goja/ast"
)

// ruleSamples has a text for each rule, by the beginning of its name.
var ruleSamples = map[string]string{
	"a catch block":                   `try { f() } catch (e) { var e = 1 }`,
	"a < b < c":                       `3 > 2 > 1`,
	"typeof of":                       `typeof x + typeof x.y + typeof (x.y)`,
	"switch compares":                 `switch (x) { case 1: }`,
	"a regular expression":            `/é+"/gi.test(x)`,
	"the calls by which":              `EXPR((1))`,
	"source for eval":                 `eval("1" + x) + Function("a", x) + new Function(x)`,
	"a method that is called":         `x[y](1) + x[y].call(x)`,
	"the length of an Array":          `new Array(x); Array(x); x.length = y`,
	"an operator on bits":             `x | y; x <<= 1; ~x`,
	"powers and shifts":               `x = BigInt(2) ** y; x **= y; x << y`,
	"constants that hang":             strings.Repeat("1 && ", maxConstantChain+1) + "2",
	"generators that go on":           `function* f() { yield* g() }`,
	"a property may be called":        `x.Count() + (x).count ( )`,
	"a member of the host that is re": `Response.End; x.Item + (x).item`,
}

// TestRules: each rule changes the tree of its sample, and where a text can have
// it what is written into the text parses to that tree.
func TestRules(t *testing.T) {
	n := NewCompiler(CompilerConfig{}).names
	for _, r := range rules {
		src := ""
		for begin, sample := range ruleSamples {
			if strings.HasPrefix(r.name, begin) {
				src = strings.ReplaceAll(sample, "EXPR", n.expr)
			}
		}
		if src == "" {
			t.Errorf("%q has no sample", r.name)
			continue
		}
		before, after := parseForRules(t, src)
		if _, err := transform(after, src, evalPrefix+src+evalSuffix, n); err != nil {
			t.Errorf("%q: %v", src, err)
		}
		if printTree(before) == printTree(after) {
			t.Errorf("%s: the tree of %q stayed", r.name, src)
		}
		walk(after, onEnter(func(node any) {
			if id, ok := node.(*ast.Identifier); ok && id.Name == "" {
				t.Errorf("%s: %q calls a hidden function that there isn't", r.name, src)
			}
		}))
		tree, _ := parseForRules(t, src)
		if edits, ok := resolveEdits(src, tree, n); !ok || (len(edits) > 0) != (r.text != nil) {
			t.Errorf("%s: %q has the edits %v, %v", r.name, src, edits, ok)
		}
	}
	if len(ruleSamples) != len(rules) {
		t.Errorf("%d samples of %d rules", len(ruleSamples), len(rules))
	}
}

// parseForRules parses a text twice.
func parseForRules(t *testing.T, src string) (one, other *ast.Program) {
	t.Helper()
	for _, tree := range []**ast.Program{&one, &other} {
		var err error
		if *tree, err = parse("", evalPrefix+src+evalSuffix); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
	}
	return one, other
}

// TestItemInText: a member Item that isn't called is the item's text where the
// text of the script is made at run time, too.
func TestItemInText(t *testing.T) {
	for _, way := range []string{`%s`, `eval("%s")`, `Function("return %s")()`} {
		expr := strings.ReplaceAll(way, "%s", "typeof Request.ServerVariables('REQUEST_METHOD').Item")
		if got, err := runText("<%= " + expr + " %>"); err != nil || got != "string" {
			t.Errorf("%s gives %q, %v", expr, got, err)
		}
	}
}
