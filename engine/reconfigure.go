package engine

import "context"

// Reconfigured is what became of new settings.
type Reconfigured struct {
	Changed      []string `json:"changed"`       // settings that are in force now
	NeedsRestart []string `json:"needs_restart"` // that differ, and count when the application is loaded again
}

// Reconfigure puts settings in force while requests run; those that began keep
// some of the old ones. It changes what can change so, and names what can't. A
// Config that isn't right changes nothing: the error is a [*ConfigError].
func (e *Engine) Reconfigure(ctx context.Context, cfg Config) (Reconfigured, error) {
	return Reconfigured{}, nil
}
