package main

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/isolate"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// A starter starts one application, in this process or in processes of its
// own, again and again. Where state is in memory it is kept here, so that a
// move from one to the other loses none of it; it ends with the last of them.
type starter struct {
	app config.Application
	// moves says that the application may be moved, or handed over to another
	// process: its memory is kept here from the beginning.
	moves bool

	mu        sync.Mutex
	legacy    *legacy // what the process before has of it in memory; nil for nothing, or once it was taken up
	elsewhere bool    // the application goes on in another process, whatever ends here
	live      int
	db        store.Backend // nil where state isn't in memory, or isn't kept here
}

// goesOn says whether the application goes on in another process, which has its
// state.
func (s *starter) goesOn(elsewhere bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.elsewhere = elsewhere
}

// memory is what is kept here of an application that is loaded; nil where nothing is.
func (s *starter) memory() store.Backend {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.db
}

// keeps is the memory that a Runner begins with: what is there already, in the process
// before, or nothing yet. s.mu is held.
func (s *starter) keeps() store.Backend {
	l := s.legacy
	if s.legacy = nil; l == nil {
		return memory.New()
	}
	l.used = true
	return l.db
}

// start is host.Config.Start.
func (s *starter) start(ctx context.Context, isolation string) (host.Runner, error) {
	if isolation == host.Process && !isolate.Available() {
		return nil, host.ErrUnavailable
	}
	app := s.begin(isolation)
	var run runs
	var err error
	if isolation == host.Process {
		run, err = isolated(ctx, app)
	} else {
		run, err = openApplication(ctx, app)
	}
	if err != nil {
		s.ended()
		return nil, err
	}
	if workers, ok := run.(*isolate.Supervisor); ok {
		return &inProcesses{workers, s}, nil
	}
	return &inThisProcess{run, s}, nil
}

// endTimeout is how long the events of the application's end may take.
func (s *starter) endTimeout() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.app.EndTimeout
}

// A leaver can end without the application's end.
type leaver interface{ Leave(context.Context) error }

// begin counts a Runner, and gives it the memory that is kept here.
func (s *starter) begin(isolation string) config.Application {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live++
	if b, _, _ := backendOf(s.app.State); b.open == nil && s.db == nil && (s.moves || isolation == host.Process) {
		s.db = s.keeps()
	}
	app := withHolds(s.app)
	if s.db != nil {
		app.Backend, app.StateEnds = s.db, true
	}
	return app
}

// ended notes that a Runner has ended, and says whether it was the last one,
// with which the application ends and its memory goes.
func (s *starter) ended() (last bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live--
	if s.live > 0 || s.elsewhere {
		return false
	}
	s.db = nil
	return true
}

// shutdown ends a Runner: with the application, or, where another one has
// taken over, without.
func (s *starter) shutdown(ctx context.Context, run interface {
	leaver
	Shutdown(context.Context) error
}) error {
	if s.ended() {
		return run.Shutdown(ctx)
	}
	return run.Leave(ctx)
}

// inProcesses and inThisProcess are the Runners of a starter.
type (
	inProcesses struct {
		*isolate.Supervisor
		s *starter
	}
	inThisProcess struct {
		runs
		s *starter
	}
	runs interface {
		host.Runner
		host.Generational
		host.Stopper
		leaver
	}
)

// Shutdown is [host.Runner].
func (r *inProcesses) Shutdown(ctx context.Context) error { return r.s.shutdown(ctx, r.Supervisor) }

// Shutdown is [host.Runner].
func (r *inThisProcess) Shutdown(ctx context.Context) error { return r.s.shutdown(ctx, r.runs) }

// isolated starts an application in a process of its own.
func isolated(ctx context.Context, app config.Application) (*isolate.Supervisor, error) {
	at, err := config.PlaceOf(app.State).Absolute() // the worker may be elsewhere
	if err != nil {
		return nil, err
	}
	state, err := json.Marshal(workerState{at.String(), app.Durable, app.Session, app.Mail})
	if err != nil {
		return nil, err
	}
	cfg := app.Worker
	cfg.Engine, cfg.State = app.Config, string(state)
	cfg.Backend, cfg.Engine.Backend = app.Backend, nil
	return isolate.New(ctx, cfg)
}
