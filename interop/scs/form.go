package scsstore

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/najahost/naja/internal/cborvalue"
)

// kinds are the Go types that a number's form doesn't tell, and the one of
// what has no natural Go type.
var kinds = map[string]reflect.Type{
	"int8": reflect.TypeFor[int8](), "int16": reflect.TypeFor[int16](), "int32": reflect.TypeFor[int32](), "int64": reflect.TypeFor[int64](),
	"uint": reflect.TypeFor[uint](), "uint8": reflect.TypeFor[uint8](), "uint16": reflect.TypeFor[uint16](),
	"uint32": reflect.TypeFor[uint32](), "uint64": reflect.TypeFor[uint64](),
	"int": reflect.TypeFor[int](), "float32": reflect.TypeFor[float32](), "float64": reflect.TypeFor[float64](),
	"opaque": reflect.TypeFor[cborvalue.Opaque](),
}

// form encodes v if it comes back as it was from that. kind is its type's
// name where the form alone would give another.
func form(v any) (raw []byte, kind string, ok bool) {
	if !plain(v) {
		return nil, "", false
	}
	raw, err := cborvalue.FromGo(v)
	if err != nil {
		return nil, "", false
	}
	if natural, err := cborvalue.ToGo(raw); err == nil && reflect.TypeOf(natural) == reflect.TypeOf(v) {
		return raw, "", true
	}
	kind = strings.ToLower(reflect.TypeOf(v).Name())
	return raw, kind, kinds[kind] == reflect.TypeOf(v)
}

// plain reports whether v has nothing in it but what a form can say. Inside a
// list or map no types are kept, so that all in it must be of natural types.
func plain(v any) bool {
	switch v := v.(type) {
	case nil, bool, int, float64, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32:
		return true
	case string:
		return utf8.ValidString(v)
	case []byte:
		return v != nil
	case cborvalue.Opaque:
		return len(v.Raw) > 0
	case *big.Int:
		return v != nil
	case time.Time:
		return v.Location() == time.UTC && v.Nanosecond()%1e6 == 0 && v.Year() > 0 && v.Year() < 9999
	case []any, map[string]any:
		raw, err := cborvalue.FromGo(v)
		if err != nil {
			return false // cyclic too: gob will say so
		}
		back, err := cborvalue.ToGo(raw)
		return err == nil && reflect.DeepEqual(back, v)
	}
	return false
}

// fromForm is the inverse of form.
func fromForm(raw []byte, kind string) (any, error) {
	switch kind {
	case "":
		return cborvalue.ToGo(raw)
	case "opaque":
		return cborvalue.Opaque{Raw: bytes.Clone(raw)}, nil
	}
	t, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("unknown type %q", kind)
	}
	dst := reflect.New(t)
	if err := cborvalue.Decode(raw, dst.Interface()); err != nil {
		return nil, err
	}
	return dst.Elem().Interface(), nil
}

// toGob encodes what CBOR has no form for. A value that is too deep for CBOR isn't
// handed to gob, which has no bound of depth.
func toGob(v any) ([]byte, error) {
	var limit *cborvalue.LimitError
	if _, err := cborvalue.FromGo(v); errors.As(err, &limit) && limit.What == "depth" {
		return nil, err
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(&v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// fromGob is the inverse of toGob; raw is a byte string.
func fromGob(raw []byte) (v any, err error) {
	tok, err := cborvalue.NewDecoder(raw).Next()
	if err != nil || tok.Kind != cborvalue.KindArrayBuffer {
		return nil, errors.Join(errBroken, err)
	}
	err = gob.NewDecoder(bytes.NewReader(tok.Bytes)).Decode(&v)
	return v, err
}
