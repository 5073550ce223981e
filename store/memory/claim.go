package memory

import (
	"context"
	"time"

	"github.com/najahost/naja/store"
)

// Claim implements [store.Sessions]. The owner's name is not kept.
func (s *Sessions) Claim(ctx context.Context, _ string, lease time.Duration, n int) ([]store.Claimed, error) {
	var got []store.Claimed
	first := s.turn.Add(1)
	for i := range uint32(shardCount) {
		if err := ctx.Err(); err != nil {
			return got, claimError(got, err)
		}
		if len(got) >= n {
			break
		}
		got = s.shards[(first+i)%shardCount].claim(got, lease, n)
	}
	return got, nil
}

// claimError: what was claimed has to reach its claimant.
func claimError(got []store.Claimed, err error) error {
	if len(got) > 0 {
		return nil
	}
	return err
}

// claim appends the shard's sessions to be ended to got, until it has n.
func (sh *shard) claim(got []store.Claimed, lease time.Duration, n int) []store.Claimed {
	for more := true; more && len(got) < n; {
		sh.mu.Lock()
		now := sh.store.now()
		more = sh.noticeSome(now)
		for range noticeSteps {
			if len(got) >= n {
				break
			}
			e := sh.ending.pop()
			if e == nil {
				break
			}
			got = append(got, sh.take(e, now.add(lease)))
			more = true
		}
		sh.mu.Unlock()
	}
	return got
}

// take claims an entry that is on no list any more.
func (sh *shard) take(e *entry, until instant) store.Claimed {
	s := sh.store
	e.state = claimed
	e.token, e.until = s.tokens.Add(1), until
	e.attempts++
	sh.due.push(e, until)
	return store.Claimed{
		ID: e.id, Token: e.token, Serial: e.serial, Data: e.data,
		Created: s.time(e.created), Reason: e.reason, Attempt: int(e.attempts),
	}
}

// Finish implements [store.Sessions].
func (s *Sessions) Finish(ctx context.Context, id string, token int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sh := s.lock(id)
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil || e.state == live || !e.owned(token) {
		return store.ErrLost
	}
	if e.state == claimed {
		sh.due.remove(e)
	}
	e.state = gone
	sh.forget(e)
	s.ending.Add(-1)
	return nil
}
