package turn

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// An Info shows the turn of one session at one moment.
type Info struct {
	Session string          // the key's [Label]
	Held    time.Duration   // how long the holder has had the turn
	Waited  time.Duration   // how long the holder waited for it
	Waiting []time.Duration // how long each waiter has waited, first in line first
}

// Label is a short name for a session's key that tells keys apart in a status
// page or a log and gives nothing away.
func Label(key string) string {
	sum := sha256.Sum256([]byte("naja label\x00" + key))
	return hex.EncodeToString(sum[:6])
}

// Snapshot shows every turn that is held, the longest held first. It locks one
// shard at a time, so that two of its lines may be from different moments.
func (ts *Turns) Snapshot() []Info {
	var all []Info
	for i := range ts.shards {
		first := len(all)
		all = ts.shards[i].snapshot(all, ts.now())
		for j := first; j < len(all); j++ {
			all[j].Session = Label(all[j].Session) // hashed when the lock is free again
		}
	}
	slices.SortFunc(all, func(a, b Info) int { return cmp.Compare(b.Held, a.Held) })
	return all
}

// snapshot appends the shard's turns under their bare keys.
func (s *shard) snapshot(to []Info, now time.Duration) []Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, holder := range s.held {
		info := Info{Session: key, Held: now - holder.since, Waited: holder.waited}
		for w := range holder.queue.All() {
			info.Waiting = append(info.Waiting, now-w.since)
		}
		to = append(to, info)
	}
	return to
}
