package main

import (
	"log/slog"
	"net/http"

	"github.com/najahost/naja/cmd/naja/internal/config"
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
	cfg := host.Config{Path: app.Path, Isolation: app.Isolation, Logger: log, Start: starts.start}
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
