package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/najahost/naja/engine"
)

// devPatience is how long requests may take, and then the end events, when the
// server of somebody who writes a site is told to stop. Browsers keep connections
// open for the next click, and open some that they never use.
const devPatience = 300 * time.Millisecond

// patience is how long requests may take once the server is told to stop, and
// after them the end events.
func (s *server) patience() time.Duration {
	if s.dev {
		return min(s.settings.ShutdownTimeout, devPatience)
	}
	return s.settings.ShutdownTimeout
}

// drain lets running requests end, and then the applications. What takes longer
// than it may is cut off, and said; the process ends all the same. When ctx ends
// nothing is waited for any more.
func (s *server) drain(ctx context.Context) {
	defer s.desk.close() // it says to the end how things are
	s.sites.drain()
	s.drainRequests(ctx)
	applications, cancel := s.within(ctx)
	defer cancel()
	if err := s.sites.shutdown(applications); err != nil {
		s.log.Warn("applications didn't end well", "error", err, "reason", context.Cause(applications))
	}
}

// within gives the time for a part of the end.
func (s *server) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.patience(), fmt.Errorf("it took longer than %v", s.patience()))
}

// drainRequests lets running requests end.
func (s *server) drainRequests(ctx context.Context) {
	requests, cancel := s.within(ctx)
	defer cancel()
	err := s.http.Shutdown(requests)
	if err == nil {
		return
	}
	if cut := s.sites.requests(); len(cut) > 0 || !s.dev {
		s.log.Warn("requests were cut off", "error", err, "reason", context.Cause(requests), "requests", len(cut))
		for _, r := range cut {
			r.say(s.log)
		}
	}
	if s.dev {
		s.sites.interrupt(ctx) // so that the end events have their time
	}
	if err := s.http.Close(); err != nil {
		s.log.Warn("connections didn't close", "error", err)
	}
}

// A begun is a request that runs, or waits to.
type begun struct {
	of hosted
	engine.RequestStatus
}

// requests are those that the applications have begun.
func (m mounts) requests() (all []begun) {
	for _, app := range m.hosted() {
		status := app.Status().Engine
		for _, list := range [][]engine.RequestStatus{status.Running, status.Waiting} {
			for _, r := range list {
				all = append(all, begun{app, r})
			}
		}
	}
	return all
}

// say tells of a request that is cut off.
func (b begun) say(log *slog.Logger) {
	log.Warn("request cut off", "method", b.Method, "url", b.URL, "page", b.Page, "file", b.File, "line", b.Line, "ran", b.Run.Duration())
}

// interrupt ends what has begun, for as long as ctx lets it.
func (m mounts) interrupt(ctx context.Context) {
	for _, r := range m.requests() {
		runner, ok := r.of.Runner()
		if !ok {
			continue
		}
		// An error is that it has ended by itself meanwhile, or that ctx has.
		_, _ = runner.Interrupt(ctx, r.ID)
	}
}
