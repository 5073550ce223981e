package cborvalue

import (
	"io"
	"testing"
)

// typical writes what a session typically holds: ten keys, among them a small
// cart.
func typical(e *Encoder) [][]byte {
	var out [][]byte
	add := func(write func()) {
		write()
		raw, err := e.Finish()
		if err != nil {
			panic(err)
		}
		out = append(out, raw)
	}
	add(func() { e.String("Ada Lovelace") })
	add(func() { e.String("ada@example.org") })
	add(func() { e.String("3f2a77c1b05d4a0e9c1f7a2b") })
	add(func() { e.Number(42) })
	add(func() { e.Number(1700000000) })
	add(func() { e.Number(9.99) })
	add(func() { e.Bool(true) })
	add(func() { e.Date(1700000000123) })
	add(func() { e.BeginArray(3); e.Number(1); e.Number(2); e.Number(3) })
	add(func() {
		e.BeginObject(2)
		e.Key("items")
		e.BeginArray(2)
		for range 2 {
			e.BeginObject(3)
			e.Key("sku")
			e.String("AB-1234")
			e.Key("n")
			e.Number(2)
			e.Key("price")
			e.Number(19.95)
		}
		e.Key("total")
		e.Number(79.8)
	})
	return out
}

var typicalKeys = []string{"User", "Mail", "Token", "Visits", "Since", "Rate", "Admin", "LastSeen", "Recent", "Cart"}

func typicalRecord(t testing.TB) []byte {
	var e Encoder
	var c Changes
	for i, raw := range typical(&e) {
		c.Items = append(c.Items, Change{typicalKeys[i], raw})
	}
	var r Record
	b, err := r.Apply(c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAllocations(t *testing.T) {
	b := typicalRecord(t)
	var e Encoder
	var d Decoder
	cart := typical(&e)[9]
	newVisits := num(43)
	keep := make([]byte, 0, 512)
	tests := []struct {
		name string
		max  float64
		do   func()
	}{
		{"encode a number", 1, func() { e.Number(1.5); e.Finish() }},
		{"encode a nested value", 1, func() {
			e.BeginArray(2)
			e.BeginObject(1)
			e.Key("a")
			e.String("text")
			e.Date(12345)
			e.Finish()
		}},
		{"encode without keeping", 0, func() { e.Reset(); e.String("text"); keep = append(keep[:0], e.Bytes()...) }},
		{"decode a number", 0, func() { d.Reset(newVisits); d.Next(); d.Next() }},
		{"decode a cart: its strings", 10, func() {
			d.Reset(cart)
			for _, err := d.Next(); err != io.EOF; _, err = d.Next() {
				if err != nil {
					t.Fatal(err)
				}
			}
		}},
		{"open a record and read 3 of 10 keys", 0, func() {
			r, err := ParseRecord(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range [...]string{"user", "CART", "visits"} {
				if _, ok := r.Get(key); !ok {
					t.Fatal(key)
				}
			}
		}},
		{"change a record", 2, func() {
			r, _ := ParseRecord(b)
			if _, err := r.Apply(Changes{Items: []Change{{"visits", newVisits}}}); err != nil {
				t.Fatal(err)
			}
		}},
		{"compare keys", 0, func() { SameKey("LastSeen", "lastseen") }},
	}
	for _, tt := range tests {
		if got := testing.AllocsPerRun(200, tt.do); got > tt.max {
			t.Errorf("%s: %v allocations, the budget is %v", tt.name, got, tt.max)
		}
	}
}

// A session of three small values is what a large site holds by the million.
func TestRecordSize(t *testing.T) {
	var e Encoder
	all := typical(&e)
	var r Record
	b, err := r.Apply(Changes{Items: []Change{{"user", all[0]}, {"visits", all[3]}, {"cart", all[8]}}})
	if err != nil || len(b) > 48 {
		t.Errorf("three small values take %d bytes: %v", len(b), err)
	}
	if b := typicalRecord(t); len(b) > 290 {
		t.Errorf("ten typical values take %d bytes", len(b))
	}
}

func BenchmarkEncode(b *testing.B) {
	var e Encoder
	b.ReportAllocs()
	for b.Loop() {
		typical(&e)
	}
}

func BenchmarkDecodeCart(b *testing.B) {
	var e Encoder
	var d Decoder
	cart := typical(&e)[9]
	b.ReportAllocs()
	for b.Loop() {
		d.Reset(cart)
		for _, err := d.Next(); err == nil; _, err = d.Next() {
		}
	}
}

func BenchmarkRecordRead2(b *testing.B) {
	raw := typicalRecord(b)
	b.ReportAllocs()
	for b.Loop() {
		r, _ := ParseRecord(raw)
		r.Get("user")
		r.Get("cart")
	}
}

func BenchmarkRecordChange1(b *testing.B) {
	raw, n := typicalRecord(b), num(43)
	b.ReportAllocs()
	for b.Loop() {
		r, _ := ParseRecord(raw)
		r.Apply(Changes{Items: []Change{{"visits", n}}})
	}
}

func BenchmarkToGo(b *testing.B) {
	var e Encoder
	cart := typical(&e)[9]
	b.ReportAllocs()
	for b.Loop() {
		ToGo(cart)
	}
}
