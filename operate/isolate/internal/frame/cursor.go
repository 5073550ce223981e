package frame

import (
	"fmt"

	"github.com/najahost/naja/internal/packet"
)

// A cursor reads a payload, whose memory the texts share.
type cursor struct{ packet.Cursor[string] }

func read(payload []byte) cursor { return cursor{packet.Read(string(payload))} }

func (c *cursor) err() error {
	if err := c.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return nil
}

// numbers reads a note of n numbers.
func numbers(payload []byte, into ...*uint64) error {
	c := read(payload)
	for _, n := range into {
		*n = c.Number()
	}
	return c.err()
}
