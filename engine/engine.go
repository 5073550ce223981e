package engine

import (
	"cmp"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/pages"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// An Engine serves one application: a site, its sessions and its Application.
// It is an [http.Handler] for any number of goroutines. Two engines in one
// process share nothing.
type Engine struct {
	cfg      Config                 // as New got it
	current  atomic.Pointer[Config] // what is in force; only what Reconfigure changes differs
	site     *site.Site
	paths    *site.Paths
	routes   *site.Routes
	statics  *site.Statics
	compiler *runtime.Compiler
	pages    *pages.Cache
	modules  pages.Modules
	lookout  *site.Lookout // in development
	codePage *codepage.CodePage

	gate       gate  // who may come in
	lobby      lobby // where they wait for it
	memory     memoryGuard
	turns      *turn.Turns
	apartments *apartment.Pool
	life       lifecycle
	objects    liveObjects
	backend    store.Backend // nil: state is in memory
	outage     outage
	ends       *session.Ends // of another's sessions; nil: theirs nobody hears of

	wires   wire.Wires
	buffers asphttp.BufferPool
	sending wire.Budget
	linger  answer.Linger
	bodies  atomic.Int64 // requests that have one
	busy    requests     // for Status
	ids     atomic.Int64
	counts  counters
	errors  errorLog
	started time.Time
	closed  atomic.Bool
	bell    bell        // rings when pages should come to their end
	cutting atomic.Bool // what still runs is ended

	reconfiguring sync.Mutex // one at a time
}

// New opens the site and makes its engine. The error is a [*ConfigError], or
// says why the site can't be opened. Whoever made the engine calls Shutdown.
func New(cfg Config) (*Engine, error) {
	cfg, err := cfg.WithDefaults()
	if err = cmp.Or(err, checkEmbedded(cfg)); err != nil {
		return nil, err
	}
	files, err := site.Open(cfg.Root, cfg.FS)
	if err != nil {
		return nil, err
	}
	e := &Engine{cfg: cfg, site: files, paths: site.NewPaths(cfg.Path, cfg.Root, cfg.DisableParentPaths), backend: cfg.Backend, started: time.Now()}
	e.lookout = site.NewLookout(files)
	e.routes = site.NewRoutes(files, site.Rules{Mount: cfg.Path, Documents: cfg.DefaultDocuments, Statics: cfg.StaticExtensions}, lookInterval(&cfg))
	e.statics = site.NewStatics(files, cfg.StaticExtensions, cfg.CodePage, clientAge(&cfg))
	e.compiler = newCompiler(cfg)
	e.pages = pages.New(files, e.compiler, cfg.Dev, e.compiled, keptPages(&cfg))
	e.modules = pages.NewModules(files, e.compiler)
	e.codePage, _ = codepage.Lookup(cfg.CodePage)
	e.current.Store(&cfg)
	e.lobby.set(&cfg)
	e.memory.log = cfg.Logger
	e.memory.limit.Store(cfg.MemoryLimit)
	e.wires.Stall.Store(int64(cfg.WriteStallTimeout))
	e.sending.Limit = cfg.SendingMax
	e.apartments = apartment.New(cfg.ProcessorThreadMax, poolBounds(&cfg), cfg.Logger)
	e.turns = turnsOf(cfg)
	e.busy.init(cfg.ProcessorThreadMax)
	e.bell.init()
	e.objects.maxPinned = max(cfg.PinnedSessionMax, 0)
	e.ends = endsOf(cfg.Sessions)
	if err := e.life.init(e); err != nil {
		return nil, errors.Join(err, files.Close())
	}
	return e, nil
}

// newCompiler makes the compiler that cfg asks for.
func newCompiler(cfg Config) *runtime.Compiler {
	return runtime.NewCompiler(runtime.CompilerConfig{
		MountPath: cfg.Path, Language: cfg.ScriptLanguage,
		DisableParentPaths: cfg.DisableParentPaths, CodePage: cfg.CodePage, AllowProxy: cfg.AllowProxy, Inspect: cfg.Dev,
	})
}

// patience is how long a request waits for the application to be ready again.
func patience(cfg *Config) time.Duration {
	if cfg.QueueTimeout > 0 {
		return cfg.QueueTimeout
	}
	return 30 * time.Second
}

// turnsOf makes the queues of sessions, or takes those of a provider whose
// sessions Go handlers use as well: both have to stand in one line.
func turnsOf(cfg Config) *turn.Turns {
	if shared, ok := cfg.Sessions.(interface{ ShareTurns() *turn.Turns }); ok {
		return shared.ShareTurns()
	}
	return turn.New(turn.Config{
		PerSession: cfg.SessionQueueMax, Total: cfg.RequestQueueMax, Drop: dropHint,
	})
}

// live are the settings in force.
func (e *Engine) live() *Config { return e.current.Load() }

// ServeHTTP answers a request. It reads as doc.go tells it; every step that
// takes something has its give in the same step's defer, and a step that
// answered by itself ends the story.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if e.answersReload(w, r) {
		return
	}
	x := e.begin(w, r)
	defer x.end()

	if !x.admit() {
		return
	}
	defer x.leaveGate()

	v := x.route()
	if v == nil || !v.page() || !v.body() {
		return
	}
	defer v.closeBody()

	defer v.leaveApartment() // it may come with the turn
	if !v.turn() {
		return
	}
	defer v.leaveTurn()

	if !v.openSession() {
		return
	}
	defer v.discardSession()

	if !v.apartment() || !v.record() {
		return
	}

	ran := v.run()
	if !ran.commit() {
		return
	}
	ran.passOn()
	ran.send()
}

var _ http.Handler = (*Engine)(nil)
