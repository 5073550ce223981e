package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/engine/host"
)

// A hosted application is one under an operator's hands, with what stands
// before it.
type hosted struct {
	*host.Application
	handler http.Handler
	starts  *starter
}

func (h hosted) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.handler.ServeHTTP(w, r) }

// hostApplication starts an application. d may be nil.
func hostApplication(app config.Application, log *slog.Logger, d *desk) (hosted, error) {
	starts := &starter{app: app, moves: d != nil}
	cfg := hostConfig(app)
	cfg.Logger, cfg.Start = log, starts.start
	if d != nil {
		starts.app.Observer = d.metrics
		cfg.Pass = func(r *http.Request) bool { return d.passes.Holds(app.Path, r) }
	}
	a, err := host.New(cfg)
	if err != nil {
		return hosted{}, err
	}
	if d != nil {
		return hosted{a, d.passes.Handler(app.Path, a), starts}, nil
	}
	return hosted{a, a, starts}, nil
}

// hostConfig is what the settings say of an operator's side of an application.
func hostConfig(app config.Application) host.Config {
	h := app.Hosting
	return host.Config{
		Path: app.Path, Isolation: app.Isolation, Preload: h.Preload, KeepAliveInterval: h.KeepAliveInterval,
		Root: app.Root, UpdateSource: h.UpdateSource, UpdateDelete: h.UpdateDelete, Check: checker(app.Config),
		HoldQueueMax: h.HoldQueueMax, HoldTimeout: h.HoldTimeout,
	}
}

// checker says what 'naja check' says of a folder that is to take the place of
// the application's.
func checker(cfg engine.Config) func(context.Context, string) error {
	return func(_ context.Context, dir string) error {
		cfg.Root = dir
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
