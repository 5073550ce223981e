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
	host func() (wall time.Time, since time.Duration) // since any moment, monotonic

	mu sync.Mutex
	ms int64         // the latest time told by the wall clock or by others
	at time.Duration // when that was
}

func newClock(host func() (time.Time, time.Duration)) *clock {
	wall, since := host()
	return &clock{host: host, ms: wall.UnixMilli(), at: since}
}

// hostClock is the host's.
func hostClock() func() (time.Time, time.Duration) {
	start := time.Now()
	return func() (time.Time, time.Duration) {
		now := time.Now()
		return now, now.Sub(start)
	}
}

// now is the time.
func (c *clock) now() int64 {
	wall, since := c.host()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead(wall.UnixMilli(), since)
	return c.told(since)
}

// atLeast tells the clock that somebody has seen this time.
func (c *clock) atLeast(ms int64) {
	_, since := c.host()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead(ms, since)
}

// ahead follows a time that is later than the clock's. c.mu is held.
func (c *clock) ahead(ms int64, since time.Duration) {
	if ms > c.told(since) {
		c.ms, c.at = ms, since
	}
}

// told is the time by what is known. c.mu is held.
func (c *clock) told(since time.Duration) int64 {
	return c.ms + max(since-c.at, 0).Milliseconds()
}

// after is the time d from now, rounded up to the clock's unit.
func after(now int64, d time.Duration) int64 {
	return now + int64((d+time.Millisecond-1)/time.Millisecond)
}

// until is how long it is until then.
func until(now, then int64) time.Duration { return time.Duration(then-now) * time.Millisecond }
