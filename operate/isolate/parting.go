package isolate

import (
	"context"
	"errors"
	"slices"
	"time"
)

// doom kills the worker, for a reason that is then that of its death.
func (w *worker) doom(why string) {
	w.mu.Lock()
	if w.doomed == "" && !w.expected {
		w.doomed = why
	}
	c := w.child
	w.mu.Unlock()
	if c != nil {
		c.kill()
	}
}

// expectEnd says that the worker's end from now on is no crash.
func (w *worker) expectEnd() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = true
}

// fate is why the worker was killed, and whether its end was asked for.
func (w *worker) fate() (doomed string, expected bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.doomed, w.expected
}

// part has the worker leave the application, if it is there to be told, and
// ends it. What is still inside is cut off.
func (w *worker) part(ctx context.Context) {
	if channel := w.isUp(); channel != nil {
		if _, expected := w.fate(); !expected {
			w.expectEnd()
			_ = w.leave(ctx)
		}
	}
	w.hangUp(ctx)
}

// leavePatience bounds a worker's leaving, with pages that have to be given up.
const leavePatience = 10 * time.Second

// leave tells the worker to leave the application, and waits for the last
// answers, which say to clients that they were cut off.
func (w *worker) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leavePatience)
	defer cancel()
	err := w.channel.call(ctx, "leave", endArgs{partingPatience}, nil)
	timer := time.NewTimer(answerPatience)
	defer timer.Stop()
	select {
	case <-w.s.drain(w):
	case <-w.gone:
	case <-timer.C:
	}
	return err
}

// hangUp ends the worker, whatever it does: with the control channel closed it
// ends by itself, or it is killed.
func (w *worker) hangUp(ctx context.Context) {
	w.expectEnd()
	w.mu.Lock()
	channel := w.channel
	w.mu.Unlock()
	if channel != nil {
		channel.close()
	}
	patience := time.NewTimer(hangUpPatience)
	defer patience.Stop()
	select {
	case <-w.gone:
		return
	case <-ctx.Done():
	case <-patience.C:
	}
	w.doom("")
	<-w.gone
}

// hangUpPatience is how long a worker may take to end when it has nothing
// left to do.
const hangUpPatience = 3 * time.Second

// retire ends a worker that no request goes to any more: those inside finish,
// for a bounded time, then it leaves the application.
func (w *worker) retire(why string) {
	s := w.s
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.ShutdownTimeout)
	defer cancel()
	drained := s.drain(w)
	w.tellStopping() // or an event stream would keep it
	select {
	case <-drained:
	case <-w.gone:
		return
	case <-ctx.Done():
		if n := s.insideOf(w); n > 0 {
			w.log.Warn("requests of a worker that was replaced are cut off", "why", why, "requests", n)
		}
	}
	// Its end has a time of its own, unless the application ends as well.
	ctx, cancel = context.WithTimeout(s.ctx, leavePatience)
	defer cancel()
	s.carry(ctx, w)
	w.expectEnd()
	err := w.leave(ctx)
	if err != nil && !errors.Is(err, errChannelClosed) && s.ctx.Err() == nil {
		w.log.Warn("the worker didn't leave well", "error", err.Error())
	}
	w.hangUp(ctx)
}

// drain returns what is closed when no request is in the worker any more.
func (s *Supervisor) drain(w *worker) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.retiring = true
	if w.drained == nil {
		w.drained = make(chan struct{})
		if w.inside == 0 {
			close(w.drained)
		}
	}
	return w.drained
}

func (s *Supervisor) insideOf(w *worker) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return w.inside
}

// forget takes a worker whose process has ended off the list.
func (s *Supervisor) forget(w *worker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, func(other *worker) bool { return other == w })
	if s.current == w {
		s.current = nil
	}
	if s.spare == w {
		s.spare = nil
	}
}
