package isolate

import (
	"context"
	"errors"

	"github.com/najahost/naja/engine"
)

// A WorkerConfig says what a program's worker can do.
type WorkerConfig struct {
	// Open opens what Config.State of the parent names; what it returns is
	// closed after the application. Default: nothing can be opened.
	Open func(ctx context.Context, state string) (backend engine.Backend, closed func() error, err error)
	// Prepare, if set, is called with the application's settings before it
	// starts.
	Prepare func(cfg engine.Config)
}

// errNotAWorker: somebody started a worker by hand.
var errNotAWorker = errors.New("a worker is started by a server; it is no command for people")
