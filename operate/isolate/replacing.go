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

// An attempt is the start of a worker that is to be the current one.
type attempt struct {
	done chan struct{}
	err  error // read after done
}

// begin starts a worker that becomes the current one, unless that is being
// done. why is why the current one is to be replaced, where there is one. mu is
// held.
func (s *Supervisor) begin(why string) (*attempt, error) {
	switch {
	case s.starting != nil:
		return s.starting, nil
	case s.over:
		return nil, errShutdown
	}
	a := &attempt{done: make(chan struct{})}
	s.starting = a
	wait := s.backOff()
	s.wg.Go(func() { s.try(a, wait, why) })
	return a, nil
}

// errShutdown: the Supervisor has ended.
var errShutdown = errors.New("the application is shutting down")

// try is an attempt's life: a pause after crashes, the start, and the change.
func (s *Supervisor) try(a *attempt, wait time.Duration, why string) {
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-s.ctx.Done():
		}
	}
	w, err := s.startWorker(s.ctx, false)
	if err == nil && s.isSingle() {
		err = w.channel.call(s.ctx, "single", singleArgs{true}, nil)
	}
	old := s.change(a, w, err)
	if err != nil {
		if s.ctx.Err() == nil {
			s.log.Error("a worker didn't start", "error", err.Error())
		}
		return
	}
	if old != nil {
		s.log.Info("worker replaced", "number", old.number, "by", w.number, "why", why)
		old.retire(why)
	}
}

// change puts a worker that is ready in the place of the current one.
func (s *Supervisor) change(a *attempt, w *worker, err error) (old *worker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(a.done)
	s.starting, a.err = nil, err
	if err != nil {
		s.fruitless++
		if !s.over {
			s.noteCrash()
		}
		return nil
	}
	if !slices.Contains(s.all, w) {
		return nil // it died at once
	}
	old, s.current = s.current, w
	if old != nil {
		s.counts.Recycled++
	}
	return old
}
