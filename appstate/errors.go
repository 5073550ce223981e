package appstate

import (
	"errors"
	"fmt"
	"time"
)

// What a page is answered that reads or writes Application.
var (
	// ErrEnded: the request is over; nothing changed.
	ErrEnded = errors.New("appstate: the request has ended")
	// ErrLockLost: the request held the lock and lost it, because an operator
	// broke it or its lease ran out. What was staged is gone, and the request
	// can write nothing more: it may have read what was not true any more.
	ErrLockLost = errors.New("appstate: Application.Lock was taken away from this request; what it wrote under the lock is dropped")
	// ErrClosed: the application has ended.
	ErrClosed = errors.New("appstate: the application has ended")
	// ErrStore: the store failed; what it answered is wrapped too.
	ErrStore = errors.New("the store failed")
	// ErrKey: a key that begins with a NUL is reserved for the program.
	ErrKey = errors.New("appstate: a key must not begin with a NUL character")
)

// A LockTimeoutError says that a request waited for Application.Lock, or with
// a write for its holder, longer than it may. It is an error that a script may
// catch.
type LockTimeoutError struct {
	Waited time.Duration
	Page   string        // the holder's page; or a name of another process
	URL    string        // the holder's URL, where it is in this process
	Age    time.Duration // how long the holder has had it; 0 when unknown
}

// Error names the holder and both times.
func (e *LockTimeoutError) Error() string {
	s := fmt.Sprintf("Application.Lock: waited %s for %s", round(e.Waited), e.Page)
	if e.Age > 0 {
		s += fmt.Sprintf(", which has held it for %s", round(e.Age))
	}
	return s
}

// Timeout says that it is a timeout, as net.Error has it.
func (e *LockTimeoutError) Timeout() bool { return true }

// round makes a duration readable.
func round(d time.Duration) time.Duration {
	if d > time.Second {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Millisecond)
}

// A FullError says that a write would make the contents larger than it
// may be.
type FullError struct {
	Limit int64 // bytes
}

// Error names the bound.
func (e *FullError) Error() string {
	return fmt.Sprintf("appstate: Application holds as much as it may, %d bytes", e.Limit)
}

// A NumberError says that Application.Increment met something that isn't a number.
type NumberError struct {
	Key  string
	Kind string // what it is, such as "string"
}

// Error names the key and what is there.
func (e *NumberError) Error() string {
	return fmt.Sprintf("appstate: Application(%q) is no number but of kind %s", e.Key, e.Kind)
}
