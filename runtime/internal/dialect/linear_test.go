package dialect

import (
	"strings"
	"testing"
)

// monotonous is a list of sources that say one thing n times, so that a reader
// who looks ahead or back too often is seen by how much he reads.
func monotonous(n int) map[string]string {
	of := func(s string) string { return strings.Repeat(s, n) }
	return map[string]string{
		"opening parentheses":        of("("),
		"opening brackets":           of("["),
		"opening braces":             of("{"),
		"opening templates":          of("`${"),
		"balanced":                   of("(") + of(")"),
		"wrong closing":              of("(") + of("}]"),
		"closing nothing":            of(")]}"),
		"closing far out":            "{" + of("([") + "}" + of("}])"),
		"arguments in arguments":     of("f(") + of(")=1"),
		"members in parentheses":     of("(") + "a.b" + of(")") + "(1)=2",
		"calls in parentheses":       of("(") + "a(1)" + of(")") + "=2",
		"chain of calls":             "f" + of("(1)") + "=2",
		"chain of assignments":       of("f(1)=") + "1",
		"chain of prefixes":          of("++ ") + "f(1)",
		"prefixed calls":             of("++f(1);"),
		"new":                        of("new ") + "F(1)",
		"slashes":                    of("/"),
		"slashes and brackets":       of("/["),
		"regular expressions":        of("/a/\n"),
		"unfinished regular":         of("=/a[/"),
		"comments":                   of("/*"),
		"small comments":             of("/**/"),
		"async and comments":         of("async/**/"),
		"async before a comment":     "async" + of("/**/") + "x",
		"asyncs before line ends":    of("async \n"),
		"let and comments":           of("let/* */"),
		"await":                      of("await "),
		"HTML comments":              of("<!--\n"),
		"HTML comment marks":         of("<!--"),
		"arrows":                     of("x=>"),
		"conditionals":               of("a?b:"),
		"open conditionals":          of("a?"),
		"quotes":                     of(`"`),
		"unfinished strings":         of("\"\n"),
		"backslashes":                of(`\`),
		"escapes in names":           of(`\u{`),
		"template without end":       "`" + of("$"),
		"classes":                    of("class extends "),
		"class bodies":               of("class{") + of("}"),
		"classes in extends":         of("class extends class{}") + of("{}"),
		"functions":                  of("function f(){") + of("}"),
		"object keys":                "({" + of("async get *"),
		"ifs":                        of("if(a)"),
		"one word":                   of("a"),
		"one number":                 of("1"),
		"octal":                      of("0"),
		"line separators":            of("\u2028"),
		"bytes of a line separator":  of("\xe2\x80"),
		"NUL":                        of("\x00"),
		"invalid UTF-8":              of("\xff"),
		"blanks":                     of(" "),
		"wide blanks":                of("\u3000"),
		"private names":              of("#"),
		"dots":                       of("."),
		"optional chains":            of("a?.(b)=1;"),
		"labels":                     of("a:"),
		"yield in a generator":       "function*g(){" + of("yield "),
		"await in an async function": "async function g(){" + of("await "),
	}
}

// TestLinear reads sources of two sizes and compares how many bytes the lexer
// looked at: each a bounded number of times.
func TestLinear(t *testing.T) {
	work := func(name, src string) int {
		r, err := Rewrite(src, testNames)
		if err == nil && len(r.Edits) == 0 && r.Text != src {
			t.Errorf("%s: changed without an edit", name)
		}
		return walk(src, testNames).lexer.work
	}
	const n = 300
	large := monotonous(2 * n)
	for name, src := range monotonous(n) {
		one, two := work(name, src), work(name, large[name])
		if two > 2*one+500 || two > 8*len(large[name])+100 {
			t.Errorf("%s: %d bytes looked at, of twice as much %d", name, one, two)
		}
	}
}

// TestCut reads every beginning of every source in testdata.
func TestCut(t *testing.T) {
	for _, dir := range []string{"cases", "corpus"} {
		for _, file := range chunkFiles(t, dir) {
			_, list := readChunks(t, file)
			for _, c := range list {
				for i := range c.source {
					if r, err := Rewrite(c.source[:i], testNames); err == nil {
						checkEdits(t, c.source[:i], r)
					}
				}
			}
		}
	}
}
