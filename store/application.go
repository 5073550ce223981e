package store

import (
	"context"
	"time"
)

// Application keeps the Application values of one application and its lock; two
// applications that share a database have two of them. All methods are safe for
// any goroutine. Times are told by the store's own clock and cross this border
// as durations.
//
// # Versions
//
// The contents have a version. It grows by exactly one with every call that
// changes something, so that who knows one version and makes the next change
// knows the next one. Setting a key counts as a change whatever its value was;
// removing one that isn't there doesn't.
//
// # The lock
//
// The lock is taken under a lease and named by a token that no other taking
// ever had and that is not 0. A lease that is over only permits others to take
// the lock or to write; the token is good until one of them does, or Break is
// called.
//
// # Outcomes
//
// A nil error means that the whole operation took effect: where the store is
// durable, that it is on disk. [ErrLocked] (in a [*LockedError]), [ErrLockLost] and
// [ErrChanged] mean that nothing changed. Any other error is a failure of the
// store or the end of ctx; whether a change took effect is then unknown, but
// never half of it.
//
// # Bytes
//
// Values are opaque, and nobody modifies them after they were made: neither
// who gives them to a store, which may keep the very slice, nor who gets them.
type Application interface {
	// Read gives the contents as last committed, in the order in which the
	// keys were first set; no items when their version is have.
	Read(ctx context.Context, have int64) (Contents, error)

	// Lock takes the lock; owner names the taker to people. A lease of 0 has
	// no end. It never waits: a *LockedError says who holds the lock.
	Lock(ctx context.Context, owner string, lease time.Duration) (Locked, error)

	// Renew makes the lease end lease from now. ErrLockLost: the token isn't the
	// lock's.
	Renew(ctx context.Context, token int64, lease time.Duration) error

	// Commit makes all changes and gives the lock up, or does nothing.
	// ErrLockLost: the token isn't the lock's. It returns the contents' version,
	// the old one when nothing changed.
	Commit(ctx context.Context, token int64, c Changes) (version int64, err error)

	// Unlock gives the lock up and changes nothing else. A token that isn't
	// the lock's is no error.
	Unlock(ctx context.Context, token int64) error

	// Swap changes one key without the lock. A *LockedError: somebody holds the
	// lock. ErrChanged: s.Compare, and the value is not s.Old. It returns the
	// contents' version, the old one when a key was removed that isn't there.
	Swap(ctx context.Context, s Swap) (version int64, err error)

	// Break takes the lock away from whoever holds it, whose commit is then
	// refused, and returns the owner's name; "" when nobody held it.
	Break(ctx context.Context) (owner string, err error)

	// Wait returns when the contents' version is not have any more, or when
	// the store knows no better way than asking again: at once or later, with
	// the version it knows.
	Wait(ctx context.Context, have int64) (version int64, err error)
}

// An Item is a key and its value.
type Item struct {
	ID  string // what identifies the key: its spelling without regard to case
	Key string // as the first writer spelled it
	Raw []byte // one value of package value
}

// Contents are what a store holds.
type Contents struct {
	Version int64
	Items   []Item
}

// Locked is what [Application.Lock] gives.
type Locked struct {
	Token   int64 // never 0
	Version int64 // of the contents now
}

// Changes are made in one step: first Clear, then the items in order. An item
// without Raw removes its ID. One whose ID is there gets a new value and keeps
// its key's spelling and place; a new one comes last.
type Changes struct {
	Clear bool // remove everything first
	Items []Item
}

// A Swap is a change of one key, the item as in [Changes].
type Swap struct {
	Item    Item
	Compare bool
	Old     []byte // what the value must be if Compare; nil: there must be none
}
