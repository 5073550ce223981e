package sqlite

import (
	"sync"
	"time"
)

// A clock tells the time in milliseconds since 1970. The processes of a host
// read the same clock, so that they agree about when a lease is over. It never
// goes back: when the host's clock is set back, each process goes on from what
// it read last, by the monotonic clock, until the host's has caught up; and
// the latest time that any process knew is kept in the database (table clock)
// for those that start later. It does jump forward with the host's clock:
// leases and sessions end early then, and who held a lease is refused.
type clock struct {
	mu   sync.Mutex
	base time.Time     // the host's clock when it was last ahead
	more time.Duration // what the database's time was ahead of base
}

// now is the time.
func (c *clock) now() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read().UnixMilli()
}

// read follows the host's clock where that is ahead. c.mu is held.
func (c *clock) read() time.Time {
	host := time.Now()
	guarded := c.base.Add(c.more + host.Sub(c.base)) // both have a monotonic reading
	if c.base.IsZero() || host.Round(0).After(guarded.Round(0)) {
		c.base, c.more = host, 0
		return host
	}
	return guarded
}

// atLeast tells the clock that somebody has seen a later time.
func (c *clock) atLeast(ms int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.read()
	if behind := time.UnixMilli(ms).Sub(now.Round(0)); behind > 0 {
		c.more += behind
	}
}

// after is the time d from now, rounded up to the clock's unit.
func after(now int64, d time.Duration) int64 {
	return now + int64((d+time.Millisecond-1)/time.Millisecond)
}

// until is how long it is until then.
func until(now, then int64) time.Duration { return time.Duration(then-now) * time.Millisecond }
