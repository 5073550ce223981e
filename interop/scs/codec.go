package scsstore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/internal/cborvalue"
)

// CBOR is a scs.Codec that writes sessions in the encoding of package cborvalue,
// which is read several times faster than gob and shows its contents to
// operators. It reads what it wrote, and gob: a program that changes to it
// keeps its sessions. One that changes back loses those written meanwhile.
//
// Go values come back in the types that they were put in: what the encoding
// has no type for is kept as gob within it, and has to be registered with
// encoding/gob as before. Text that isn't UTF-8 is kept that way too.
type CBOR struct{}

var _ scs.Codec = CBOR{}

// cborMagic begins a session of CBOR. No gob begins so: its second byte would
// be the first of a type's negative number, 0xff.
const cborMagic = "NS\x01"

// maxSession bounds the bytes of one session, for a length in it to be
// believed.
const maxSession = math.MaxInt32

// Encode implements scs.Codec: after the magic an array of the deadline, the
// values that have a form of their own, their Go types where the form doesn't
// tell, and the others as gob.
func (CBOR) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	when, err := deadline.MarshalBinary()
	if err != nil {
		return nil, fmt.Errorf("scsstore: the deadline: %w", err)
	}
	items, types, gobs := map[string]cborvalue.Opaque{}, map[string]string{}, map[string][]byte{}
	for key, v := range values {
		raw, kind, ok := form(v)
		if !ok {
			if gobs[key], err = toGob(v); err != nil {
				return nil, fmt.Errorf("scsstore: %q: %w", key, err)
			}
			continue
		}
		items[key] = cborvalue.Opaque{Raw: raw}
		if kind != "" {
			types[key] = kind
		}
	}
	e := cborvalue.Encoder{MaxSize: maxSession, MaxDepth: cborvalue.DefaultMaxDepth + 2}
	_ = e.BeginArray(4)
	_ = e.ArrayBuffer(when)
	object(&e, items, func(x cborvalue.Opaque) { _ = e.Raw(x.Raw) })
	object(&e, types, func(x string) { _ = e.String(x) })
	object(&e, gobs, func(x []byte) { _ = e.ArrayBuffer(x) })
	b, err := e.Finish()
	if err != nil {
		return nil, fmt.Errorf("scsstore: encoding the session: %w", err)
	}
	return append([]byte(cborMagic), b...), nil
}

// object writes a map as an object.
func object[T any](e *cborvalue.Encoder, m map[string]T, write func(T)) {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	_ = e.BeginObject(len(m))
	for _, key := range keys {
		_ = e.Key(key)
		write(m[key])
	}
}

// Decode implements scs.Codec.
func (CBOR) Decode(b []byte) (time.Time, map[string]any, error) {
	rest, ok := bytes.CutPrefix(b, []byte(cborMagic))
	if !ok {
		return scs.GobCodec{}.Decode(b)
	}
	deadline, values, err := decode(rest)
	if err != nil {
		return time.Time{}, nil, fmt.Errorf("scsstore: decoding a session: %w", err)
	}
	return deadline, values, nil
}

var errBroken = errors.New("it is not one")

func decode(b []byte) (deadline time.Time, values map[string]any, err error) {
	d := cborvalue.NewDecoder(b)
	d.MaxDepth = cborvalue.DefaultMaxDepth + 2
	if tok, err := d.Next(); err != nil || tok.Kind != cborvalue.KindArray || tok.N != 4 {
		return deadline, nil, errors.Join(errBroken, err)
	}
	tok, err := d.Next()
	if err != nil || tok.Kind != cborvalue.KindArrayBuffer {
		return deadline, nil, errors.Join(errBroken, err)
	}
	if err := deadline.UnmarshalBinary(tok.Bytes); err != nil {
		return deadline, nil, err
	}
	var parts [3]map[string][]byte
	for i := range parts {
		if parts[i], err = members(d); err != nil {
			return deadline, nil, err
		}
	}
	if _, err := d.Next(); err != io.EOF {
		return deadline, nil, errors.Join(errBroken, err)
	}
	values, err = fromForms(parts[0], parts[1], parts[2])
	return deadline, values, err
}

// members reads an object's items.
func members(d *cborvalue.Decoder) (map[string][]byte, error) {
	tok, err := d.Next()
	if err != nil || tok.Kind != cborvalue.KindObject {
		return nil, errors.Join(errBroken, err)
	}
	m := make(map[string][]byte, tok.N)
	for range tok.N {
		key, err := d.Next()
		if err != nil {
			return nil, err
		}
		if m[key.Str], err = d.Skip(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func fromForms(items, types, gobs map[string][]byte) (map[string]any, error) {
	values := make(map[string]any, len(items)+len(gobs))
	for key, raw := range items {
		kind := ""
		if t, ok := types[key]; ok {
			name, err := cborvalue.ToGo(t)
			if err != nil {
				return nil, err
			}
			kind, _ = name.(string)
		}
		v, err := fromForm(raw, kind)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", key, err)
		}
		values[key] = v
	}
	for key, raw := range gobs {
		v, err := fromGob(raw)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", key, err)
		}
		values[key] = v
	}
	return values, nil
}
