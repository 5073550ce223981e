package frame

import (
	"encoding/binary"
	"fmt"
)

// A cursor reads a payload. After what isn't there it is bad and gives zeros:
// one look at err at the end is enough.
type cursor struct {
	rest string
	bad  bool
}

func (c *cursor) err() error {
	if c.bad || c.rest != "" {
		return fmt.Errorf("%w: a damaged frame", ErrProtocol)
	}
	return nil
}

func (c *cursor) fail() {
	c.rest, c.bad = "", true
}

func (c *cursor) byte() byte {
	if c.rest == "" {
		c.fail()
		return 0
	}
	b := c.rest[0]
	c.rest = c.rest[1:]
	return b
}

func (c *cursor) number() uint64 {
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
	c.fail()
	return 0
}

// count is a number of things that each take a byte at least.
func (c *cursor) count() int {
	n := c.number()
	if n > uint64(len(c.rest)) {
		c.fail()
		return 0
	}
	return int(n)
}

// text is a part of what the cursor reads: it shares its memory.
func (c *cursor) text() string {
	n := c.count()
	s := c.rest[:n]
	c.rest = c.rest[n:]
	return s
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// numbers reads a note of n numbers.
func numbers(payload []byte, into ...*uint64) error {
	c := cursor{rest: string(payload)}
	for _, n := range into {
		*n = c.number()
	}
	return c.err()
}
