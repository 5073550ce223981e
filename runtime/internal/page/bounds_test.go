package page

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/najahost/naja/asp"
)

// TestLinear reads monotonous texts of two sizes and compares how many characters
// the lexer looked at: each a bounded number of times.
func TestLinear(t *testing.T) {
	units := []string{
		"<", "<%", "<% %>", "<%= ", "<%@", "<%  ", "%", "%>", "<!--", "<!-- ", "<!--#include", "<!--#include ", "-->",
		`<!--#include file="x`, "<!--#include file='", `<%<!--#include file="x`, "<% <!--#include file=x %>", `<%"<!--#include "`,
		"<!--METADATA", "<!--METADATA TYPE=typelib ", "<!--METADATA ' TYPE=x ", "<!--metadata a='", "<script", "<script ", "<script>", "<script a=",
		`<script a="`, `<script a='" `, `<script a="<script b='`, `<script a="<!--METADATA b='<%" `, "<script <%", "<script <% %>", "<script / ",
		"<script runat=server>", "<script runat=server></script>", "<script runat=server></script ", "<script runat", "</script", "</ ",
		"<object", "<object ", "<object a='<script b=\"", "<object runat=server>", "<object runat=server id=a progid=b/>", "</object ",
		"<object runat=server id=a progid=b></object ", "<object runat=server id=a progid=b></object>", "<script a b c=d ", "\r", "ä", "\u2028",
	}
	for _, unit := range units {
		for _, frame := range []struct{ before, after string }{
			{"", ""}, {"<% ", ""}, {"", "-->"}, {"<%", "--> %>"}, {"", ">"}, {`<script a="`, `"></script>`}, {"<script runat=server>", "</script>"},
			{"<!--METADATA TYPE=typelib FILE=x ", "-->"}, {"<!--#include ", "-->"}, {"<%@ ", "%>"},
		} {
			work := func(n int) int {
				l := newLexer(frame.before+strings.Repeat(unit, n)+frame.after, inText)
				for _, ok := l.next(); ok; _, ok = l.next() {
				}
				return l.work
			}
			const n = 500
			small, large := work(n), work(2*n)
			size := 2*n*len(unit) + len(frame.before) + len(frame.after)
			if large > 2*small+500 || large > 8*size {
				t.Errorf("%q between %q and %q: %d steps, twice as long %d; %d bytes", unit, frame.before, frame.after, small, large, size)
			}
		}
	}
}

func TestDepth(t *testing.T) {
	chain := files{}
	for i := range 40 {
		chain[fmt.Sprintf("%d.inc", i)] = fmt.Sprintf("%d\n<!--#include file=%d.inc-->", i, i+1)
	}
	chain["40.inc"] = "end"
	chain["page.asp"] = "<!--#include file=9.inc-->"
	if _, err := Build("page.asp", chain, testOptions); err != nil {
		t.Errorf("32 deep: %v", err)
	}
	chain["page.asp"] = "<!--#include file=8.inc-->"
	_, err := Build("page.asp", chain, testOptions)
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Code != 107 || e.File != "39.inc" || e.Line != 2 || !strings.Contains(e.Description, "32 deep") {
		t.Errorf("33 deep: %v", err)
	}
	opt := testOptions
	opt.MaxDepth = 1
	if _, err := Build("page.asp", files{"page.asp": "<!--#include file=a-->", "a": "x"}, opt); err != nil {
		t.Errorf("1 deep: %v", err)
	}
}

// TestSize: what is included several times counts as often.
func TestSize(t *testing.T) {
	f := files{"a.inc": strings.Repeat(" ", 1<<20), "page.asp": strings.Repeat("<!--#include file=a.inc-->\n", 4)}
	_, err := Build("page.asp", f, testOptions)
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Code != 107 || !strings.Contains(e.Description, "4194304 bytes") {
		t.Errorf("got %v", err)
	}

	opt := testOptions
	opt.MaxSize = 40
	page := `<script runat=server src=b></script>`
	for size, want := range map[int]bool{4: true, 5: false} {
		_, err := Build("page.asp", files{"page.asp": page, "b": strings.Repeat(";", size)}, opt)
		if (err == nil) != want {
			t.Errorf("%d bytes of 40: %v", size+len(page), err)
		}
	}
	if _, err := Build("page.asp", files{"page.asp": strings.Repeat(" ", 41)}, opt); err == nil {
		t.Error("a page over the limit was built")
	}
}

// TestLongNames checks that a name that no file has ends in an error like any other.
func TestLongNames(t *testing.T) {
	for _, name := range []string{strings.Repeat("a", 5000), strings.Repeat("../", 40), strings.Repeat("x/", 2500), "\x00", "a\x00b", "\xff"} {
		_, err := Build("page.asp", files{"page.asp": `<!--#include file="` + name + `"-->`}, testOptions)
		if _, ok := errors.AsType[*asp.Error](err); !ok {
			t.Errorf("%.20q: %v", name, err)
		}
	}
}
