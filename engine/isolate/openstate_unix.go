//go:build unix

package isolate

import (
	"context"
	"fmt"

	"github.com/najahost/naja/engine"
)

// openState opens the state that the orders name: the parent's, or the
// worker's own.
func (w *inWorker) openState(ctx context.Context) (engine.Backend, error) {
	switch {
	case w.orders.State == "":
		return nil, nil
	case w.cfg.Open == nil:
		return nil, errNoState
	}
	backend, closed, err := w.cfg.Open(ctx, w.orders.State)
	if err != nil {
		return nil, fmt.Errorf("opening the state: %w", err)
	}
	if closed != nil {
		w.opened = append(w.opened, closed)
	}
	return backend, nil
}
