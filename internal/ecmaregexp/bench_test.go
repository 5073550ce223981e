package ecmaregexp

import (
	"regexp"
	"strings"
	"testing"

	"github.com/dlclark/regexp2/v2"
)

// common are expressions as pages have them, each with a text on which it has
// to work.
var common = []struct{ name, pattern, flags, text string }{
	{"trim", `^\s+|\s+$`, "", "   the quick brown fox jumps over the lazy dog   "},
	{"mail", `^[\w.+-]+@[\w-]+(\.[\w-]+)+$`, "", "somebody.or.other@mail.example.com"},
	{"date", `^(\d{4})-(\d{2})-(\d{2})$`, "", "2026-11-30"},
	{"digits", `\d+`, "", "Order number of the customer: 4711"},
	{"integer", `^-?\d+$`, "", "1234567890"},
	{"price", `^\d+(?:[.,]\d{1,2})?$`, "", "1299.95"},
	{"tag", `<[^>]+>`, "", strings.Repeat("some text in between ", 5) + `<a href="x.asp">`},
	{"tags", `<(\w+)[^>]*>(.*?)</\w+>`, "", `<td class="x">` + strings.Repeat("cell ", 20) + "</td>"},
	{"quote", `"[^"]*"`, "", `name = "value of some length, as attributes have it"`},
	{"escape", `[&<>"]`, "", strings.Repeat("nothing to be escaped here, ", 4) + "& done"},
	{"lines", `^.*$`, "m", "first line of a text\nsecond\n"},
	{"words", `\b\w+\b`, "", "   ...   words"},
	{"word", `\bfox\b`, "", "the quick brown foxes and the fox"},
	{"anycase", `script`, "i", strings.Repeat("text of a page ", 6) + "<SCRIPT>"},
	{"file", `\.(?:gif|jpe?g|png|webp)$`, "i", "/images/2026/11/holiday-picture.JPG"},
	{"query", `[?&]id=([^&]*)`, "", "/default.asp?page=3&sort=name&id=4711&x=1"},
	{"url", `^(https?):\/\/([^\/:]+)(?::(\d+))?(\/.*)?$`, "", "http://www.example.com:8080/path/to/page.asp?x=1"},
	{"split", `\s*,\s*`, "", "one value of a list , another one"},
	{"password", `^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$`, "", "correctHorse9battery"},
	{"twice", `(\w+)\s+\1`, "", "this is a text with the the same word"},
}

// BenchmarkCommon measures a match by this package beside one by what goja
// uses: Go's regexp, and regexp2 for what that can't do.
func BenchmarkCommon(b *testing.B) {
	for _, c := range common {
		flags, _ := ParseFlags(c.flags)
		p, err := CompileString(c.pattern, flags)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(c.name+"/ours", func(b *testing.B) {
			b.ReportAllocs()
			m := Machine{}
			for b.Loop() {
				if found, _ := m.Match(p, Narrow(c.text), 0, false); found == nil {
					b.Fatal("no match")
				}
			}
		})
		b.Run(c.name+"/theirs", func(b *testing.B) {
			b.ReportAllocs()
			theirs, err := regexp.Compile("(?" + c.flags + "s-s:" + c.pattern + ")")
			if err != nil {
				backtracks(b, c.pattern, c.text)
				return
			}
			for b.Loop() {
				if theirs.FindStringSubmatchIndex(c.text) == nil {
					b.Fatal("no match")
				}
			}
		})
	}
}

func backtracks(b *testing.B, pattern, text string) {
	theirs := regexp2.MustCompile(pattern, regexp2.ECMAScript)
	for b.Loop() {
		if found, _ := theirs.FindRunesMatchStartingAt([]rune(text), 0); found == nil {
			b.Fatal("no match")
		}
	}
}

// BenchmarkCompile compiles the same expressions.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		for _, c := range common {
			flags, _ := ParseFlags(c.flags)
			if _, err := CompileString(c.pattern, flags); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkCompileTheirs(b *testing.B) {
	for b.Loop() {
		for _, c := range common {
			if _, err := regexp.Compile(c.pattern); err != nil {
				regexp2.MustCompile(c.pattern, regexp2.ECMAScript)
			}
		}
	}
}
