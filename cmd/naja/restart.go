package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/handover"
	"github.com/najahost/naja/cmd/naja/internal/systemd"
)

// What the two processes say to each other, in this order. The old one begins with
// offered; failed may come from the new one until it says serving.
const (
	sayOffered = "offered" // what there is: an offered
	sayReady   = "ready"   // the applications are loaded: a ready
	sayServe   = "serve"   // it is the new one's turn
	sayServing = "serving" // and it accepts connections: the old one accepts no more
	sayLeft    = "left"    // nobody uses the old one's memory but the new one
	sayMoved   = "moved"   // nor does that: the old one may end
	sayFailed  = "failed"  // why the new one doesn't start
)

// offered are the paths of applications whose state is in the old process's memory,
// in the order in which they are numbered.
type offered struct {
	Memory []string `json:"memory"`
}

// ready says which of them the new process goes on with.
type ready struct {
	Memory []string `json:"memory"`
}

// Why there is no restart.
var (
	errRestarting = errors.New("a restart is under way")
	errSucceeded  = errors.New("another process has taken the place of this one, which ends")
	errStopping   = errors.New("the server stops")
	errFirst      = errors.New("this process is the first of its container (PID 1), which ends with it: start another container instead")
	errDev        = errors.New("a server for development (--dev) doesn't hand over to another one")
)

// A succession is the change from this process to another one.
type succession struct {
	*handover.Successor
	memory  []string // paths of applications whose state goes there
	serving sync.WaitGroup
	stop    context.CancelFunc // ends the serving of estates
}

