package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

// ErrClosed: the Client was closed.
var ErrClosed = errors.New("remote: the store is closed")

// An outcome is how a call ended, the first byte of an answer.
type outcome byte

const (
	ok outcome = iota
	sessionBusy
	applicationBusy
	failure // any other error: its text
	simple  // and above: the errors of simpleErrors
)

// simpleErrors are those that say everything by being what they are. The order
// is that of the protocol.
func simpleErrors() []error {
	return []error{
		store.ErrNotFound, store.ErrLost, store.ErrExists, store.ErrFull,
		store.ErrLockLost, store.ErrChanged,
		context.Canceled, context.DeadlineExceeded,
	}
}

// appendOutcome appends how a call ended.
func appendOutcome(b []byte, err error) []byte {
	if err == nil {
		return append(b, byte(ok))
	}
	if busy, is := errors.AsType[*store.BusyError](err); is {
		return packet.AppendInt(append(b, byte(sessionBusy)), int64(busy.Remaining))
	}
	if busy, is := errors.AsType[*store.LockedError](err); is {
		b = packet.AppendText(append(b, byte(applicationBusy)), busy.Owner)
		return packet.AppendInt(b, int64(busy.Remaining))
	}
	for i, e := range simpleErrors() {
		if errors.Is(err, e) {
			return append(b, byte(simple)+byte(i))
		}
	}
	return packet.AppendText(append(b, byte(failure)), err.Error())
}

// readOutcome reads what appendOutcome wrote.
func readOutcome(c *message) error {
	switch o := outcome(c.Byte()); o {
	case ok:
		return nil
	case sessionBusy:
		return &store.BusyError{Remaining: time.Duration(c.Int())}
	case applicationBusy:
		return &store.LockedError{Owner: string(c.Text()), Remaining: time.Duration(c.Int())}
	case failure:
		return fmt.Errorf("remote: the server process says: %s", c.Text())
	default:
		if i := int(o - simple); i < len(simpleErrors()) {
			return simpleErrors()[i]
		}
		c.Fail()
		return packet.ErrDamaged
	}
}
