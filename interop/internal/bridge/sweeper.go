package bridge

import (
	"context"
	"log/slog"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/store"
)

// sweepInterval is how often a Sweeper removes what expired. An engine that is
// about to run Session_OnEnd takes it over before.
const sweepInterval = time.Minute

// A Sweeper removes the sessions of a store that expired, where no engine does.
// It owns one goroutine or two until it is closed; nil is one that does nothing.
type Sweeper struct{ manager *sessions.Manager }

// NewSweeper begins with it. Failures go to logger; nil is slog.Default().
func NewSweeper(kept store.Sessions, logger *slog.Logger) (*Sweeper, error) {
	m, err := sessions.NewManager(sessions.Config{Store: kept, SweepInterval: sweepInterval, OnEndWorkers: 1, Logger: logger})
	if err != nil {
		return nil, err
	}
	return &Sweeper{m}, nil
}

// Close ends the goroutines and waits for them.
func (s *Sweeper) Close() error {
	if s == nil {
		return nil
	}
	return s.manager.Close(context.Background())
}
