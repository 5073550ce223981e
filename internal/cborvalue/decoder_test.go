package cborvalue

import (
	"encoding/hex"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

// rewrite reads raw token by token and writes it again.
func rewrite(raw []byte) ([]byte, error) {
	e := Encoder{MaxSize: 1 << 30}
	d := NewDecoder(raw)
	for {
		t, err := d.Next()
		if err == io.EOF {
			return e.Finish()
		}
		if err != nil {
			return nil, err
		}
		if err := put(&e, &t); err != nil {
			return nil, err
		}
	}
}

func put(e *Encoder, t *Token) error {
	switch t.Kind {
	case KindUndefined:
		return e.Undefined()
	case KindNull:
		return e.Null()
	case KindBool:
		return e.Bool(t.Bool)
	case KindNumber:
		return e.Number(t.Num)
	case KindString:
		return e.String(t.Str)
	case KindBigInt:
		return e.BigInt(t.Big)
	case KindDate:
		return e.Date(t.Num)
	case KindArray:
		return e.BeginArray(t.N)
	case KindObject:
		return e.BeginObject(t.N)
	case KindKey:
		return e.Key(t.Str)
	case KindMap:
		return e.BeginMap(t.N)
	case KindSet:
		return e.BeginSet(t.N)
	case KindArrayBuffer:
		return e.ArrayBuffer(t.Bytes)
	case KindTypedArray:
		return e.TypedArray(t.Typed, t.Bytes)
	case KindDataView:
		return e.DataView(t.Bytes)
	case KindRegExp:
		return e.RegExp(t.Str, t.Flags())
	case KindError:
		return e.Error(t.Name(), t.Str, t.Stack())
	case KindNamed:
		return e.Named(t.Str)
	}
	return e.Raw(t.Bytes)
}

func TestDecodeForms(t *testing.T) {
	for _, f := range forms {
		raw, _ := hex.DecodeString(f.hex)
		again, err := rewrite(raw)
		if err != nil || hex.EncodeToString(again) != f.hex {
			t.Errorf("%s: read and written again is %x, %v", f.name, again, err)
		}
	}
}

// Forms that only other programs write are understood, or kept as they are.
func TestDecodeForeign(t *testing.T) {
	tests := []struct {
		hex  string
		want Token
	}{
		{"1b0020000000000001", Token{Kind: KindBigInt}},
		{"3bffffffffffffffff", Token{Kind: KindBigInt}},
		{"fb3ff0000000000000", Token{Kind: KindNumber, Num: 1}},
		{"f93c00", Token{Kind: KindNumber, Num: 1}},
		{"f90001", Token{Kind: KindNumber, Num: 0x1p-24}},
		{"1800", Token{Kind: KindNumber}},
		{"d9524a816161", Token{Kind: KindRegExp, Str: "a"}},
		{"c074323031332d30332d32315432303a30343a30305a", Token{Kind: KindUnknown}},
		{"d8414101", Token{Kind: KindUnknown}},             // big-endian Uint16Array, half an element
		{"d84501", Token{Kind: KindUnknown}},               // typed array without bytes
		{"d90102a0", Token{Kind: KindUnknown}},             // set of a map
		{"d81b8101", Token{Kind: KindUnknown}},             // object without arguments
		{"d81b82654572726f7201", Token{Kind: KindUnknown}}, // an Error of another shape
		{"c101", Token{Kind: KindDate, Num: 1000}},
		{"c16161", Token{Kind: KindUnknown}},
		{"e0", Token{Kind: KindUnknown}},
		{"f8ff", Token{Kind: KindUnknown}},
	}
	for _, tt := range tests {
		raw, err := hex.DecodeString(tt.hex)
		if err != nil {
			t.Fatal(err)
		}
		d := NewDecoder(raw)
		tok, err := d.Next()
		if tok.Kind == KindUnknown && string(tok.Bytes) != string(raw) {
			t.Errorf("%s: kept as %x", tt.hex, tok.Bytes)
		}
		tok.Big, tok.Bytes = nil, nil
		if err != nil || !reflect.DeepEqual(tok, tt.want) {
			t.Errorf("%s: %+v, %v; want %+v", tt.hex, tok, err, tt.want)
		}
		if _, err := d.Next(); err != io.EOF {
			t.Errorf("%s: then %v", tt.hex, err)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	var format *FormatError
	for _, in := range []string{
		"", "18", "61", "62ff", "8201", "82", "9f", "ff", "1c", "f814", "a101", "a10101",
		"bb8000000000000000", "9b7fffffffffffffff", "0000", "c1", "c2", "d81b82", "d81b8261", "d9524a820101",
		"5f", "d901029bffffffffffffffff", "d81b846545727261", "d81b84654572726f72010203",
	} {
		raw, err := hex.DecodeString(in)
		if err != nil {
			t.Fatal(in, err)
		}
		got, err := rewrite(raw)
		if !errors.As(err, &format) {
			t.Errorf("%s: %x, %v; want a *FormatError", in, got, err)
		}
		if err != nil && err.Error() == "" {
			t.Errorf("%s: no text", in)
		}
	}
	if _, err := rewrite([]byte("\x61\xff")); err != ErrUTF8 {
		t.Errorf("bad text: %v", err)
	}
	if _, err := rewrite([]byte(strings.Repeat("\x81", 64) + "\x01")); err != nil {
		t.Errorf("64 levels: %v", err)
	}
	var limit *LimitError
	if _, err := rewrite([]byte(strings.Repeat("\x81", 65) + "\x01")); !errors.As(err, &limit) {
		t.Errorf("65 levels: %v", err)
	}
	if _, err := itemEnd([]byte(strings.Repeat("\x81", 1000)+"\x01"), 0); err != nil {
		t.Errorf("a thousand levels are complete all the same: %v", err)
	}
}

func TestSkip(t *testing.T) {
	raw, _ := hex.DecodeString("83" + "a16161820102" + "d90103a10102" + "05")
	d := NewDecoder(raw)
	d.Next()
	for _, want := range []string{"a16161820102", "d90103a10102", "05"} {
		item, err := d.Skip()
		if err != nil || hex.EncodeToString(item) != want {
			t.Fatalf("Skip: %x, %v; want %s", item, err, want)
		}
	}
	if _, err := d.Skip(); err != io.EOF {
		t.Errorf("Skip at the end: %v", err)
	}
	if _, err := d.Next(); err != io.EOF {
		t.Errorf("Next at the end: %v", err)
	}
	d.Reset(raw[1:])
	d.Next()
	if _, err := d.Skip(); err == nil {
		t.Error("a key was skipped")
	}
	d.Reset(raw[1:])
	d.Next() // object
	d.Next() // key
	if item, err := d.Skip(); err != nil || hex.EncodeToString(item) != "820102" {
		t.Errorf("value of a key: %x, %v", item, err)
	}
	if d.Depth() != 0 {
		t.Errorf("depth %d after the value", d.Depth())
	}
}

func TestNames(t *testing.T) {
	for k := KindUndefined; k <= KindUnknown; k++ {
		if k.String() == "" || strings.HasPrefix(k.String(), "Kind(") {
			t.Errorf("kind %d has no name", k)
		}
	}
	for k := Int8; k < typedKinds; k++ {
		if got, ok := ParseTypedKind(k.String()); !ok || got != k {
			t.Errorf("%v: %v, %v", k, got, ok)
		}
		if got, ok := typedKindOf(uint64(typedTags[k])); !ok || got != k {
			t.Errorf("%v: tag %d is %v, %v", k, typedTags[k], got, ok)
		}
	}
	if Kind(99).String() != "Kind(99)" || TypedKind(99).String() != "TypedKind(99)" || TypedKind(99).Size() != 0 {
		t.Error("unknown kinds")
	}
	if _, ok := ParseTypedKind("Array"); ok {
		t.Error("Array is no typed array")
	}
}
