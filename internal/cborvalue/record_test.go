package cborvalue

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// num is a stored number.
func num(n int) []byte { return appendNumber(nil, float64(n)) }

// mustApply makes changes to the record in b.
func mustApply(t testing.TB, b []byte, c Changes) []byte {
	t.Helper()
	r, err := ParseRecord(b)
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.Apply(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != cap(out) {
		t.Errorf("a record of %d bytes takes %d", len(out), cap(out))
	}
	return out
}

// show is a record as text.
func show(t testing.TB, b []byte) string {
	t.Helper()
	r, err := ParseRecord(b)
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for i := range r.Len() {
		k, raw := r.At(i)
		s = append(s, k+"="+Diagnostic(raw))
	}
	return strings.Join(s, " ")
}

func TestRecordChanges(t *testing.T) {
	start := mustApply(t, nil, Changes{Items: []Change{{"User", num(1)}, {"cart", num(2)}, {"Ärger", num(3)}}})
	tests := []struct {
		name string
		c    Changes
		want string
	}{
		{"nothing", Changes{}, "User=1 cart=2 Ärger=3"},
		{"first spelling and place", Changes{Items: []Change{{"USER", num(9)}, {"äRGER", num(8)}}}, "User=9 cart=2 Ärger=8"},
		{"new key last", Changes{Items: []Change{{"n", num(4)}}}, "User=1 cart=2 Ärger=3 n=4"},
		{"remove", Changes{Items: []Change{{"CART", nil}, {"none", nil}}}, "User=1 Ärger=3"},
		{"remove and set", Changes{Items: []Change{{"user", nil}, {"uSER", num(5)}}}, "cart=2 Ärger=3 uSER=5"},
		{"set and remove", Changes{Items: []Change{{"x", num(5)}, {"X", nil}}}, "User=1 cart=2 Ärger=3"},
		{"set twice", Changes{Items: []Change{{"x", num(5)}, {"X", num(6)}}}, "User=1 cart=2 Ärger=3 x=6"},
		{"clear", Changes{Clear: true}, ""},
		{"clear and set", Changes{Clear: true, Items: []Change{{"USER", num(7)}}}, "USER=7"},
		{"empty key", Changes{Items: []Change{{"", num(0)}}}, "User=1 cart=2 Ärger=3 =0"},
	}
	for _, tt := range tests {
		if got := show(t, mustApply(t, start, tt.c)); got != tt.want {
			t.Errorf("%s: %s; want %s", tt.name, got, tt.want)
		}
	}
	if got := show(t, start); got != "User=1 cart=2 Ärger=3" {
		t.Errorf("the old record changed: %s", got)
	}
}

func TestRecordGet(t *testing.T) {
	r, err := ParseRecord(mustApply(t, nil, Changes{Items: []Change{{"User", num(1)}, {"Größe", num(2)}, {"\u212Aey", num(3)}}}))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"User": 1, "uSeR": 1, "GRÖSSE": 0, "GRÖßE": 2, "key": 3, "KEY": 3, "use": 0, "users": 0, "": 0} {
		raw, ok := r.Get(key)
		if ok != (want > 0) || ok && Diagnostic(raw) != fmt.Sprint(want) {
			t.Errorf("Get(%q) = %x, %v; want %d", key, raw, ok, want)
		}
	}
	if !slices.Equal(r.Keys(), []string{"User", "Größe", "\u212Aey"}) || r.Len() != 3 {
		t.Errorf("keys %q", r.Keys())
	}
	var empty Record
	if _, ok := empty.Get("x"); ok || empty.Len() != 0 || empty.Bytes() != nil {
		t.Error("the zero Record is not empty")
	}
}

func TestRecordMeta(t *testing.T) {
	m := Meta{Timeout: 90*time.Minute + time.Millisecond, LCID: 1031, CodePage: 65001}
	b := mustApply(t, nil, Changes{Meta: &m, Items: []Change{{"a", num(1)}}})
	b = mustApply(t, b, Changes{Items: []Change{{"b", num(2)}}}) // keeps it
	r, _ := ParseRecord(b)
	if r.Meta() != m || show(t, b) != "a=1 b=2" {
		t.Errorf("%+v %s", r.Meta(), show(t, b))
	}
	plain := mustApply(t, b, Changes{Meta: &Meta{}})
	if plain[3] != 0 || len(plain) != len(b)-len("\xa3\x01\x1a----\x02\x19--\x03\x19--") {
		t.Errorf("without metadata %x, with %x", plain, b)
	}
	// What a later version adds is kept.
	later := []byte("NJ\x01\x01\xa3\x02\x05\x18\x99\x82\x01\x02\x0a\x61x\xa0")
	r, err := ParseRecord(later)
	if err != nil || r.Meta() != (Meta{LCID: 5}) {
		t.Fatalf("%+v, %v", r.Meta(), err)
	}
	b = mustApply(t, later, Changes{Meta: &Meta{LCID: 6}, Items: []Change{{"k", num(1)}}})
	if want := "NJ\x01\x01\xa3\x02\x06\x18\x99\x82\x01\x02\x0a\x61x\xa1\x61k\x01"; string(b) != want {
		t.Errorf("%x, want %x", b, want)
	}
}

