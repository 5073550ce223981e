package cborvalue

import (
	"encoding"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FromGo encodes a Go value as a page would see it:
//
//	nil                       null
//	bool, string, numbers     boolean, string, number; integers past 2^53 BigInt
//	*big.Int, big.Int         BigInt
//	time.Time                 Date, to the millisecond
//	[]byte                    Uint8Array
//	Opaque                    what it came from
//	slice, array              array
//	map with string keys      plain object, keys sorted
//	other map                 Map
//	struct                    plain object of its exported fields, named by
//	                          their cbor or json tags
//	encoding.TextMarshaler    string
//
// Pointers and interfaces are followed. What is left (func, chan, complex, a
// struct without exported fields), text that is not UTF-8, and a value past
// DefaultMaxDepth or DefaultMaxSize, which every cyclic one is, is refused
// with an error that names the place in v.
func FromGo(v any) ([]byte, error) {
	var e Encoder
	w := goWalker{e: &e}
	if err := w.walk(reflect.ValueOf(v)); err != nil {
		return nil, err
	}
	return e.Finish()
}

// A goWalker walks a Go value into an encoder and knows where it is.
type goWalker struct {
	e    *Encoder
	path []byte
	hops int // pointers followed without a container between
}

// fail says where err happened.
func (w *goWalker) fail(err error) error {
	if err == nil || len(w.path) == 0 {
		return err
	}
	return fmt.Errorf("%s: %w", w.path, err)
}

// at walks v one step further on the path.
func (w *goWalker) at(step string, v reflect.Value) error {
	n, hops := len(w.path), w.hops
	w.path, w.hops = append(w.path, step...), 0
	err := w.walk(v)
	w.path, w.hops = w.path[:n], hops
	return err
}

func (w *goWalker) walk(v reflect.Value) error {
	if !v.IsValid() {
		return w.fail(w.e.Null())
	}
	if done, err := w.known(v); done {
		return w.fail(err)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return w.follow(v)
	case reflect.Slice, reflect.Array:
		return w.list(v)
	case reflect.Map:
		return w.mapping(v)
	case reflect.Struct:
		return w.fields(v)
	}
	return w.fail(w.scalar(v))
}

func (w *goWalker) follow(v reflect.Value) error {
	if v.IsNil() {
		return w.fail(w.e.Null())
	}
	if w.hops++; w.hops > DefaultMaxDepth { // type P *P
		return w.fail(&LimitError{"depth", DefaultMaxDepth})
	}
	return w.walk(v.Elem())
}

// known writes the types that have a form of their own.
func (w *goWalker) known(v reflect.Value) (done bool, err error) {
	if !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return false, nil
	}
	switch x := v.Interface().(type) {
	case time.Time:
		ms := float64(x.UnixMilli())
		if y := x.Year(); y < -271821 || y > 275760 || math.Abs(ms) > maxDate {
			return true, fmt.Errorf("value: year %d has no Date", y)
		}
		return true, w.e.Date(ms)
	case *big.Int:
		return true, w.e.BigInt(x)
	case big.Int:
		return true, w.e.BigInt(&x)
	case Opaque:
		return true, w.e.Raw(x.Raw)
	case *time.Time, *Opaque:
		return false, nil // followed, not taken for a TextMarshaler
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		if err != nil {
			return true, fmt.Errorf("value: text of %s: %w", v.Type(), err)
		}
		return true, w.e.String(string(text))
	}
	return false, nil
}

func (w *goWalker) scalar(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		return w.e.Bool(v.Bool())
	case reflect.String:
		return w.e.String(v.String())
	case reflect.Float32, reflect.Float64:
		return w.e.Number(v.Float())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if n := v.Int(); n > maxInteger || n < -maxInteger {
			return w.e.BigInt(big.NewInt(n))
		}
		return w.e.Number(float64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if n := v.Uint(); n > maxInteger {
			return w.e.BigInt(new(big.Int).SetUint64(n))
		}
		return w.e.Number(float64(v.Uint()))
	}
	return fmt.Errorf("value: a Go %s can't be stored", v.Type())
}

func (w *goWalker) list(v reflect.Value) error {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return w.fail(w.e.Null())
	}
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return w.fail(w.e.TypedArray(Uint8, v.Bytes()))
	}
	if err := w.e.BeginArray(v.Len()); err != nil {
		return w.fail(err)
	}
	for i := range v.Len() {
		if err := w.at("["+strconv.Itoa(i)+"]", v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (w *goWalker) mapping(v reflect.Value) error {
	if v.IsNil() {
		return w.fail(w.e.Null())
	}
	if v.Type().Key().Kind() != reflect.String {
		return w.entries(v)
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	if err := w.e.BeginObject(len(keys)); err != nil {
		return w.fail(err)
	}
	for _, k := range keys {
		if err := w.e.Key(k.String()); err != nil {
			return w.fail(err)
		}
		if err := w.at("."+k.String(), v.MapIndex(k)); err != nil {
			return err
		}
	}
	return nil
}

// entries writes a map whose keys are not strings, sorted by their encoding
// so that equal maps have equal bytes.
func (w *goWalker) entries(v reflect.Value) error {
	type pair struct {
		key []byte
		val reflect.Value
	}
	pairs := make([]pair, 0, v.Len())
	for it := v.MapRange(); it.Next(); {
		key, err := FromGo(it.Key().Interface())
		if err != nil {
			return w.fail(err)
		}
		pairs = append(pairs, pair{key, it.Value()})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return slices.Compare(a.key, b.key) })
	if err := w.e.BeginMap(len(pairs)); err != nil {
		return w.fail(err)
	}
	for _, p := range pairs {
		if err := w.e.Raw(p.key); err != nil {
			return w.fail(err)
		}
		if err := w.at("["+Diagnostic(p.key)+"]", p.val); err != nil {
			return err
		}
	}
	return nil
}
