package isolate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/najahost/naja/engine"
)

// Shutdown ends the application, as [engine.Engine.Shutdown] does and in the same
// times: requests finish for as long as ctx lasts and are cut off then, and a
// worker runs what is due at the end, Session_OnEnd of sessions that this process
// keeps and Application_OnEnd, in a time of its own. The error is an
// [*engine.CutError] where requests were cut off, joined with what else went
// wrong. A second call does nothing.
func (s *Supervisor) Shutdown(ctx context.Context) error {
	return s.end(ctx, true)
}

// Leave is Shutdown for an application that goes on elsewhere with the same
// Backend or store: no event runs.
func (s *Supervisor) Leave(ctx context.Context) error {
	return s.end(ctx, false)
}

// endSlack is how much longer than the events of the end all the rest may take:
// pages that have to be given up, and processes that end.
const endSlack = 20 * time.Second

func (s *Supervisor) end(ctx context.Context, events bool) error {
	empty, first := s.shut()
	if !first {
		return nil
	}
	s.Stopping(true)
	cut := s.awaitEmpty(ctx, empty)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.settings.Load().EndTimeout+endSlack)
	defer cancel()
	var others sync.WaitGroup
	for _, w := range s.besides(events) {
		others.Go(func() { w.part(ctx) })
	}
	var err error
	if events {
		err = s.lastRites(ctx)
	}
	others.Wait()
	if cut != nil {
		s.awaitAnswers(empty)
	}
	return errors.Join(cut, err, s.close(ctx))
}

// awaitEmpty waits for the last request to leave. The error is that some were
// still inside when ctx ended.
func (s *Supervisor) awaitEmpty(ctx context.Context, empty <-chan struct{}) error {
	select {
	case <-empty:
		return nil
	default:
	}
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inside == 0 {
		return nil // the last one left just now
	}
	close(s.cutting)
	return &engine.CutError{Requests: s.inside, Cause: context.Cause(ctx)}
}

// answerPatience is how long the clients of requests that were cut off may take
// to read that.
const answerPatience = 2 * time.Second

// awaitAnswers gives what was cut off a moment to say so to its client.
func (s *Supervisor) awaitAnswers(empty <-chan struct{}) {
	timer := time.NewTimer(answerPatience)
	defer timer.Stop()
	select {
	case <-empty:
	case <-timer.C:
	}
}

// besides are the workers that are there, but for the one that runs the events.
func (s *Supervisor) besides(events bool) []*worker {
	all := s.living()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(all, func(w *worker) bool { return events && w == s.current })
}

// partingPatience is what a worker that is told to end gives requests that this
// process sees nothing of any more; those it sees are cut off by then.
const partingPatience = 100 * time.Millisecond

// shut lets no request in any more; empty is closed when the last has left.
func (s *Supervisor) shut() (empty <-chan struct{}, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, false
	}
	s.closed = true
	done := make(chan struct{})
	if s.inside == 0 {
		close(done)
	} else {
		s.empty = done
	}
	return done, true
}

// lastRites has the current worker end the application; one is started for it
// where there is none. Nothing takes its place meanwhile.
func (s *Supervisor) lastRites(ctx context.Context) error {
	s.mu.Lock()
	err := s.nothingStarts(ctx)
	w := s.current
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if w == nil {
		if s.isStopped() {
			return nil // it wouldn't live to run them
		}
		if w, err = s.startWorker(ctx, false); err != nil {
			return fmt.Errorf("starting a worker for the application's end: %w", err)
		}
	}
	if s.neverServed(w) { // it would have nothing to end
		if err := w.channel.call(ctx, "refresh", nil, nil); err != nil {
			return fmt.Errorf("starting the application for its end: %w", err)
		}
	}
	s.others(ctx, w)
	w.expectEnd()
	if err := w.channel.call(ctx, "shutdown", endArgs{partingPatience}, nil); err != nil {
		return fmt.Errorf("ending the application: %w", err)
	}
	return nil
}

// others ends all workers but the last: as long as one of them has the
// application, it isn't w's to end. No request is inside any more.
func (s *Supervisor) others(ctx context.Context, last *worker) {
	s.mu.Lock()
	all := append([]*worker(nil), s.all...)
	s.mu.Unlock()
	var wg sync.WaitGroup
	for _, w := range all {
		if w != last {
			wg.Go(func() { w.part(ctx) })
		}
	}
	wg.Wait()
}

// neverServed says that a worker had no request and wasn't told to load, of an
// application that others have started.
func (s *Supervisor) neverServed(w *worker) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun && w.assigned == 0 && !w.loading
}

// close ends all workers and what belongs to them. It leaves nothing behind.
func (s *Supervisor) close(ctx context.Context) error {
	s.mu.Lock()
	s.closed, s.over = true, true
	all := append([]*worker(nil), s.all...)
	s.mu.Unlock()
	s.stop()
	var wg sync.WaitGroup
	for _, w := range all {
		wg.Go(func() { w.part(ctx) })
	}
	wg.Wait()
	s.wg.Wait()
	return s.folder.remove()
}
