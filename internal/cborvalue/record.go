package cborvalue

import (
	"fmt"
	"math"
)

// The layout of a record: "NJ", version, flags, metadata if flags say so, and
// a CBOR map from key to item.
const (
	recordMagic   = "NJ"
	recordVersion = 1
	recordHeader  = 4

	flagMeta   = 1 << 0 // metadata precedes the contents
	knownFlags = flagMeta
)

// A Record is a session's whole contents, read from its bytes. Reading it
// decodes no value and builds no map: Get compares keys one after the other,
// until so many keys were asked for that a map pays. The zero Record is empty.
// Its contents never change; it is for one goroutine at a time.
type Record struct {
	b    []byte
	meta Meta
	more []byte // metadata of a later version, kept as it is
	n    int
	at   [recordInline]span
	far  []span // the entries after the first recordInline

	compared int            // keys that find has looked at
	byKey    map[string]int // folded key to index, where it pays
}

const (
	recordInline = 12 // keys that a Record indexes without an allocation
	mapFrom      = 32 // keys from which a map may pay
	mapAfter     = 8  // full comparisons after which it does
)

// A span says where an entry's key text, its value and its end are.
type span struct{ key, val, end uint32 }

// A RecordError says that a record's bytes can't be read: another version,
// unknown flags, or broken. Raw are the bytes, so that whoever meets it can
// keep them and need not lose data.
type RecordError struct {
	Reason  string
	Version int    // of the record, -1 where it has none
	Flags   byte   // of the record
	Raw     []byte // the record's bytes, untouched
	Err     error  // a *FormatError, or nil
}

// Error says why the record can't be read.
func (e *RecordError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("value: record: %s: %v", e.Reason, e.Err)
	}
	return "value: record: " + e.Reason
}

// Unwrap is the cause, if there is one.
func (e *RecordError) Unwrap() error { return e.Err }

// ParseRecord reads a record's head and finds its entries. b is not copied and
// must not change afterwards; an empty b is an empty record. The error is a
// *RecordError.
func ParseRecord(b []byte) (Record, error) {
	r := Record{b: b}
	if len(b) == 0 {
		return r, nil
	}
	if err := r.parse(); err != nil {
		return Record{}, err
	}
	return r, nil
}

func (r *Record) parse() error {
	b := r.b
	if len(b) < recordHeader || string(b[:2]) != recordMagic {
		return r.bad(-1, 0, "not a record", nil)
	}
	version, flags := int(b[2]), b[3]
	switch {
	case version != recordVersion:
		return r.bad(version, flags, fmt.Sprintf("version %d is unknown, this program reads %d", version, recordVersion), nil)
	case flags&^knownFlags != 0:
		return r.bad(version, flags, fmt.Sprintf("flags %#02x are unknown", flags&^knownFlags), nil)
	case int64(len(b)) > math.MaxUint32:
		return r.bad(version, flags, "too large", nil)
	}
	off, err := recordHeader, error(nil)
	if flags&flagMeta != 0 {
		if off, err = r.parseMeta(off); err != nil {
			return r.bad(version, flags, "broken metadata", err)
		}
	}
	if err := r.index(off); err != nil {
		return r.bad(version, flags, "broken", err)
	}
	return nil
}

func (r *Record) bad(version int, flags byte, reason string, err error) error {
	return &RecordError{reason, version, flags, r.b, err}
}

// index finds the entries of the map at off.
func (r *Record) index(off int) error {
	h, err := readHead(r.b, off)
	if err != nil {
		return err
	}
	if h.major != majorMap || h.n > uint64(len(r.b)-h.end)/2 {
		return &FormatError{off, "the contents are not a map"}
	}
	if h.n > recordInline {
		r.far = make([]span, 0, h.n-recordInline)
	}
	off = h.end
	for range int(h.n) {
		k, err := readHead(r.b, off)
		if err != nil {
			return err
		}
		if k.major != majorText || k.n > uint64(len(r.b)-k.end) {
			return &FormatError{off, "a key is not text"}
		}
		val := k.end + int(k.n)
		end, err := itemEnd(r.b, val)
		if err != nil {
			return err
		}
		r.add(span{uint32(k.end), uint32(val), uint32(end)})
		off = end
	}
	if off != len(r.b) {
		return &FormatError{off, "bytes after the contents"}
	}
	return nil
}

func (r *Record) add(s span) {
	if r.n < recordInline {
		r.at[r.n] = s
	} else {
		r.far = append(r.far, s)
	}
	r.n++
}

// span is the place of the i-th entry.
func (r *Record) span(i int) span {
	if i < recordInline {
		return r.at[i]
	}
	return r.far[i-recordInline]
}

// key is the i-th key as stored.
func (r *Record) key(i int) []byte {
	s := r.span(i)
	return r.b[s.key:s.val]
}

// raw is the i-th value.
func (r *Record) raw(i int) []byte {
	s := r.span(i)
	return r.b[s.val:s.end:s.end]
}

// find is the index of a key, or -1.
func (r *Record) find(key string) int {
	if r.n > mapFrom && r.compared > mapAfter*r.n {
		return r.findMapped(key)
	}
	for i := range r.n {
		if sameKey(r.key(i), key) {
			r.compared += i
			return i
		}
	}
	r.compared += r.n
	return -1
}

// findMapped is find through a map, which the first call makes.
func (r *Record) findMapped(key string) int {
	if r.byKey == nil {
		r.byKey = make(map[string]int, r.n)
		for i := r.n - 1; i >= 0; i-- { // of equal keys the first counts
			r.byKey[Fold(string(r.key(i)))] = i
		}
	}
	if i, ok := r.byKey[Fold(key)]; ok {
		return i
	}
	return -1
}

// Len is the number of keys.
func (r *Record) Len() int { return r.n }

// Bytes are the record's bytes, nil for an empty one that was never written.
func (r *Record) Bytes() []byte { return r.b }

// Get returns the value of a key, in any spelling: one CBOR item inside the
// record's bytes, not to be modified.
func (r *Record) Get(key string) (raw []byte, ok bool) {
	if i := r.find(key); i >= 0 {
		return r.raw(i), true
	}
	return nil, false
}

// At returns the i-th key, 0 <= i < Len, as its first writer spelled it, and
// its value. The order is that of insertion.
func (r *Record) At(i int) (key string, raw []byte) {
	return string(r.key(i)), r.raw(i)
}

// Keys returns all keys in the order of insertion, as their first writers
// spelled them.
func (r *Record) Keys() []string {
	keys := make([]string, r.n)
	for i := range keys {
		keys[i] = string(r.key(i))
	}
	return keys
}

// Meta is the record's metadata.
func (r *Record) Meta() Meta { return r.meta }
