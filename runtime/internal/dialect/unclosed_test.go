package dialect

import (
	"strings"
	"testing"
)

// TestUnclosed marks with ‸ what has no end.
func TestUnclosed(t *testing.T) {
	t.Parallel()
	for _, marked := range []string{
		"f(1); g‸(2", "if (a) ‸{ b();", "if (a) { b(‸[1, ')'", "a = /[(]/; ‸{", "‸`a\\`", "`${a}`; x = ‸`", "‸`a${b", "a /* ( */ // [\n ‸/* {",
		"a", "(`[${'{'}`)", "a // /*", "`\\\\`",
	} {
		src, want := strings.Replace(marked, "‸", "", 1), strings.Index(marked, "‸")
		if got := Unclosed(src); got != want {
			t.Errorf("%q: %d, want %d", src, got, want)
		}
	}
}

// TestMisplaced marks with ‸ what can't stand there, and with ‹ what would have
// to be closed before.
func TestMisplaced(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		src string
		ok  bool
	}{
		{"f‹(1‸;", true}, {"a = ‹[1‸;", true}, {"f(‹{a: 1‸);", true}, {"a(‹[1‸)", true}, {"{ f‹(1 ‸}", true}, {"a = ‹{b: 1‸;", true},
		{"a‸)", true}, {"a; ‸}", true}, {"if (a) { b‸) }", true}, {"a‸]", true},
		{"for (a; b; c‸;", false}, {"f(1‸)", false}, {"{ a ‸}", false}, {"`a ‸;", false}, {"class A { a ‸; }", false}, {"a ‸b", false}, {"a‸", false},
	} {
		src := strings.NewReplacer("‹", "", "‸", "").Replace(test.src)
		at, want := strings.Index(strings.Replace(test.src, "‹", "", 1), "‸"), strings.Index(test.src, "‹")
		if got, ok := Misplaced(src, at); ok != test.ok || ok && got != want {
			t.Errorf("%q: %d, %v; want %d, %v", test.src, got, ok, want, test.ok)
		}
	}
	for _, src := range []string{"", "a;\u2028`${`${ }`", "\\u{", "/(", "a.‸"} {
		for at := range len(src) + 2 {
			_, _ = Misplaced(src, at-1) // whatever it says
		}
	}
}
