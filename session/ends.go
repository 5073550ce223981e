package session

import (
	"context"

	"github.com/najahost/naja/store"
)

// An Ending is a [Provider] that knows where its sessions end, so that
// Session_OnEnd can be run for them. A Provider that isn't one forgets them
// silently.
type Ending interface {
	// Ends says where; nil where nobody knows. Who calls it sees to it from
	// then on that the sessions in the store are claimed, by what runs
	// Session_OnEnd: the engine.
	Ends() *Ends
}

// Ends is where the sessions of another library end.
type Ends struct {
	// Store has the sessions, or stands for them. What it hands out by Claim
	// has ended and is gone for its library.
	Store store.Sessions
	// Read makes the contents of a claimed session those of a record of package
	// value, or returns an error; nil: they are.
	Read func(c *store.Claimed) error
	// List brings the sessions into Store that began before anybody asked for
	// their ends; nil where all are there. It is called when there is a
	// Session_OnEnd, beside requests, as it may take long; more than once does
	// no harm. What it has found by the time ctx ends counts.
	List func(ctx context.Context) error
	// Volatile says that the store ends with the process, so that its sessions
	// are to be ended when the application is.
	Volatile bool
}
