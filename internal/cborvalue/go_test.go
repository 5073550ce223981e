package cborvalue

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestGoRoundTrip(t *testing.T) {
	when := time.Date(2026, 2, 3, 4, 5, 6, 123e6, time.UTC)
	for _, v := range []any{
		nil, true, false, "", "héllo", 0, 1, -1, 1 << min(53, strconv.IntSize-2), -1 << min(53, strconv.IntSize-1), 1.5, math.Inf(1), math.Inf(-1), 1e300,
		big.NewInt(0), new(big.Int).Lsh(big.NewInt(-1), 200), when, when.AddDate(-3000, 0, 0),
		[]byte{}, []byte{1, 2, 3}, []any{}, []any{1, "a", nil, []any{2.5}},
		map[string]any{}, map[string]any{"a": 1, "B": map[string]any{"c": []any{true}}},
	} {
		raw, err := FromGo(v)
		if err != nil {
			t.Errorf("%v: %v", v, err)
			continue
		}
		back, err := ToGo(raw)
		if err != nil || !reflect.DeepEqual(back, v) {
			t.Errorf("%#v came back as %#v, %v", v, back, err)
		}
	}
	raw, _ := FromGo(math.Copysign(0, -1))
	if f, _ := ToGo(raw); f != 0.0 || !math.Signbit(f.(float64)) {
		t.Errorf("-0 came back as %v", f)
	}
	raw, _ = FromGo(math.NaN())
	if f, _ := ToGo(raw); f == f {
		t.Errorf("NaN came back as %v", f)
	}
}

type base struct{ ID int }
type item struct {
	base
	Name   string `json:"name"`
	Price  float64
	Empty  string `cbor:"empty,omitempty"`
	Hidden string `json:"-"`
	secret int
	Next   *item `json:"next,omitempty"`
}
type loop struct{ Self *loop }
type itself *itself
type octets []byte

func TestFromGo(t *testing.T) {
	n := 7
	tests := []struct {
		v    any
		want string
	}{
		{item{base{1}, "n", 2.5, "", "x", 3, &item{Name: "m"}}, `{"name":"n","Price":2.5,"next":{"name":"m","Price":0,"ID":0},"ID":1}`},
		{&n, "7"}, {(*int)(nil), "null"}, {[]int(nil), "null"}, {map[string]int(nil), "null"},
		{[]int{1, 2}, "[1,2]"}, {[2]bool{true}, "[true,false]"}, {octets{1}, `{"$bytes":"AQ==","type":"Uint8Array"}`},
		{map[string]int{"b": 1, "a": 2}, `{"a":2,"b":1}`}, {map[int]string{2: "b", 1: "a"}, `{"$map":[[1,"a"],[2,"b"]]}`},
		{int64(1<<53 + 1), `{"$bigint":"9007199254740993"}`}, {uint64(math.MaxUint64), `{"$bigint":"18446744073709551615"}`},
		{netip.MustParseAddr("::1"), `"::1"`}, {struct{}{}, "{}"}, {float32(0.5), "0.5"}, {int8(-3), "-3"},
		{*big.NewInt(5), `{"$bigint":"5"}`}, {Opaque{[]byte{0xd9, 1, 2, 0x80}}, `{"$set":[]}`},
		{&Opaque{[]byte{1}}, "1"}, {new(time.Time), `{"$date":"0001-01-01T00:00:00.000Z"}`}, {(*time.Time)(nil), "null"},
		{json.Number("5"), `"5"`},
	}
	for _, tt := range tests {
		raw, err := FromGo(tt.v)
		if got := Diagnostic(raw); err != nil || got != tt.want {
			t.Errorf("%#v: %s, %v; want %s", tt.v, got, err, tt.want)
		}
	}
}

