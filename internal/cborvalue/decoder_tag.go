package cborvalue

import "math/big"

// tagged reads an item with the tag in h.
func (d *Decoder) tagged(t *Token, h head) error {
	in, err := readHead(d.in, h.end)
	if err != nil {
		return err
	}
	switch {
	case h.n == tagSet && in.major == majorArray:
		return d.open(t, KindSet, in)
	case h.n == tagMap && in.major == majorMap:
		return d.open(t, KindMap, in)
	case h.n == tagObject && in.major == majorArray && in.n >= 2:
		return d.object(t, in)
	}
	start := d.off
	err = d.leaf(t, h.n, in)
	if err == nil && t.Kind == KindUndefined { // no leaf of ours
		err = d.unknown(t, start)
	}
	if err == nil {
		d.done()
	}
	return err
}

// unknown keeps the item at start whole, to be written back untouched.
func (d *Decoder) unknown(t *Token, start int) error {
	end, err := itemEnd(d.in, start)
	if err != nil {
		return err
	}
	t.Kind, t.Bytes, d.off = KindUnknown, d.in[start:end:end], end
	return nil
}

// leaf reads an item that has no parts, whose tag was read and whose content
// has head in. It leaves t alone when tag and content don't belong together.
func (d *Decoder) leaf(t *Token, tag uint64, in head) (err error) {
	switch tag {
	case tagEpoch:
		if f, ok := in.number(); ok {
			t.Kind, t.Num, d.off = KindDate, milliseconds(f), in.end
		}
		return nil
	case tagPosBig, tagNegBig:
		if in.major != majorBytes {
			return nil
		}
		b, err := d.bytes(in)
		if err != nil {
			return err
		}
		t.Kind, t.Big = KindBigInt, new(big.Int).SetBytes(b)
		if tag == tagNegBig {
			t.Big.Not(t.Big)
		}
		return nil
	case tagRegExp:
		if in.major != majorArray || in.n < 1 || in.n > 2 {
			return nil
		}
		var s [2]string
		if err := d.texts(in.end, s[:in.n]); err != nil {
			return err
		}
		t.Kind, t.Str, t.more[0] = KindRegExp, s[0], s[1]
		return nil
	}
	kind, ok := typedKindOf(tag)
	if !ok || in.major != majorBytes || in.n%uint64(kind.Size()) != 0 {
		return nil
	}
	t.Kind, t.Typed = KindTypedArray, kind
	t.Bytes, err = d.bytes(in)
	return err
}

// object reads what tag 27 says: a type's name and its arguments. in is the
// head of the array around them.
func (d *Decoder) object(t *Token, in head) error {
	start := d.off
	h, err := readHead(d.in, in.end)
	if err != nil {
		return err
	}
	if h.major != majorText {
		err = d.unknown(t, start)
	} else if t.Str, err = d.text(h); err == nil {
		return d.objectNamed(t, start, int(min(in.n, 5)))
	}
	if err == nil {
		d.done()
	}
	return err
}

// objectNamed reads the arguments of the type t.Str; n counts its name too.
func (d *Decoder) objectNamed(t *Token, start, n int) (err error) {
	h, err := readHead(d.in, d.off)
	if err != nil {
		return err
	}
	switch {
	case t.Str == nameError && n == 4:
		var s [3]string
		err = d.texts(d.off, s[:])
		t.Kind, t.Str, t.more = KindError, s[1], [2]string{s[0], s[2]}
	case t.Str == nameDataView && n == 2 && h.major == majorBytes:
		t.Kind, t.Str = KindDataView, ""
		t.Bytes, err = d.bytes(h)
	case n == 2 && t.Str != nameError && t.Str != nameDataView && t.Str != "":
		t.Kind, t.N = KindNamed, 1
		return d.push(d.off, 1, false)
	default:
		t.Str = ""
		err = d.unknown(t, start)
	}
	if err == nil {
		d.done()
	}
	return err
}

// texts reads consecutive texts from off on.
func (d *Decoder) texts(off int, into []string) error {
	d.off = off
	for i := range into {
		h, err := readHead(d.in, d.off)
		if err != nil {
			return err
		}
		if h.major != majorText {
			return d.fail("text was expected")
		}
		if into[i], err = d.text(h); err != nil {
			return err
		}
	}
	return nil
}
