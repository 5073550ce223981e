package engine

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/store"
)

// An outage is that the store of sessions didn't answer in time when it was last
// asked. Whoever waited for something else meanwhile has his answer by that and
// doesn't try in his turn; whoever comes later tries.
type outage struct {
	noted atomic.Int64 // when, in nanoseconds since 1970; 0: it answers
}

// note notes what became of a try.
func (o *outage) note(err error) {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		o.noted.Store(time.Now().UnixNano())
	case err == nil && o.noted.Load() != 0:
		o.noted.Store(0)
	}
}

// covers says that a request came before the last try failed.
func (o *outage) covers(came time.Time) bool {
	noted := o.noted.Load()
	return noted != 0 && came.UnixNano() < noted
}

// errOutage is the answer to those.
var errOutage = errors.Join(errSessionStore, errors.New("it didn't answer another request in time"))

// safely makes an error of the panic of somebody else's provider of sessions.
func safely[T any](ask func() (T, error)) (result T, err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			err = &store.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return ask()
}

// storeError is safely for what has no result, and notes an outage.
func (e *Engine) storeError(ask func() error) error {
	_, err := safely(func() (struct{}, error) { return struct{}{}, ask() })
	e.outage.note(err)
	return err
}

// storeAttrs are a store's failure in the log.
func storeAttrs(err error) []any {
	attrs := []any{slog.String("error", err.Error())}
	if p, ok := errors.AsType[*store.PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	return attrs
}

// failLine answers those who wait for the session's turn with what this request
// has found: they would wait for the same store, one after the other.
func (x *exchange) failLine() {
	if x.hop != nil {
		x.hop.Fail(errSessionStore)
	}
}