func TestRecordErrors(t *testing.T) {
	good := mustApply(t, nil, Changes{Items: []Change{{"a", num(1)}}})
	tests := []struct{ name, b, want string }{
		{"short", "NJ", "not a record"},
		{"other magic", "XX\x01\x00\xa0", "not a record"},
		{"version", "NJ\x02\x00\xa0", "version 2 is unknown"},
		{"flags", "NJ\x01\x82\xa0", "flags 0x82 are unknown"},
		{"no map", "NJ\x01\x00\x80", "not a map"},
		{"trailing", string(good) + "\x00", "bytes after"},
		{"cut off", string(good[:len(good)-1]), "cut off"},
		{"number key", "NJ\x01\x00\xa1\x01\x01", "key is not text"},
		{"count", "NJ\x01\x00\xbb\xff\xff\xff\xff\xff\xff\xff\xff", "not a map"},
		{"metadata", "NJ\x01\x01\x80\xa0", "broken metadata"},
		{"metadata key", "NJ\x01\x01\xa1\x61a\x01\xa0", "broken metadata"},
	}
	for _, tt := range tests {
		r, err := ParseRecord([]byte(tt.b))
		var re *RecordError
		if !errors.As(err, &re) || !strings.Contains(err.Error(), tt.want) || string(re.Raw) != tt.b || r.Len() != 0 {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	r, _ := ParseRecord(good)
	var format *FormatError
	for _, bad := range []string{"", "\x01\x02", "\x82\x01"} {
		if _, err := r.Apply(Changes{Items: []Change{{"x", []byte(bad)}}}); !errors.As(err, &format) {
			t.Errorf("value %x: %v", bad, err)
		}
	}
	if _, err := r.Apply(Changes{Items: []Change{{"\xff", num(1)}}}); err != ErrUTF8 {
		t.Errorf("bad key: %v", err)
	}
	var limit *LimitError
	if _, err := r.Apply(Changes{MaxSize: len(good)}); err != nil {
		t.Errorf("just fits: %v", err)
	}
	if _, err := r.Apply(Changes{MaxSize: len(good) - 1}); !errors.As(err, &limit) || limit.Limit != len(good)-1 {
		t.Errorf("too large: %v", err)
	}
}

// Random changes to records of all sizes, against a plain list.
func TestRecordModel(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, keys := range []int{5, 20, 300} {
		var b []byte
		var model []struct {
			key string
			n   int
		}
		at := func(key string) int {
			for i := range model {
				if strings.EqualFold(model[i].key, key) {
					return i
				}
			}
			return -1
		}
		for round := range 60 {
			var c Changes
			if round%17 == 16 {
				c.Clear, model = true, nil
			}
			for range rnd.IntN(keys) {
				key := fmt.Sprintf("key%d", rnd.IntN(keys))
				if rnd.IntN(2) == 0 {
					key = strings.ToUpper(key)
				}
				i, n := at(key), rnd.IntN(1e6)
				switch {
				case rnd.IntN(4) == 0:
					c.Items = append(c.Items, Change{key, nil})
					if i >= 0 {
						model = slices.Delete(model, i, i+1)
					}
					continue
				case i < 0:
					model = append(model, struct {
						key string
						n   int
					}{key, n})
				default:
					model[i].n = n
				}
				c.Items = append(c.Items, Change{key, num(n)})
			}
			b = mustApply(t, b, c)
			r, err := ParseRecord(b)
			if err != nil || r.Len() != len(model) {
				t.Fatalf("%d keys, want %d: %v", r.Len(), len(model), err)
			}
			for pass := range 10 { // the later ones through the map
				for i, m := range model {
					key, _ := r.At(i)
					raw, ok := r.Get(strings.ToLower(m.key))
					if key != m.key || !ok || Diagnostic(raw) != fmt.Sprint(m.n) {
						t.Fatalf("pass %d, %d: %s=%s, want %s=%d", pass, i, key, raw, m.key, m.n)
					}
				}
				if _, ok := r.Get("none"); ok {
					t.Fatal("found what isn't there")
				}
			}
		}
	}
}

func TestSameKey(t *testing.T) {
	same := [][2]string{{"", ""}, {"a", "A"}, {"Ä", "ä"}, {"xÄ", "Xä"}, {"\u212A", "k"}, {"abc\u212A", "ABCk"}, {"İ", "i"}}
	other := [][2]string{{"", "a"}, {"a", "b"}, {"a", "aa"}, {"a", "aÄ"}, {"@", "`"}, {"[", "{"}, {"Ä", "A"}, {"ſ", "s"}}
	for _, p := range same {
		if !SameKey(p[0], p[1]) || !SameKey(p[1], p[0]) || Fold(p[0]) != Fold(p[1]) {
			t.Errorf("%q and %q are the same key", p[0], p[1])
		}
	}
	for _, p := range other {
		if SameKey(p[0], p[1]) || SameKey(p[1], p[0]) || Fold(p[0]) == Fold(p[1]) {
			t.Errorf("%q and %q are two keys", p[0], p[1])
		}
	}
}
