package cborvalue

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Decode reads a value into the variable that dst points to: a struct (fields
// by cbor or json tags), map, slice, number, string, time.Time, *big.Int and
// so on, by the rules of github.com/fxamacker/cbor. A Map becomes a Go map, a
// Set a slice, a typed array bytes, an Error or RegExp a slice of its texts;
// undefined and null leave dst at nil or as it was, and an Invalid Date is
// the zero time. A *[MismatchError] says that a value has no place in dst, such
// as a number that doesn't fit.
func Decode(raw []byte, dst any) error {
	if err := wellFormed(raw); err != nil {
		return err
	}
	return mismatch(goMode().Unmarshal(exactDates(raw), dst), dst)
}

// mismatch says in our words what the library says of a destination that a
// value has no place in.
func mismatch(err error, dst any) error {
	if err == nil {
		return nil
	}
	m := &MismatchError{Type: strings.TrimPrefix(fmt.Sprintf("%T", dst), "*"), Err: err}
	if e, ok := errors.AsType[*cbor.UnmarshalTypeError](err); ok {
		m.Type, m.Field = e.GoType, e.StructFieldName
	}
	return m
}

// A Map is what [Decode] makes of a JavaScript Map where the destination is an
// interface: its keys may be of any kind, unlike a plain object's.
type Map map[any]any

// goMode is the library's immutable configuration for Decode, made at the
// first use.
var goMode = sync.OnceValue(func() cbor.DecMode {
	tags := cbor.NewTagSet()
	option := cbor.TagOptions{DecTag: cbor.DecTagOptional}
	if err := tags.Add(option, reflect.TypeFor[Map](), tagMap); err != nil {
		panic("value: " + err.Error()) // the arguments are constant
	}
	mode, err := cbor.DecOptions{
		MaxNestedLevels:      4 * DefaultMaxDepth, // it counts tags as well
		MaxArrayElements:     math.MaxInt32,
		MaxMapPairs:          math.MaxInt32,
		IndefLength:          cbor.IndefLengthForbidden,
		IntDec:               cbor.IntDecConvertSignedOrBigInt,
		BigIntDec:            cbor.BigIntDecodePointer,
		DefaultMapType:       reflect.TypeFor[map[string]any](),
		UnrecognizedTagToAny: cbor.UnrecognizedTagContentToAny,
	}.DecModeWithTags(tags)
	if err != nil {
		panic("value: " + err.Error()) // the options are constant
	}
	return mode
})

// exactDates rewrites dates that have a fraction of a second as texts (tag 0).
// The library multiplies the fraction and cuts it off, which turns .123 into
// .122999906. raw is returned as it is when there is nothing to do.
func exactDates(raw []byte) []byte {
	var out []byte
	copied := 0
	for off := 0; off < len(raw); {
		h, err := readHead(raw, off)
		if err != nil {
			return raw // can't be: it is well formed
		}
		switch h.major {
		case majorBytes, majorText:
			h.end += int(h.n)
		case majorTag:
			in, err := readHead(raw, h.end)
			if err != nil || h.n != tagEpoch || in.major != majorOther {
				break
			}
			if text := dateText(in); text != "" {
				out = append(out, raw[copied:off]...)
				out = appendHead(out, majorTag, 0)
				out = append(appendHead(out, majorText, uint64(len(text))), text...)
				h.end, copied = in.end, in.end
			}
		}
		off = h.end
	}
	if copied == 0 {
		return raw
	}
	return append(out, raw[copied:]...)
}

// dateText is the date whose seconds are in h, or "" where a text can't say
// it.
func dateText(h head) string {
	f, ok := h.number()
	if !ok {
		return ""
	}
	ms := milliseconds(f)
	if ms != ms {
		return ""
	}
	t := time.UnixMilli(int64(ms)).UTC()
	if y := t.Year(); y < 0 || y > 9999 {
		return ""
	}
	return t.Format("2006-01-02T15:04:05.000Z07:00")
}
