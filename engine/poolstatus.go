package engine

import "time"

// A poolStatus is how a pool was at one moment.
type poolStatus struct {
	idle, busy, waiting int
	orphans             int   // scripts that run although they were stopped
	orphansEver         int64 // of all time
	apartments          []apartmentStatus
}

type apartmentStatus struct {
	id     int
	held   time.Duration // by its holder so far; 0 while idle
	busy   time.Duration // by all holders
	hits   int64
	pinned int // requests that wait for just this one
	// current is the request that it runs; nil while idle, and for a moment
	// before and after.
	current *flight
}

// status makes a snapshot.
func (p *pool) status() poolStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Since(p.epoch)
	s := poolStatus{
		idle: p.nIdle, busy: len(p.apartments) - p.nIdle, waiting: p.waiting,
		orphans: p.orphans, orphansEver: p.lost,
		apartments: make([]apartmentStatus, len(p.apartments)),
	}
	for i, a := range p.apartments {
		s.apartments[i] = a.status(now)
	}
	return s
}

// status is called with pool.mu held.
func (a *apartment) status(now time.Duration) apartmentStatus {
	s := apartmentStatus{id: a.id, hits: a.hits.Load(), busy: a.busy, current: a.current.Load()}
	if !a.idle {
		s.held = now - a.taken
		s.busy += s.held
	}
	for w := a.pinned.head; w != nil; w = w.next {
		s.pinned++
	}
	return s
}
