package cborvalue

import (
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
)

// forms is one value of each kind with its encoding, which is a promise to
// every store that holds such bytes.
var forms = []struct {
	name  string
	write func(e *Encoder)
	hex   string
}{
	{"undefined", func(e *Encoder) { e.Undefined() }, "f7"},
	{"null", func(e *Encoder) { e.Null() }, "f6"},
	{"true", func(e *Encoder) { e.Bool(true) }, "f5"},
	{"false", func(e *Encoder) { e.Bool(false) }, "f4"},
	{"0", func(e *Encoder) { e.Number(0) }, "00"},
	{"23", func(e *Encoder) { e.Number(23) }, "17"},
	{"24", func(e *Encoder) { e.Number(24) }, "1818"},
	{"-1", func(e *Encoder) { e.Number(-1) }, "20"},
	{"256", func(e *Encoder) { e.Number(256) }, "190100"},
	{"65536", func(e *Encoder) { e.Number(65536) }, "1a00010000"},
	{"2^53", func(e *Encoder) { e.Number(1 << 53) }, "1b0020000000000000"},
	{"-2^53", func(e *Encoder) { e.Number(-1 << 53) }, "3b001fffffffffffff"},
	{"2^54", func(e *Encoder) { e.Number(1 << 54) }, "fa5a800000"},
	{"-0", func(e *Encoder) { e.Number(math.Copysign(0, -1)) }, "f98000"},
	{"NaN", func(e *Encoder) { e.Number(math.NaN()) }, "f97e00"},
	{"Infinity", func(e *Encoder) { e.Number(math.Inf(1)) }, "f97c00"},
	{"-Infinity", func(e *Encoder) { e.Number(math.Inf(-1)) }, "f9fc00"},
	{"1.5", func(e *Encoder) { e.Number(1.5) }, "fa3fc00000"},
	{"9.99", func(e *Encoder) { e.Number(9.99) }, "fb4023fae147ae147b"},
	{"string", func(e *Encoder) { e.String("aé") }, "6361c3a9"},
	{"0n", func(e *Encoder) { e.BigInt(big.NewInt(0)) }, "c240"},
	{"256n", func(e *Encoder) { e.BigInt(big.NewInt(256)) }, "c2420100"},
	{"-1n", func(e *Encoder) { e.BigInt(big.NewInt(-1)) }, "c340"},
	{"-257n", func(e *Encoder) { e.BigInt(big.NewInt(-257)) }, "c3420100"},
	{"Date", func(e *Encoder) { e.Date(1000) }, "c101"},
	{"Date ms", func(e *Encoder) { e.Date(500) }, "c1fa3f000000"},
	{"Invalid Date", func(e *Encoder) { e.Date(math.NaN()) }, "c1f97e00"},
	{"ArrayBuffer", func(e *Encoder) { e.ArrayBuffer([]byte{1, 2}) }, "420102"},
	{"Uint8Array", func(e *Encoder) { e.TypedArray(Uint8, []byte{9}) }, "d8404109"},
	{"Uint8ClampedArray", func(e *Encoder) { e.TypedArray(Uint8Clamped, []byte{9}) }, "d8444109"},
	{"Float64Array", func(e *Encoder) { e.TypedArray(Float64, nil) }, "d85640"},
	{"BigUint64Array", func(e *Encoder) { e.TypedArray(BigUint64, make([]byte, 8)) }, "d847480000000000000000"},
	{"DataView", func(e *Encoder) { e.DataView([]byte{7}) }, "d81b826844617461566965774107"},
	{"RegExp", func(e *Encoder) { e.RegExp("a", "gi") }, "d9524a8261616267" + "69"},
	{"Error", func(e *Encoder) { e.Error("E", "m", "s") }, "d81b84654572726f72614561" + "6d6173"},
	{"array", func(e *Encoder) { e.BeginArray(2); e.Null(); e.BeginArray(0) }, "82f680"},
	{"object", func(e *Encoder) { e.BeginObject(1); e.Key("a"); e.BeginObject(0) }, "a16161a0"},
	{"Map", func(e *Encoder) { e.BeginMap(1); e.Number(1); e.Null() }, "d90103a101f6"},
	{"Set", func(e *Encoder) { e.BeginSet(1); e.Number(1) }, "d901028101"},
	{"class", func(e *Encoder) { e.Named("Cart"); e.BeginArray(0) }, "d81b82644361727480"},
	{"unknown tag", func(e *Encoder) { e.Raw([]byte{0xc5, 0x82, 1, 2}) }, "c5820102"},
}

func TestForms(t *testing.T) {
	var e Encoder
	for _, f := range forms {
		f.write(&e)
		raw, err := e.Finish()
		if got := hex.EncodeToString(raw); err != nil || got != f.hex {
			t.Errorf("%s: %s, %v; want %s", f.name, got, err, f.hex)
		}
	}
}

