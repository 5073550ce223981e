package store

import (
	"context"
	"time"
)

// Sessions keeps sessions: in memory, in a database, on another host. One
// value holds the sessions of one application; two applications that share a
// database have two of them.
//
// All methods are safe for any goroutine. All times are told by the store's
// own clock and cross this border as durations or, for people, as time.Time;
// processes that share a store need not agree about the time.
//
// # States
//
// A session is live, then ending, then gone.
//
// Live: it is found by Load and Acquire until it expires. It may be taken
// under a lease, which is named by a token that no other taking ever had. The
// token stays good after the lease ran out, until somebody else takes the
// session or ends it: a lease that is over only permits others to take it. A
// live lease keeps a session from expiring.
//
// Ending: it expired, or was marked by Commit or End. Load, Acquire and Touch
// don't find it any more and every token given out for it before is lost. It
// waits to be claimed; a claim is a lease with a token like the other, and one
// that runs out makes the session claimable again.
//
// Gone: Finish removed it.
//
// # Former ids
//
// A Commit that gives a session another id may let the one that it had lead to
// it for a while more, in Load and Acquire and nowhere else: what these give
// says under which id everything else is done. A session has one former id at
// the most. It is as good as none when its time is over, which nothing
// prolongs, when the session moves on to a third id, and when the session ends;
// until then nothing can be created under it.
//
// # Outcomes
//
// A nil error means that the whole operation took effect: where the store is
// durable, that it is on disk. One of this package's errors ([ErrNotFound],
// [ErrBusy], [ErrLost], [ErrExists], [ErrFull]) means that the store works and
// that nothing changed. Any other error is a failure of the store or the end
// of ctx; whether a change took effect is then unknown, but never half of it,
// and repeating the call is safe (a commit that did take effect and released
// the lease answers ErrLost then).
//
// # Bytes
//
// Contents are opaque, and nobody modifies them after they were made: neither
// who gives them to a store, which may keep the very slice, nor who gets them.
type Sessions interface {
	// Create makes the session id under a lease and returns the lease's
	// token, which is never 0. ErrExists: id is live or ending, or leads to
	// another session. ErrFull:
	// s.Max sessions are live.
	Create(ctx context.Context, id string, s NewSession) (token int64, err error)

	// Load gives the session as last committed, taken or not. It neither
	// takes a lease nor slides the expiry. ErrNotFound: no live session.
	Load(ctx context.Context, id string) (Stored, error)

	// Acquire takes the session under a new lease and gives it as last
	// committed. It never waits: a *BusyError (ErrBusy) says how long the
	// other's lease lasts. ErrNotFound: no live session. It doesn't slide the
	// expiry.
	Acquire(ctx context.Context, id string, lease time.Duration) (Stored, error)

	// Renew makes the lease or claim named by token end lease from now.
	// ErrLost: the token isn't the session's.
	Renew(ctx context.Context, id string, token int64, lease time.Duration) error

	// Commit does all that c says, or nothing. ErrLost: there is no such live
	// session, or the token isn't its. ErrExists: c.NewID is taken.
	Commit(ctx context.Context, id string, token int64, c Commit) error

	// Release gives a lease up and changes nothing else. A claim is given
	// back as if it had never been made: its attempt isn't counted and the
	// session can be claimed at once. A token that isn't the session's is no
	// error.
	Release(ctx context.Context, id string, token int64) error

	// Touch moves the expiry to timeout from now unless it is later already,
	// lease or no lease. To save writes a store may let it lag by a twentieth
	// of timeout. ErrNotFound: no live session.
	Touch(ctx context.Context, id string, timeout time.Duration) error

	// End makes a live session an ending one, in use or not; a holder's
	// commit is refused from then on. ErrNotFound: no live session.
	End(ctx context.Context, id string, reason Reason) error

	// Claim takes up to n sessions that are to be ended, those that expired
	// included, for owner (a name for operators), each under a claim of its
	// own that lasts for lease. Each is given to one caller only until its
	// claim runs out. No order is promised. An empty answer means that there
	// is nothing to do now.
	Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]Claimed, error)

	// Finish removes a claimed session. ErrLost: there is no such ending
	// session, or the token isn't its claim's.
	Finish(ctx context.Context, id string, token int64) error

	// Count tells how many sessions there are; those that expired may be
	// counted as live until they are claimed.
	Count(ctx context.Context) (Counts, error)

	// List gives up to n sessions that follow the one with the id after, or
	// from the first for "", in an order of the store's. Going on from the
	// last id of each answer until one is empty meets every session that
	// exists all the while exactly once.
	List(ctx context.Context, after string, n int) ([]Info, error)
}

// A NewSession is what [Sessions.Create] is given.
type NewSession struct {
	Serial  int64         // the number that people know the session by; never changes
	Data    []byte        // its first contents
	Timeout time.Duration // it expires this long from now
	Lease   time.Duration // how long the creator's lease lasts
	Max     int           // refuse to have more than this many live sessions; 0: no bound
}

// A Stored is a live session as last committed.
type Stored struct {
	ID      string        // the session's: not the one asked for, where that is a former one; empty is the same
	Grace   time.Duration // for how long a former id that was asked for leads here yet; else 0
	Token   int64         // of the lease; 0 where none was taken
	Serial  int64
	Data    []byte // shared: not to be modified
	Created time.Time
}

// A Commit says what [Sessions.Commit] does, in one step.
type Commit struct {
	Data    []byte        // the new contents; nil keeps the old ones
	Timeout time.Duration // the session expires this long from now, sooner or later than before
	Lease   time.Duration // the lease is prolonged to this long from now; 0 gives it up
	NewID   string        // where not empty: the session is found by this id from now on, under the same token
	Grace   time.Duration // with NewID: the id that it had leads to it for this long yet
	End     Reason        // where not empty: the session becomes an ending one and the lease is over
}

// A Claimed is a session that is to be ended, in the hands of one claimant.
type Claimed struct {
	ID      string // doesn't change between attempts
	Token   int64  // of the claim
	Serial  int64
	Data    []byte // shared: not to be modified
	Created time.Time
	Reason  Reason
	Attempt int // from 1: how many claims there were, those given back not counted
}

// Counts are numbers of sessions.
type Counts struct {
	Live   int
	Ending int // marked and not yet removed
}

// An Info is one session in an operator's list.
type Info struct {
	ID      string // the store's id
	Serial  int64
	Created time.Time
	Expires time.Time     // of a live one
	Lease   time.Duration // what is left of its lease or claim; 0: nobody has it
	Ending  Reason        // empty for a live one
	Size    int           // bytes of contents
}

// A Reason says why a session ends.
type Reason string

// The reasons. A store keeps any other text as well.
const (
	ReasonTimeout  Reason = "timeout"  // nobody came for as long as its timeout
	ReasonAbandon  Reason = "abandon"  // a page called Session.Abandon
	ReasonShutdown Reason = "shutdown" // the application ends and its store forgets
	ReasonEvicted  Reason = "evicted"  // an operator ended it, or its first page failed before the visitor learned of it
)
