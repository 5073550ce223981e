package memory

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/store"
)

// Count implements [store.Sessions].
func (s *Sessions) Count(ctx context.Context) (store.Counts, error) {
	if err := ctx.Err(); err != nil {
		return store.Counts{}, err
	}
	return store.Counts{Live: int(s.live.Load()), Ending: int(s.ending.Load())}, nil
}

// List implements [store.Sessions]. The order is by shard, then by id.
func (s *Sessions) List(ctx context.Context, after string, n int) ([]store.Info, error) {
	var got []store.Info
	first := 0
	if after != "" {
		first = s.shardIndex(after)
	}
	for i := first; i < shardCount && len(got) < n; i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		from := ""
		if i == first {
			from = after
		}
		got = append(got, s.shards[i].list(from, n-len(got))...)
	}
	return got, nil
}

// list gives the first n sessions whose ids follow after, in their order. It
// copies the ids under the lock, sorts them without it, and then looks each
// of them up.
func (sh *shard) list(after string, n int) []store.Info {
	ids := sh.ids(after)
	slices.Sort(ids)
	infos := make([]store.Info, 0, min(n, len(ids)))
	for _, id := range ids {
		if len(infos) == n {
			break
		}
		if info, ok := sh.info(id); ok {
			infos = append(infos, info)
		}
	}
	return infos
}

// ids copies the ids that follow after.
func (sh *shard) ids(after string) []string {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	var ids []string
	for id := range sh.byID {
		if strings.Compare(id, after) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

func (sh *shard) info(id string) (store.Info, bool) {
	s := sh.store
	sh.mu.Lock()
	defer sh.mu.Unlock()
	e := sh.byID[id]
	if e == nil {
		return store.Info{}, false
	}
	now := s.now()
	info := store.Info{
		ID: e.id, Serial: e.serial, Created: s.time(e.created), Expires: s.time(e.expires),
		Ending: e.reason, Size: len(e.data),
	}
	if e.state == live && e.expired(now) {
		info.Ending = store.ReasonTimeout
	}
	if e.leased(now) {
		info.Lease = time.Duration(e.until - now)
	}
	return info, true
}
