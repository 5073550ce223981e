package bridge

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"math/big"
	"reflect"
	"slices"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
)

// RegisterTypes tells encoding/gob of the types that [ToGo] makes, which a
// program without pages doesn't do. Twice does no harm, and a program that
// registered one of them under a name of its own keeps that.
func RegisterTypes() {
	for _, v := range []any{time.Time{}, map[string]any{}, []any{}, new(big.Int), cborvalue.Opaque{}} {
		func() {
			defer func() { _ = recover() }() // known by another name: gob panics
			gob.Register(v)
		}()
	}
}

// FromGo gives the page's copy of a Go value. ok is false for a value that no
// page can be shown (a func, a cycle, what is too large); raw is undefined
// then.
func FromGo(v any) (raw []byte, ok bool) {
	raw, err := cborvalue.FromGo(v)
	if err != nil {
		var e cborvalue.Encoder
		_ = e.Undefined()
		raw, _ = e.Finish()
		return raw, false
	}
	// From here on v is known to end somewhere.
	if !lacks(v) {
		return raw, true
	}
	if filled, err := cborvalue.FromGo(fill(v)); err == nil {
		raw = filled
	}
	return raw, true
}

// lacks reports whether v has a list that is nil. gob makes no difference
// between that and an empty one, and a page that stored [] wants no null.
func lacks(v any) bool {
	switch v := v.(type) {
	case []byte:
		return v == nil
	case []any:
		return v == nil || slices.ContainsFunc(v, lacks)
	case map[string]any:
		if v == nil {
			return true
		}
		for _, x := range v {
			if lacks(x) {
				return true
			}
		}
	}
	return false
}

// fill copies v with empty lists in the place of nil ones.
func fill(v any) any {
	switch v := v.(type) {
	case []byte:
		return append([]byte{}, v...)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = fill(v[i])
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for k := range v {
			m[k] = fill(v[k])
		}
		return m
	}
	return v
}

// ToGo gives the Go value of what a page assigned, in the type of the value
// that Go code put under the key before where it comes back unchanged from
// that type, so that typed getters and type assertions go on working.
// Otherwise it is the natural type, as [cborvalue.ToGo] has it; undefined stays
// what it is as a [cborvalue.Opaque].
func ToGo(raw []byte, old any) (any, error) {
	natural, err := cborvalue.ToGo(raw)
	if err != nil {
		return nil, err
	}
	if tok, err := cborvalue.NewDecoder(raw).Next(); err == nil && tok.Kind == cborvalue.KindUndefined {
		return cborvalue.Opaque{Raw: bytes.Clone(raw)}, nil
	}
	t := reflect.TypeOf(old)
	if t == nil || t == reflect.TypeOf(natural) {
		return natural, nil
	}
	kept := reflect.New(t)
	if !decode(raw, natural, kept) || !same(natural, kept.Elem().Interface()) {
		return natural, nil
	}
	return kept.Elem().Interface(), nil
}

// decode reads raw into the variable that dst points to.
func decode(raw []byte, natural any, dst reflect.Value) bool {
	if text, ok := natural.(string); ok {
		if u, ok := dst.Interface().(encoding.TextUnmarshaler); ok {
			return u.UnmarshalText([]byte(text)) == nil
		}
	}
	return cborvalue.Decode(raw, dst.Interface()) == nil
}

// same says that a page would see no difference between two Go values. Both
// go through their natural form, in which an object's keys are sorted.
func same(a, b any) bool {
	x, err := cborvalue.FromGo(a)
	if err != nil {
		return false
	}
	y, err := cborvalue.FromGo(b)
	if err != nil {
		return false
	}
	if b, err = cborvalue.ToGo(y); err != nil {
		return false
	}
	if y, err = cborvalue.FromGo(b); err != nil {
		return false
	}
	return bytes.Equal(x, y)
}
