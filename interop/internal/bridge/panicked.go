package bridge

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/najahost/naja/store"
)

// Panicked, deferred, makes of the panic of another's store the error that it
// is for naja's own: a [store.PanicError].
func Panicked(err *error) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		*err = &store.PanicError{Value: p, Stack: debug.Stack()}
	}
}

// Failure are the attributes of a store's failure at a path in the log.
func Failure(path string, err error) []any {
	attrs := []any{slog.String("path", path), slog.String("error", err.Error())}
	if p, ok := errors.AsType[*store.PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	return attrs
}
