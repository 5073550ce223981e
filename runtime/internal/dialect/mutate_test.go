package dialect

import (
	"math/rand"
	"strings"
	"testing"
)

func random(seed int64) *rand.Rand { return rand.New(rand.NewSource(seed)) }

// mutate takes a program apart and puts it together with a few tokens lost,
// doubled, swapped or taken from elsewhere.
func mutate(r *rand.Rand, src string) string {
	list := tokens(src)
	if len(list) == 0 {
		return src
	}
	for i := 1 + r.Intn(3); i > 0; i-- {
		k, m := r.Intn(len(list)), r.Intn(len(list))
		switch r.Intn(5) {
		case 0:
			list[k].text = ""
		case 1:
			list[k].text += " " + list[k].text
		case 2:
			list[k].text, list[m].text = list[m].text, list[k].text
		case 3:
			list[k].text = list[m].text
		case 4:
			list[k].text = soup[r.Intn(len(soup))]
		}
	}
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.text)
		if t.start > 0 {
			b.WriteByte(" \n  "[r.Intn(4)])
		}
	}
	return b.String()
}

var soup = strings.Fields("a b c f x y ( ) ( ) ( ) [ ] { } { } . , ; : ? => = += ++ -- ++ -- + - * / /= % ! ~ < > ?. ... " +
	"if while for do else return function class new typeof void delete in instanceof of let var const async await yield " +
	"this super null 1 2.5 's' /re/ /[/]/g switch case default break continue try catch finally throw with debugger " +
	"static get set extends #p ` ${ `t` <!-- --> /**/ // \\u0062 @ \\")

// checkValid tests that nothing happens to a source that the parser accepts.
// The one exception: <!-- at the start of a line, which the parser takes for
// three operators.
func checkValid(t testing.TB, src string) {
	t.Helper()
	r, err := Rewrite(src, testNames)
	if err != nil {
		t.Errorf("%q: %v", src, err)
		return
	}
	for _, e := range r.Edits {
		if e.Text == "//  " || e.Text == "// " {
			return
		}
	}
	if r.Text != src {
		t.Errorf("%q became %q", src, r.Text)
	}
}

func TestMutated(t *testing.T) {
	n, accepted := 10_000, 0
	if testing.Short() {
		n = 2000
	}
	for seed := range int64(n) {
		r := random(seed)
		g := &generator{r: r, budget: 5 + r.Intn(40)}
		g.statements(3)
		src := mutate(r, g.plain.String())
		if !parseable(src) {
			continue
		}
		if parse(src) == nil {
			accepted++
			checkValid(t, src)
		} else if res, err := Rewrite(src, testNames); err == nil {
			checkInvariants(t, src, res)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d of %d mutants are valid", accepted, n)
}

func TestTokenSoup(t *testing.T) {
	n, accepted := 50_000, 0
	if testing.Short() {
		n = 5000
	}
	r := random(1)
	for range n {
		var b strings.Builder
		for i := 1 + r.Intn(12); i > 0; i-- {
			b.WriteString(soup[r.Intn(len(soup))])
			b.WriteByte(" \n  "[r.Intn(4)])
		}
		src := b.String()
		if parse(src) == nil {
			accepted++
			checkValid(t, src)
		} else if res, err := Rewrite(src, testNames); err == nil {
			checkInvariants(t, src, res)
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d sources are valid", accepted, n)
}