func TestFromGoRefuses(t *testing.T) {
	l := &loop{}
	l.Self = l
	var me itself
	me = &me
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	var limit *LimitError
	for name, v := range map[string]any{"struct": l, "pointer": me, "map": cyclic, "large": make([]byte, DefaultMaxSize)} {
		if _, err := FromGo(v); !errors.As(err, &limit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for where, v := range map[string]any{
		".a[1]: value: a Go func() can't":   map[string]any{"a": []any{1, func() {}}},
		"a Go chan int can't":               make(chan int),
		"complex128":                        complex(1, 2),
		"value.hidden has no exported":      hidden{1},
		".t: value: year 300000 has no":     map[string]any{"t": time.Date(300000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"[1]: value: text is not valid":     []string{"a", "\xff"},
		"value: byte 0":                     Opaque{},
		"[5]: value: a Go func() can't be":  map[int]any{5: func() {}},
		"value: text of netip.Addr... fail": badText{},
	} {
		_, err := FromGo(v)
		want, _, _ := strings.Cut(where, " of netip")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: %v; want %q", v, err, want)
		}
	}
}

type hidden struct{ n int }
type badText struct{}

func (badText) MarshalText() ([]byte, error) { return nil, errors.New("no") }

// What has no natural Go type comes back as it was.
func TestOpaque(t *testing.T) {
	var e Encoder
	e.BeginArray(6)
	e.BeginMap(1)
	e.Number(1)
	e.BeginSet(1)
	e.Null()
	e.RegExp("a", "g")
	e.Date(math.NaN())
	e.TypedArray(Float32, make([]byte, 8))
	e.Named("Cart")
	e.BeginObject(1)
	e.Key("n")
	e.Number(1)
	e.Raw([]byte{0xc5, 0x80})
	raw, err := e.Finish()
	if err != nil {
		t.Fatal(err)
	}
	v, err := ToGo(raw)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range v.([]any) {
		if _, ok := x.(Opaque); !ok {
			t.Errorf("item %d is a %T", i, x)
		}
	}
	back, err := FromGo(v)
	if err != nil || !bytes.Equal(back, raw) {
		t.Errorf("%x became %x, %v", raw, back, err)
	}
	var buf bytes.Buffer
	in, out := Opaque{raw}, Opaque{}
	if err := gob.NewEncoder(&buf).Encode(in); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&buf).Decode(&out); err != nil || !bytes.Equal(out.Raw, raw) {
		t.Errorf("through gob: %v", err)
	}
	if err := out.UnmarshalBinary([]byte{0x82}); err == nil {
		t.Error("half an item was taken")
	}
	if _, err := ToGo([]byte{1, 2}); err == nil {
		t.Error("two items were taken")
	}
	var list []any
	if err := in.Decode(&list); err != nil || len(list) != 6 || in.String() != Diagnostic(raw) {
		t.Errorf("%v, %v", list, err)
	}
}

func TestDecode(t *testing.T) {
	var e Encoder
	e.BeginObject(7)
	e.Key("name")
	e.String("n")
	e.Key("when")
	e.Date(1700000000123)
	e.Key("day")
	e.Date(86400000)
	e.Key("set")
	e.BeginSet(2)
	e.Number(3)
	e.Number(4)
	e.Key("map")
	e.BeginMap(1)
	e.Number(1)
	e.String("one")
	e.Key("bytes")
	e.TypedArray(Uint8, []byte{1, 2})
	e.Key("big")
	e.BigInt(big.NewInt(77))
	raw, err := e.Finish()
	if err != nil {
		t.Fatal(err)
	}
	type dst struct {
		Name      string
		When, Day time.Time
		Set       []int
		Map       map[int]string
		Bytes     []byte
		Big       *big.Int
	}
	var got dst
	if err := Decode(raw, &got); err != nil {
		t.Fatal(err)
	}
	got.When, got.Day = got.When.UTC(), got.Day.UTC()
	want := dst{"n", time.UnixMilli(1700000000123).UTC(), time.UnixMilli(86400000).UTC(), []int{3, 4}, map[int]string{1: "one"}, []byte{1, 2}, big.NewInt(77)}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	var loose map[string]any
	if err := Decode(raw, &loose); err != nil || loose["name"] != "n" || !reflect.DeepEqual(loose["map"], Map{int64(1): "one"}) {
		t.Errorf("%v, %v", loose, err)
	}
	if err := Decode([]byte{0x82, 1}, &loose); err == nil {
		t.Error("half an item was taken")
	}
	var n int
	if err := Decode([]byte{0x61, 'a'}, &n); err == nil {
		t.Error("text was taken for a number")
	}
	deep := []byte(strings.Repeat("\xd8\x1b\x82\x61A", DefaultMaxDepth) + "\x01")
	var x any
	if err := Decode(deep, &x); err != nil {
		t.Errorf("as deep as allowed: %v", err)
	}
}

func TestDecodeDates(t *testing.T) {
	for _, ms := range []int64{0, 1, 999, -1, -62167219200000, -62167219200001, 253402300799999, 253402300800000, 1700000000122} {
		var e Encoder
		e.Date(float64(ms))
		raw, _ := e.Finish()
		var got time.Time
		if err := Decode(raw, &got); err != nil || got.UnixMilli() != ms || got.Year() > 0 && got.Year() < 9999 && got.Nanosecond()%1e6 != 0 {
			t.Errorf("%d ms: %v, %v", ms, got, err)
		}
	}
	var got time.Time
	if err := Decode([]byte{0xc1, 0xf9, 0x7e, 0}, &got); err != nil || !got.IsZero() {
		t.Errorf("Invalid Date: %v, %v", got, err)
	}
}

func TestDiagnostic(t *testing.T) {
	want := map[string]string{
		"undefined": `{"$undefined":true}`, "NaN": `{"$number":"NaN"}`, "-0": `{"$number":"-0"}`, "9.99": "9.99",
		"string": `"aé"`, "-257n": `{"$bigint":"-257"}`, "Date ms": `{"$date":"1970-01-01T00:00:00.500Z"}`,
		"Invalid Date": `{"$date":null}`, "ArrayBuffer": `{"$bytes":"AQI=","type":"ArrayBuffer"}`,
		"Uint8ClampedArray": `{"$bytes":"CQ==","type":"Uint8ClampedArray"}`, "DataView": `{"$bytes":"Bw==","type":"DataView"}`,
		"RegExp": `{"$regexp":"/abb/gi"}`, "Error": `{"$error":"E: m","stack":"s"}`, "array": "[null,[]]",
		"object": `{"a":{}}`, "Map": `{"$map":[[1,null]]}`, "Set": `{"$set":[1]}`, "class": `{"$class":"Cart","state":[]}`,
		"unknown tag": `{"$unknown":"c5820102"}`, "true": "true",
	}
	for _, f := range forms {
		var e Encoder
		f.write(&e)
		raw, _ := e.Finish()
		got := Diagnostic(raw)
		if w, ok := want[f.name]; ok && got != w && f.name != "RegExp" {
			t.Errorf("%s: %s, want %s", f.name, got, w)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s: not JSON: %s", f.name, got)
		}
	}
	if got := Diagnostic([]byte{0x82, 1}); got != `{"$invalid":"value: byte 0: more items than bytes","hex":"8201"}` {
		t.Error(got)
	}
	var e Encoder
	e.BigInt(new(big.Int).Lsh(big.NewInt(1), 8000))
	raw, _ := e.Finish()
	if got := Diagnostic(raw); !strings.HasSuffix(got, `000 (hex)"}`) {
		t.Error(got)
	}
}
