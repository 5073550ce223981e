package shared_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store/memory"
)

func TestGenerations(t *testing.T) {
	var g shared.Generations
	if g.Last() != "" || g.Wanted("A") {
		t.Errorf("%+v", g)
	}
	g.Start("A", true)
	g.Next = "B"
	if has, replaced := g.Has("A"); !has || replaced || !g.Wanted("A") || g.Wanted("B") {
		t.Errorf("B waits: %+v", g)
	}
	g.End("A")
	g.Start("B", false)
	if has, replaced := g.Has("A"); !has || !replaced || g.Wanted("A") || g.Next != "" || g.Owes("B") {
		t.Errorf("B is in force: %+v", g)
	}
	g.Start("A", true) // again
	if !slices.Equal(g.Texts, []string{"B", "A"}) || !g.Owes("A") {
		t.Errorf("A again: %+v", g)
	}
	for i := range shared.MaxGenerations {
		g.Start(fmt.Sprint(i), true)
	}
	if len(g.Texts) != shared.MaxGenerations || len(g.Owed) != shared.MaxGenerations || g.Owes("A") {
		t.Errorf("%d texts, %d owed", len(g.Texts), len(g.Owed))
	}
}

// What was kept in whatever form is read, or refused: never taken for nothing.
func TestGenerationsAsTheyWereKept(t *testing.T) {
	for _, tt := range []struct {
		kept any
		want string
	}{
		{"", "{[] []  false}"},
		{"abc", "{[abc] [abc]  false}"},
		{"ending", "{[] []  true}"},
		{`{"texts":["a","b"],"owed":["b"],"next":"c"}`, "{[a b] [b] c false}"},
		{`{"texts":7}`, ""},
		{`{"texts"`, ""},
		{7.0, ""},
		{[]any{"a"}, ""},
	} {
		state, err := shared.New(t.Context(), shared.Config{Store: memory.NewApplication()})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := cborvalue.FromGo(tt.kept)
		if err != nil {
			t.Fatal(err)
		}
		v := state.Begin(shared.Owner{})
		if err := v.SetReserved(t.Context(), "generation", raw); err != nil {
			t.Fatal(err)
		}
		g, err := v.Generations()
		if got := fmt.Sprint(g); tt.want == "" && err == nil || tt.want != "" && (err != nil || got != tt.want) {
			t.Errorf("%v: %s, %v", tt.kept, got, err)
		}
		v.End(true)
		state.Close()
	}
}
