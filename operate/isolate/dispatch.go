package isolate

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/operate/isolate/internal/frame"
)

// tries is how often a request is given to a worker that sees nothing of it
// before it is refused.
const tries = 4

// serve has the current worker answer. Another is asked when it saw nothing of
// the request.
func (s *Supervisor) serve(w http.ResponseWriter, r *http.Request) {
	out := &reply{ResponseWriter: w} // a worker may know of suspects that have been cleared just now
	for range tries {
		wk, f, err := s.take(r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		err = s.hand(wk, f, out, r)
		switch {
		case err == nil && out.page != "":
			s.suspects.name(out.page, r.URL.Path)
			s.again(w, r)
			return
		case err == nil:
			return
		case r.Context().Err() != nil:
			panic(http.ErrAbortHandler) // nobody is there to hear anything
		case s.wasUnseen(wk, f, err):
			s.noteRetry()
		case errors.Is(err, frame.ErrNotSent):
			s.refuse(w, r, fmt.Errorf("reaching the worker: %w", err))
			return
		default:
			s.broken(wk, w, r, err)
			return
		}
	}
	s.refuse(w, r, errTooManyDeaths)
}

// errTooManyDeaths: each worker that was asked died before it saw the request.
var errTooManyDeaths = errors.New("workers died one after the other")

// again serves a request whose page turned out to be a suspect's.
func (s *Supervisor) again(w http.ResponseWriter, r *http.Request) {
	if r.Body != nil && r.Body != http.NoBody {
		// What was read of the body is gone. The next such request is known
		// by its URL.
		s.answer(w, r, http.StatusServiceUnavailable, "Server Too Busy", time.Second)
		return
	}
	s.serveAlone(w, r)
}

// wasUnseen says that a worker died without having seen a request, of which
// it has read nothing then: another one may have it.
func (s *Supervisor) wasUnseen(wk *worker, f *flight, err error) bool {
	if broken, ok := errors.AsType[*frame.BrokenError](err); !errors.Is(err, frame.ErrNotSent) && (!ok || broken.Started) {
		return false
	}
	return waitGone(wk) && !f.seen
}

// hand gives the request to a worker.
func (s *Supervisor) hand(wk *worker, f *flight, w http.ResponseWriter, r *http.Request) error {
	var err error
	defer func() {
		f.seen = wk.child.box.saw(f.id)
		s.give(wk, f, err)
	}()
	err = wk.client.Serve(w, r, frame.Meta{ID: f.id})
	return err
}

// take is the current worker, with the request counted; it waits for one to
// start, as long as requests wait for the application to be ready.
func (s *Supervisor) take(r *http.Request) (*worker, *flight, error) {
	timer := time.NewTimer(s.patience())
	defer timer.Stop()
	for {
		wk, f, a, err := s.tryTake(r.URL.Path)
		if wk != nil || err != nil {
			return wk, f, err
		}
		select {
		case <-a.done:
			if a.err != nil {
				return nil, nil, a.err
			}
		case <-timer.C:
			return nil, nil, errNotReady
		case <-s.cutting:
			return nil, nil, errShutdown
		case <-r.Context().Done():
			return nil, nil, r.Context().Err()
		}
	}
}

// errNotReady: no worker was ready in time.
var errNotReady = errors.New("no worker is ready")

// patience is how long a request waits for a worker.
func (s *Supervisor) patience() time.Duration {
	if d := s.settings.Load().QueueTimeout; d > 0 {
		return d
	}
	return 30 * time.Second
}

// tryTake is the current worker, or the attempt to start one.
func (s *Supervisor) tryTake(url string) (*worker, *flight, *attempt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wk := s.current
	if wk == nil || wk.spent() {
		if left := time.Until(s.stopped); left > 0 {
			return nil, nil, nil, &stoppedError{left}
		}
		a, err := s.begin("")
		return nil, nil, a, err
	}
	f := &flight{url: url}
	wk.take(f)
	s.begun = true
	if n := s.cfg.RecycleRequests; n > 0 && wk.assigned >= n && s.starting == nil {
		_, _ = s.begin(fmt.Sprintf("it has had %d requests", wk.assigned))
	}
	return wk, f, nil, nil
}

// take counts a request. Supervisor.mu is held.
func (w *worker) take(f *flight) {
	w.inside++
	w.assigned++
	w.last = time.Now()
	w.running[f] = struct{}{}
	if n := len(w.free); n > 0 {
		f.id, w.free = w.free[n-1], w.free[:n-1]
	} else {
		w.numbers++
		f.id = w.numbers
	}
	w.child.box.expect(f.id)
}

// spent says that a worker has had the one request that it was for.
func (w *worker) spent() bool { return w.s.cfg.RecycleRequests == 1 && w.assigned >= 1 }

// give is called when a request has left its worker.
func (s *Supervisor) give(wk *worker, f *flight, err error) {
	broken, _ := errors.AsType[*frame.BrokenError](err)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		wk.served++
		s.fruitless = 0
	case broken != nil && (broken.Started || f.seen):
		wk.lost++
		s.counts.Lost++
	}
	delete(wk.running, f)
	wk.free = append(wk.free, f.id)
	wk.inside--
	if wk.inside == 0 && wk.retiring {
		close(wk.drained)
	}
}

// goneAfter is how long the end of a worker may take to become known once its
// connections broke.
const goneAfter = 3 * time.Second

// waitGone waits until a worker that can't be reached is known to be dead.
func waitGone(wk *worker) bool {
	timer := time.NewTimer(goneAfter)
	defer timer.Stop()
	select {
	case <-wk.gone:
		return true
	case <-timer.C:
		return false
	}
}

// broken answers for a worker that went away with the request, once its death
// is known: so that the client's next request finds what follows from it.
func (s *Supervisor) broken(wk *worker, w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, frame.ErrAborted) || r.Context().Err() != nil {
		answer.Break(w, r)
	}
	waitGone(wk)
	if broken, ok := errors.AsType[*frame.BrokenError](err); ok && broken.Started {
		answer.Break(w, r) // a half page must not look whole
	}
	s.sendCrashPage(w, r)
}

// scheme makes a request say whether its client speaks TLS, as the setting
// has it.
func (s *Supervisor) scheme(r *http.Request) *http.Request {
	secure := s.settings.Load().Secure
	if secure == nil || secure(r) == (r.TLS != nil) {
		return r
	}
	r = r.WithContext(r.Context())
	if r.TLS == nil {
		r.TLS = &tls.ConnectionState{}
	} else {
		r.TLS = nil
	}
	return r
}

// noteRetry counts a request that a second worker gets.
func (s *Supervisor) noteRetry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.Retried++
}
