package runtime

import (
	"strings"
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// TestDialectDifferential takes the inserted tokens out of every rewritten
// page of the tests again, without looking at the edits: what is left are the
// page's own tokens, each on its line. A page that is JavaScript as it stands
// must not have been touched.
func TestDialectDifferential(t *testing.T) {
	rewritten, untouched := 0, 0
	for _, folder := range []string{"corpus", "dialect", "."} {
		eachDialectCase(t, folder, func(t *testing.T, c asptest.Case) {
			s := newDialectSite(c)
			for name := range s.files {
				if !strings.HasSuffix(name, ".asp") {
					continue
				}
				prog, err := s.compiler.Compile(name, s.files)
				if err != nil {
					continue // a case about a page that doesn't compile
				}
				if wasRewritten(t, prog) {
					rewritten++
				} else {
					untouched++
				}
			}
		})
	}
	t.Logf("%d pages were rewritten, %d were not", rewritten, untouched)
	if rewritten < 60 || untouched < 60 {
		t.Errorf("%d pages were rewritten and %d were not: too few to say anything", rewritten, untouched)
	}
}

// wasRewritten compares a program's text with the page's.
func wasRewritten(t *testing.T, prog *Program) bool {
	t.Helper()
	js := prog.javascript()
	text := js.script
	if js.async {
		text = asyncPrefix + text + asyncSuffix
	}
	if _, err := parse(prog.name, text); err == nil {
		if js.rewrites() != 0 || js.edits != nil {
			t.Errorf("%s is JavaScript as it stands and was rewritten", prog.name)
		}
		return false
	}
	if js.edits == nil {
		t.Errorf("%s compiled, and yet isn't JavaScript", prog.name)
		return false
	}
	want, got := passedOver(tokensOf(text)), restoreTokens(tokensOf(js.edits.Text), js.names)
	for i := range max(len(want), len(got)) {
		if i < len(want) && i < len(got) && want[i].text == got[i].text && (want[i].line == got[i].line || got[i].line == 0) {
			continue
		}
		t.Errorf("%s: from token %d on\nthe page has  %s\nthe program   %s", prog.name, i, excerpt(want, i), excerpt(got, i))
		break
	}
	asked := len(want) < len(tokensOf(text)) || strings.Contains(js.edits.Text, js.names.hidden["illegal"])
	if js.rewrites() == 0 && !strings.Contains(text, "<!--") && !asked {
		t.Errorf("%s: something was changed for nothing", prog.name)
	}
	return true
}

// passedOver leaves out the semicolons that JScript does: between a block and
// what goes on with its statement.
func passedOver(in []jsToken) []jsToken {
	var out []jsToken
	for i, tok := range in {
		if tok.text == ";" && i > 0 && in[i-1].text == "}" && i+1 < len(in) {
			switch in[i+1].text {
			case "else", "catch", "finally":
				continue
			}
		}
		out = append(out, tok)
	}
	return out
}

func excerpt(tokens []jsToken, i int) string {
	var words []string
	for _, tok := range tokens[min(i, len(tokens)):min(i+12, len(tokens))] {
		words = append(words, tok.text)
	}
	return strings.Join(words, " ")
}
