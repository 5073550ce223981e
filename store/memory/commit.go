package memory

import (
	"context"
	"strings"

	"github.com/najahost/naja/store"
)

// Commit implements [store.Sessions].
func (s *Sessions) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.NewID != "" && c.NewID != id {
		return s.commitRenamed(id, token, c)
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || e.state != live || !e.owned(token) {
		return store.ErrLost
	}
	sh.commit(e, c)
	return nil
}

// commitRenamed is Commit where the session moves to another id and so,
// mostly, to another shard.
func (s *Sessions) commitRenamed(id string, token int64, c store.Commit) error {
	from, to := s.lockBoth(id, c.NewID)
	defer from.mu.Unlock()
	if to != from {
		defer to.mu.Unlock()
	}
	e := from.byID[id]
	switch {
	case e == nil || e.state != live || !e.owned(token):
		return store.ErrLost
	case to.byID[c.NewID] != nil || to.leads(c.NewID):
		return store.ErrExists
	}
	from.forget(e)
	from.due.remove(e)
	e.id = strings.Clone(c.NewID)
	to.byID[e.id] = e
	from.moved(id, e, c.Grace)
	to.due.push(e, e.expires)
	to.commit(e, c)
	return nil
}

// lockBoth locks the shards of two ids, which may be one, in the order in
// which everybody does.
func (s *Sessions) lockBoth(a, b string) (shardA, shardB *shard) {
	i, j := s.shardIndex(a), s.shardIndex(b)
	s.shards[min(i, j)].mu.Lock()
	if i != j {
		s.shards[max(i, j)].mu.Lock()
	}
	return &s.shards[i], &s.shards[j]
}
