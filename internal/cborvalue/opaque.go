package cborvalue

import "bytes"

// An Opaque is a value that has no natural Go form: a Map, Set, RegExp, Error,
// DataView, class instance, an Invalid Date, a typed array of more than bytes,
// or what a later version wrote. [FromGo] gives back what it came from.
type Opaque struct {
	Raw []byte // one CBOR item
}

// Decode reads the value into dst as [Decode] does.
func (o Opaque) Decode(dst any) error { return Decode(o.Raw, dst) }

// String is the value's diagnostic JSON.
func (o Opaque) String() string { return Diagnostic(o.Raw) }

// MarshalBinary makes an Opaque storable by encoding/gob.
func (o Opaque) MarshalBinary() ([]byte, error) { return bytes.Clone(o.Raw), nil }

// UnmarshalBinary is the inverse of MarshalBinary; it refuses what is not one
// CBOR item.
func (o *Opaque) UnmarshalBinary(b []byte) error {
	if err := wellFormed(b); err != nil {
		return err
	}
	o.Raw = bytes.Clone(b)
	return nil
}
