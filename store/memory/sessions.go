package memory

import (
	"context"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/store"
)

// shardCount is a power of two.
const shardCount = 64

// Sessions is a [store.Sessions] in memory. Its clock is monotonic: setting the
// machine's clock neither ends a session nor prolongs one.
type Sessions struct {
	seed   maphash.Seed
	start  time.Time
	tokens atomic.Int64  // the last token given out; none is ever repeated
	live   atomic.Int64  // sessions that are not ending
	ending atomic.Int64  // sessions that are
	turn   atomic.Uint32 // the shard at which the next Claim begins
	shards [shardCount]shard
}

var _ store.Sessions = (*Sessions)(nil)

// NewSessions makes an empty store. There is nothing to close.
func NewSessions() *Sessions {
	s := &Sessions{seed: maphash.MakeSeed(), start: time.Now()}
	for i := range s.shards {
		s.shards[i].store = s
		s.shards[i].byID = make(map[string]*entry)
	}
	return s
}

// instant is a time of the store's clock: nanoseconds since it was made.
type instant int64

func (s *Sessions) now() instant { return instant(time.Since(s.start)) }

func (i instant) add(d time.Duration) instant { return i + instant(d) }

func (s *Sessions) time(i instant) time.Time { return s.start.Add(time.Duration(i)) }

func (s *Sessions) shardIndex(id string) int {
	return int(maphash.String(s.seed, id) % shardCount)
}

// lock returns the shard of id with its lock held, to be given back with
// mu.Unlock.
func (s *Sessions) lock(id string) *shard {
	sh := &s.shards[s.shardIndex(id)]
	sh.mu.Lock()
	return sh
}

// Load implements [store.Sessions].
func (s *Sessions) Load(ctx context.Context, id string) (got store.Stored, err error) {
	err = s.with(ctx, id, func(e *entry, _ instant, grace time.Duration) error {
		got = s.stored(e, 0, grace)
		return nil
	})
	return got, err
}

// Acquire implements [store.Sessions].
func (s *Sessions) Acquire(ctx context.Context, id string, lease time.Duration) (got store.Stored, err error) {
	err = s.with(ctx, id, func(e *entry, now instant, grace time.Duration) error {
		if e.leased(now) {
			return &store.BusyError{Remaining: time.Duration(e.until - now)}
		}
		e.token, e.until = s.tokens.Add(1), now.add(lease)
		got = s.stored(e, e.token, grace)
		return nil
	})
	return got, err
}

func (s *Sessions) stored(e *entry, token int64, grace time.Duration) store.Stored {
	return store.Stored{ID: e.id, Grace: grace, Token: token, Serial: e.serial, Data: e.data, Created: s.time(e.created)}
}

// Renew implements [store.Sessions].
func (s *Sessions) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || !e.owned(token) {
		return store.ErrLost
	}
	e.until = s.now().add(lease)
	switch e.state {
	case claimed:
		sh.due.move(e, e.until)
	case waiting: // the claim ran out and nobody else has come yet
		e.state = claimed
		sh.due.push(e, e.until)
	}
	return nil
}

// Release implements [store.Sessions].
func (s *Sessions) Release(ctx context.Context, id string, token int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || !e.owned(token) {
		return nil
	}
	e.token, e.until = 0, 0
	switch e.state {
	case live:
		sh.dueBy(e, e.expires)
		return nil
	case claimed:
		sh.due.remove(e)
		sh.unclaimed(e)
	}
	e.attempts--
	return nil
}

// Touch implements [store.Sessions].
func (s *Sessions) Touch(ctx context.Context, id string, timeout time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	now := s.now()
	e, err := sh.found(id, now)
	if err != nil {
		return err
	}
	e.expires = max(e.expires, now.add(timeout))
	return nil
}

// End implements [store.Sessions].
func (s *Sessions) End(ctx context.Context, id string, reason store.Reason) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e, err := sh.found(id, s.now())
	if err != nil {
		return err
	}
	sh.due.remove(e)
	sh.end(e, reason)
	return nil
}
