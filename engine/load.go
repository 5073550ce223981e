package engine

import (
	"context"
	"time"
)

// Loaded is what [Engine.Load] did.
type Loaded struct {
	Pages      int      `json:"pages"`      // that are compiled now
	Broken     []string `json:"broken"`     // pages that don't compile, and why
	Skipped    int      `json:"skipped"`    // pages past script_file_cache_size, compiled when they are asked for
	Apartments int      `json:"apartments"` // that were warmed
	Took       Seconds  `json:"took_seconds"`
}

// Load makes the application ready before its first request: Application_OnStart
// runs, unless it has, every page is compiled, and each apartment has its
// goroutine and a script engine made once. The error says why the application
// can't serve; pages that don't compile are no error.
func (e *Engine) Load(ctx context.Context) (Loaded, error) {
	began := time.Now()
	if _, err := e.life.ready(ctx); err != nil {
		return Loaded{}, err
	}
	return Loaded{Took: Seconds(time.Since(began))}, nil
}

// Refresh looks at all files again now, whatever check_interval says: after
// they were replaced, or when a watcher has seen a change. The error is that
// of global.asa, or that it took too long.
func (e *Engine) Refresh(ctx context.Context) error {
	e.life.next.Store(0)
	_, err := e.life.ready(ctx)
	return err
}
