package dialect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja/parser"
)

var testNames = Names{Ref: "REF", RefMember: "REFM", Illegal: "ILL", Value: "v"}

// parse is the judge of what is valid. A panic of the parser, which it has on
// some broken sources, counts as a refusal.
func parse(src string) (err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	_, err = parser.ParseFile(nil, "", src, 0, parser.WithDisableSourceMaps)
	return err
}

func rewrite(t testing.TB, src string) *Result {
	t.Helper()
	r, err := Rewrite(src, testNames)
	if err != nil {
		t.Fatalf("Rewrite(%q): %v", src, err)
	}
	return r
}

// placed is a token with its place. The part of a template literal behind a
// substitution belongs to the brace that ends the substitution.
type placed struct {
	start int
	text  string
}

func tokens(src string) []placed {
	var list []placed
	w := newWalker(src, testNames)
	for w.err == nil {
		t := w.lexer.next(w.top().operand())
		if t.kind == kindEOF {
			break
		}
		w.read(t)
		list = append(list, placed{t.start, src[t.start:w.lexer.pos]})
	}
	return list
}

func texts(list []placed) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.text
	}
	return out
}

// checkInvariants tests what must hold for any source and its result.
func checkInvariants(t testing.TB, src string, r *Result) {
	t.Helper()
	checkEdits(t, src, r)
	if got, want := strings.Count(r.Text, "\n"), strings.Count(src, "\n"); got != want {
		t.Errorf("%q has %d line ends, the result %q has %d", src, want, r.Text, got)
	}
	checkOffsets(t, src, r)
}

// checkEdits rebuilds the result from the edits and looks at each of them.
func checkEdits(t testing.TB, src string, r *Result) {
	t.Helper()
	var b strings.Builder
	at := 0
	for _, e := range r.Edits {
		if e.Offset < at {
			t.Fatalf("%q: edits overlap: %v", src, r.Edits)
		}
		b.WriteString(src[at:e.Offset] + e.Text)
		at = e.Offset + e.Len
		removed := src[e.Offset:at]
		switch removed {
		case "", "(", ")", ".", "[", "]", "<!--", "-->", ";":
		default:
			if strings.Trim(removed, "0") == "" && strings.Trim(e.Text, " ") == "" && len(e.Text) == e.Len {
				continue // the zeros before a number
			}
			t.Errorf("%q: removed %q", src, removed)
		}
		if strings.ContainsAny(e.Text, "\r\n\u2028\u2029") {
			t.Errorf("%q: inserted a line end: %q", src, e.Text)
		}
	}
	if b.WriteString(src[at:]); b.String() != r.Text {
		t.Errorf("%q: the edits give %q, Text is %q", src, b.String(), r.Text)
	}
}

// checkOffsets tests that offsets map without ever going back, and that every
// byte that was kept maps to itself.
func checkOffsets(t testing.TB, src string, r *Result) {
	t.Helper()
	last := 0
	for out := -1; out <= len(r.Text)+1; out++ {
		in := r.OriginalOffset(out)
		if in < last || in > len(src) {
			t.Fatalf("%q -> %q: offset %d maps to %d after %d", src, r.Text, out, in, last)
		}
		last = in
	}
	if got := r.OriginalOffset(len(r.Text)); got != len(src) {
		t.Errorf("%q: the end maps to %d", src, got)
	}
	shift, at := 0, 0
	kept := func(end int) {
		for ; at < end; at++ {
			if got := r.OriginalOffset(at + shift); got != at {
				t.Fatalf("%q -> %q: offset %d maps to %d, not %d", src, r.Text, at+shift, got, at)
			}
		}
	}
	for _, e := range r.Edits {
		kept(e.Offset)
		shift, at = shift+len(e.Text)-e.Len, e.Offset+e.Len
	}
	kept(len(src))
}

// checkTokens tests that the tokens of the result without the inserted ones
// are those of the source, and that the result needs no second pass.
func checkTokens(t testing.TB, src string, r *Result) {
	t.Helper()
	for _, e := range r.Edits {
		if e.Len == 1 && e.Text == " " && src[e.Offset] == ')' {
			return // parentheses around a member went away
		}
	}
	got, err := unrewrite(texts(tokens(r.Text)))
	if want := texts(kept(tokens(src), r)); err != nil || !slices.Equal(got, want) {
		t.Errorf("%q -> %q: %v\ntokens %q\nwant   %q", src, r.Text, err, got, want)
	}
	if again := rewrite(t, r.Text); again.Text != r.Text {
		t.Errorf("%q -> %q -> %q", src, r.Text, again.Text)
	}
}

// src0 says whether a text begins with so many zeros.
func src0(text string, n int) bool { return strings.HasPrefix(text, strings.Repeat("0", n)) }

// kept leaves out the semicolons that were passed over, and the zeros before
// numbers.
func kept(list []placed, r *Result) []placed {
	for i, p := range list {
		for _, e := range r.Edits {
			if e.Offset == p.start && e.Len > 0 && src0(p.text, e.Len) && strings.Trim(e.Text, " ") == "" {
				list[i].text = p.text[e.Len:]
			}
		}
	}
	return slices.DeleteFunc(list, func(p placed) bool {
		return p.text == ";" && slices.Contains(r.Edits, Edit{Offset: p.start, Len: 1, Text: " "})
	})
}

// unrewrite takes the inserted tokens out again. It knows nothing of edits,
// only how a rewritten call looks.
func unrewrite(in []string) (out []string, err error) {
	u := unrewriter{in: in}
	u.until("")
	if u.broken {
		err = fmt.Errorf("stopped at token %d", u.pos)
	}
	return u.out, err
}

type unrewriter struct {
	in     []string
	pos    int
	out    []string
	broken bool
}

// until copies tokens up to the given one at the same depth, which it leaves.
func (u *unrewriter) until(end ...string) {
	for u.pos < len(u.in) && !u.broken {
		tok := u.in[u.pos]
		if slices.Contains(end, tok) {
			return
		}
		u.pos++
		switch tok {
		case "ILL":
			u.drop("(")
			u.until(")")
			u.drop(")")
			u.drop(".")
			u.drop("v")
		case "REF":
			u.target(false)
		case "REFM":
			u.target(true)
		case "(", "[", "{":
			u.out = append(u.out, tok)
			closing := map[string]string{"(": ")", "[": "]", "{": "}"}[tok]
			u.until(closing)
			u.keep(closing)
		default:
			u.out = append(u.out, tok)
		}
	}
}

func (u *unrewriter) target(isMember bool) {
	u.drop("(")
	u.until(",", ")")
	if isMember {
		u.drop(",")
		if u.pos < len(u.in) && u.in[u.pos] == "(" {
			u.drop("(")
			u.out = append(u.out, "[")
			u.until(")")
			u.drop(")")
			u.out = append(u.out, "]")
		} else if u.pos < len(u.in) {
			u.out = append(u.out, ".", strings.Trim(u.in[u.pos], `"`))
			u.pos++
		}
	}
	u.out = append(u.out, "(")
	if u.pos < len(u.in) && u.in[u.pos] == "," {
		u.drop(",")
		u.until(")")
	}
	u.keep(")")
	u.drop(".")
	u.drop("v")
}

func (u *unrewriter) drop(tok string) {
	if u.pos >= len(u.in) || u.in[u.pos] != tok {
		u.broken = true
		return
	}
	u.pos++
}

// keep copies a closing bracket. The parser takes some sources without.
func (u *unrewriter) keep(tok string) {
	if u.pos >= len(u.in) {
		return
	}
	u.drop(tok)
	u.out = append(u.out, tok)
}
