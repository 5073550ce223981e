package isolate

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Recycle puts a new worker, of the program and the settings as they are now,
// in the place of the current one, which finishes its requests: none is lost.
// It returns when the new one serves.
func (s *Supervisor) Recycle(ctx context.Context, why string) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return errShutdown
	}
	if err := s.nothingStarts(ctx); err != nil {
		s.mu.Unlock()
		return err
	}
	s.stopped = time.Time{}
	a, err := s.begin(why)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	select {
	case <-a.done:
		return a.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nothingStarts waits until no worker starts that may have begun before what
// is new. mu is held, but while it waits.
func (s *Supervisor) nothingStarts(ctx context.Context) error {
	for s.starting != nil {
		a := s.starting
		s.mu.Unlock()
		select {
		case <-a.done:
		case <-ctx.Done():
		}
		s.mu.Lock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// ErrNoWorker is that there is no worker of this number, any more.
var ErrNoWorker = errors.New("there is no such worker: it has ended")

// Kill ends a worker at once, whatever it does: its requests are lost. Another
// takes its place when the next one comes.
func (s *Supervisor) Kill(ctx context.Context, number int64) error {
	s.mu.Lock()
	i := slices.IndexFunc(s.all, func(w *worker) bool { return w.number == number })
	if i < 0 {
		s.mu.Unlock()
		return ErrNoWorker
	}
	w := s.all[i]
	s.mu.Unlock()
	w.doom(killedByOperator)
	for _, done := range []<-chan struct{}{w.gone, s.drain(w)} { // its requests too: what was lost is known then
		select {
		case <-done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
