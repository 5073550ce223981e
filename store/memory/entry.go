package memory

import (
	"github.com/najahost/naja/store"
)

// An entry is one session. A million of them may be kept, so that its size
// counts; it is guarded by the lock of its shard.
type entry struct {
	id       string
	data     []byte
	reason   store.Reason // of an ending one
	serial   int64
	created  instant
	expires  instant
	token    int64   // of the last lease or claim that was not given up, or 0
	until    instant // when that runs out
	place    int32   // in the shard's heap, from 1; 0 is outside it
	attempts uint16  // claims
	state    state
}

// A state says where an entry is found, besides in its shard's map:
//
//	live     in the heap, due at its expiry or before
//	waiting  in the shard's list of sessions to be claimed
//	claimed  in the heap, due when the claim runs out
//	gone     nowhere; a list may still hold it
type state uint8

const (
	live state = iota
	waiting
	claimed
	gone
)

func (e *entry) leased(now instant) bool { return e.token != 0 && e.until > now }

// expired: a live lease keeps a session from it.
func (e *entry) expired(now instant) bool { return e.expires <= now && !e.leased(now) }

// found reports whether e is a live session to the outside.
func (e *entry) found(now instant) bool { return e.state == live && !e.expired(now) }

// nextLook is when to look again at a live entry that has not expired.
func (e *entry) nextLook(now instant) instant {
	if e.expires > now {
		return e.expires
	}
	return e.until
}

// owned reports whether token is that of the last taking, its time over or
// not.
func (e *entry) owned(token int64) bool { return token != 0 && e.token == token }
