package admin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

// How many sign-ins that went well are remembered, and how long: a page that
// asks every second doesn't hash a password every second.
const (
	rememberedMax = 256
	rememberedFor = time.Minute
)

// remembered are sign-ins that went well a moment ago, as keyed hashes of who,
// from where and with what. Any goroutine may use it.
type remembered struct {
	key []byte

	mu  sync.Mutex
	all map[[sha256.Size]byte]time.Time // until when
}

func newRemembered(key []byte) *remembered {
	return &remembered{key: key, all: make(map[[sha256.Size]byte]time.Time)}
}

// sum is what a sign-in is remembered as.
func (c *remembered) sum(parts ...string) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, c.key)
	for _, part := range parts {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		mac.Write(size[:])
		mac.Write([]byte(part))
	}
	mac.Sum(sum[:0])
	return sum
}

// has looks for a sign-in.
func (c *remembered) has(sum [sha256.Size]byte, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, ok := c.all[sum]
	return ok && now.Before(until)
}

// add remembers one.
func (c *remembered) add(sum [sha256.Size]byte, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.all) >= rememberedMax {
		for old, until := range c.all {
			if !now.Before(until) {
				delete(c.all, old)
			}
		}
	}
	if len(c.all) >= rememberedMax {
		clear(c.all)
	}
	c.all[sum] = now.Add(rememberedFor)
}
