package engine

import (
	"sync/atomic"
	"time"
)

// counters are what the engine counts.
type counters struct {
	requests, pages, statics, refused, failed, timeouts, orphans, flushed atomic.Int64

	lately [4]rate // requests, pages, refused, failed
}

// The places of counters.lately.
const (
	lateRequests = iota
	latePages
	lateRefused
	lateFailed
)

// add counts a request that was answered at this time.
func (c *counters) add(a *access, now time.Time) {
	second := now.Unix()
	c.requests.Add(1)
	c.lately[lateRequests].add(second)
	switch a.sent {
	case sentStatic:
		c.statics.Add(1)
		return
	case sentRefused:
		c.refused.Add(1)
		c.lately[lateRefused].add(second)
		return
	case sentFlushed:
		c.flushed.Add(1)
	}
	c.pages.Add(1)
	c.lately[latePages].add(second)
}

// fail counts a page or an event that failed.
func (c *counters) fail() {
	c.failed.Add(1)
	c.lately[lateFailed].add(time.Now().Unix())
}

// status fills in what was counted.
func (c *counters) status(s *Status) {
	s.Requests, s.PageRequests, s.StaticRequests = c.requests.Load(), c.pages.Load(), c.statics.Load()
	s.Refused, s.Failed, s.Timeouts, s.Flushed = c.refused.Load(), c.failed.Load(), c.timeouts.Load(), c.flushed.Load()
	now := time.Now().Unix()
	s.Rates = Rates{
		Requests: c.lately[lateRequests].of(now), Pages: c.lately[latePages].of(now),
		Refused: c.lately[lateRefused].of(now), Failed: c.lately[lateFailed].of(now),
	}
}

// reset begins to count anew.
func (c *counters) reset() {
	for _, n := range []*atomic.Int64{&c.requests, &c.pages, &c.statics, &c.refused, &c.failed, &c.timeouts, &c.orphans, &c.flushed} {
		n.Store(0)
	}
}

// rateSeconds is over how many whole seconds a rate is taken.
const rateSeconds = 10

// A rate counts what happened in each of the last seconds. Any goroutine may
// use it. At the turn of a second it may lose a few.
type rate struct {
	slots [16]struct{ second, n atomic.Int64 } // more than rateSeconds
}

func (r *rate) add(second int64) {
	s := &r.slots[second&15]
	if old := s.second.Load(); old != second && s.second.CompareAndSwap(old, second) {
		s.n.Store(0)
	}
	s.n.Add(1)
}

// of is the rate over the whole seconds before now.
func (r *rate) of(now int64) float64 {
	var n int64
	for i := range r.slots {
		s := &r.slots[i]
		if age := now - s.second.Load(); age >= 1 && age <= rateSeconds {
			n += s.n.Load()
		}
	}
	return float64(n) / rateSeconds
}
