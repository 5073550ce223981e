package isolate

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/answer"
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
	linger   answer.Linger

	mu        sync.Mutex
	closed    bool          // no request comes in any more
	over      bool          // no worker is started any more
	empty     chan struct{} // closed when closed and no request is inside
	cutting   chan struct{} // closed when what is inside is cut off
	stopping  int           // how often Stopping was called and not taken back
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
	carried   engine.Counts // of workers that have ended
}

// counts are what the Supervisor counts.
type counts struct {
	Started  int64 `json:"started"`  // workers ever
	Crashed  int64 `json:"crashed"`  // of them
	Recycled int64 `json:"recycled"` // and replaced
	Lost     int64 `json:"lost"`     // requests answered 502, or broken off, because their worker died
	Retried  int64 `json:"retried"`  // requests that a second worker answered, the first having seen nothing of them
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
	s := &Supervisor{cfg: cfg, owner: owner, log: cfg.Engine.Logger, started: time.Now(), alone: make(chan struct{}, 1), cutting: make(chan struct{})}
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
		s.answer(w, r, http.StatusServiceUnavailable, "Server Shutting Down", 30*time.Second)
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
