package sessions

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/store"
)

// leases renews the leases of the requests that run, and has the ender renew
// its claims.
type leases struct {
	m    *Manager
	quit chan struct{}
	done chan struct{}

	mu   sync.Mutex
	open map[*request]struct{}
}

// A leaseState is what leases knows of one request; guarded by leases.mu.
type leaseState struct {
	id      string
	token   int64
	taken   time.Time // when the request got the session
	renewed time.Time // when the lease was last known to begin
	era     int       // counts additions, so that a late answer is told apart
}

// maxRenewals bounds how many leases are renewed at once.
const maxRenewals = 8

func (l *leases) start(m *Manager) {
	l.m = m
	l.open = make(map[*request]struct{})
	l.quit, l.done = make(chan struct{}), make(chan struct{})
	go l.run()
}

// stop ends the goroutine and waits for it.
func (l *leases) stop() {
	l.mu.Lock()
	select {
	case <-l.quit:
	default:
		close(l.quit)
	}
	l.mu.Unlock()
	<-l.done
}

// add has the lease that h has just got renewed from now on. h.mu is locked,
// or h is not yet known to others.
func (l *leases) add(h *request) {
	if h.token == 0 {
		return
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &h.lease
	s.id, s.token, s.renewed = h.id, h.token, now
	if s.taken.IsZero() {
		s.taken = now
	}
	s.era++
	l.open[h] = struct{}{}
}

// remove ends that: the answer to a renewal under way is ignored.
func (l *leases) remove(h *request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h.lease.era++
	delete(l.open, h)
}

func (l *leases) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

func (l *leases) run() {
	defer close(l.done)
	ticker := time.NewTicker(l.m.cfg.Lease / 6)
	defer ticker.Stop()
	for {
		select {
		case <-l.quit:
			return
		case <-ticker.C:
			l.renewDue()
			l.m.ender.renewDue(time.Now())
		}
	}
}

// A renewal is one lease that is due.
type renewal struct {
	h     *request
	id    string
	token int64
	era   int
}

// renewDue renews the leases of which a third is over, some at once.
func (l *leases) renewDue() {
	slots := make(chan struct{}, maxRenewals)
	var wg sync.WaitGroup
	for _, r := range l.due(time.Now()) {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			l.renew(r)
		})
	}
	wg.Wait()
}

// due picks the leases to renew. It gives up those held for too long: their
// requests are told that they lost them, before somebody else takes them.
func (l *leases) due(now time.Time) (due []renewal) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for h := range l.open {
		s := &h.lease
		switch {
		case now.Sub(s.taken) >= l.m.limits.Load().LeaseMax:
			delete(l.open, h)
			h.lost.blow()
		case now.Sub(s.renewed) >= l.m.cfg.Lease/3:
			due = append(due, renewal{h, s.id, s.token, s.era})
		}
	}
	return due
}

func (l *leases) renew(r renewal) {
	ctx, cancel := l.m.bound(context.Background())
	defer cancel()
	begin := time.Now()
	err := l.m.store.Renew(ctx, r.id, r.token, l.m.cfg.Lease)

	l.mu.Lock()
	defer l.mu.Unlock()
	if r.h.lease.era != r.era {
		return // it was given up or moved on meanwhile
	}
	switch {
	case err == nil:
		r.h.lease.renewed = begin
	case errors.Is(err, store.ErrLost):
		delete(l.open, r.h)
		r.h.lost.blow()
	default: // the next tick tries again
		l.m.cfg.Logger.Warn("session: a lease could not be renewed", "session", turn.Label(r.id), "err", err)
	}
}
