package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/isolate"
)

// An application is an engine and the state that was opened for it.
type application struct {
	*engine.Engine
	opened []func() error // what to close after it, in this order
}

// openPatience bounds the opening of state that other processes use as well.
const openPatience = 30 * time.Second

// openApplication opens the state that app names, and starts the application
// over it. The error is an *engine.ConfigError where a setting is to blame.
func openApplication(ctx context.Context, app config.Application) (_ *application, err error) {
	a := &application{}
	if a.opened, err = openState(ctx, &app); err == nil {
		err = a.withComponents(&app)
	}
	if err == nil {
		a.Engine, err = engine.New(app.Config)
	}
	if err != nil {
		return nil, errors.Join(err, closeAll(a.opened))
	}
	return a, nil
}

// openState opens the state that app names, unless it has some, and makes what
// keeps its sessions, where that isn't the engine. What was opened is to be
// closed in its order, after an error too.
func openState(ctx context.Context, app *config.Application) (opened []func() error, err error) {
	if b, at, _ := backendOf(app.State); b.open != nil {
		state, err := b.open(ctx, app, at)
		if err != nil {
			return nil, &engine.ConfigError{Setting: "state", Problem: err.Error()}
		}
		opened = append(opened, state.Close)
		app.Backend = state
	}
	keeper, err := sessionsOf(app)
	if keeper != nil {
		opened = append([]func() error{keeper.Close}, opened...)
		app.Sessions = keeper
	}
	return opened, err
}

// withComponents gives an application what its pages make.
func (a *application) withComponents(app *config.Application) error {
	all, closed, err := componentsOf(*app)
	if err == nil {
		app.Components, a.opened = all, append(a.opened, closed)
	}
	return err
}

// Shutdown ends the application and closes its state.
func (a *application) Shutdown(ctx context.Context) error {
	return errors.Join(a.Engine.Shutdown(ctx), closeAll(a.opened))
}

// Leave closes what this process has of an application that goes on in
// another.
func (a *application) Leave(ctx context.Context) error {
	return errors.Join(a.Engine.Leave(ctx), closeAll(a.opened))
}

// A workerState is what a worker process has to know of its application
// beside the engine's settings.
type workerState struct {
	State   string         `json:"state"`
	Durable string         `json:"durable"`
	Session config.Session `json:"session"`
	Mail    config.Mail    `json:"mail"`
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
	app := config.Application{Config: *cfg, State: s.State, Durable: s.Durable, Session: s.Session, Mail: s.Mail}
	opened, err := openState(ctx, &app)
	a := &application{opened: opened}
	if err == nil {
		err = a.withComponents(&app)
	}
	*cfg = app.Config
	return func() error { return closeAll(a.opened) }, err
}

// closeAll closes what was opened, in its order.
func closeAll(opened []func() error) error {
	var errs []error
	for _, c := range opened {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
