package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/isolate"
)

// A workerState is what a worker process has to know of its application
// beside the engine's settings.
type workerState struct {
	State   string         `json:"state"`
	Durable string         `json:"durable"`
	Session config.Session `json:"session"`
}

// workerCommand runs an application for the server that started this process.
// It isn't listed: people have no use for it.
func workerCommand(ctx context.Context, _ *console, args []string) error {
	if len(args) > 0 {
		return usageErrorf("worker: %q is one argument too many; a worker is told what to do by its server", args[0])
	}
	tuneCollector()
	return isolate.Worker(ctx, isolate.WorkerConfig{Version: version(), Open: openInWorker})
}

// openInWorker opens what the server left to the worker.
func openInWorker(ctx context.Context, state string, cfg *engine.Config) (func() error, error) {
	var s workerState
	if err := json.Unmarshal([]byte(state), &s); err != nil {
		return nil, fmt.Errorf("reading what to open: %w", err)
	}
	app := config.Application{Config: *cfg, State: s.State, Durable: s.Durable, Session: s.Session}
	opened, err := openState(ctx, &app)
	*cfg = app.Config
	return func() error { return closeAll(opened) }, err
}

// closeAll closes what was opened, in its order.
func closeAll(opened []func() error) error {
	var errs []error
	for _, c := range opened {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
