package engine

import "time"

// A poolStatus is how a pool was at one moment.
type poolStatus struct {
	idle, busy, waiting int
	orphans             int   // scripts that run although they were stopped
	orphansEver         int64 // of all time
	single              bool
	apartments          []apartmentStatus
}

type apartmentStatus struct {
	id     int
	held   time.Duration // by its holder so far; 0 while idle
	busy   time.Duration // by all holders
	hits   int64
	pinned int // requests that wait for just this one
	inUse  bool
	idle   time.Duration // since its last holder gave it back; 0 while in use
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
		orphans: p.orphans, orphansEver: p.lost, single: p.single != nil,
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
		s.inUse = true
		s.held = now - a.taken
		s.busy += s.held
	} else {
		s.idle = now - a.freed
	}
	for w := a.pinned.head; w != nil; w = w.next {
		s.pinned++
	}
	return s
}

// public is what Status shows of it.
func (a apartmentStatus) public() ApartmentStatus {
	s := ApartmentStatus{ID: a.id, State: "idle", Held: Seconds(a.held), Busy: Seconds(a.busy), Hits: a.hits, Waiting: a.pinned}
	if a.inUse {
		s.State = "held"
	}
	if f := a.current; f != nil {
		s.State, s.Request, s.Method, s.URL = "running", f.id, f.method, f.url
		s.File, s.Line = f.where()
		s.File = firstOf(s.File, f.page)
	}
	return s
}
