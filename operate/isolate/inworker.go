package isolate

import (
	"context"
	"errors"

	"github.com/najahost/naja/engine"
)

// A WorkerConfig says what a program's worker can do.
type WorkerConfig struct {
	// Version is the program's, for operators. Default: that of its main
	// module, as the build recorded it.
	Version string
	// Open is called once, before the application starts. It opens what
	// Config.State of the parent names and puts it into cfg, whose Backend is
	// set already where the parent keeps the state; it may set what can't
	// come from another process: Sessions, Components, OnError. closed, where
	// it isn't nil, is called after the application's end, and after an error
	// too. Default: nothing can be opened.
	Open func(ctx context.Context, state string, cfg *engine.Config) (closed func() error, err error)
}

// errNotAWorker: somebody started a worker by hand.
var errNotAWorker = errors.New("a worker is started by a server; it is no command for people")
