package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/sqlite"
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
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close())
		}
	}()
	if path, isFile := strings.CutPrefix(app.State, "sqlite:"); isFile {
		opening, cancel := context.WithTimeout(ctx, openPatience)
		defer cancel()
		db, err := sqlite.Open(opening, sqlite.Config{Path: path, Application: app.Path, Relaxed: app.Durable == "relaxed"})
		if err != nil {
			return nil, &engine.ConfigError{Setting: "state", Problem: err.Error()}
		}
		a.opened = append(a.opened, db.Close)
		app.Backend = db
	}
	keeper, err := sessionsOf(&app)
	if err != nil {
		return nil, err
	}
	if keeper != nil {
		a.opened = append([]func() error{keeper.Close}, a.opened...)
		app.Sessions = keeper
	}
	a.Engine, err = engine.New(app.Config)
	return a, err
}

// Shutdown ends the application and closes its state.
func (a *application) Shutdown(ctx context.Context) error {
	return errors.Join(a.Engine.Shutdown(ctx), a.close())
}

func (a *application) close() error {
	var errs []error
	for _, c := range a.opened {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
