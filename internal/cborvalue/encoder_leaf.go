package cborvalue

import (
	"math"
	"math/big"
	"unicode/utf8"
)

// maxDate is the largest distance of a JavaScript Date from 1970, in
// milliseconds.
const maxDate = 8.64e15

// Undefined writes undefined.
func (e *Encoder) Undefined() error { return e.simple(byteUndefined) }

// Null writes null.
func (e *Encoder) Null() error { return e.simple(byteNull) }

// Bool writes true or false.
func (e *Encoder) Bool(b bool) error {
	if b {
		return e.simple(byteTrue)
	}
	return e.simple(byteFalse)
}

func (e *Encoder) simple(b byte) error {
	if err := e.begin(1); err != nil {
		return err
	}
	e.buf = append(e.buf, b)
	return e.end()
}

// Number writes a number; -0, NaN and the infinities survive.
func (e *Encoder) Number(f float64) error {
	if err := e.begin(1); err != nil {
		return err
	}
	var tmp [9]byte
	b := appendNumber(tmp[:0], f)
	if err := e.room(len(b)); err != nil {
		return err
	}
	e.buf = append(e.buf, b...)
	return e.end()
}

// String writes a string, which must be valid UTF-8 (else ErrUTF8).
func (e *Encoder) String(s string) error {
	if err := e.begin(len(s) + headSize(uint64(len(s)))); err != nil {
		return err
	}
	if !utf8.ValidString(s) {
		return e.fail(ErrUTF8)
	}
	e.text(s)
	return e.end()
}

// BigInt writes a BigInt; n is not kept.
func (e *Encoder) BigInt(n *big.Int) error {
	size := (n.BitLen() + 7) / 8
	if err := e.begin(1 + size + headSize(uint64(size))); err != nil {
		return err
	}
	tag, mag := uint64(tagPosBig), n
	if n.Sign() < 0 {
		tag, mag = tagNegBig, new(big.Int).Not(n) // -1-n
	}
	e.buf = appendHead(e.buf, majorTag, tag)
	e.bytes(mag.Bytes())
	return e.end()
}

// Date writes a Date: ms is milliseconds since 1970 as JavaScript counts them.
// As in JavaScript a fraction is cut off, and NaN and what is more than
// 8.64e15 ms away is an Invalid Date.
func (e *Encoder) Date(ms float64) error {
	if err := e.begin(10); err != nil {
		return err
	}
	e.buf = appendHead(e.buf, majorTag, tagEpoch)
	if !(math.Abs(ms) <= maxDate) {
		ms = math.NaN()
	}
	ms = math.Trunc(ms) + 0 // and -0 becomes 0
	if sec := ms / 1000; sec == math.Trunc(sec) && math.Trunc(sec)*1000 == ms {
		e.buf = appendNumber(e.buf, sec)
	} else {
		e.buf = appendFloat(e.buf, sec)
	}
	return e.end()
}

// milliseconds is the exact inverse of Date's division: the fraction of a
// second is split off before it is multiplied, as in 8.64e12 s a double has
// just enough bits left to tell two milliseconds apart.
func milliseconds(sec float64) float64 {
	whole := math.Floor(sec)
	ms := whole*1000 + math.RoundToEven((sec-whole)*1000)
	if !(math.Abs(ms) <= maxDate) {
		return math.NaN()
	}
	return ms
}

// ArrayBuffer writes an ArrayBuffer with the given contents.
func (e *Encoder) ArrayBuffer(b []byte) error {
	if err := e.begin(len(b) + headSize(uint64(len(b)))); err != nil {
		return err
	}
	e.bytes(b)
	return e.end()
}

// TypedArray writes a typed array; b are its elements in little-endian order,
// whole elements only.
func (e *Encoder) TypedArray(kind TypedKind, b []byte) error {
	if size := kind.Size(); size == 0 || len(b)%size != 0 {
		return e.fail(errTyped)
	}
	if err := e.begin(2 + len(b) + headSize(uint64(len(b)))); err != nil {
		return err
	}
	e.buf = appendHead(e.buf, majorTag, uint64(typedTags[kind]))
	e.bytes(b)
	return e.end()
}

// DataView writes a DataView of the given bytes.
func (e *Encoder) DataView(b []byte) error {
	if err := e.begin(4 + len(nameDataView) + len(b) + headSize(uint64(len(b)))); err != nil {
		return err
	}
	e.buf = appendHead(e.buf, majorTag, tagObject)
	e.buf = appendHead(e.buf, majorArray, 2)
	e.text(nameDataView)
	e.bytes(b)
	return e.end()
}

// RegExp writes a regular expression by its source and flags properties.
func (e *Encoder) RegExp(source, flags string) error {
	return e.texts(tagRegExp, source, flags)
}

// Error writes an Error object by its name, message and stack properties.
func (e *Encoder) Error(name, message, stack string) error {
	return e.texts(tagObject, nameError, name, message, stack)
}

// texts writes a tag around an array of texts.
func (e *Encoder) texts(tag uint64, texts ...string) error {
	size := 4
	for _, s := range texts {
		size += len(s) + headSize(uint64(len(s)))
	}
	if err := e.begin(size); err != nil {
		return err
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return e.fail(ErrUTF8)
		}
	}
	e.buf = appendHead(e.buf, majorTag, tag)
	e.buf = appendHead(e.buf, majorArray, uint64(len(texts)))
	for _, s := range texts {
		e.text(s)
	}
	return e.end()
}

// Raw writes an item that is already encoded, such as the bytes of a
// KindUnknown token, after a check that it is one complete item. The depth
// inside it is checked when it is read.
func (e *Encoder) Raw(item []byte) error {
	if err := e.begin(len(item)); err != nil {
		return err
	}
	if err := wellFormed(item); err != nil {
		return e.fail(err)
	}
	e.buf = append(e.buf, item...)
	return e.end()
}
