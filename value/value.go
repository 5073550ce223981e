// Package value has what a Go program meets of the values that pages keep. In the
// sessions that it shares with them (interop/scs, interop/gorilla) a value is of
// its natural Go type, and an [Opaque] where it has none; in a store each is one
// CBOR item (RFC 8949), which these functions read and write. Values are copies:
// nothing shares memory with a page. All functions may be called from any
// goroutine.
package value

import "github.com/najahost/naja/internal/cborvalue"

// An Opaque is a value that has no natural Go type: a Map, Set, RegExp, Error,
// typed array, Invalid Date or undefined. It goes back as it came, through
// encoding/gob too; its Decode and String look into it.
type Opaque = cborvalue.Opaque

// A Map is what [Decode] makes of a JavaScript Map where the destination is an
// interface: its keys may be of any kind, unlike a plain object's.
type Map = cborvalue.Map

// FromGo encodes a Go value as a page would see it: nil as null, integers past
// 2^53 and *big.Int as BigInt, time.Time as Date, []byte as Uint8Array, structs as
// objects of their exported fields by cbor or json tags, an [Opaque] as what it
// came from, an encoding.TextMarshaler as its text. What has no such form, text
// that isn't UTF-8, and what is too deep (64) or too large (1 MiB) is refused with
// an error that names the place in v.
func FromGo(v any) ([]byte, error) { return cborvalue.FromGo(v) }

// ToGo gives one item in its natural Go type: nil, bool, string, int where it is a
// whole number up to 2^53, float64, *big.Int, time.Time in UTC, []byte, []any,
// map[string]any, or an [Opaque]. The result belongs to the caller.
func ToGo(raw []byte) (any, error) { return cborvalue.ToGo(raw) }

// Decode reads one item into the variable that dst points to: a struct (fields by
// cbor or json tags), map, slice, number, string, time.Time, *big.Int and so on.
// undefined and null leave dst at nil or as it was. What has no place in dst, such
// as a number that doesn't fit, is an error.
func Decode(raw []byte, dst any) error { return cborvalue.Decode(raw, dst) }

// Diagnostic shows one item to people, as valid JSON. What JSON lacks is an object
// with a key that begins with a dollar sign, such as {"$date":"2026-…"}. It is for
// looking at, not for reading back.
func Diagnostic(raw []byte) string { return cborvalue.Diagnostic(raw) }
