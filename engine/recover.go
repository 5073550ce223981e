package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Recovered is what [Engine.Recover] did.
type Recovered struct {
	Interrupted []Interrupted `json:"interrupted"` // holders of a lock or a turn that others waited for
	Broken      []string      `json:"broken"`      // whose locks were broken
	Done        []string      `json:"done"`        // all that was done, a sentence each
}

// What Recover takes for stuck.
const (
	// lockStuck is how long somebody must have waited for Application.Lock.
	lockStuck = time.Second
	// turnStuck is how long somebody must have waited for a session's turn.
	// Pages may well run so long; nobody holds a lock for it.
	turnStuck = 10 * time.Second
)

// Recover gets an application going again that waits for itself. Who holds
// Application.Lock while somebody else has waited for it for a second is
// interrupted, as by Interrupt, and so is who has a session's turn while its
// next request has waited for ten. A lock of another process for which somebody
// has waited here for a second is broken: that process may be dead, and if it
// isn't its commit is refused. What was counted counts from 0, and errors are
// forgotten.
func (e *Engine) Recover(ctx context.Context) (Recovered, error) {
	r := Recovered{Interrupted: []Interrupted{}, Broken: []string{}, Done: []string{}}
	var errs []error
	errs = append(errs, e.recoverLock(ctx, &r), e.recoverTurns(ctx, &r))
	e.counts.reset()
	e.errors.clear()
	e.pages.CountAnew()
	r.Done = append(r.Done, "the counters begin at 0 again")
	for _, what := range r.Done {
		e.cfg.Logger.Warn("recovered", "done", what)
	}
	return r, errors.Join(errs...)
}

// recoverLock frees Application.Lock.
func (e *Engine) recoverLock(ctx context.Context, r *Recovered) error {
	state := e.life.app().state
	s := state.Status()
	var waited time.Duration
	for _, w := range s.Waiters {
		waited = max(waited, w.Age)
	}
	switch {
	case s.Holder != nil && waited >= lockStuck:
		return e.recoverFrom(ctx, r, "Application.Lock", waited, func(q RequestStatus) bool { return q.HoldsLock })
	case s.Elsewhere != nil && max(waited, s.Elsewhere.Age) >= lockStuck:
		holder, err := state.Break(ctx)
		if err != nil || holder == "" {
			return err
		}
		r.Broken = append(r.Broken, holder)
		r.Done = append(r.Done, fmt.Sprintf("Application.Lock was taken away from %s, for which %s waited %v", holder, s.Elsewhere.Page, s.Elsewhere.Age.Round(time.Millisecond)))
	}
	return nil
}

// recoverTurns frees the turns of sessions.
func (e *Engine) recoverTurns(ctx context.Context, r *Recovered) error {
	var errs []error
	for _, t := range e.turns.Snapshot() {
		if len(t.Waiting) > 0 && t.Waiting[0] >= turnStuck {
			errs = append(errs, e.recoverFrom(ctx, r, "the turn of session "+t.Session, t.Waiting[0],
				func(q RequestStatus) bool { return q.Turn == t.Session }))
		}
	}
	return errors.Join(errs...)
}

// recoverFrom interrupts the one that runs and has what others wait for.
func (e *Engine) recoverFrom(ctx context.Context, r *Recovered, what string, waited time.Duration, has func(RequestStatus) bool) error {
	for _, q := range e.Status().Running {
		if !has(q) {
			continue
		}
		got, err := e.Interrupt(ctx, q.ID)
		if errors.Is(err, ErrNoRequest) {
			continue // it has just ended
		}
		if err != nil {
			return err
		}
		r.Interrupted = append(r.Interrupted, got)
		r.Done = append(r.Done, fmt.Sprintf("request %d (%s) was ended: it had %s, for which others waited %v", q.ID, firstOf(q.URL, q.Page), what, waited.Round(time.Millisecond)))
	}
	return nil
}
