package memory

import (
	"context"
	"strings"

	"github.com/najahost/naja/store"
)

// Create implements [store.Sessions].
func (s *Sessions) Create(ctx context.Context, id string, n store.NewSession) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := s.reserve(n.Max); err != nil {
		return 0, err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	if sh.byID[id] != nil || sh.leads(id) {
		s.live.Add(-1)
		return 0, store.ErrExists
	}
	now := s.now()
	e := &entry{
		id: strings.Clone(id), data: n.Data, serial: n.Serial,
		created: now, expires: now.add(n.Timeout),
		token: s.tokens.Add(1), until: now.add(n.Lease),
	}
	sh.byID[e.id] = e
	sh.due.push(e, e.expires)
	return e.token, nil
}

// reserve counts one more live session. Where that would be one too many it
// first looks whether some have expired and only wait to be noticed.
func (s *Sessions) reserve(limit int) error {
	if s.tryReserve(limit) {
		return nil
	}
	for i := range s.shards {
		s.shards[i].notice()
	}
	if s.tryReserve(limit) {
		return nil
	}
	return store.ErrFull
}

func (s *Sessions) tryReserve(limit int) bool {
	for {
		n := s.live.Load()
		if limit > 0 && n >= int64(limit) {
			return false
		}
		if s.live.CompareAndSwap(n, n+1) {
			return true
		}
	}
}
