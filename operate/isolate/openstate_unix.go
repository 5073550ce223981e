//go:build unix

package isolate

import (
	"context"
	"fmt"
	"net"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/remote"
)

// openState gives cfg the state that the orders name: the parent's, and what
// the program itself opens.
func (w *inWorker) openState(ctx context.Context, cfg *engine.Config) error {
	if path := w.orders.Socket; path != "" {
		client := remote.New(remote.Config{Dial: func(ctx context.Context) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		}})
		w.opened = append(w.opened, client.Close)
		cfg.Backend = client
	}
	switch {
	case w.cfg.Open == nil && w.orders.State == "":
		return nil
	case w.cfg.Open == nil:
		return errNoState
	}
	closed, err := w.cfg.Open(ctx, w.orders.State, cfg)
	if closed != nil {
		w.opened = append(w.opened, closed)
	}
	if err != nil {
		return fmt.Errorf("opening the state: %w", err)
	}
	return nil
}
