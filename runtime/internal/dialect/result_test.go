package dialect

import (
	"slices"
	"testing"
)

func TestUnchangedIsTheSource(t *testing.T) {
	src := "x = f(1); y++"
	r := rewrite(t, src)
	if r.Text != src || r.Edits != nil || r.Targets != nil || r.TopLevelAwait {
		t.Errorf("got %+v", r)
	}
	if n := testing.AllocsPerRun(10, func() { r.OriginalOffset(5) }); n != 0 {
		t.Errorf("OriginalOffset allocates %v times", n)
	}
}

func TestEditsAndTargets(t *testing.T) {
	src := "a.b(f(1)++) = 2"
	r := rewrite(t, src)
	want := []Edit{
		{0, 0, "REFM("}, {1, 1, ","}, {2, 0, `"`}, {3, 0, `"`}, {3, 1, ","},
		{4, 0, "REF("}, {5, 1, ","}, {8, 0, ".v"},
		{11, 0, ".v"},
	}
	if !slices.Equal(r.Edits, want) {
		t.Errorf("edits %v, want %v", r.Edits, want)
	}
	if want := []Span{{4, 8}, {0, 11}}; !slices.Equal(r.Targets, want) {
		t.Errorf("targets %v, want %v", r.Targets, want)
	}
}

func TestOriginalOffset(t *testing.T) {
	// REFM(a,"b",k).v = 1 from a.b(k) = 1
	r := rewrite(t, "a.b(k) = 1")
	want := []int{
		0, 0, 0, 0, 0, // REFM(
		0,          // a
		1,          // , for the dot
		2, 2, 3, 3, // "b" and the comma for the parenthesis
		4, 5, // k )
		6, 6, // .v
		6, 7, 8, 9, 10,
	}
	for out, in := range want {
		if got := r.OriginalOffset(out); got != in {
			t.Errorf("offset %d of %q maps to %d, want %d", out, r.Text, got, in)
		}
	}
	for out, in := range map[int]int{-5: 0, 20: 10, 1000: 10} {
		if got := r.OriginalOffset(out); got != in {
			t.Errorf("offset %d maps to %d, want %d", out, got, in)
		}
	}
}

func TestOriginalOffsetInComment(t *testing.T) {
	r := rewrite(t, "<!-- x")
	for i := range len(r.Text) {
		if got := r.OriginalOffset(i); got != i {
			t.Errorf("offset %d maps to %d: columns must stay", i, got)
		}
	}
}

func TestNames(t *testing.T) {
	r, err := Rewrite("a.b(1) = c(2) = 3", Names{Ref: "größe", RefMember: "$m", Value: "valeur"})
	if want := `$m(a,"b",1).valeur = größe(c,2).valeur = 3`; err != nil || r.Text != want {
		t.Errorf("got %q, %v, want %q", r.Text, err, want)
	}
}
