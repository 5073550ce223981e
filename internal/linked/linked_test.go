package linked

import (
	"math/rand/v2"
	"slices"
	"testing"
)

type member struct {
	n    int
	node Node[member]
}

// TestAgainstASlice does the same at random to a list and to a slice.
func TestAgainstASlice(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var l List[member]
	var want []*member
	all := make([]member, 12)
	for i := range all {
		all[i].n = i
	}
	for step := range 20_000 {
		m := &all[r.IntN(len(all))]
		in := slices.Contains(want, m)
		if m.node.In() != in {
			t.Fatalf("step %d: %d is in the list: %t", step, m.n, !in)
		}
		switch {
		case in:
			want = slices.DeleteFunc(want, func(o *member) bool { return o == m })
			if !l.Remove(&m.node) {
				t.Fatalf("step %d: %d wasn't in the list", step, m.n)
			}
		case r.IntN(2) == 0:
			want = append(want, m)
			l.PushBack(&m.node, m)
		default:
			want = slices.Insert(want, 0, m)
			l.PushFront(&m.node, m)
		}
		if l.Remove(&(&member{}).node) {
			t.Fatalf("step %d: what is in no list was removed", step)
		}
		if got := slices.Collect(l.All()); !slices.Equal(got, want) || l.Len() != len(want) {
			t.Fatalf("step %d: %v, %d; want %v", step, got, l.Len(), want)
		}
		if first := l.First(); len(want) == 0 && first != nil || len(want) > 0 && first != want[0] {
			t.Fatalf("step %d: the first is %v", step, first)
		}
	}
}

// Those who go through a list may take out the one at hand, and stop.
func TestRemoveOnTheWay(t *testing.T) {
	t.Parallel()
	var l List[member]
	all := make([]member, 5)
	for i := range all {
		all[i].n = i
		l.PushBack(&all[i].node, &all[i])
	}
	for m := range l.All() {
		if m.n%2 == 0 {
			l.Remove(&m.node)
		}
	}
	moved := l
	l = List[member]{}
	for m := range moved.All() {
		if m.n != 1 || moved.Len() != 2 || l.Len() != 0 {
			t.Errorf("%d is there, of %d", m.n, moved.Len())
		}
		break
	}
}

func TestNoMemory(t *testing.T) {
	var l List[member]
	all := make([]member, 3)
	if n := testing.AllocsPerRun(100, func() {
		for i := range all {
			l.PushBack(&all[i].node, &all[i])
		}
		for m := range l.All() {
			l.Remove(&m.node)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
