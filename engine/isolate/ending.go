package isolate

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// Shutdown ends the application: no new request is let in, running ones
// finish, and a worker runs what is due at the end: Session_OnEnd of sessions
// that this process keeps, and Application_OnEnd. When ctx ends first the rest
// is skipped and its error returned. A second call does nothing.
func (s *Supervisor) Shutdown(ctx context.Context) error {
	return s.end(ctx, true)
}

// Leave is Shutdown for an application that goes on elsewhere with the same
// Backend or store: no event runs.
func (s *Supervisor) Leave(ctx context.Context) error {
	return s.end(ctx, false)
}

func (s *Supervisor) end(ctx context.Context, events bool) error {
	empty, first := s.shut()
	if !first {
		return nil
	}
	var err error
	select {
	case <-empty:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if events && err == nil {
		err = s.lastRites(ctx)
	}
	return errors.Join(err, s.close(ctx))
}

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
	if err := w.channel.call(ctx, "shutdown", nil, nil); err != nil {
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

// neverServed says that a worker had no request, of an application that others
// have started.
func (s *Supervisor) neverServed(w *worker) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begun && w.assigned == 0
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
