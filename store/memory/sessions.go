package memory

import (
	"context"
	"hash/maphash"
	"strings"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/session"
)

// shardCount is a power of two.
const shardCount = 64

// Sessions is a [session.Store] in memory. Its clock is monotonic: setting the
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

var _ session.Store = (*Sessions)(nil)

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

// Create implements [session.Store].
func (s *Sessions) Create(ctx context.Context, id string, n session.NewSession) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if err := s.reserve(n.Max); err != nil {
		return 0, err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	if sh.byID[id] != nil {
		s.live.Add(-1)
		return 0, session.ErrExists
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
	return session.ErrFull
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

// Load implements [session.Store].
func (s *Sessions) Load(ctx context.Context, id string) (session.Stored, error) {
	if err := ctx.Err(); err != nil {
		return session.Stored{}, err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || !e.found(s.now()) {
		return session.Stored{}, session.ErrNotFound
	}
	return s.stored(e, 0), nil
}

// Acquire implements [session.Store].
func (s *Sessions) Acquire(ctx context.Context, id string, lease time.Duration) (session.Stored, error) {
	if err := ctx.Err(); err != nil {
		return session.Stored{}, err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	now := s.now()
	e := sh.byID[id]
	switch {
	case e == nil || !e.found(now):
		return session.Stored{}, session.ErrNotFound
	case e.leased(now):
		return session.Stored{}, &session.BusyError{Remaining: time.Duration(e.until - now)}
	}
	e.token, e.until = s.tokens.Add(1), now.add(lease)
	return s.stored(e, e.token), nil
}

func (s *Sessions) stored(e *entry, token int64) session.Stored {
	return session.Stored{Token: token, Serial: e.serial, Data: e.data, Created: s.time(e.created)}
}

// Renew implements [session.Store].
func (s *Sessions) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || !e.owned(token) {
		return session.ErrLost
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

// Commit implements [session.Store].
func (s *Sessions) Commit(ctx context.Context, id string, token int64, c session.Commit) error {
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
		return session.ErrLost
	}
	sh.commit(e, c)
	return nil
}

// commitRenamed is Commit where the session moves to another id and so,
// mostly, to another shard.
func (s *Sessions) commitRenamed(id string, token int64, c session.Commit) error {
	from, to := s.lockBoth(id, c.NewID)
	defer from.mu.Unlock()
	if to != from {
		defer to.mu.Unlock()
	}
	e := from.byID[id]
	switch {
	case e == nil || e.state != live || !e.owned(token):
		return session.ErrLost
	case to.byID[c.NewID] != nil:
		return session.ErrExists
	}
	from.forget(e)
	from.due.remove(e)
	e.id = strings.Clone(c.NewID)
	to.byID[e.id] = e
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

// Release implements [session.Store].
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

// Touch implements [session.Store].
func (s *Sessions) Touch(ctx context.Context, id string, timeout time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	now := s.now()
	e := sh.byID[id]
	if e == nil || !e.found(now) {
		return session.ErrNotFound
	}
	e.expires = max(e.expires, now.add(timeout))
	return nil
}

// End implements [session.Store].
func (s *Sessions) End(ctx context.Context, id string, reason session.Reason) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || !e.found(s.now()) {
		return session.ErrNotFound
	}
	sh.due.remove(e)
	sh.end(e, reason)
	return nil
}
