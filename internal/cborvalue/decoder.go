package cborvalue

import (
	"io"
	"math/big"
	"unicode/utf8"
)

// A Decoder reads one value as a stream of tokens, in the order in which an
// [Encoder] wrote them:
//
//	var d cborvalue.Decoder
//	d.Reset(raw)
//	for {
//		tok, err := d.Next()
//		if err == io.EOF {
//			break // the value was complete and nothing follows it
//		}
//		...
//	}
//
// It never panics and never recurses, whatever the bytes are, and a container
// never announces more parts than there are bytes left, so a caller may
// allocate by Token.N. The zero Decoder is ready for Reset; it is meant to be
// used again, by one goroutine at a time.
type Decoder struct {
	// MaxDepth bounds how many containers may lie inside one another. 0 means
	// DefaultMaxDepth.
	MaxDepth int

	in    []byte
	off   int
	stack []frame
	err   error
}

// NewDecoder returns a decoder of raw, which it doesn't copy.
func NewDecoder(raw []byte) *Decoder {
	d := new(Decoder)
	d.Reset(raw)
	return d
}

// Reset starts with another value, which is not copied.
func (d *Decoder) Reset(raw []byte) {
	d.in, d.off, d.stack, d.err = raw, 0, d.stack[:0], nil
}

// Depth is the number of containers that are open.
func (d *Decoder) Depth() int { return len(d.stack) }

// Next returns the next token; io.EOF after a complete value; a *FormatError,
// *LimitError or ErrUTF8 otherwise. Every error sticks.
func (d *Decoder) Next() (Token, error) {
	var t Token
	if d.err == nil {
		d.err = d.next(&t)
	}
	if d.err != nil {
		return Token{}, d.err
	}
	return t, nil
}

// Skip passes over the next item whole, where a value is due: in an object
// after its key. It returns the item's bytes, which may be decoded later.
func (d *Decoder) Skip() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	if n := len(d.stack); n > 0 && d.stack[n-1].object && d.stack[n-1].left&1 == 0 {
		return nil, d.fail("a key can't be skipped")
	}
	if len(d.stack) == 0 && d.off > 0 {
		d.err = io.EOF
		return nil, d.err
	}
	end, err := itemEnd(d.in, d.off)
	if err != nil {
		d.err = err
		return nil, err
	}
	item := d.in[d.off:end:end]
	d.off = end
	d.done()
	return item, nil
}

func (d *Decoder) fail(reason string) error {
	d.err = &FormatError{d.off, reason}
	return d.err
}

// next reads one token into t.
func (d *Decoder) next(t *Token) error {
	if len(d.stack) == 0 && d.off > 0 {
		if d.off < len(d.in) {
			return d.fail("more than one item")
		}
		return io.EOF
	}
	h, err := readHead(d.in, d.off)
	if err != nil {
		return err
	}
	if n := len(d.stack); n > 0 && d.stack[n-1].object && d.stack[n-1].left&1 == 0 {
		if h.major != majorText {
			return d.fail("an object's key is not text")
		}
		t.Kind = KindKey
		if t.Str, err = d.text(h); err == nil {
			d.stack[n-1].left--
		}
		return err
	}
	return d.item(t, h)
}

// item reads an item that has head h.
func (d *Decoder) item(t *Token, h head) (err error) {
	switch h.major {
	case majorUint, majorNeg:
		d.integer(t, h)
	case majorBytes:
		t.Kind = KindArrayBuffer
		t.Bytes, err = d.bytes(h)
	case majorText:
		t.Kind = KindString
		t.Str, err = d.text(h)
	case majorArray:
		return d.open(t, KindArray, h)
	case majorMap:
		return d.open(t, KindObject, h)
	case majorTag:
		return d.tagged(t, h)
	default:
		err = d.simple(t, h)
	}
	if err == nil {
		d.done()
	}
	return err
}

// done counts a finished item, and with it every container that it completes.
func (d *Decoder) done() {
	for n := len(d.stack) - 1; n >= 0; n-- {
		f := &d.stack[n]
		if f.left--; f.left > 0 {
			return
		}
		d.stack = d.stack[:n]
	}
}

// open begins a container whose head is h.
func (d *Decoder) open(t *Token, kind Kind, h head) error {
	per := uint64(1)
	if h.major == majorMap {
		per = 2
	}
	if h.n > uint64(len(d.in)-h.end)/per {
		return d.fail("more items than bytes")
	}
	t.Kind, t.N = kind, int(h.n)
	return d.push(h.end, int(h.n*per), kind == KindObject)
}

// push continues at off, inside a container of left parts.
func (d *Decoder) push(off, left int, object bool) error {
	limit := d.MaxDepth
	if limit <= 0 {
		limit = DefaultMaxDepth
	}
	if len(d.stack) >= limit {
		return &LimitError{"depth", limit}
	}
	d.off = off
	if left == 0 {
		d.done()
	} else {
		d.stack = append(d.stack, frame{left, object})
	}
	return nil
}

// integer reads an integer; one that a float64 can't count is a BigInt, so
// that what another program wrote isn't rounded.
func (d *Decoder) integer(t *Token, h head) {
	d.off = h.end
	if f, ok := h.number(); ok {
		t.Kind, t.Num = KindNumber, f
		return
	}
	t.Kind, t.Big = KindBigInt, new(big.Int).SetUint64(h.n)
	if h.major == majorNeg {
		t.Big.Not(t.Big)
	}
}

// simple reads an item of major type 7.
func (d *Decoder) simple(t *Token, h head) error {
	start := d.off
	d.off = h.end
	if f, ok := h.number(); ok {
		t.Kind, t.Num = KindNumber, f
		return nil
	}
	switch {
	case h.info == 24 && h.n < 32:
		d.off = start
		return d.fail("reserved simple value")
	case h.n == byteFalse&0x1f, h.n == byteTrue&0x1f:
		t.Kind, t.Bool = KindBool, h.n == byteTrue&0x1f
	case h.n == byteNull&0x1f:
		t.Kind = KindNull
	case h.n == byteUndefined&0x1f:
		t.Kind = KindUndefined
	default:
		t.Kind, t.Bytes = KindUnknown, d.in[start:h.end:h.end]
	}
	return nil
}

// bytes reads the contents of a byte string or text, without a copy.
func (d *Decoder) bytes(h head) ([]byte, error) {
	if h.n > uint64(len(d.in)-h.end) {
		return nil, d.fail("the item is cut off")
	}
	d.off = h.end + int(h.n)
	return d.in[h.end:d.off:d.off], nil
}

// text reads a text.
func (d *Decoder) text(h head) (string, error) {
	b, err := d.bytes(h)
	if err == nil && !utf8.Valid(b) {
		err = ErrUTF8
	}
	return string(b), err
}
