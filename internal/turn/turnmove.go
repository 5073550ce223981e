package turn

import (
	"context"
	"time"
)

// A move says that what had one key has another.
type move struct {
	to    string
	until time.Duration
}

// Move gives the session whose turn t is another key, because its token
// changed: who waits in its line waits on in that of the new key, in order of
// arrival with those who wait there already, and so does whoever enters with
// the former key until grace is over. A key that has moved on since leads
// nowhere any more. It is called by the holder and never waits; on a turn that
// was left it does nothing.
func (t *Turn) Move(key string, grace time.Duration) {
	for {
		from := t.shard.Load()
		to := t.turns.shard(key)
		from.lockWith(to)
		if t.shard.Load() == from {
			if t.state == turnHeld && t.key != key {
				t.move(from, to, key, grace)
			}
			from.unlockWith(to)
			return
		}
		from.unlockWith(to)
	}
}

// move is Move with both shards locked.
func (t *Turn) move(from, to *shard, key string, grace time.Duration) {
	now := t.turns.now()
	from.forgetMoves(now)
	if grace > 0 {
		if from.moved == nil {
			from.moved = make(map[string]move)
		}
		from.moved[t.key] = move{key, now + grace}
	}
	if holder := to.held[key]; holder != nil { // a request of another process told its visitor
		holder.queue.merge(&t.queue)
		holder.queue.settle(key, to)
		return
	}
	delete(from.held, t.key)
	t.queue.settle(key, to)
	t.key = key
	t.shard.Store(to)
	to.held[key] = t
}

// settle says where those in the queue stand now.
func (q *queue) settle(key string, s *shard) {
	for w := range q.All() {
		w.key = key
		w.shard.Store(s)
	}
}

// find locks the shard of key, or of the one that it moved to, gives that to t
// and returns who holds it.
func (ts *Turns) find(key string, t *Turn) (s *shard, holder *Turn) {
	s = ts.shard(key)
	s.mu.Lock()
	if next, ok := s.movedTo(key, t.since); ok {
		s.mu.Unlock()
		s = ts.shard(next)
		s.mu.Lock()
		if _, again := s.movedTo(next, t.since); !again {
			key = next
		} else { // its own line, where nobody else is
			s.mu.Unlock()
			s = ts.shard(key)
			s.mu.Lock()
		}
	}
	t.key = key
	t.shard.Store(s)
	return s, s.held[key]
}

// movedTo is the key that key has become. The shard is locked.
func (s *shard) movedTo(key string, now time.Duration) (string, bool) {
	m, ok := s.moved[key]
	return m.to, ok && now < m.until
}

// forgetMoves forgets those that are over. The shard is locked.
func (s *shard) forgetMoves(now time.Duration) {
	for key, m := range s.moved {
		if now >= m.until {
			delete(s.moved, key)
		}
	}
}

// lockWith locks two shards, which may be one, in the order in which everybody
// does.
func (s *shard) lockWith(other *shard) {
	first, second := s, other
	if second.place < first.place {
		first, second = second, first
	}
	first.mu.Lock()
	if second != first {
		second.mu.Lock()
	}
}

func (s *shard) unlockWith(other *shard) {
	s.mu.Unlock()
	if other != s {
		other.mu.Unlock()
	}
}

// turnKey is the key of a context's turn.
type turnKey struct{}

// With tells session.Provider.Open which turn the request holds: a request that
// was put in line before its session's token changed finds the session by
// that. A nil turn is none.
func With(ctx context.Context, t *Turn) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, turnKey{}, t)
}

// In is the turn of [With], nil where there is none.
func In(ctx context.Context) *Turn {
	t, _ := ctx.Value(turnKey{}).(*Turn)
	return t
}
