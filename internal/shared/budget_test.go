package shared_test

import (
	"fmt"
	"testing"

	"github.com/najahost/naja/internal/shared"
)

func TestAllocations(t *testing.T) {
	s := open(t, shared.Config{})
	v := begin(s, "/a.asp")
	one := raw(1)
	for i := range 100 {
		must(t, v.Set(ctx, fmt.Sprint("key", i), one))
	}
	v.Keys()
	tests := []struct {
		name string
		max  float64
		do   func()
	}{
		{"read", 0, func() { v.Get("key42") }},
		{"read in another spelling", 1, func() { v.Get("Key42") }},
		{"keys", 0, func() { v.Keys() }},
		{"request that only reads", 1, func() { w := begin2(s); w.Get("key1"); w.End(true) }},
		{"write", 9, func() { v.Set(ctx, "key42", one) }},
		{"increment", 11, func() { v.Increment(ctx, "key41", 1) }},
	}
	for _, tt := range tests {
		if got := testing.AllocsPerRun(200, tt.do); got > tt.max {
			t.Errorf("%s: %v allocations, the budget is %v", tt.name, got, tt.max)
		}
	}
}

// begin2 is begin without making a URL.
func begin2(s *shared.State) *shared.View {
	return s.Begin(shared.Owner{Page: "/a.asp", URL: "/a.asp"})
}

func BenchmarkGet(b *testing.B) {
	s := open(b, shared.Config{})
	must(b, begin(s, "/").Set(ctx, "key", raw(1)))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		v := begin(s, "/a.asp")
		for pb.Next() {
			v.Get("key")
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	for _, keys := range []int{10, 10000} {
		b.Run(fmt.Sprint(keys, "keys"), func(b *testing.B) {
			s := open(b, shared.Config{})
			v, one := begin(s, "/a.asp"), raw(1)
			must(b, v.Lock(ctx))
			for i := range keys {
				must(b, v.Set(ctx, fmt.Sprint("key", i), one))
			}
			must(b, v.Unlock(ctx))
			b.ReportAllocs()
			for b.Loop() {
				v.Set(ctx, "key5", one)
			}
		})
	}
}

func BenchmarkLockIncrementUnlock(b *testing.B) {
	s := open(b, shared.Config{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			v := begin2(s)
			increment(v)
			v.End(true)
		}
	})
}

func BenchmarkIncrement(b *testing.B) {
	s := open(b, shared.Config{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		v := begin2(s)
		for pb.Next() {
			v.Increment(ctx, "n", 1)
		}
		v.End(true)
	})
}
