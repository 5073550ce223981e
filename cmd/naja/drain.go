package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/najahost/naja/engine"
)

// devPatience is how long requests may take, and then the end events, when the
// server of somebody who writes a site is told to stop. Browsers keep connections
// open for the next click, and open some that they never use.
const devPatience = 300 * time.Millisecond

// patience is how long requests may take once the server is told to stop.
func (s *server) patience() time.Duration {
	if s.dev {
		return min(s.settings.ShutdownTimeout, devPatience)
	}
	return s.settings.ShutdownTimeout
}

// stopGrace is how much longer than shutdown_timeout and end_timeout a stop takes at
// the most.
const stopGrace = 10 * time.Second

// errEndless is that a stop took longer than it may.
var errEndless = errors.New("it doesn't end")

// drainInTime is drain, which has its bounds in all it waits for; should it hang for
// all that, as over a disk that doesn't answer, it is left to the end of the process.
func (s *server) drainInTime(ctx context.Context) error {
	var events time.Duration
	for _, app := range s.sites.hosted() {
		events = max(events, app.starts.endTimeout())
	}
	most := s.patience() + events + stopGrace
	end := s.drain
	if s.next != nil {
		end, most = s.leave, most+partingTime+movePatience
	}
	limit := time.NewTimer(most)
	defer limit.Stop()
	drained := make(chan error, 1)
	go func() { drained <- end(ctx) }()
	select {
	case err := <-drained:
		return err
	case <-limit.C:
		s.log.Error("stopped without the rest: it doesn't end", "waits_for", s.waitsFor.Load(), "limit", most)
		return errEndless
	}
}

// drain lets running requests end, and then the applications, which cut off what
// takes longer than it may and have their events in a time of their own. The
// error says what was lost; the process ends all the same. When ctx ends nothing
// is waited for any more but those events.
func (s *server) drain(ctx context.Context) error {
	defer s.desk.close() // it says to the end how things are
	s.waitsFor.Store("requests")
	defer s.waitsFor.Store("the console")
	s.sites.drain()
	ctx, cancel := context.WithTimeoutCause(ctx, s.patience(), fmt.Errorf("it took longer than %v", s.patience()))
	defer cancel()
	late := s.http.Shutdown(ctx)
	if late != nil {
		s.sayCut(ctx, late)
	}
	s.waitsFor.Store("the end of applications")
	lost := s.sites.shutdown(ctx)
	if late != nil {
		s.closeConnections(ctx)
	}
	if lost != nil && s.dev {
		s.log.Warn("applications didn't end well", "error", lost, "reason", context.Cause(ctx))
		return nil // who writes the site has stopped it, and knows
	}
	return lost
}

// sayCut names the requests that are cut off.
func (s *server) sayCut(ctx context.Context, late error) {
	cut := s.sites.requests()
	if len(cut) == 0 && s.dev {
		return
	}
	s.log.Warn("requests were cut off", "error", late, "reason", context.Cause(ctx), "requests", len(cut))
	for _, r := range cut {
		r.say(s.log)
	}
}

// lastAnswers is how long the answers may take that say that a request was cut
// off.
const lastAnswers = time.Second

// closeConnections ends those that are left. Clients that were cut off have
// their answers by now, or in a moment; who has asked for nothing loses nothing.
func (s *server) closeConnections(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastAnswers)
	defer cancel()
	if s.http.Shutdown(ctx) == nil {
		return
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
