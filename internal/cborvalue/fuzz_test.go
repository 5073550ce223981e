package cborvalue

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// oracle is the other implementation, as strict as ours where it can be.
func oracle(t testing.TB) cbor.DecMode {
	mode, err := cbor.DecOptions{
		MaxNestedLevels:  65535,
		MaxArrayElements: math.MaxInt32,
		MaxMapPairs:      math.MaxInt32,
		IndefLength:      cbor.IndefLengthForbidden,
		IntDec:           cbor.IntDecConvertSignedOrFail,
		BigIntDec:        cbor.BigIntDecodePointer,
		DefaultMapType:   reflect.TypeFor[map[string]any](),
		TimeTagToAny:     cbor.TimeTagToTime,
	}.DecMode()
	if err != nil {
		t.Fatal(err)
	}
	return mode
}

// FuzzDecode reads any bytes: nothing may panic, what is well formed is agreed
// on with the other implementation, and what is read and written again stays
// the same from then on.
func FuzzDecode(f *testing.F) {
	for _, form := range forms {
		raw, _ := hex.DecodeString(form.hex)
		f.Add(raw)
		f.Add(raw[:len(raw)-1])
		f.Add(append(raw, raw...))
	}
	f.Add(bytes.Repeat([]byte{0x81}, 70))
	f.Add([]byte("\xbb\x80\x00\x00\x00\x00\x00\x00\x00"))
	mode := oracle(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		ours, theirs := wellFormed(raw), mode.Wellformed(raw)
		var nesting *cbor.MaxNestedLevelError
		if (ours == nil) != (theirs == nil) && !errors.As(theirs, &nesting) {
			t.Fatalf("%x: %v, but the other says %v", raw, ours, theirs)
		}
		if s := Diagnostic(raw); !json.Valid([]byte(s)) {
			t.Fatalf("%x: diagnostic is not JSON: %s", raw, s)
		}
		_, goErr := ToGo(raw)
		var dst any
		Decode(raw, &dst)
		once, err := rewrite(raw)
		if err != nil {
			return
		}
		if ours != nil || goErr != nil {
			t.Fatalf("%x: read, but %v, %v", raw, ours, goErr)
		}
		if twice, err := rewrite(once); err != nil || !bytes.Equal(twice, once) {
			t.Fatalf("%x: first %x, then %x, %v", raw, once, twice, err)
		}
	})
}

// FuzzGo compares both directions with the other implementation on Go values
// that are made from the fuzzer's bytes.
func FuzzGo(f *testing.F) {
	f.Add([]byte{7, 2, 6, 3, 'a', 'b', 'c', 2, 200})
	f.Add([]byte{6, 3, 0, 1, 2, 5, 1, 2, 3, 4, 5, 6, 7, 8, 4, 9, 9})
	f.Add([]byte{3, 0x41, 0xd9, 0x54, 0xfc, 0x40, 0x1f, 0x7c, 0xed})
	mode := oracle(f)
	f.Fuzz(func(t *testing.T, seed []byte) {
		v := makeGo(&seed, 0)
		raw, err := FromGo(v)
		if err != nil {
			t.Fatalf("%#v: %v", v, err)
		}
		var theirs any
		if err := mode.Unmarshal(exactDates(raw), &theirs); err != nil || !reflect.DeepEqual(likeToGo(theirs), v) {
			t.Fatalf("%#v: encoded as %x, which the other reads as %#v, %v", v, raw, theirs, err)
		}
		enc, err := cbor.EncOptions{Time: cbor.TimeUnixDynamic, TimeTag: cbor.EncTagRequired, BigIntConvert: cbor.BigIntConvertNone}.EncMode()
		if err != nil {
			t.Fatal(err)
		}
		other, err := enc.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ToGo(other)
		if err != nil || !reflect.DeepEqual(back, v) {
			t.Fatalf("%#v: the other's %x is read as %#v, %v", v, other, back, err)
		}
	})
}

// makeGo makes a value that ToGo would return.
func makeGo(seed *[]byte, depth int) any {
	take := func(n int) []byte {
		b := make([]byte, n)
		*seed = (*seed)[copy(b, *seed):]
		return b
	}
	kind := take(1)[0] % 9
	if depth > 8 {
		kind %= 6
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return take(1)[0]&1 == 0
	case 2:
		return int(int32(binary.BigEndian.Uint32(take(4))))
	case 3:
		v := math.Float64frombits(binary.BigEndian.Uint64(take(8)))
		if v != v {
			return 0.5
		}
		return goNumber(v)
	case 4:
		return new(big.Int).Sub(new(big.Int).SetBytes(take(int(take(1)[0]%20))), big.NewInt(1000))
	case 5:
		return time.UnixMilli(int64(binary.BigEndian.Uint32(take(4))) * 1001).UTC()
	case 6:
		return hex.EncodeToString(take(int(take(1)[0] % 40)))
	case 7:
		list := make([]any, take(1)[0]%5)
		for i := range list {
			list[i] = makeGo(seed, depth+1)
		}
		return list
	}
	m := map[string]any{}
	for range take(1)[0] % 5 {
		m[hex.EncodeToString(take(2))] = makeGo(seed, depth+1)
	}
	return m
}

// likeToGo turns the types of the other implementation into those of ToGo.
func likeToGo(v any) any {
	switch x := v.(type) {
	case int64:
		return int(x)
	case float64:
		return goNumber(x)
	case time.Time:
		return x.UTC()
	case []any:
		for i := range x {
			x[i] = likeToGo(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = likeToGo(x[k])
		}
	}
	return v
}

// FuzzRecord reads any bytes as a record and changes it.
func FuzzRecord(f *testing.F) {
	var empty Record
	b, _ := empty.Apply(Changes{Meta: &Meta{LCID: 7}, Items: []Change{{"a", num(1)}, {"B", num(2)}}})
	f.Add(b, "b", []byte{0xf5})
	f.Add([]byte("NJ\x01\x01\xa3\x02\x05\x18\x99\x82\x01\x02\x0a\x61x\xa0"), "", []byte(nil))
	f.Add([]byte("NJ\x01\x00\xa2\x61a\x01\x61A\x02"), "a", []byte{1})
	f.Fuzz(func(t *testing.T, b []byte, key string, raw []byte) {
		r, err := ParseRecord(b)
		if err != nil {
			var re *RecordError
			if !errors.As(err, &re) || !bytes.Equal(re.Raw, b) {
				t.Fatalf("%x: %v", b, err)
			}
			return
		}
		out, err := r.Apply(Changes{Items: []Change{{key, raw}}})
		if err != nil {
			return
		}
		next, err := ParseRecord(out)
		if err != nil || next.Meta() != r.Meta() {
			t.Fatalf("%x with %q=%x gives %x: %v", b, key, raw, out, err)
		}
		if got, ok := next.Get(key); raw != nil && (!ok || !bytes.Equal(got, raw)) {
			t.Fatalf("%x with %q=%x gives %x: got %x", b, key, raw, out, got)
		}
		if again, err := next.Apply(Changes{}); err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%x is not stable: %x, %v", out, again, err)
		}
	})
}
