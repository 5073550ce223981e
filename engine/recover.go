package engine

import "context"

// Recovered is what [Engine.Recover] did.
type Recovered struct {
	Interrupted []Interrupted `json:"interrupted"` // holders of a lock or a turn that others waited for
	Broken      []string      `json:"broken"`      // leases that were broken: what, and whose
	Done        []string      `json:"done"`        // all that was done, a sentence each
}

// Recover gets an application going again that waits for itself: see
// docs/operations.md for the rules.
func (e *Engine) Recover(ctx context.Context) (Recovered, error) {
	return Recovered{}, nil
}
