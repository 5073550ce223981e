package turn

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

// ErrQueueFull is returned by [Turns.Enter] when as many requests wait as may:
// the engine answers 503 with Retry-After.
var ErrQueueFull = errors.New("session: too many requests wait for their turn")

// A Config bounds the queues of [Turns].
type Config struct {
	// PerSession is how many requests of one session may wait behind the one
	// that runs (session_queue_max). Default 50; negative lets none wait.
	PerSession int
	// Total is how many requests may wait in all. Default 3000; negative
	// lets none wait.
	Total int
	// Drop gets a hint that nobody is left to take: see [Turn.SetHint]. It is
	// called without a lock held, from whichever goroutine left last.
	Drop func(hint any)
}

// turnShards is a power of two.
const shards = 64

// Turns lets one request of a session run at a time, in the order in which
// they came. A key has an entry only while somebody holds or awaits its turn,
// so that the memory used follows the requests in flight and not the sessions.
//
// All methods are safe for any goroutine. Turns starts no goroutine.
type Turns struct {
	bounds atomic.Pointer[bounds]
	drop   func(any)

	seed    maphash.Seed
	start   time.Time
	waiting atomic.Int64
	shards  [shards]shard
}

// A turnShard maps a key to the turn that is held. The queue hangs on the
// holder, so that an uncontended turn is one allocation.
type shard struct {
	place int // among the shards

	mu    sync.Mutex
	held  map[string]*Turn
	moved map[string]move // by the former key; see [Turn.Move]
	_     [32]byte        // keeps two shards' locks out of one cache line
}

// New makes the queues that cfg describes.
func New(cfg Config) *Turns {
	ts := &Turns{drop: cfg.Drop, seed: maphash.MakeSeed(), start: time.Now()}
	ts.SetBounds(cfg.PerSession, cfg.Total)
	for i := range ts.shards {
		ts.shards[i].place, ts.shards[i].held = i, make(map[string]*Turn)
	}
	return ts
}

// turnBounds bound the queues.
type bounds struct {
	perSession           int
	total                int64
	errSession, errTotal error
}

// SetBounds changes how many may wait, as Config says it, from now on; who
// waits already stays.
func (ts *Turns) SetBounds(perSession, total int) {
	b := &bounds{perSession: orDefault(perSession, 50), total: int64(orDefault(total, 3000))}
	b.errSession = fmt.Errorf("%w (%d of one session)", ErrQueueFull, b.perSession)
	b.errTotal = fmt.Errorf("%w (%d in all)", ErrQueueFull, b.total)
	ts.bounds.Store(b)
}

// orDefault gives n, or def for 0, or 0 for a negative n.
func orDefault(n, def int) int {
	if n == 0 {
		return def
	}
	return max(n, 0)
}

func (ts *Turns) shard(key string) *shard {
	return &ts.shards[maphash.String(ts.seed, key)%shards]
}

func (ts *Turns) now() time.Duration { return time.Since(ts.start) }

// Enter waits for the turn of key and returns it. Whoever gets a turn must
// leave it. The error wraps [ErrQueueFull], at once, when the queue is full, is the
// one of [Turn.Fail],
// or is the cause of ctx's end when that came first: then nothing is held and
// nothing stays behind.
func (ts *Turns) Enter(ctx context.Context, key string) (*Turn, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	t := &Turn{turns: ts, since: ts.now()}
	s, holder := ts.find(key, t)
	if holder == nil {
		s.take(t)
		s.mu.Unlock()
		return t, nil
	}
	if err := ts.admit(holder); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	t.granted = make(chan struct{})
	holder.queue.push(t)
	s.mu.Unlock()

	select {
	case <-t.granted:
		if t.failed != nil {
			return nil, t.failed
		}
		return t, nil
	case <-ctx.Done():
		t.abandon()
		return nil, context.Cause(ctx)
	}
}

// admit counts one more waiter behind holder, whose shard is locked.
func (ts *Turns) admit(holder *Turn) error {
	b := ts.bounds.Load()
	if holder.queue.Len() >= b.perSession {
		return b.errSession
	}
	if ts.waiting.Add(1) > b.total {
		ts.waiting.Add(-1)
		return b.errTotal
	}
	return nil
}

// TryEnter takes the turn of key if nobody holds it, and never waits.
func (ts *Turns) TryEnter(key string) (*Turn, bool) {
	t := &Turn{turns: ts, since: ts.now()}
	s, holder := ts.find(key, t)
	defer s.mu.Unlock()
	if holder != nil {
		return nil, false
	}
	s.take(t)
	return t, true
}

// take makes t the holder of its key, which nobody holds. The shard is locked.
func (s *shard) take(t *Turn) {
	t.state = turnHeld
	s.held[t.key] = t
}

// Waiting is the number of requests that wait, of all sessions.
func (ts *Turns) Waiting() int { return int(ts.waiting.Load()) }
