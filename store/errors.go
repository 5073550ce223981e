package store

import (
	"errors"
	"fmt"
	"time"
)

// What [Sessions] answers. Anything else that it returns is a failure of the
// store itself: the engine answers 503 with Retry-After to it.
var (
	// ErrNotFound: no live session has this id. It never existed, expired,
	// was ended or was renamed; the visitor gets a new one.
	ErrNotFound = errors.New("session: no such session")
	// ErrBusy: another taking of the session is alive. It is always wrapped
	// by a [*BusyError] that says for how long.
	ErrBusy = errors.New("session: in use by another request")
	// ErrLost: the token is not, or no longer, the session's. Somebody else
	// took it after the lease ran out, or it was ended; nothing was changed.
	ErrLost = errors.New("session: the lease was lost")
	// ErrExists: a session with the new id exists already.
	ErrExists = errors.New("session: the id is taken")
	// ErrFull: there are as many sessions as there may be (session_max).
	ErrFull = errors.New("session: too many sessions")
)

// What [Application] answers. Anything else that it returns is a failure of the
// store itself.
var (
	// ErrLocked: another holds the lock. It is always wrapped by a
	// [*LockedError].
	ErrLocked = errors.New("application: the lock is held by another")
	// ErrLockLost: the token is not, or no longer, the lock's. Nothing changed.
	ErrLockLost = errors.New("application: the lock was lost")
	// ErrChanged: the value is not what [Swap] expected. Nothing changed.
	ErrChanged = errors.New("application: the value changed")
)

// A BusyError is the [ErrBusy] of one session.
type BusyError struct {
	// Remaining is how long the other's lease lasts unless it is renewed or
	// given up, by the store's clock.
	Remaining time.Duration
}

// Error says for how long the session is taken.
func (e *BusyError) Error() string {
	return ErrBusy.Error() + " for up to " + e.Remaining.String()
}

// Unwrap gives ErrBusy.
func (e *BusyError) Unwrap() error { return ErrBusy }

// A LockedError is the [ErrLocked] of an [Application].
type LockedError struct {
	Owner     string        // who holds the lock, as it named itself
	Remaining time.Duration // of its lease unless renewed; 0: it has no end
}

// Error names the holder.
func (e *LockedError) Error() string { return ErrLocked.Error() + ": " + e.Owner }

// Unwrap gives ErrLocked.
func (e *LockedError) Unwrap() error { return ErrLocked }

// A PanicError is that a store panicked. For who uses the store that is a
// failure like another one: it ends no request's connection and no process.
type PanicError struct {
	Value any    // of the panic
	Stack []byte // where it was
}

// Error says with what.
func (e *PanicError) Error() string { return fmt.Sprintf("the store panicked: %v", e.Value) }

// Unwrap gives the value of a panic with an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