// restart starts this program anew, with the same arguments and the settings as they
// are then, and lets it take the place of this process once it is ready. pid is the
// new process. After an error this one serves on as if nothing had been.
func (s *server) restart(ctx context.Context) (pid int, err error) {
	if s.stays.Err() != nil {
		return 0, errStopping
	}
	if !s.restarting.TryLock() {
		return 0, errRestarting
	}
	defer s.restarting.Unlock()
	if err := s.mayRestart(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.settings.RestartTimeout, fmt.Errorf("the new process isn't ready within restart_timeout, %v", s.settings.RestartTimeout))
	defer cancel()
	defer context.AfterFunc(s.stays, func() { cancel() })()
	select {
	case <-s.settled: // what this process itself was to take is here
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	release, err := s.reserve(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	next, err := s.beget()
	if err != nil {
		return 0, err
	}
	s.log.Info("a new process starts to take the place of this one", "pid", next.PID())
	if err := s.instate(ctx, next); err != nil {
		next.stop()
		next.Kill()
		next.serving.Wait()
		return 0, err
	}
	s.next = next
	close(s.succeeded)
	s.listener.Close() // who asks for something after this is answered by the new process
	s.desk.leave()
	return next.PID(), nil
}

// mayRestart says why there can be no restart. s.restarting is held.
func (s *server) mayRestart() error {
	switch {
	case !handover.Available:
		return handover.ErrUnavailable
	case s.next != nil:
		return errSucceeded
	case os.Getpid() == 1:
		return errFirst
	case s.dev:
		return errDev
	}
	return nil
}

// reserve keeps operators from changing applications until release is called. What
// an operator holds isn't handed over, and is an error.
func (s *server) reserve(ctx context.Context) (release func(), err error) {
	var all []func()
	release = func() {
		for _, f := range all {
			f()
		}
	}
	for _, app := range s.sites.hosted() {
		done, err := app.Reserve(ctx, "restarting")
		if err != nil {
			release()
			return nil, fmt.Errorf("%s: waiting for what is under way: %w", app.Path(), err)
		}
		all = append(all, done)
		if held := app.Status().Hold; held != nil {
			release()
			return nil, fmt.Errorf("%s is held, which the new process wouldn't know: release it first", app.Path())
		}
	}
	return release, nil
}

// beget starts the new process and offers it what there is.
func (s *server) beget() (*succession, error) {
	program, err := programOf(os.Args[0])
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	var estates []estate
	var offer offered
	for _, app := range s.sites.hosted() {
		db := app.starts.memory()
		if db == nil {
			continue
		}
		if _, err := memoryOf(db); err != nil {
			return nil, fmt.Errorf("%s: %w", app.Path(), err)
		}
		estates, offer.Memory = append(estates, estate{app.Path(), db}), append(offer.Memory, app.Path())
	}
	process, err := handover.Start(handover.Offer{Program: program, Args: os.Args[1:], Environ: os.Environ(), Sockets: s.sockets.all()})
	if err != nil {
		return nil, err
	}
	next := &succession{Successor: process}
	ctx, stop := context.WithCancel(context.Background())
	next.stop = stop
	next.serving.Go(func() { serveEstates(ctx, process.Channel, estates, s.log) })
	if err := process.Say(sayOffered, offer); err != nil {
		s.log.Debug("the new process doesn't listen", "error", err.Error()) // it has ended, and instate says how
	}
	return next, nil
}

// programOf is the program that this process was started by: what stands there now.
func programOf(arg0 string) (string, error) {
	program, err := exec.LookPath(arg0)
	if err != nil {
		program, err = os.Executable()
	}
	return program, err
}

// instate waits until the new process is ready, and lets it serve.
func (s *server) instate(ctx context.Context, next *succession) error {
	// An end of ctx ends the waiting: Hear hears no more.
	defer context.AfterFunc(ctx, next.Close)()
	var got ready
	if err := next.expect(ctx, sayReady, &got); err != nil {
		return err
	}
	next.memory = got.Memory
	if err := next.Say(sayServe, nil); err != nil {
		return next.gone(ctx)
	}
	return next.expect(ctx, sayServing, nil)
}

// expect waits for what the new process is to say, or for why it doesn't.
func (n *succession) expect(ctx context.Context, kind string, body any) error {
	m, err := n.Hear()
	switch {
	case err != nil:
		return n.gone(ctx)
	case m.Kind == sayFailed:
		var why string
		if err := m.Read(&why); err != nil {
			return err
		}
		return errors.New("the new process doesn't start: " + why)
	case m.Kind != kind:
		return fmt.Errorf("the new process says %q in the place of %q", m.Kind, kind)
	case body == nil:
		return nil
	}
	return m.Read(body)
}

// gone is how a new process has ended that said nothing of it.
func (n *succession) gone(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case <-n.Exited():
		return fmt.Errorf("the new process has ended before it was ready: %s", n.Exit())
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// partingTime is how long connections of this process may come with another request,
// whose answer ends them, before those are closed that don't.
const partingTime = 5 * time.Second

// leave ends this process's part after another one has taken its place: its requests
// end, its applications go on there, and what is in memory follows.
func (s *server) leave(ctx context.Context) error {
	s.toSystemd(systemd.Successor(s.next.PID()))
	s.log.Info("another process serves from now on", "pid", s.next.PID())
	for _, app := range s.sites.hosted() {
		app.starts.goesOn(slices.Contains(s.next.memory, app.Path()))
		app.Stopping()
	}
	s.parting.wait(ctx, min(partingTime, s.patience()))
	lost := s.drain(ctx)
	s.waitsFor.Store("the new process")
	return errors.Join(lost, s.bequeath())
}

// movePatience bounds the wait for the state in memory to be taken.
const movePatience = 30 * time.Second

// bequeath has the new process take what is in memory, and waits for that.
func (s *server) bequeath() error {
	defer s.next.serving.Wait()
	defer s.next.stop()
	defer s.next.Close()
	ctx, cancel := context.WithTimeoutCause(context.Background(), movePatience, fmt.Errorf("the state in memory wasn't taken within %v", movePatience))
	defer cancel()
	defer context.AfterFunc(ctx, s.next.Close)()
	err := s.next.Say(sayLeft, nil)
	if err == nil {
		err = s.next.expect(ctx, sayMoved, nil)
	}
	if err != nil {
		return fmt.Errorf("the new process hasn't taken what is in memory: %w", err)
	}
	return nil
}
