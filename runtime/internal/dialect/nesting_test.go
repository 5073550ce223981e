package dialect

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNestingBounds(t *testing.T) {
	rep, nested, chained, arrows := strings.Repeat, MaxNesting+1, MaxChain+1, MaxArrowNesting+1
	for name, src := range map[string]string{
		"parens": rep("(", nested), "brackets": rep("[", nested), "blocks": rep("{", nested), "templates": rep("`${", nested),
		"functions": rep("function f(){", nested), "objects": "(" + rep("{a:", nested), "patterns": "var " + rep("[", nested),
		"try": rep("try{", nested) + rep("}finally{}", nested), "assignments": rep("a=", chained) + "1", "calls": "f" + rep("()", chained),
		"members": "a" + rep(".b", chained), "indexes": "a" + rep("[0]", chained), "signs": rep("- ", chained) + "1",
		"typeof": rep("typeof ", chained) + "1", "new": rep("new ", chained) + "a", "sum": rep("a+", chained) + "1", "and": rep("a&&", chained) + "1",
		"powers": rep("a**", chained) + "1", "arrows": rep("()=>", chained) + "1", "singles": rep("a=>", chained) + "1",
		"labels": labels(chained), "if": rep("if(a)", chained) + "b", "for": rep("for(;;)", chained) + "b", "while": rep("while(1)", chained) + "b",
		"do": rep("do ", chained), "with": rep("with(a)", chained) + "b", "ternary": rep("a?b:", chained) + "c", "tags": "f" + rep("``", chained),
		"defaults": rep("(a=", arrows) + "0" + rep(")=>0", arrows), "async": rep("async(a=", arrows) + "0" + rep(")=>0", arrows),
		"destructured": rep("({b}=", arrows) + "0" + rep(")=>0", arrows), "spread": rep("(...[a=", arrows) + "0" + rep("])=>0", arrows),
		"both":        rep(rep("- ", 100)+"(", MaxChain/100+1),
		"in a regexp": "a=b\n/" + rep("(", maxUnclosed+1) + "/",
	} {
		err := CheckNesting(src)
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func labels(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("l")
		b.WriteString(strings.Repeat("x", i%7))
		b.WriteString(":")
	}
	return b.String()
}

func TestNestingOfOrdinaryText(t *testing.T) {
	rep := strings.Repeat
	for name, src := range map[string]string{
		"statements":    rep("a = b.c(d) + e\n", 20000),
		"with ends":     rep("a=b.c(d)+e;", 20000),
		"list":          "[" + rep("1,", 50000) + "]",
		"objects":       "x=[" + rep("{a:-1,b:[2],c:f(3)},\n", 20000) + "]",
		"functions":     rep("function f(a){ if(a){ return -a } else return a }\n", 20000),
		"methods":       "class A {" + rep("m(a){ return -a }\n", 20000) + "}",
		"object method": "x={" + rep("m(a){ return -a },\n", 20000) + "}",
		"else if":       rep("if(a){b} else ", 4000) + "{c}",
		"if":            rep("if (a) b\n", 20000), "if else": rep("if (a) b; else c\n", 20000), "for": rep("for (;;) { break }\n", 20000),
		"cases":   "switch(a){" + rep("case 1: b(); break;\n", 20000) + "}",
		"concat":  "a=" + rep("'b' + c +\n", 2000) + "d",
		"arrows":  rep("f((a, b = (c) => 1) => { return (d) => (e) => e })\n", 5000),
		"strings": rep("a = '((((((((' + \"[[[[[{{{{\"; // ((((\n", 500),
		"promise": "p" + rep(".then(function(a){ return a })", 1000),
		"try":     rep("try { a() } catch (e) { b() } finally { c() }\n", 20000),
		"do":      rep("do a(); while (b)\n", 20000),
		"html":    rep("$t(1);if(a){$t(2);$e((b\n));}", 20000),
	} {
		if err := CheckNesting(src); err != nil {
			t.Errorf("%s: %v at %d", name, err, err.(*Error).Offset)
		}
	}
	files, _ := filepath.Glob("testdata/corpus/*")
	for _, f := range files {
		if raw, err := os.ReadFile(f); err == nil {
			if err := CheckNesting(string(raw)); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
}

func BenchmarkCheckNesting(b *testing.B) {
	src := strings.Repeat("function f(a){ if(a){ return -a } else return a }\n", 2000)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		_ = CheckNesting(src)
	}
}

func FuzzCheckNesting(f *testing.F) {
	f.Add("if(a)b=(c=>d)`${e}`/f/")
	f.Fuzz(func(t *testing.T, src string) { _ = CheckNesting(src) })
}
