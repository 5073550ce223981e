// Package cborvalue is the one form in which naja keeps what a page stores: a
// value in Session or Application is one CBOR item (RFC 8949) in a []byte
// that nobody modifies after it was made.
//
// Values are kept by copy, so no script engine, apartment or process ever
// shares a live object with another, and the same bytes serve the memory
// store, SQLite and whatever another store keeps them in. This package knows nothing of any
// script engine: the runtime walks its objects into an [Encoder], whose limits
// act before anything is copied, and builds objects from the tokens of a
// [Decoder]. Go programs use [FromGo], [ToGo] and [Decode]; operators see
// [Diagnostic].
//
// # The encoding
//
//	undefined, null, boolean   f7, f6, f4 and f5
//	number                     integer when integral, |n| <= 2^53 and not -0;
//	                           otherwise the shortest float that is exact
//	string                     text, valid UTF-8, definite length
//	BigInt                     tag 2 or 3, also where an integer would do
//	Date                       tag 1, seconds; NaN is an Invalid Date
//	array, plain object        array, map with text keys in insertion order
//	Map, Set                   tag 259 around a map, tag 258 around an array
//	ArrayBuffer                byte string
//	typed array                tag 64..86 of RFC 8746, little-endian
//	DataView                   tag 27 ["DataView", bytes]
//	RegExp                     tag 21066 [source, flags]
//	Error                      tag 27 ["Error", name, message, stack]
//	registered class           tag 27 [name, state]
//
// All lengths are definite and one value has exactly one encoding (object
// keys in the order they were written), so equal bytes mean equal values.
// A tag that this version doesn't know is handed out whole as [KindUnknown]
// and can be written back untouched with [Encoder.Raw].
//
// # Records
//
// A session's whole contents are one [Record]: the bytes "NJ", a version, a
// flags byte, optional metadata and a map from key to item. Keys are looked
// up without regard to case and keep the spelling of their first writer.
// Reading a few of many keys builds no map and decodes no value.
package cborvalue
