package main

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
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

// Shutdown ends the application and closes its state.
func (a *application) Shutdown(ctx context.Context) error {
	return errors.Join(a.Engine.Shutdown(ctx), closeAll(a.opened))
}

// Leave closes what this process has of an application that goes on in
// another.
func (a *application) Leave(ctx context.Context) error {
	return errors.Join(a.Engine.Leave(ctx), closeAll(a.opened))
}
