package isolate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/najahost/naja/engine"
)

// This file holds what an operator may ask of the application, as of
// [engine.Engine]: the current worker is asked, and one is started where there
// is none.

// ready is the current worker; one is started where there is none.
func (s *Supervisor) ready(ctx context.Context) (*worker, error) {
	for {
		s.mu.Lock()
		w := s.current
		if w != nil || s.closed {
			s.mu.Unlock()
			if w == nil {
				return nil, errShutdown
			}
			return w, nil
		}
		if left := time.Until(s.stopped); left > 0 {
			s.mu.Unlock()
			return nil, &stoppedError{left}
		}
		a, err := s.begin("")
		s.mu.Unlock()
		if err != nil {
			return nil, err
		}
		select {
		case <-a.done:
			if a.err != nil {
				return nil, a.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// ask calls the current worker.
func ask[T any](ctx context.Context, s *Supervisor, name string, args any) (result T, err error) {
	w, err := s.ready(ctx)
	if err != nil {
		return result, err
	}
	err = w.channel.call(ctx, name, args, &result)
	if errors.Is(err, errChannelClosed) {
		err = fmt.Errorf("the worker ended: %w", err)
	}
	return result, err
}

// Load starts the application where it isn't started, and makes it ready as
// [engine.Engine.Load] does. It starts one that was stopped after crashes too,
// and forgets who is under suspicion.
func (s *Supervisor) Load(ctx context.Context) (engine.Loaded, error) {
	s.forgive()
	s.mu.Lock()
	s.begun = true
	if s.current != nil {
		s.current.loading = true
	}
	s.mu.Unlock()
	return ask[engine.Loaded](ctx, s, "load", nil)
}

// forgive lets the application and its pages try again.
func (s *Supervisor) forgive() {
	s.suspects.clear()
	s.tellSuspects()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped, s.crashes, s.fruitless = time.Time{}, nil, 0
}

// Interrupt is [engine.Engine.Interrupt]; requests are numbered as Status has
// them, over all workers.
func (s *Supervisor) Interrupt(ctx context.Context, request int64) (engine.Interrupted, error) {
	var interrupted engine.Interrupted
	w := s.workerOf(request)
	if w == nil {
		return interrupted, engine.ErrNoRequest
	}
	err := w.channel.call(ctx, "interrupt", interruptArgs{request & inWorkerMask}, &interrupted)
	w.globalID(&interrupted.Request)
	return interrupted, err
}

// Recover is [engine.Engine.Recover], in every worker. It also lets a stopped
// application and refused pages try again.
func (s *Supervisor) Recover(ctx context.Context) (engine.Recovered, error) {
	var all engine.Recovered
	if s.isStopped() {
		all.Done = append(all.Done, "an application that was stopped after crashes may start again")
	}
	for _, page := range s.suspects.pages() {
		all.Done = append(all.Done, fmt.Sprintf("%s is no suspect any more", page))
	}
	s.forgive()
	if _, err := s.ready(ctx); err != nil {
		return all, err
	}
	for _, w := range s.living() {
		var one engine.Recovered
		if err := w.channel.call(ctx, "recover", nil, &one); err != nil {
			return all, err
		}
		for i := range one.Interrupted {
			w.globalID(&one.Interrupted[i].Request)
		}
		all.Interrupted = append(all.Interrupted, one.Interrupted...)
		all.Broken = append(all.Broken, one.Broken...)
		for _, done := range one.Done {
			if !slices.Contains(all.Done, done) { // of each worker the counters begin again
				all.Done = append(all.Done, done)
			}
		}
	}
	return all, nil
}

// BeginGeneration is [engine.Engine.BeginGeneration].
func (s *Supervisor) BeginGeneration(ctx context.Context) error {
	_, err := ask[any](ctx, s, "generation", nil)
	return err
}

// KeepAlive is [engine.Engine.KeepAlive]. A worker that was unloaded stays so.
func (s *Supervisor) KeepAlive(ctx context.Context) (engine.KeptAlive, error) {
	if !s.isLoaded() {
		return engine.KeptAlive{}, nil
	}
	return ask[engine.KeptAlive](ctx, s, "keepalive", nil)
}

// Single is [engine.Engine.Single], for workers to come too.
func (s *Supervisor) Single(ctx context.Context, on bool) error {
	s.mu.Lock()
	before := s.single
	s.single = on
	s.mu.Unlock()
	if !s.isLoaded() {
		return nil
	}
	_, err := ask[any](ctx, s, "single", singleArgs{on})
	if err != nil {
		s.mu.Lock()
		s.single = before
		s.mu.Unlock()
	}
	return err
}

// Sessions is [engine.Engine.Sessions].
func (s *Supervisor) Sessions(ctx context.Context, after string, n int) (engine.SessionPage, error) {
	return ask[engine.SessionPage](ctx, s, "sessions", sessionsArgs{after, n})
}

// Session is [engine.Engine.Session].
func (s *Supervisor) Session(ctx context.Context, id string, values bool) (engine.SessionDetail, error) {
	return ask[engine.SessionDetail](ctx, s, "session", sessionArgs{id, values})
}

// EndSession is [engine.Engine.EndSession].
func (s *Supervisor) EndSession(ctx context.Context, id string) error {
	_, err := ask[any](ctx, s, "endsession", sessionArgs{ID: id})
	return err
}

// Refresh is [engine.Engine.Refresh]. Pages that were under suspicion may be
// others now: they are forgotten.
func (s *Supervisor) Refresh(ctx context.Context) error {
	s.suspects.clear()
	s.tellSuspects()
	if !s.isLoaded() {
		return nil
	}
	for _, w := range s.living() {
		if err := w.channel.call(ctx, "refresh", nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// Reconfigure is [engine.Engine.Reconfigure]; what an engine can't change while
// it runs is in force too, in a new worker that takes the current one's place.
// One that doesn't start with it changes nothing.
func (s *Supervisor) Reconfigure(ctx context.Context, cfg engine.Config) (engine.Reconfigured, error) {
	var done engine.Reconfigured
	next := s.cfg
	next.Engine = cfg
	next, err := next.complete()
	if err != nil {
		return done, err
	}
	data, err := encodeConfig(next.Engine)
	if err != nil {
		return done, err
	}
	done, err = ask[engine.Reconfigured](ctx, s, "reconfigure", configArgs{data})
	if err != nil {
		return done, err
	}
	before := s.settings.Swap(&next.Engine)
	if len(done.NeedsRestart) == 0 {
		return done, nil
	}
	if err := s.Recycle(ctx, "new settings"); err != nil {
		s.settings.Store(before)
		return engine.Reconfigured{}, err
	}
	done.Changed = slices.Concat(done.Changed, done.NeedsRestart)
	slices.Sort(done.Changed)
	done.NeedsRestart = nil
	return done, nil
}

// Stopping is [engine.Engine.Stopping], in every worker and in those to come.
func (s *Supervisor) Stopping(on bool) {
	s.mu.Lock()
	if on {
		s.stopping++
	} else {
		s.stopping--
	}
	s.mu.Unlock()
	for _, w := range s.living() {
		w.tellStopping()
	}
}

// tellStopping tells the worker whether its pages should come to their end,
// where that has changed: because the application does, or because another
// worker has taken its place.
func (w *worker) tellStopping() {
	w.telling.Lock()
	defer w.telling.Unlock()
	w.s.mu.Lock()
	on := w.s.stopping > 0 || w.retiring
	w.s.mu.Unlock()
	if on != w.toldToStop {
		w.toldToStop = on
		_ = w.channel.tell("stopping", on)
	}
}

func (s *Supervisor) isLoaded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current != nil
}

func (s *Supervisor) isSingle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.single
}

// living are the workers that are ready.
func (s *Supervisor) living() (all []*worker) {
	s.mu.Lock()
	workers := slices.Clone(s.all)
	s.mu.Unlock()
	for _, w := range workers {
		if w.isUp() != nil {
			all = append(all, w)
		}
	}
	return all
}

// A request's number has its worker's in its upper half, so that one means the
// same everywhere.
const (
	workerShift  = 32
	inWorkerMask = 1<<workerShift - 1
)

func (w *worker) globalID(r *engine.RequestStatus) {
	if r.ID != 0 {
		r.ID = w.number<<workerShift | r.ID&inWorkerMask
	}
}

func (s *Supervisor) workerOf(request int64) *worker {
	for _, w := range s.living() {
		if w.number == request>>workerShift {
			return w
		}
	}
	return nil
}

// What the parent says with its calls, and what comes back. A call without
// arguments has none.
type (
	endArgs struct {
		Patience time.Duration `json:"patience"` // with requests that are still inside
	}
	interruptArgs struct {
		Request int64 `json:"request"`
	}
	singleArgs struct {
		On bool `json:"on"`
	}
	sessionsArgs struct {
		After string `json:"after"`
		N     int    `json:"n"`
	}
	sessionArgs struct {
		ID     string `json:"id"`
		Values bool   `json:"values"`
	}
	configArgs struct {
		Engine json.RawMessage `json:"engine"`
	}
	pong struct {
		Unhealthy  bool `json:"unhealthy"`
		Goroutines int  `json:"goroutines"`
	}
)

// unhealthy is why a worker with too many orphans wants to be replaced.
const unhealthy = "too many scripts don't stop"

// with calls f with the arguments in body.
func with[A any](body json.RawMessage, f func(A) (any, error)) (any, error) {
	var args A
	if err := json.Unmarshal(body, &args); err != nil {
		return nil, fmt.Errorf("reading the arguments: %w", err)
	}
	return f(args)
}
