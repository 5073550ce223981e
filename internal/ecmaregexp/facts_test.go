package ecmaregexp

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestFacts has what ECMA-262 says of matching, a fact a line. What is found
// is written as the texts of its groups, "-" for one that took no part.
func TestFacts(t *testing.T) {
	t.Parallel()
	for _, f := range []struct{ pattern, flags, text, want string }{
		// Alternatives are tried in order, quantifiers as much or as little as can be.
		{`a|ab`, "", "abc", "a"},
		{`((a)|(ab))((c)|(bc))`, "", "abc", "abc|a|a|-|bc|-|bc"},
		{`a[a-z]{2,4}`, "", "abcdefghi", "abcde"},
		{`a[a-z]{2,4}?`, "", "abcdefghi", "abc"},
		{`(aa|aabaac|ba|b|c)*`, "", "aabaac", "aaba|ba"},
		{`()|`, "", "", "|"},
		{`b{2,3}c`, "", "aaabbbbcccddeeeefffff", "bbbc"},
		{`b{0}`, "", "b", ""},
		{`\w{3}\d?`, "", "CE\uFFFFL\uFFDDbox127", "box1"},
		{`x*y+$`, "", "xxxxxxyyyyyy", "xxxxxxyyyyyy"},
		{`[xyz]*1`, "", "xxx", "none"},
		{`(\d{3}|\d{4})?-`, "", "1234-", "1234-|1234"},
		// Groups are forgotten in each round; a round that moves nothing is none.
		{`(z)((a+)?(b+)?(c))*`, "", "zaacbbbcac", "zaacbbbcac|z|ac|a|-|c"},
		{`(?:(a)|b)*`, "", "ab", "ab|-"},
		{`(a*)*`, "", "b", "|-"},
		{`(a*)b\1+`, "", "baaaac", "b|"},
		{`(?:a*?)*`, "", "aa", "aa"},
		{`(a?)??`, "", "a", "|-"},
		{`(?:|a){2,3}b`, "", "aab", "aab"},
		{`(?:()|b)*c`, "", "bbc", "bbc|-"},
		{`(\2a)(\1)`, "", "aaa", "aa|a|a"},
		{`\1(A)(B)\2`, "", "ABB", "ABB|A|B"},
		// Lookahead keeps its groups and no way back; a negative one keeps none.
		{`(?=(a+))`, "", "baaabac", "|aaa"},
		{`(?=(a+))a*b\1`, "", "baaabac", "aba|a"},
		{`(.*?)a(?!(a+)b\2c)\2(.*)`, "", "baaabaac", "baaabaac|ba|-|abaac"},
		{`(?!(a))b|a`, "", "a", "a|-"},
		{`(?=(a))?b`, "", "ab", "b|-"},
		{`(?=a)*`, "", "a", ""},
		{`(?:(?=(a)))+`, "", "a", "|a"},
		// Lookbehind goes to the left.
		{`(?<=(\d+)(\d+))$`, "", "1053", "|1|053"},
		{`(?<=\1(\d+))b`, "", "22b", "b|2"},
		{`(?<=(c)|b)a`, "", "ba", "a|-"},
		{`(?<!abc)\w\w\w`, "", "abcdef", "abc"},
		{`(?<=^abc)def`, "", "abcdef", "def"},
		{`(?<=a(?=([^a]{2})d)\w{3})\w\1`, "", "abbdbb", "none"},
		{`(?<=([abc]+)([abc]+))$`, "", "abc", "|a|bc"},
		{`(?<=a|bc)d`, "", "bcd", "d"},
		{`(?<=b(?!c))c`, "", "abcb", "none"},
		{`(?<=^(\w+))def`, "g", "abcdef", "def|abc"},
		{`(?<=(.)\1)b`, "i", "aAb", "b|A"},
		// Line ends are four, \b is ASCII's.
		{`^b`, "m", "a\rb", "b"},
		{`a$`, "m", "a\u2028b", "a"},
		{`^..^e`, "", "ab\ncde", "none"},
		{`.+`, "", "\r\n\u2028ab\u2029", "ab"},
		{`.+`, "s", "\r\n\u2028", "\r\n\u2028"},
		{`\bé`, "", "é", "none"},
		{`\Bevil\B`, "", "devils", "evil"},
		{`\s+`, "", "\u180E\uFEFF\u3000\u00A0", "\uFEFF\u3000\u00A0"},
		// Without regard to case: toUpperCase without u, folding with it.
		{`\u212a`, "i", "k", "none"},
		{`\u212a`, "iu", "k", "\u006b"},
		{`[^x]`, "i", "X", "none"},
		{`ß`, "i", "ẞ", "none"},
		{`ß`, "iu", "ẞ", "ẞ"},
		{`ſ`, "i", "S", "none"},
		{`\w`, "iu", "ſ", "ſ"},
		{`\W`, "iu", "S", "none"},
		{`\b`, "iu", "ſ", ""},
		{`[\w-a]`, "i", "-", "-"},
		{`σ`, "i", "ς", "ς"},
		{`(.)\1`, "i", "Σς", "Σς|Σ"},
		{`𐐀`, "iu", "𐐨", "𐐨"},
		{`[^]`, "", "\n", "\n"},
		{`[]`, "", "a", "none"},
		// Code points with u and v, units without.
		{`^.$`, "", "😀", "none"},
		{`^.$`, "u", "😀", "😀"},
		{`^[^x]$`, "u", "😀", "😀"},
		{`\uD83D`, "u", "😀", "none"},
		{`\u{1F600}{2}`, "u", "😀😀", "😀😀"},
		{`^\S$`, "u", "😀", "😀"},
		{`\p{Script=Greek}+`, "u", "abγδ", "γδ"},
		{`\p{Lu}`, "iu", "a", "a"},
		{`\P{Any}`, "u", "a", "none"},
		{`\p{Script_Extensions=Deva}`, "u", "।", "।"},
		{`^\p{RGI_Emoji}$`, "v", "👨‍👩‍👧", "👨‍👩‍👧"},
		{`^\p{Emoji_Keycap_Sequence}$`, "v", "1\uFE0F\u20E3", "1\uFE0F\u20E3"},
		{`[\p{L}--[a-z]]`, "v", "aB", "B"},
		{`[\w&&\d]`, "v", "a1", "1"},
		{`[\q{abc|a|}x]`, "v", "abcd", "abc"},
		{`[\q{}]`, "v", "z", ""},
		{`[^\P{Lu}]`, "iv", "a", "a"},
		{`[a&&A]`, "iv", "a", "a"},
		// Annex B.
		{`\1(a)`, "", "a", "a|a"},
		{`\2(a)`, "", "\x02a", "\x02a|a"},
		{`\8\101\18`, "", "8A\x018", "8A\x018"},
		{`\c`, "", `\c`, `\c`},
		{`[\c]+`, "", `\c`, `\c`},
		{`[\c1]`, "", "\x11", "\x11"},
		{`a{`, "", "a{", "a{"},
		{`a{1`, "", "a{1", "a{1"},
		{`x{,1}`, "", "x{,1}", "x{,1}"},
		{`]}`, "", "]}", "]}"},
		{`\u{3}`, "", "uuu", "uuu"},
		{`\xz\uz`, "", "xzuz", "xzuz"},
		{`\k<a>`, "", "k<a>", "k<a>"},
		{`\p{L}`, "", "p{L}", "p{L}"},
		{`[\d-z]+`, "", "z-1", "z-1"},
		{`\_\-`, "", "_-", "_-"},
		{`(?=a){2}a`, "", "a", "a"},
		// Named groups, also of one name, and modifiers (ECMAScript 2025).
		{`(?<year>\d+)-\k<year>`, "", "12-12", "12-12|12"},
		{`\k<a>(?<a>x)`, "", "x", "x|x"},
		{`(?<π>.)(?<𝒜>.)`, "", "ab", "ab|a|b"},
		{`(?<\u{61}b>.)\k<ab>`, "", "xx", "xx|x"},
		{`(?:(?<y>a)|(?<y>b))\k<y>`, "", "bb", "bb|-|b"},
		{`(?:(?:(?<x>a)|(?<x>b)|c)\k<x>){2}`, "", "aac", "aac|-|-"},
		{`(?i:a)b`, "", "Ab", "Ab"},
		{`(?i:a)b`, "", "AB", "none"},
		{`(?-i:a)b`, "i", "aB", "aB"},
		{`(?s-m:.^)`, "m", "a\n", "none"},
		{`(?m:^b)`, "", "a\nb", "b"},
		{`(?i:(?-i:a)b)`, "", "aB", "aB"},
		// Long ones.
		{`(?:a|b)*c`, "", strings.Repeat("ab", 50_000) + "c", strings.Repeat("ab", 50_000) + "c"},
		{`(?:(a)|(b))*$`, "", strings.Repeat("ab", 20_000), strings.Repeat("ab", 20_000) + "|-|b"},
		{`"(?:[^"\\]|\\.)*"`, "", `x"` + strings.Repeat(`a\"`, 30_000) + `"`, `"` + strings.Repeat(`a\"`, 30_000) + `"`},
		{strings.Repeat("(", 500) + "a" + strings.Repeat(")", 500), "", "a", strings.Repeat("a|", 500) + "a"},
	} {
		flags, _ := ParseFlags(f.flags)
		p, err := CompileString(f.pattern, flags)
		if err != nil {
			t.Errorf("%.80s: %v", f.pattern, err)
			continue
		}
		m := Machine{}
		found, err := m.Match(p, wide(f.text), 0, false)
		if got := textsOf(found, f.text); got != f.want || err != nil {
			t.Errorf("/%.80s/%s on %.40q: %.200q %v, want %.200q", f.pattern, f.flags, f.text, got, err, f.want)
		}
		if strings.IndexFunc(f.text, func(r rune) bool { return r >= 0x80 }) >= 0 {
			continue
		}
		found, err = m.Match(p, Narrow(f.text), 0, false)
		if got := textsOf(found, f.text); got != f.want || err != nil {
			t.Errorf("/%.80s/%s on bytes %.40q: %.200q %v, want %.200q", f.pattern, f.flags, f.text, got, err, f.want)
		}
	}
}

