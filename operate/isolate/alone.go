package isolate

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/najahost/naja/operate/isolate/internal/frame"
)

// maxQueueing is how many requests may wait for the worker of suspects.
const maxQueueing = 100

// serveAlone answers a suspect's request: in a worker of its own, where it
// takes nobody with it, one at a time.
func (s *Supervisor) serveAlone(w http.ResponseWriter, r *http.Request) {
	if !s.enterAlone(w, r) {
		return
	}
	defer func() { <-s.alone }()
	page, refused, ok := s.suspects.of(r.URL.Path)
	switch {
	case !ok: // it was cleared meanwhile: nothing is lost by staying here
	case refused > 0:
		s.refusePage(w, r, refused)
		return
	}
	for range 2 {
		wk, f, err := s.takeSpare(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		err = s.hand(wk, f, w, r)
		switch {
		case err == nil:
			if r.Context().Err() == nil {
				s.endedWell(page)
			}
			return
		case !errors.Is(err, frame.ErrNotSent):
			s.broken(wk, w, r, err)
			return
		case r.Context().Err() != nil:
			panic(http.ErrAbortHandler)
		case !waitGone(wk):
			s.refuse(w, r, fmt.Errorf("reaching the worker for suspects: %w", err))
			return
		}
	}
	s.refuse(w, r, errTooManyDeaths)
}

// enterAlone waits until no other suspect runs. Whoever gets true empties
// s.alone afterwards.
func (s *Supervisor) enterAlone(w http.ResponseWriter, r *http.Request) bool {
	if _, refused, _ := s.suspects.of(r.URL.Path); refused > 0 {
		s.refusePage(w, r, refused)
		return false
	}
	defer s.queueing.Add(-1)
	if s.queueing.Add(1) > maxQueueing {
		s.refuse(w, r, errNotReady)
		return false
	}
	timer := time.NewTimer(s.patience())
	defer timer.Stop()
	select {
	case s.alone <- struct{}{}:
		return true
	case <-timer.C:
		s.refuse(w, r, errNotReady)
	case <-s.cutting:
		s.refuse(w, r, errShutdown)
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	}
	return false
}

// takeSpare is the worker for suspects, started where there is none.
func (s *Supervisor) takeSpare(r *http.Request) (*worker, *flight, error) {
	f := &flight{url: r.URL.Path}
	s.mu.Lock()
	s.begun = true
	if wk := s.spare; wk != nil {
		wk.take(f)
		s.mu.Unlock()
		return wk, f, nil
	}
	s.mu.Unlock()
	wk, err := s.startWorker(s.ctx, true)
	if err != nil {
		return nil, nil, fmt.Errorf("starting a worker for suspects: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.all, wk) {
		s.spare = wk
	}
	wk.take(f)
	return wk, f, nil
}

// endedWell clears a suspect, perhaps.
func (s *Supervisor) endedWell(page string) {
	if s.suspects.endedWell(page) {
		s.log.Info("page cleared: it is no suspect any more", "page", page)
		s.tellSuspects()
	}
}

// tellSuspects tells the workers which pages aren't for them.
func (s *Supervisor) tellSuspects() {
	for _, w := range s.living() {
		w.tellSuspects()
	}
}

// tellSuspects tells the worker. The last one who does tells what is so now.
func (w *worker) tellSuspects() {
	if w.spare {
		return
	}
	w.telling.Lock()
	defer w.telling.Unlock()
	_ = w.channel.tell("suspects", w.s.suspects.pages())
}

// isUp is the control channel of a worker that is ready, or nil.
func (w *worker) isUp() *channel {
	select {
	case <-w.up:
	default:
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return nil
	}
	return w.channel
}
