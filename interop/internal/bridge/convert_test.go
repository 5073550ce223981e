package bridge

import (
	"bytes"
	"encoding/gob"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
)

type user struct {
	Name string `json:"name"`
	Age  int
	Tags []string `json:",omitempty"`
}

type level int8

func raw(t *testing.T, v any) []byte {
	t.Helper()
	b, err := cborvalue.FromGo(v)
	must(t, err)
	return b
}

// Go code finds the type that it put as long as the page's value fits in.
func TestTypesStay(t *testing.T) {
	when := time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC)
	addr := netip.MustParseAddr("10.0.0.1")
	for _, tt := range []struct{ old, page, want any }{
		{int64(1), 2, int64(2)}, {int8(1), 127, int8(127)}, {int8(1), 300, 300}, {int8(1), -300.5, -300.5},
		{uint(1), 2, uint(2)}, {uint(1), -2, -2}, {uint64(math.MaxUint64), 5, uint64(5)},
		{1.5, 2, 2.0}, {1.5, 2.5, 2.5}, {float32(1.5), 2.5, float32(2.5)}, {float32(1.5), 0.1, 0.1}, {1, 7.9, 7.9}, {1, "abc", "abc"},
		{1, nil, nil}, {nil, 1, 1}, {"a", 5, 5}, {5, "5", "5"}, {true, 1, 1},
		{when, when.Add(time.Hour), when.Add(time.Hour)}, {when, "x", "x"},
		{level(1), 5, level(5)}, {time.Second, 5, time.Duration(5)}, {addr, "10.0.0.2", netip.MustParseAddr("10.0.0.2")}, {addr, "x", "x"},
		{user{"a", 1, nil}, map[string]any{"Age": 2, "name": "b"}, user{"b", 2, nil}},
		{user{"a", 1, nil}, map[string]any{"name": "b"}, map[string]any{"name": "b"}},
		{user{"a", 1, nil}, map[string]any{"Age": 2, "name": "b", "more": 1}, map[string]any{"Age": 2, "name": "b", "more": 1}},
		{[]string{"a"}, []any{"b", "c"}, []string{"b", "c"}}, {[]string{"a"}, []any{"b", 1}, []any{"b", 1}},
		{map[string]int{"a": 1}, map[string]any{"b": 2}, map[string]int{"b": 2}},
		{[]any{1}, []any{"x", nil}, []any{"x", nil}}, {[]byte{1}, []byte{2}, []byte{2}}, {"x", []byte{2}, []byte{2}},
		{int64(1), new(big.Int).Lsh(big.NewInt(1), 70), new(big.Int).Lsh(big.NewInt(1), 70)},
	} {
		got, err := ToGo(raw(t, tt.page), tt.old)
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%#v over %#v: %#v, %v; want %#v", tt.page, tt.old, got, err, tt.want)
		}
	}
	age := 3
	got, err := ToGo(raw(t, 4), &age)
	if p, ok := got.(*int); err != nil || !ok || *p != 4 || age != 3 {
		t.Errorf("over a pointer: %v, %v", got, err)
	}
	if _, err := ToGo([]byte{0x82, 1}, nil); err == nil {
		t.Error("half a value was taken")
	}
}

// What pages store outlives gob, the empty lists and undefined included.
func TestThroughGob(t *testing.T) {
	RegisterTypes()
	RegisterTypes() // twice does no harm
	var undefined cborvalue.Encoder
	_ = undefined.Undefined()
	nothing, err := undefined.Finish()
	must(t, err)
	var set cborvalue.Encoder
	_ = set.BeginSet(1)
	_ = set.Number(1)
	aSet, err := set.Finish()
	must(t, err)
	raws := [][]byte{nothing, aSet}
	for _, v := range []any{
		nil, true, "é", 5, -1.5, time.UnixMilli(1700000000123).UTC(), []byte{}, []byte{1}, big.NewInt(7),
		[]any{}, map[string]any{}, []any{nil, []any{}, []byte{}, map[string]any{"a": nil, "b": []any{}}},
	} {
		raws = append(raws, raw(t, v))
	}
	for _, want := range raws {
		v, err := ToGo(want, nil)
		must(t, err)
		var b bytes.Buffer
		must(t, gob.NewEncoder(&b).Encode(map[string]any{"k": v}))
		var back map[string]any
		must(t, gob.NewDecoder(&b).Decode(&back))
		if got, ok := FromGo(back["k"]); !ok || !bytes.Equal(got, want) {
			t.Errorf("%s came back as %s", cborvalue.Diagnostic(want), cborvalue.Diagnostic(got))
		}
	}
}

// A value that no page can be shown is undefined to it.
func TestCannotBeShown(t *testing.T) {
	deep := map[string]any{}
	for range cborvalue.DefaultMaxDepth {
		deep = map[string]any{"a": deep}
	}
	for _, v := range []any{func() {}, make(chan int), deep, struct{ n int }{1}, "\xff", make([]byte, 2<<20)} {
		if got, ok := FromGo(v); ok || cborvalue.Diagnostic(got) != `{"$undefined":true}` {
			t.Errorf("%T: %s, %v", v, cborvalue.Diagnostic(got), ok)
		}
	}
	// Lists that are nil inside Go's own types stay what they are.
	if got, _ := FromGo(struct{ A []string }{}); cborvalue.Diagnostic(got) != `{"A":null}` {
		t.Errorf("%s", cborvalue.Diagnostic(got))
	}
	in := []any{[]any(nil)}
	if got, _ := FromGo(in); cborvalue.Diagnostic(got) != `[[]]` || in[0].([]any) != nil {
		t.Errorf("%s, and the value is %#v", cborvalue.Diagnostic(got), in)
	}
}