// TestSyntaxErrors has what is no expression, and V8's words for it: without
// u, and with it where that is different.
func TestSyntaxErrors(t *testing.T) {
	t.Parallel()
	const right = ""
	for _, c := range []struct{ pattern, without, with string }{
		{`(`, "Unterminated group", "Unterminated group"},
		{`a)`, "Unmatched ')'", "Unmatched ')'"},
		{`[a`, "Unterminated character class", "Unterminated character class"},
		{`[b-a]`, "Range out of order in character class", "Range out of order in character class"},
		{`*`, "Nothing to repeat", "Nothing to repeat"},
		{`a**`, "Nothing to repeat", "Nothing to repeat"},
		{`^*`, "Nothing to repeat", "Nothing to repeat"},
		{`a{2,1}`, "numbers out of order in {} quantifier", "numbers out of order in {} quantifier"},
		{`{1}`, "Nothing to repeat", "Nothing to repeat"},
		{`a{1`, right, "Incomplete quantifier"},
		{`{`, right, "Lone quantifier brackets"},
		{`]`, right, "Lone quantifier brackets"},
		{`\`, `\ at end of pattern`, `\ at end of pattern`},
		{`(?`, "Invalid group", "Invalid group"},
		{`(?a)`, "Invalid group", "Invalid group"},
		{`(?<a`, "Invalid capture group name", "Invalid capture group name"},
		{`(?<1a>)`, "Invalid capture group name", "Invalid capture group name"},
		{`(?<>)`, "Invalid capture group name", "Invalid capture group name"},
		{`(?<a>)(?<a>)`, "Duplicate capture group name", "Duplicate capture group name"},
		{`(?<a>)((?<a>)|b)`, "Duplicate capture group name", "Duplicate capture group name"},
		{`((?<a>)|(?<a>))(?<a>)`, "Duplicate capture group name", "Duplicate capture group name"},
		{`(?<a>.)|(?<a>.)`, right, right},
		{`(?<a>)\k`, "Invalid named reference", "Invalid named reference"},
		{`(?<a>)\k<b>`, "Invalid named capture referenced", "Invalid named capture referenced"},
		{`\k<b>`, right, "Invalid named capture referenced"},
		{`(?<=a)*`, "Invalid quantifier", "Invalid quantifier"},
		{`(?=a)*`, right, "Invalid quantifier"},
		{`\1`, right, "Invalid escape"},
		{`\00`, right, "Invalid decimal escape"},
		{`[\1]`, right, "Invalid class escape"},
		{`\a`, right, "Invalid escape"},
		{`\-`, right, "Invalid escape"},
		{`[\-]`, right, right},
		{`\c`, right, "Invalid Unicode escape"},
		{`\x1`, right, "Invalid escape"},
		{`\u1`, right, "Invalid Unicode escape"},
		{`\u{110000}`, right, "Invalid Unicode escape"},
		{`[\d-a]`, right, "Invalid character class"},
		{`\p{Foo}`, right, "Invalid property name"},
		{`\p{lu}`, right, "Invalid property name"},
		{`\pL`, right, "Invalid property name"},
		{`\p{Script}`, right, "Invalid property name"},
		{`\p{Block=Latin}`, right, "Invalid property name"},
		{`\p{RGI_Emoji}`, right, "Invalid property name"},
		{`[\p{Foo}]`, right, "Invalid property name in character class"},
		{`(?i-i:a)`, "Repeated flag in flag group", "Repeated flag in flag group"},
		{`(?ii:a)`, "Repeated flag in flag group", "Repeated flag in flag group"},
		{`(?--i:a)`, "Multiple dashes in flag group", "Multiple dashes in flag group"},
		{`(?-:a)`, "Invalid flag group", "Invalid flag group"},
		{`(?g:a)`, "Invalid group", "Invalid group"},
		{strings.Repeat("(?:", MaxNesting+1) + strings.Repeat(")", MaxNesting+1), tooLarge, tooLarge},
		{strings.Repeat("(?:", MaxNesting) + strings.Repeat(")", MaxNesting), right, right},
		{strings.Repeat("a", MaxLength+1), tooLarge, tooLarge},
		{strings.Repeat("a", MaxLength), right, right},
	} {
		for flags, want := range map[Flags]string{0: c.without, Unicode: c.with} {
			_, err := CompileString(c.pattern, flags)
			var syntax *SyntaxError
			if got := ""; errors.As(err, &syntax) {
				if got = syntax.Reason; got != want {
					t.Errorf("%.60s with %q: %s, want %s", c.pattern, flags, got, want)
				}
			} else if want != "" {
				t.Errorf("%.60s with %q is right, want %s", c.pattern, flags, want)
			}
		}
	}
	for _, c := range [][2]string{
		{`[(]`, "Invalid character in character class"}, {`[a--b&&c]`, "Invalid set operation in character class"},
		{`[^\q{ab}]`, "Negated character class may contain strings"}, {`[^\p{RGI_Emoji}]`, "Negated character class may contain strings"},
		{`\P{RGI_Emoji}`, "Invalid property name"}, {`[a&&&b]`, "Invalid character in character class"}, {`[!!]`, "Invalid set operation in character class"},
	} {
		if _, err := CompileString(c[0], UnicodeSets); err == nil || !strings.HasSuffix(err.Error(), ": "+c[1]) {
			t.Errorf("%s with v: %v, want %s", c[0], err, c[1])
		}
	}
	if _, err := CompileString(`ab(?<`, Unicode|IgnoreCase); err.Error() != "Invalid regular expression: /ab(?</iu: Invalid capture group name" || err.(*SyntaxError).Offset < 4 {
		t.Error(err, err.(*SyntaxError).Offset)
	}
	for text, want := range map[string]bool{"": true, "dgimsuy": true, "v": true, "uv": false, "gg": false, "x": false, "G": false} {
		if _, ok := ParseFlags(text); ok != want {
			t.Errorf("flags %q: %v", text, ok)
		}
	}
}

// TestStarts: sticky, a start in the text, one behind it, one within a pair.
func TestStarts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, flags, text string
		start                int
		sticky               bool
		want                 string
	}{
		{`a`, "", "bab", 1, true, "[1 2]"},
		{`a`, "", "bab", 0, true, "[]"},
		{`^a`, "", "aa", 1, false, "[]"},
		{`^a`, "m", "b\na", 1, true, "[]"},
		{`^a`, "m", "b\na", 2, true, "[2 3]"},
		{`(?<=a)b`, "", "ab", 1, true, "[1 2]"},
		{`$`, "", "ab", 2, true, "[2 2]"},
		{``, "", "ab", 3, false, "[]"},
		{`.`, "u", "😀", 1, true, "[0 2]"},
		{`.`, "", "😀", 1, true, "[1 2]"},
		{`x`, "", strings.Repeat("a", 100), 100, false, "[]"},
	} {
		flags, _ := ParseFlags(c.flags)
		p, err := CompileString(c.pattern, flags)
		if err != nil {
			t.Fatal(err)
		}
		m := Machine{}
		if got, err := m.Match(p, wide(c.text), c.start, c.sticky); fmt.Sprint(got) != c.want || err != nil {
			t.Errorf("/%s/%s on %q from %d, sticky %v: %v %v, want %s", c.pattern, c.flags, c.text, c.start, c.sticky, got, err, c.want)
		}
	}
}

// TestBounds: a match stops when its owner says so, and when it needs more
// memory than its text allows; the machine is as good as new then.
func TestBounds(t *testing.T) {
	t.Parallel()
	slow, _ := CompileString(`(ab|a)*x`, 0)
	polls := 0
	m := Machine{Poll: func() error {
		if polls++; polls == 3 {
			return errStopped
		}
		return nil
	}}
	text := Narrow(strings.Repeat("ab", 50_000) + ".")
	if found, err := m.Match(slow, text, 0, true); err != errStopped || found != nil {
		t.Errorf("%v, %v after %d polls", found, err, polls)
	}
	m.Poll = nil
	large, _ := CompileString(`(?:(?:|a){300}){300}`, 0)
	if found, err := m.Match(large, Narrow("aa"), 0, false); err != ErrTooComplex {
		t.Error(found, err)
	}
	again, _ := CompileString(`(b)c`, 0)
	if found, err := m.Match(again, Narrow("abc"), 0, false); fmt.Sprint(found) != "[1 3 1 2]" || err != nil {
		t.Error(found, err)
	}
}

// TestMemory: what a match keeps grows with its text, not with its rounds.
func TestMemory(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{`.*x`, `[^"]*"`, `(?:a|b)*x`, `(?:[ab])*x`, `(a|b)*x`, `(?:ab|a)*x`, `(?=(?:a|b)*)x`} {
		p, err := CompileString(pattern, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1_000, 30_000} {
			m := Machine{}
			if _, err := m.Match(p, Narrow(strings.Repeat("ab", n/2)), 0, true); err != nil {
				t.Errorf("%s on %d: %v", pattern, n, err)
			}
			if most := stackBase + stackPerUnit*n; cap(m.stack) > most {
				t.Errorf("%s on %d keeps %d", pattern, n, cap(m.stack))
			}
		}
	}
}

func textsOf(found []int32, text string) string {
	if found == nil {
		return "none"
	}
	units := wide(text).wide
	var out []string
	for i := 0; i < len(found); i += 2 {
		if found[i] < 0 {
			out = append(out, "-")
		} else {
			out = append(out, string(decode(units[found[i]:found[i+1]])))
		}
	}
	return strings.Join(out, "|")
}

// An error shows the beginning of a pattern that is long.
func TestErrorOfALongPattern(t *testing.T) {
	_, err := CompileString(strings.Repeat("a", 5000)+"(", 0)
	want := "Invalid regular expression: /" + strings.Repeat("a", maxShown) + "…/: Unterminated group"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