func TestEncoderLimits(t *testing.T) {
	deep := func(e *Encoder, n int) error {
		for range n {
			e.BeginArray(1)
		}
		return e.Err()
	}
	sized := func(n int) func(e *Encoder) error {
		return func(e *Encoder) error { e.MaxSize = n; return e.String(strings.Repeat("x", 30)) }
	}
	tests := []struct {
		name string
		do   func(e *Encoder) error
		what string // of the *LimitError, "" for no error
	}{
		{"64 levels", func(e *Encoder) error { return deep(e, 64) }, ""},
		{"65 levels", func(e *Encoder) error { return deep(e, 65) }, "depth"},
		{"empty at 65", func(e *Encoder) error { deep(e, 64); return e.BeginObject(0) }, "depth"},
		{"own depth", func(e *Encoder) error { e.MaxDepth = 2; return deep(e, 3) }, "depth"},
		{"named counts", func(e *Encoder) error { e.MaxDepth = 1; e.Named("A"); return e.Named("B") }, "depth"},
		{"fits", sized(32), ""},
		{"one byte short", sized(31), "size"},
		{"hopeless count", func(e *Encoder) error { return e.BeginArray(math.MaxInt) }, "size"},
		{"hopeless pairs", func(e *Encoder) error { return e.BeginMap(math.MaxInt / 2) }, "size"},
		{"long array", func(e *Encoder) error { return e.BeginArray(DefaultMaxSize) }, "size"},
		{"key", func(e *Encoder) error { e.MaxSize = 4; e.BeginObject(1); return e.Key("four") }, "size"},
	}
	for _, tt := range tests {
		var e Encoder
		err := tt.do(&e)
		var limit *LimitError
		if errors.As(err, &limit) != (tt.what != "") || limit != nil && limit.What != tt.what {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.what)
		}
		if tt.what == "" {
			continue
		}
		if again := e.Null(); again != err {
			t.Errorf("%s: the error doesn't stick: %v", tt.name, again)
		}
		if raw, ferr := e.Finish(); raw != nil || ferr != err {
			t.Errorf("%s: Finish gives %x, %v", tt.name, raw, ferr)
		}
		if err := e.Null(); err != nil {
			t.Errorf("%s: not usable after Finish: %v", tt.name, err)
		}
	}
}

func TestEncoderMisuse(t *testing.T) {
	tests := []struct {
		name string
		do   func(e *Encoder) error
		want error
	}{
		{"second item", func(e *Encoder) error { e.Null(); return e.Null() }, errSecondItem},
		{"value for key", func(e *Encoder) error { e.BeginObject(1); return e.Null() }, errWantKey},
		{"key in array", func(e *Encoder) error { e.BeginArray(1); return e.Key("a") }, errNoKey},
		{"key at top", func(e *Encoder) error { return e.Key("a") }, errNoKey},
		{"key after key", func(e *Encoder) error { e.BeginObject(2); e.Key("a"); return e.Key("b") }, errNoKey},
		{"unfinished", func(e *Encoder) error { e.BeginArray(1); _, err := e.Finish(); return err }, errUnfinished},
		{"nothing", func(e *Encoder) error { _, err := e.Finish(); return err }, errUnfinished},
		{"negative", func(e *Encoder) error { return e.BeginSet(-1) }, errCount},
		{"bad text", func(e *Encoder) error { return e.String("\xff") }, ErrUTF8},
		{"bad key", func(e *Encoder) error { e.BeginObject(1); return e.Key("\xff") }, ErrUTF8},
		{"bad source", func(e *Encoder) error { return e.RegExp("\xed\xa0\x80", "") }, ErrUTF8},
		{"bad name", func(e *Encoder) error { return e.Named("\xff") }, ErrUTF8},
		{"reserved", func(e *Encoder) error { return e.Named("Error") }, ErrReservedName},
		{"half an element", func(e *Encoder) error { return e.TypedArray(Float32, make([]byte, 6)) }, errTyped},
		{"no such kind", func(e *Encoder) error { return e.TypedArray(typedKinds, nil) }, errTyped},
	}
	for _, tt := range tests {
		var e Encoder
		if err := tt.do(&e); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	var e Encoder
	var format *FormatError
	for _, bad := range []string{"", "\x82\x01", "\x01\x02", "\x9f\xff", "\xf8\x01"} {
		if err := e.Raw([]byte(bad)); !errors.As(err, &format) {
			t.Errorf("Raw(%x): %v", bad, err)
		}
		e.Reset()
	}
}

// Every whole millisecond that a Date can have comes back exactly.
func TestDateExact(t *testing.T) {
	var e Encoder
	var d Decoder
	check := func(ms float64) {
		t.Helper()
		e.Date(ms)
		raw, err := e.Finish()
		d.Reset(raw)
		tok, derr := d.Next()
		if err != nil || derr != nil || tok.Kind != KindDate || tok.Num != ms {
			t.Fatalf("%.0f ms came back as %.0f: %v %v", ms, tok.Num, err, derr)
		}
	}
	for _, around := range []float64{0, 1.7e12, maxDate - 3000, 4.4e15, 1 << 52, 8.0e15} {
		for i := float64(0); i < 3000; i++ {
			check(around + i)
			check(-around - i)
		}
	}
	check(maxDate)
	for ms, step := 1.0, 1.0009; ms < maxDate; ms *= step {
		check(math.Floor(ms))
	}
	for _, ms := range []float64{maxDate + 1, math.Inf(1), math.Inf(-1), math.NaN()} {
		e.Date(ms)
		raw, _ := e.Finish()
		d.Reset(raw)
		if tok, err := d.Next(); err != nil || tok.Num == tok.Num {
			t.Errorf("Date(%v) is %v, %v; want an Invalid Date", ms, tok.Num, err)
		}
	}
	e.Date(-0.5)
	if raw, _ := e.Finish(); hex.EncodeToString(raw) != "c100" {
		t.Errorf("Date(-0.5) is %x", raw)
	}
}
