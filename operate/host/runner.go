package host

import (
	"context"
	"net/http"

	"github.com/najahost/naja/engine"
)

// A Runner runs an application: an *engine.Engine in this process, or a
// supervisor of worker processes. Its methods may be called from any goroutine;
// what they take and give is plain data that has a form in JSON, but for the
// parts of a Config that only Go programs set.
type Runner interface {
	http.Handler
	// Status takes a snapshot. It waits for nothing for long.
	Status() engine.Status
	// Load makes everything ready before the first request.
	Load(ctx context.Context) (engine.Loaded, error)
	// Interrupt ends one request.
	Interrupt(ctx context.Context, request int64) (engine.Interrupted, error)
	// Recover gets an application going again that waits for itself.
	Recover(ctx context.Context) (engine.Recovered, error)
	// KeepAlive exercises what was idle.
	KeepAlive(ctx context.Context) (engine.KeptAlive, error)
	// Single lets one apartment run at a time, or all of them again.
	Single(ctx context.Context, on bool) error
	// Sessions, Session and EndSession are the operator's view of sessions.
	Sessions(ctx context.Context, after string, n int) (engine.SessionPage, error)
	Session(ctx context.Context, id string, values bool) (engine.SessionDetail, error)
	EndSession(ctx context.Context, id string) error
	// Errors are the last errors of pages.
	Errors() []engine.ErrorGroup
	// Reconfigure puts settings in force while requests run.
	Reconfigure(ctx context.Context, cfg engine.Config) (engine.Reconfigured, error)
	// Refresh looks at all files again. An error is that global.asa, as it is
	// now, doesn't start.
	Refresh(ctx context.Context) error
	// Shutdown ends the application: its sessions and Application_OnEnd. An end
	// of ctx ends the wait for requests, not what comes after it.
	Shutdown(ctx context.Context) error
}

var (
	_ Runner  = (*engine.Engine)(nil)
	_ Stopper = (*engine.Engine)(nil)
)

// A Stopper is a Runner that tells long pages that the application is about to
// stop, or that it isn't after all, as [engine.Engine.Stopping] does. Calls come
// in pairs, but for the one before Shutdown.
type Stopper interface {
	Stopping(on bool)
}

// stopping tells a Runner's long pages, where it can.
func (t *tenancy) stopping(on bool) {
	if s, ok := t.runner.(Stopper); ok {
		s.Stopping(on)
	}
}

// A Generational is a Runner whose state may outlive its processes: as
// [engine.Engine.BeginGeneration].
type Generational interface {
	BeginGeneration(ctx context.Context) error
}

// A Worker is a Runner in other processes, which tells of them: any value that
// has a form in JSON, for [Status].
type Worker interface {
	WorkerStatus() any
}
