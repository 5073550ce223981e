package memory

import (
	"sync"

	"github.com/najahost/naja/store"
)

// noticeSteps bounds how many due entries are looked at with a lock held:
// about 0.1 ms.
const noticeSteps = 64

// A shard is a part of the sessions under a lock of its own.
//
// An entry that lives longer than its place in the heap says stays where it
// is until that time comes, so that sliding the expiry at each request costs
// nothing.
type shard struct {
	store *Sessions

	mu     sync.Mutex
	byID   map[string]*entry
	former map[string]former // by the former id
	peak   int               // the most that byID held, about
	due    dueHeap
	ending list // sessions to be claimed
}

// found gives the session with an id, if it is a live one to the outside.
func (sh *shard) found(id string, now instant) (*entry, error) {
	if e := sh.byID[id]; e != nil && e.found(now) {
		return e, nil
	}
	return nil, store.ErrNotFound
}

// commit does what c says to a live entry that the caller may write to.
func (sh *shard) commit(e *entry, c store.Commit) {
	now := sh.store.now()
	if c.Data != nil {
		e.data = c.Data
	}
	if c.End != "" {
		sh.due.remove(e)
		sh.end(e, c.End)
		return
	}
	e.expires = now.add(c.Timeout)
	sh.dueBy(e, e.expires)
	if c.Lease > 0 {
		e.until = now.add(c.Lease)
	} else {
		e.token, e.until = 0, 0
	}
}

// dueBy has e looked at by the time at, if it isn't earlier already.
func (sh *shard) dueBy(e *entry, at instant) {
	if at < sh.due.at(e) {
		sh.due.move(e, at)
	}
}

// forget takes e out of the map, whose memory is given back once a crowd has
// left it.
func (sh *shard) forget(e *entry) {
	sh.peak = max(sh.peak, len(sh.byID))
	delete(sh.byID, e.id)
	if len(sh.byID) == 0 && sh.peak > 1024 {
		sh.byID, sh.peak = make(map[string]*entry), 0
	}
}

// end makes a live entry, which is in no heap any more, one to be claimed.
func (sh *shard) end(e *entry, reason store.Reason) {
	e.reason = reason
	e.token, e.until = 0, 0
	sh.store.live.Add(-1)
	sh.store.ending.Add(1)
	sh.unclaimed(e)
}

func (sh *shard) unclaimed(e *entry) {
	e.state = waiting
	sh.ending.push(e)
}

// notice moves the sessions whose time has come to those to be claimed, and
// lets others have the lock in between.
func (sh *shard) notice() {
	for more := true; more; {
		sh.mu.Lock()
		now := sh.store.now()
		sh.forgetFormer(now)
		more = sh.noticeSome(now)
		sh.mu.Unlock()
	}
}

// noticeSome looks at some of the entries that are due and reports whether
// there may be more. The shard is locked.
func (sh *shard) noticeSome(now instant) (more bool) {
	for range noticeSteps {
		e, ok := sh.due.first(now)
		if !ok {
			return false
		}
		switch {
		case e.state == live && !e.expired(now):
			sh.due.move(e, e.nextLook(now))
		case e.state == live:
			sh.due.remove(e)
			sh.end(e, store.ReasonTimeout)
		default: // a claim ran out; its token is good until the next one
			sh.due.remove(e)
			sh.unclaimed(e)
		}
	}
	return true
}
