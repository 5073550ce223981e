package memory

import (
	"math/rand/v2"
	"testing"
)

func (h dueHeap) check(t *testing.T) {
	t.Helper()
	for i, d := range h {
		if int(d.entry.place) != i+1 {
			t.Fatalf("the entry at %d believes to be at %d", i, d.entry.place-1)
		}
		if i > 0 && h[(i-1)/2].at > d.at {
			t.Fatalf("%d is due before its parent", i)
		}
	}
}

// Any mix of operations leaves a heap that gives its entries in order.
func TestHeap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var h dueHeap
	var in []*entry
	for range 20_000 {
		switch pick := random.IntN(10); {
		case pick < 5 || len(in) == 0:
			e := &entry{}
			in = append(in, e)
			h.push(e, instant(random.IntN(1000)))
		case pick < 8:
			h.move(in[random.IntN(len(in))], instant(random.IntN(1000)))
		default:
			i := random.IntN(len(in))
			e := in[i]
			h.remove(e)
			if e.place != 0 {
				t.Fatal("a removed entry has a place")
			}
			in[i] = in[len(in)-1]
			in = in[:len(in)-1]
		}
	}
	h.check(t)
	if len(h) != len(in) || len(in) < 2000 {
		t.Fatalf("the heap holds %d, want %d", len(h), len(in))
	}
	if _, ok := h.first(-1); ok {
		t.Error("something is due too early")
	}
	for last := instant(0); len(h) > 0; {
		e, ok := h.first(1000)
		if !ok || h.at(e) < last {
			t.Fatalf("out of order: %v after %v", h.at(e), last)
		}
		last = h.at(e)
		h.remove(e)
	}
	if cap(h) > 1024 {
		t.Errorf("the empty heap keeps room for %d", cap(h))
	}
}
