package isolate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine"
)

// A Supervisor serves one application from a worker process, which it starts,
// watches, replaces and ends. It is an [http.Handler] and has the methods of
// [engine.Engine] that an operator needs. Its methods may be called from any
// goroutine.
type Supervisor struct {
	cfg    Config // Engine excepted: settings
	log    *slog.Logger
	owner  *account // whom workers run as; nil: as this process
	groups string   // where control groups for workers can be made; "" for nowhere
	folder *folder
	hashes hashes // of the programs

	ctx  context.Context // ends with the Supervisor
	stop context.CancelFunc
	wg   sync.WaitGroup // every goroutine

	settings atomic.Pointer[engine.Config] // in force
	suspects *suspects
	alone    chan struct{} // holds something while a suspect runs
	queueing atomic.Int64  // suspects' requests that wait for it
	started  time.Time

	mu        sync.Mutex
	closed    bool          // no request comes in any more
	over      bool          // no worker is started any more
	empty     chan struct{} // closed when closed and no request is inside
	inside    int
	last      int64     // number of the last worker
	current   *worker   // that requests go to; nil for none
	starting  *attempt  // to put another in its place; nil for none
	spare     *worker   // for suspects; nil for none
	all       []*worker // whose process hasn't ended
	used      time.Time // when the last request came or ended
	single    bool
	begun     bool        // a worker has started the application, to end it at the end
	crashes   []time.Time // of workers, the recent ones
	fruitless int         // workers in a row that died without having answered anything
	stopped   time.Time   // until when the application is stopped; zero: it isn't
	deaths    []deathOf   // the last ones
	counts    counts
	carried   totals // of workers that have ended
}

// counts are what the Supervisor counts.
type counts struct {
	Started  int64 `json:"started"`  // workers ever
	Crashed  int64 `json:"crashed"`  // of them
	Recycled int64 `json:"recycled"` // and replaced
	Lost     int64 `json:"lost"`     // requests answered 502, or broken off, because their worker died
	Retried  int64 `json:"retried"`  // requests that a second worker answered, the first having seen nothing of them
}

// An attempt is the start of a worker that is to be the current one.
type attempt struct {
	done chan struct{}
	err  error // read after done
}

// New makes the folder for the sockets and starts the first worker. The error
// is an [*engine.ConfigError] where a setting is to blame, in the worker too.
// Whoever made the Supervisor calls Shutdown.
func New(ctx context.Context, cfg Config) (*Supervisor, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	owner, err := lookupAccount(cfg.User)
	if err != nil {
		return nil, err
	}
	s := &Supervisor{cfg: cfg, owner: owner, log: cfg.Engine.Logger, started: time.Now(), alone: make(chan struct{}, 1)}
	if cfg.MemoryLimit > 0 {
		s.groups = findGroup()
	}
	s.settings.Store(&cfg.Engine)
	s.suspects = newSuspects(cfg.SuspectDeaths, cfg.SuspectPause)
	if s.folder, err = makeFolder(cfg.TempDir, owner); err != nil {
		return nil, err
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err = s.open(ctx); err != nil {
		return nil, errors.Join(err, s.close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// open starts what New starts.
func (s *Supervisor) open(ctx context.Context) error {
	s.wg.Go(s.keepHouse)
	w, err := s.startWorker(ctx, false)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
	if slices.Contains(s.all, w) {
		s.current = w
	}
	return nil
}

// ServeHTTP has a worker answer the request.
func (s *Supervisor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		refuse(w, r, http.StatusServiceUnavailable, "Server Shutting Down", 30*time.Second)
		return
	}
	defer s.leave()
	r = s.scheme(r)
	if _, _, suspect := s.suspects.of(r.URL.Path); suspect {
		s.serveAlone(w, r)
		return
	}
	s.serve(w, r)
}

func (s *Supervisor) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.inside++
	s.used = time.Now()
	return true
}

func (s *Supervisor) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
	s.used = time.Now()
	if s.inside == 0 && s.empty != nil {
		close(s.empty)
		s.empty = nil
	}
}

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
	w.expectEnd()
	if err := w.channel.call(ctx, "shutdown", nil, nil); err != nil {
		return fmt.Errorf("ending the application: %w", err)
	}
	return nil
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

// executable is the program to run as a worker.
func (s *Supervisor) executable() string {
	if s.cfg.Executable != "" {
		return s.cfg.Executable
	}
	own, err := ownProgram()
	if err != nil {
		return os.Args[0]
	}
	return own
}

// slots is how many apartments the record of running pages has room for.
func (s *Supervisor) slots() int { return s.settings.Load().ProcessorThreadMax }

var _ http.Handler = (*Supervisor)(nil)
