package cborvalue

import (
	"bytes"
	"math"
	"time"
)

// ToGo returns a value in its natural Go type:
//
//	undefined, null           nil
//	boolean, string           bool, string
//	integral number           int where |n| <= 2^53 and it is not -0
//	other number              float64
//	BigInt                    *big.Int
//	Date                      time.Time in UTC
//	Uint8Array, ArrayBuffer   []byte
//	array, plain object       []any, map[string]any
//	everything else           Opaque
//
// The result shares nothing with raw and belongs to the caller.
func ToGo(raw []byte) (any, error) {
	d := NewDecoder(raw)
	v, err := toGo(d)
	if err != nil {
		return nil, err
	}
	if d.off != len(raw) {
		return nil, &FormatError{d.off, "more than one item"}
	}
	return v, nil
}

// toGo reads one item. It recurses as deep as the decoder allows.
func toGo(d *Decoder) (any, error) {
	start := d.off
	t, err := d.Next()
	if err != nil {
		return nil, err
	}
	switch t.Kind {
	case KindUndefined, KindNull:
		return nil, nil
	case KindBool:
		return t.Bool, nil
	case KindNumber:
		return goNumber(t.Num), nil
	case KindString:
		return t.Str, nil
	case KindBigInt:
		return t.Big, nil
	case KindDate:
		if t.Num == t.Num {
			return time.UnixMilli(int64(t.Num)).UTC(), nil
		}
	case KindArrayBuffer:
		return bytes.Clone(t.Bytes), nil
	case KindTypedArray:
		if t.Typed == Uint8 || t.Typed == Uint8Clamped {
			return bytes.Clone(t.Bytes), nil
		}
	case KindArray:
		return goSlice(d, t.N)
	case KindObject:
		return goMap(d, t.N)
	}
	return opaque(d, start, &t)
}

func goNumber(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) <= maxInteger && !(f == 0 && math.Signbit(f)) && f == float64(int(f)) {
		return int(f)
	}
	return f
}

func goSlice(d *Decoder, n int) (any, error) {
	list := make([]any, n)
	for i := range list {
		v, err := toGo(d)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

func goMap(d *Decoder, n int) (any, error) {
	m := make(map[string]any, n)
	for range n {
		k, err := d.Next()
		if err != nil {
			return nil, err
		}
		if m[k.Str], err = toGo(d); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// opaque keeps the item that began at start with token t as it is.
func opaque(d *Decoder, start int, t *Token) (any, error) {
	parts := t.N
	if t.Kind == KindMap {
		parts *= 2
	}
	for range parts {
		if _, err := d.Skip(); err != nil {
			return nil, err
		}
	}
	return Opaque{bytes.Clone(d.in[start:d.off])}, nil
}
