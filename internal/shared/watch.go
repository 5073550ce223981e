package shared

import (
	"context"
	"time"
)

// watch brings changes of other processes until Close.
func (s *State) watch() {
	pause := time.Duration(0)
	for s.stopped.Err() == nil {
		have := s.Version()
		waited, err := s.waitForNews(have)
		if s.stopped.Err() != nil {
			return
		}
		news := s.Version() != have
		if news {
			s.pokeWaiter()
		}
		// A store that neither tells news nor waits for them is asked less
		// and less often, down to once in MaxAge.
		if pause = 2 * pause; err == nil && (news || waited) {
			pause = 0
		} else {
			pause = min(max(pause, retryFirst), s.cfg.MaxAge)
		}
		s.sleep(pause)
	}
}

// waitForNews waits for another version than have, for at most MaxAge, and
// reads it. waited says that the store itself did the waiting.
func (s *State) waitForNews(have int64) (waited bool, err error) {
	ctx, cancel := context.WithTimeout(s.stopped, s.cfg.MaxAge)
	defer cancel()
	version, err := s.store.Wait(ctx, have)
	waited = ctx.Err() != nil
	if err != nil && !waited {
		return false, err
	}
	if err == nil && version != have && version == s.Version() {
		return waited, nil // our own change
	}
	return waited, s.refresh(s.stopped)
}

// pokeWaiter tells the one view that may wait for another process's lock that
// it may be free now.
func (s *State) pokeWaiter() {
	select {
	case s.poke <- struct{}{}:
	default:
	}
}

// sleep pauses for d, or until Close.
func (s *State) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-s.stopped.Done():
	}
}
