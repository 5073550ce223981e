package cborvalue

import (
	"encoding/binary"
	"math"
)

// CBOR's major types, already in the upper three bits.
const (
	majorUint  = 0 << 5
	majorNeg   = 1 << 5
	majorBytes = 2 << 5
	majorText  = 3 << 5
	majorArray = 4 << 5
	majorMap   = 5 << 5
	majorTag   = 6 << 5
	majorOther = 7 << 5
)

// The initial bytes of major type 7.
const (
	byteFalse     = 0xf4
	byteTrue      = 0xf5
	byteNull      = 0xf6
	byteUndefined = 0xf7
	byteFloat16   = 0xf9
	byteFloat32   = 0xfa
	byteFloat64   = 0xfb
)

// maxInteger is the largest number that is kept as a CBOR integer: up to here
// a float64 counts every integer.
const maxInteger = 1 << 53

// appendHead writes the shortest initial byte and argument.
func appendHead(b []byte, major byte, n uint64) []byte {
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n <= math.MaxUint8:
		return append(b, major|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}

// headSize is the number of bytes that appendHead writes for n.
func headSize(n uint64) int {
	switch {
	case n < 24:
		return 1
	case n <= math.MaxUint8:
		return 2
	case n <= math.MaxUint16:
		return 3
	case n <= math.MaxUint32:
		return 5
	}
	return 9
}

// A head is an item's initial byte and argument. For a float, n is its bits.
type head struct {
	major byte
	info  byte // the lower five bits
	n     uint64
	end   int // offset of the byte after it
}

// readHead reads the head at off. Indefinite lengths and reserved forms are
// errors: this package never writes them.
func readHead(b []byte, off int) (head, error) {
	if off >= len(b) {
		return head{}, &FormatError{off, "the item is cut off"}
	}
	h := head{major: b[off] & 0xe0, info: b[off] & 0x1f, end: off + 1}
	if h.info < 24 {
		h.n = uint64(h.info)
		return h, nil
	}
	if h.info > 27 {
		return head{}, &FormatError{off, "indefinite or reserved length"}
	}
	size := 1 << (h.info - 24)
	if len(b)-h.end < size {
		return head{}, &FormatError{off, "the item is cut off"}
	}
	arg := b[h.end : h.end+size]
	switch size {
	case 1:
		h.n = uint64(arg[0])
	case 2:
		h.n = uint64(binary.BigEndian.Uint16(arg))
	case 4:
		h.n = uint64(binary.BigEndian.Uint32(arg))
	default:
		h.n = binary.BigEndian.Uint64(arg)
	}
	h.end += size
	return h, nil
}

// itemEnd is the offset after the item at off. It checks that the item is
// complete, in constant space and without recursion: with definite lengths a
// count of the items still to come is all there is to remember.
func itemEnd(b []byte, off int) (int, error) {
	for left := uint64(1); left > 0; left-- {
		h, err := readHead(b, off)
		if err != nil {
			return 0, err
		}
		rest := uint64(len(b) - h.end)
		switch h.major {
		case majorBytes, majorText:
			if h.n > rest {
				return 0, &FormatError{off, "the item is cut off"}
			}
			h.end += int(h.n)
		case majorArray, majorMap:
			// Each item has at least one byte, so a count past the rest of
			// the bytes is a lie, and left can't overflow.
			if h.n > rest {
				return 0, &FormatError{off, "more items than bytes"}
			}
			left += h.n
			if h.major == majorMap {
				left += h.n
			}
		case majorTag:
			left++
		case majorOther:
			if h.info == 24 && h.n < 32 {
				return 0, &FormatError{off, "reserved simple value"}
			}
		}
		off = h.end
	}
	return off, nil
}

// wellFormed says whether b is exactly one complete item.
func wellFormed(b []byte) error {
	end, err := itemEnd(b, 0)
	if err != nil {
		return err
	}
	if end != len(b) {
		return &FormatError{end, "more than one item"}
	}
	return nil
}

// float16 is the number with the given half-precision bits.
func float16(bits uint16) float64 {
	exp, frac := int(bits>>10)&0x1f, float64(bits&0x3ff)
	f := 0.0
	switch exp {
	case 0:
		f = math.Ldexp(frac, -24)
	case 0x1f:
		if frac != 0 {
			return math.NaN()
		}
		f = math.Inf(1)
	default:
		f = math.Ldexp(frac+1024, exp-25)
	}
	if bits&0x8000 != 0 {
		return math.Copysign(f, -1)
	}
	return f
}

// appendNumber writes a JavaScript number in its only form. -0, NaN and the
// infinities have short half-precision forms; every NaN is the same one.
func appendNumber(b []byte, f float64) []byte {
	switch {
	case f == 0 && math.Signbit(f):
		return append(b, byteFloat16, 0x80, 0)
	case math.Abs(f) <= maxInteger && f == math.Trunc(f):
		if f < 0 {
			return appendHead(b, majorNeg, uint64(-f)-1)
		}
		return appendHead(b, majorUint, uint64(f))
	}
	return appendFloat(b, f)
}

// appendFloat writes f as the shortest float that is exact, apart from half
// precision for ordinary numbers.
func appendFloat(b []byte, f float64) []byte {
	switch {
	case f != f:
		return append(b, byteFloat16, 0x7e, 0)
	case math.IsInf(f, 1):
		return append(b, byteFloat16, 0x7c, 0)
	case math.IsInf(f, -1):
		return append(b, byteFloat16, 0xfc, 0)
	case float64(float32(f)) == f:
		return binary.BigEndian.AppendUint32(append(b, byteFloat32), math.Float32bits(float32(f)))
	}
	return binary.BigEndian.AppendUint64(append(b, byteFloat64), math.Float64bits(f))
}

// number is the float64 of a head of major type 0, 1 or 7; ok is false when
// it isn't a number, or an integer that a float64 can't count.
func (h head) number() (f float64, ok bool) {
	switch h.major {
	case majorUint:
		return float64(h.n), h.n <= maxInteger
	case majorNeg:
		return -1 - float64(h.n), h.n < maxInteger
	case majorOther:
		switch h.info {
		case 25:
			return float16(uint16(h.n)), true
		case 26:
			return float64(math.Float32frombits(uint32(h.n))), true
		case 27:
			return math.Float64frombits(h.n), true
		}
	}
	return 0, false
}
