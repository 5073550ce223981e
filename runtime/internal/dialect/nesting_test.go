package dialect

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestNestingBounds(t *testing.T) {
	rep := strings.Repeat
	for name, src := range map[string]string{
		"parens": rep("(", 600), "brackets": rep("[", 600), "blocks": rep("{", 600), "templates": rep("`${", 600),
		"functions": rep("function f(){", 600), "objects": "(" + rep("{a:", 600), "patterns": "var " + rep("[", 600),
		"try": rep("try{", 600) + rep("}finally{}", 600), "assignments": rep("a=", 6000) + "1", "calls": "f" + rep("()", 6000),
		"members": "a" + rep(".b", 6000), "indexes": "a" + rep("[0]", 6000), "signs": rep("- ", 6000) + "1",
		"typeof": rep("typeof ", 6000) + "1", "new": rep("new ", 6000) + "a", "sum": rep("1+", 6000) + "1", "and": rep("1&&", 6000) + "1",
		"powers": rep("1**", 6000) + "1", "arrows": rep("()=>", 6000) + "1", "singles": rep("a=>", 6000) + "1",
		"labels": labels(6000), "if": rep("if(a)", 6000) + "b", "for": rep("for(;;)", 6000) + "b", "while": rep("while(1)", 6000) + "b",
		"do": rep("do ", 6000), "with": rep("with(a)", 6000) + "b", "ternary": rep("a?b:", 6000) + "c", "tags": "f" + rep("``", 6000),
		"defaults": rep("(a=", 6) + "0" + rep(")=>0", 6), "async": rep("async(a=", 7) + "0" + rep(")=>0", 7),
		"destructured": rep("({b}=", 7) + "0" + rep(")=>0", 7), "spread": rep("(...[a=", 7) + "0" + rep("])=>0", 7),
		"both":        rep(rep("- ", 100)+"(", 400),
		"in a regexp": "a=b\n/" + rep("(", 30000) + "/",
	} {
		began := time.Now()
		err := CheckNesting(src)
		if _, ok := errors.AsType[*Error](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(began); d > 30*time.Second { // what isn't bounded takes hours
			t.Errorf("%s took %v", name, d)
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
