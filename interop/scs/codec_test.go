package scsstore

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/interop/internal/bridge"
)

type point struct{ X, Y int }

func codecValues() map[string]any {
	bridge.RegisterTypes()
	gob.Register(point{})
	gob.Register(map[string]int{})
	gob.Register(time.Second)
	cet := time.FixedZone("CET", 3600)
	return map[string]any{
		"nil": nil, "true": true, "text": "é", "": "an empty key", "not UTF-8": "\xff\xfe",
		"int": 5, "big int": 1 << (strconv.IntSize - 4), "-1<<53": -1 << min(53, strconv.IntSize-1), "int8": int8(-5), "int16": int16(5), "int32": int32(5), "int64": int64(math.MinInt64),
		"uint": uint(5), "uint8": uint8(5), "uint16": uint16(5), "uint32": uint32(5), "uint64": uint64(math.MaxUint64),
		"whole float": 5.0, "float": 5.5, "-0": math.Copysign(0, -1), "+Inf": math.Inf(1), "float32": float32(0.1),
		"bytes": []byte{1}, "date": time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC), "fine date": time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC),
		"zoned": time.Date(2026, 1, 2, 3, 4, 5, 0, cet), "zero date": time.Time{}, "duration": time.Second,
		"list": []any{1, "a", nil, []any{}}, "map": map[string]any{"b": 1, "a": map[string]any{}}, "floats in it": []any{1.0, 2.5},
		"BigInt": big.NewInt(7), "opaque": cborvalue.Opaque{Raw: []byte{0xf7}}, "null, opaque": cborvalue.Opaque{Raw: []byte{0xf6}},
		"struct": point{1, 2}, "ints": map[string]int{"a": 1}, "large": strings.Repeat("x", 2<<20),
	}
}

// Everything comes back in the type that it had.
func TestCBOR(t *testing.T) {
	want := codecValues()
	deadline := time.Date(2026, 1, 2, 3, 4, 5, 678, time.UTC)
	b, err := CBOR{}.Encode(deadline, want)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := CBOR{}.Encode(deadline, want)
	if !bytes.Equal(b, again) {
		t.Error("one session has two encodings")
	}
	when, got, err := CBOR{}.Decode(b)
	if err != nil || !when.Equal(deadline) || len(got) != len(want) {
		t.Fatalf("%v, %d of %d values, %v", when, len(got), len(want), err)
	}
	for key := range want {
		g, w := got[key], want[key]
		if x, ok := w.(time.Time); ok && x.Location() != time.UTC {
			if y := g.(time.Time); !x.Equal(y) || x.Format(time.RFC3339) != y.Format(time.RFC3339) {
				t.Errorf("%s: %v, want %v", key, g, w)
			}
			continue
		}
		if !reflect.DeepEqual(g, w) {
			t.Errorf("%s: %#v, want %#v", key, g, w)
		}
	}
	nan, _ := CBOR{}.Encode(deadline, map[string]any{"n": math.NaN()})
	if _, got, _ := (CBOR{}).Decode(nan); !math.IsNaN(got["n"].(float64)) {
		t.Errorf("NaN: %v", got)
	}
}

// Sessions that gob left are read; a program may change to CBOR at any time.
func TestCBORReadsGob(t *testing.T) {
	want := codecValues()
	deadline := time.Now()
	b, err := scs.GobCodec{}.Encode(deadline, want)
	if err != nil {
		t.Fatal(err)
	}
	when, got, err := CBOR{}.Decode(b)
	_, same, _ := scs.GobCodec{}.Decode(b)
	if err != nil || !when.Equal(deadline) || len(got) != len(want) || !reflect.DeepEqual(got["struct"], same["struct"]) {
		t.Errorf("%v, %d values, %v", when, len(got), err)
	}
	for n := range 20 { // gob never looks like CBOR
		values := map[string]any{}
		for i := range n {
			values[fmt.Sprint(i)] = i
		}
		if b, _ := (scs.GobCodec{}).Encode(deadline, values); bytes.HasPrefix(b, []byte(cborMagic[:2])) {
			t.Errorf("gob begins with %q", b[:4])
		}
	}
}

func TestCBORRefuses(t *testing.T) {
	gob.Register(map[string]any{}) // so that gob has no other reason to refuse it
	deep := map[string]any{}
	for range cborvalue.DefaultMaxDepth {
		deep = map[string]any{"a": deep}
	}
	type unregistered struct{ A int }
	for name, v := range map[string]any{"deep": deep, "chan": make(chan int), "func": func() {}, "not registered": unregistered{1}} {
		if b, err := (CBOR{}).Encode(time.Now(), map[string]any{"k": v}); err == nil || !strings.Contains(err.Error(), `"k"`) {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
	whole, err := CBOR{}.Encode(time.Now(), map[string]any{"a": 1, "b": int8(2), "c": point{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if n < len(cborMagic) {
			continue
		}
		if _, _, err := (CBOR{}).Decode(whole[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were taken", n, len(whole))
		}
	}
	if _, _, err := (CBOR{}).Decode(append(whole, 0)); !errors.Is(err, errBroken) {
		t.Errorf("one byte too many: %v", err)
	}
}

// Whatever the bytes are, decoding ends without a panic, and what it takes it
// can write again.
func FuzzCBORDecode(f *testing.F) {
	for _, values := range []map[string]any{{}, {"a": 1, "b": "x"}, codecValues(), {"c": []any{1.5, nil}, "d": int8(1)}} {
		delete(values, "large")
		b, err := CBOR{}.Encode(time.Unix(1, 2), values)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[len(cborMagic):])
	}
	f.Add([]byte("\x84\x40\xa0\xa0\xa0"))
	f.Fuzz(func(t *testing.T, b []byte) {
		deadline, values, err := CBOR{}.Decode(append([]byte(cborMagic), b...))
		if err != nil {
			return
		}
		if _, err := (CBOR{}).Encode(deadline, values); err != nil {
			t.Errorf("%v can't be written: %v", values, err)
		}
	})
}

// The two codecs side by side, for a session of ten values.
func BenchmarkCodecs(b *testing.B) {
	bridge.RegisterTypes()
	values := map[string]any{
		"user": "ann", "name": "Ann Example", "csrf": strings.Repeat("x", 32), "n": 5, "visits": int64(7), "rate": 1.5, "since": time.Unix(1e9, 0).UTC(),
		"admin": true, "recent": []any{1, 2, 3}, "cart": map[string]any{"items": []any{map[string]any{"id": 7, "n": 1}}},
	}
	for name, codec := range map[string]scs.Codec{"gob": scs.GobCodec{}, "CBOR": CBOR{}} {
		data, err := codec.Encode(time.Now(), values)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/encode", func(b *testing.B) {
			b.ReportMetric(float64(len(data)), "B/session")
			for b.Loop() {
				_, _ = codec.Encode(time.Now(), values)
			}
		})
		b.Run(name+"/decode", func(b *testing.B) {
			for b.Loop() {
				_, _, _ = codec.Decode(data)
			}
		})
	}
}
