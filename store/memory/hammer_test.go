package memory

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// check looks whether each entry is where its state says.
func (s *Sessions) check(t *testing.T) {
	t.Helper()
	var lives, endings int64
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.Lock()
		sh.due.check(t)
		listed := map[*entry]bool{}
		for _, e := range sh.ending.entries {
			listed[e] = true
		}
		placed := 0
		for id, e := range sh.byID {
			if e.id != id || s.shardIndex(id) != i {
				t.Errorf("%q is found as %q in shard %d", e.id, id, i)
			}
			inHeap := e.place > 0 && int(e.place) <= len(sh.due) && sh.due[e.place-1].entry == e
			if inHeap {
				placed++
			}
			if inHeap != (e.state == live || e.state == claimed) || e.state == waiting && !listed[e] || e.state == gone {
				t.Errorf("%q in state %d: in the heap %t, in the list %t", id, e.state, inHeap, listed[e])
			}
			if e.state == live {
				lives++
				if sh.due.at(e) > max(e.expires, e.until) {
					t.Errorf("%q is looked at too late", id)
				}
			} else {
				endings++
			}
		}
		if placed != len(sh.due) {
			t.Errorf("the heap of shard %d holds %d entries that are gone", i, len(sh.due)-placed)
		}
		sh.mu.Unlock()
	}
	if lives != s.live.Load() || endings != s.ending.Load() {
		t.Errorf("%d live and %d ending, counted as %d and %d", lives, endings, s.live.Load(), s.ending.Load())
	}
}

// Every operation at once, on few sessions that live for microseconds.
func TestHammer(t *testing.T) {
	const workers, rounds = 8, 10_000
	s, ctx := NewSessions(), context.Background()
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 3))
			short := func() time.Duration { return time.Duration(random.IntN(100_000)) }
			id := func() string { return fmt.Sprint(random.IntN(100)) }
			for range rounds {
				if err := operate(ctx, s, random, id, short); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	s.check(t)
	c, _ := s.Count(ctx)
	t.Logf("left: %+v", c)
}

// operate does one operation at random; an outcome that the interface doesn't
// know is an error.
func operate(ctx context.Context, s *Sessions, random *rand.Rand, id func() string, short func() time.Duration) error {
	name, err := id(), error(nil)
	switch random.IntN(8) {
	case 0, 1:
		_, err = s.Create(ctx, name, store.NewSession{Timeout: short(), Lease: short(), Max: 50})
	case 2, 3:
		var got store.Stored
		if got, err = s.Acquire(ctx, name, short()); err == nil {
			c := store.Commit{Timeout: short(), Lease: short() - 50_000}
			switch random.IntN(4) {
			case 0:
				c.NewID = id()
			case 1:
				c.End = store.ReasonAbandon
			case 2:
				return s.Release(ctx, name, got.Token)
			}
			err = s.Commit(ctx, name, got.Token, c)
		}
	case 4:
		err = s.Touch(ctx, name, short())
	case 5:
		err = s.End(ctx, name, store.ReasonEvicted)
	case 6:
		_, err = s.List(ctx, name, 5)
	default:
		var claims []store.Claimed
		claims, err = s.Claim(ctx, "", short(), 3)
		for i, c := range claims {
			switch (i + random.IntN(4)) % 4 {
			case 0:
				err = s.Renew(ctx, c.ID, c.Token, short())
			case 1:
				err = s.Release(ctx, c.ID, c.Token)
			default:
				err = s.Finish(ctx, c.ID, c.Token)
			}
		}
	}
	for _, expected := range []error{store.ErrNotFound, store.ErrBusy, store.ErrLost, store.ErrExists, store.ErrFull} {
		if errors.Is(err, expected) {
			return nil
		}
	}
	return err
}

func TestMapShrinks(t *testing.T) {
	s, ctx := NewSessions(), t.Context()
	var tokens []int64
	const n = 80_000
	for i := range n {
		token, err := s.Create(ctx, fmt.Sprint(i), store.NewSession{Timeout: time.Hour, Lease: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	for i, token := range tokens {
		if err := s.Commit(ctx, fmt.Sprint(i), token, store.Commit{Timeout: time.Hour, End: store.ReasonAbandon}); err != nil {
			t.Fatal(err)
		}
	}
	finishAll(t, s)
	s.check(t)
	for i := range s.shards {
		if s.shards[i].peak != 0 {
			t.Fatalf("shard %d keeps the map that once held %d", i, s.shards[i].peak)
		}
	}
}

func finishAll(t *testing.T, s *Sessions) (n int) {
	t.Helper()
	for {
		claims, err := s.Claim(t.Context(), "", time.Hour, 50)
		if err != nil {
			t.Fatal(err)
		}
		if len(claims) == 0 {
			return n
		}
		for _, c := range claims {
			if err := s.Finish(t.Context(), c.ID, c.Token); err != nil {
				t.Fatal(err)
			}
		}
		n += len(claims)
	}
}
