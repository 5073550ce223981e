package memory

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// A former is what a former id leads to: the entry while it has the id that it
// got then. It isn't kept in the entry, as few sessions have one.
type former struct {
	e     *entry
	id    string // e's
	until instant
}

// moved keeps the id that e had until now. The shard is locked.
func (sh *shard) moved(id string, e *entry, grace time.Duration) {
	now := sh.store.now()
	sh.forgetFormer(now)
	if grace <= 0 {
		return
	}
	if sh.former == nil {
		sh.former = make(map[string]former)
	}
	sh.former[id] = former{e, e.id, now.add(grace)}
}

// forgetFormer forgets the former ids whose time is over. The shard is locked.
func (sh *shard) forgetFormer(now instant) {
	for id, f := range sh.former {
		if f.until <= now {
			delete(sh.former, id)
		}
	}
}

// leads says that a former id leads somewhere yet. The shard is locked.
func (sh *shard) leads(id string) bool {
	f, ok := sh.former[id]
	return ok && f.until > sh.store.now()
}

// with calls do with the live session that id is, or leads to, while its shard
// is locked; grace is what is left of a former id's time.
func (s *Sessions) with(ctx context.Context, id string, do func(e *entry, now instant, grace time.Duration) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	now := s.now()
	e, err := sh.found(id, now)
	if err == nil {
		defer sh.mu.Unlock()
		return do(e, now, 0)
	}
	f, ok := sh.former[id]
	sh.mu.Unlock()
	if !ok || f.until <= now {
		return err
	}
	sh = s.lock(f.id)
	defer sh.mu.Unlock()
	if e, err = sh.found(f.id, now); err != nil || e != f.e {
		return store.ErrNotFound
	}
	return do(e, now, time.Duration(f.until-now))
}
