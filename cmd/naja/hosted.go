package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/host/watch"
	"github.com/najahost/naja/operate/isolate"
)

// A hosted application is one under an operator's hands, with what stands
// before it.
type hosted struct {
	*host.Application
	handler http.Handler
	starts  *starter
	watcher *watch.Watcher // nil: files are looked at every check_interval
}

func (h hosted) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.handler.ServeHTTP(w, r) }

// hostApplication starts an application. d and before may be nil.
func hostApplication(ctx context.Context, app config.Application, log *slog.Logger, d *desk, before *inheritance) (hosted, error) {
	if app.Dev {
		app.EndTimeout = min(app.EndTimeout, devPatience)
	}
	starts := &starter{app: app, moves: d != nil || !app.Dev, legacy: before.stateOf(app.Path), elsewhere: before != nil}
	cfg := hostConfig(app)
	cfg.Logger, cfg.Start = log, starts.start
	if d != nil {
		starts.app.Observer = d.metrics
		cfg.Pass = func(r *http.Request) bool { return d.passes.Holds(app.Path, r) }
	}
	a, err := host.NewContext(ctx, cfg)
	if err != nil {
		return hosted{}, err
	}
	h := hosted{a, a, starts, watched(app, a, log)}
	if d != nil {
		h.handler = d.passes.Handler(app.Path, a)
	}
	return h, nil
}

// watched has changed files of an application looked at as soon as the system
// tells of them. In development they are looked at anyway.
func watched(app config.Application, a *host.Application, log *slog.Logger) *watch.Watcher {
	if !app.Watch || app.Dev {
		return nil
	}
	w, err := watch.New(watch.Config{Root: app.Root, Logger: log, Changed: func() {
		ctx, cancel := context.WithTimeout(context.Background(), refreshPatience)
		defer cancel()
		if err := a.Refresh(ctx); err != nil && !errors.Is(err, host.ErrShutdown) {
			log.Warn("files changed", "error", err.Error())
		}
	}})
	if err != nil {
		log.Warn("changed files are noticed every check_interval only", "error", err.Error())
	}
	return w
}

// refreshPatience bounds the wait for an operation that is under way when files
// change, and for running pages where global.asa has changed.
const refreshPatience = time.Minute

// Shutdown ends the application, and the watching of its files.
func (h hosted) Shutdown(ctx context.Context) error {
	err := h.Application.Shutdown(ctx)
	if h.watcher != nil {
		err = errors.Join(err, h.watcher.Close())
	}
	return err
}

// hostConfig is what the settings say of an operator's side of an application.
func hostConfig(app config.Application) host.Config {
	h := app.Hosting
	h.Path, h.Isolation, h.Isolations = app.Path, app.Isolation, isolations()
	h.Root, h.Program, h.Check = app.Root, app.Worker.Executable, checker(app.Config)
	h.ErrorFolder = app.ErrorFolder
	return h
}

// withHolds lets the engine know how long requests may wait for an application,
// which waits for a new global.asa by itself.
func withHolds(app config.Application) config.Application {
	app.HoldTimeout, app.HoldQueueMax = app.Hosting.HoldTimeout, app.Hosting.HoldQueueMax
	app.LingerTimeout = app.Hosting.LingerTimeout
	return app
}

// isolations are those that this system has.
func isolations() []string {
	if isolate.Available() {
		return []string{host.InProcess, host.Process}
	}
	return []string{host.InProcess}
}

// checker says what 'naja check' says of a folder that is to take the place of
// the application's.
func checker(cfg engine.Config) func(context.Context, string) error {
	return func(_ context.Context, dir string) error {
		cfg.Root, cfg.Components = dir, knownComponents()
		findings, err := engine.Check(cfg)
		if err != nil {
			return err
		}
		var wrong []string
		for _, f := range findings {
			if !f.Warning {
				wrong = append(wrong, fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, oneLine(f.Message)))
			}
		}
		if n := len(wrong); n > mistakesShown {
			wrong = append(wrong[:mistakesShown], fmt.Sprintf("and %d more", n-mistakesShown))
		}
		if len(wrong) > 0 {
			return errors.New(strings.Join(wrong, "; "))
		}
		return nil
	}
}

// mistakesShown bounds what is said of a site that doesn't work.
const mistakesShown = 10
