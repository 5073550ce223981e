// Package packet writes and reads the payloads of messages between naja's own
// processes: numbers as unsigned varints, texts and bytes after their length.
// What it reads may be damaged, or made up; it never reads past the end, and
// never takes memory that isn't there.
package packet

import (
	"encoding/binary"
	"errors"
)

// ErrDamaged: a payload ended too early or too late, or makes no sense.
var ErrDamaged = errors.New("packet: a damaged message")

// A Cursor reads a payload. After something that isn't there it gives zeros:
// one look at Err at the end is enough. One goroutine at a time may use it.
type Cursor[T string | []byte] struct {
	rest T
	bad  bool
}

// Read makes a cursor at the beginning of payload. What it gives shares the
// payload's memory.
func Read[T string | []byte](payload T) Cursor[T] { return Cursor[T]{rest: payload} }

// Err is ErrDamaged unless the whole payload was read and nothing missed.
func (c *Cursor[T]) Err() error {
	if c.bad || len(c.rest) > 0 {
		return ErrDamaged
	}
	return nil
}

// Bad says that something was missed.
func (c *Cursor[T]) Bad() bool { return c.bad }

// Fail says that what was read makes no sense.
func (c *Cursor[T]) Fail() {
	c.rest, c.bad = c.rest[:0], true
}

// Byte reads a byte.
func (c *Cursor[T]) Byte() byte {
	if len(c.rest) == 0 {
		c.Fail()
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

// Bool reads what AppendBool wrote.
func (c *Cursor[T]) Bool() bool { return c.Byte() != 0 }

// Number reads a number.
func (c *Cursor[T]) Number() uint64 {
	var n uint64
	for i := 0; i < len(c.rest) && i < binary.MaxVarintLen64; i++ {
		b := c.rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			c.rest = c.rest[i+1:]
			return n
		}
	}
	c.Fail()
	return 0
}

// Int reads what AppendInt wrote.
func (c *Cursor[T]) Int() int64 {
	n := c.Number()
	return int64(n>>1) ^ -int64(n&1)
}

// Count reads the number of things that follow, each of a byte at least.
func (c *Cursor[T]) Count() int {
	n := c.Number()
	if n > uint64(len(c.rest)) {
		c.Fail()
		return 0
	}
	return int(n)
}

// Text reads a text or bytes, which may be empty.
func (c *Cursor[T]) Text() T {
	n := c.Count()
	s := c.rest[:n]
	c.rest = c.rest[n:]
	return s
}

// Rest gives what wasn't read, which is read then.
func (c *Cursor[T]) Rest() T {
	rest := c.rest
	c.rest = c.rest[len(rest):]
	return rest
}

// AppendNumber appends a number.
func AppendNumber(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }

// AppendInt appends a number that may be negative.
func AppendInt(b []byte, n int64) []byte { return binary.AppendUvarint(b, uint64(n<<1)^uint64(n>>63)) }

// AppendBool appends a byte.
func AppendBool(b []byte, is bool) []byte {
	if is {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendText appends a text or bytes after their length.
func AppendText[T string | []byte](b []byte, s T) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}
