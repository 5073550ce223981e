package host

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/setting"
)

// A Config says how an application is run. Path and Start have to be set; the
// zero value of every other field is its default.
type Config struct {
	// Path is the URL prefix, for operators: the Runner takes it off itself.
	Path string
	// Start makes the Runner, for an isolation of "in-process" or "process".
	// It is called by New, and again whenever the application is loaded or
	// moved; what it makes is shut down before the next one is made, except by
	// SetIsolation. [ErrUnavailable] says that there is no such isolation.
	Start func(ctx context.Context, isolation string) (Runner, error)
	// Isolation is what Start is told at first. Default "in-process".
	Isolation string
	// Isolations are what Start knows, for operators. Default: it is asked.
	Isolations []string
	// Preload has New load the application, so that its first request finds
	// everything compiled. Default: it is started, and loaded by requests.
	Preload bool
	// KeepAliveInterval is how often the Runner is exercised. Default: never.
	KeepAliveInterval time.Duration

	// Root and UpdateSource are the site's folder and the one that updates come
	// from, which mustn't be in each other. Default: no updates.
	Root, UpdateSource string
	// UpdateProgram is the file that updates of the program of an isolated
	// application's processes come from, which belongs to this process's user or
	// to root, and can be written to by nobody else; Program is where that is.
	// Default: no such updates.
	UpdateProgram, Program string
	// UpdateDelete removes what the source doesn't have. Default: it stays.
	UpdateDelete bool
	// Check says whether a folder holds a site that works, before an update is
	// put in place. Default: everything does.
	Check func(ctx context.Context, dir string) error

	// HoldQueueMax is how many requests may wait while the application is held
	// or starts, past it 503. Default 1000; negative lets none wait.
	HoldQueueMax int
	// HoldTimeout is how long one may wait, past it 503, and how long an
	// operation waits for running requests. Default 30s.
	HoldTimeout time.Duration
	// LingerTimeout is for how long a client that was refused may go on sending
	// its request's body, so that it comes to read the answer. Default 10s;
	// negative: it is cut off.
	LingerTimeout time.Duration
	// ErrorFolder is a folder below Root whose 503.html is sent in the place of
	// the page that asks to wait. Default: none.
	ErrorFolder string
	// Pass says that a request passes a hold that refuses: an administrator's.
	// Default: nobody's does.
	Pass func(*http.Request) bool
	// Logger hears of operations and of refused requests. Default:
	// slog.Default().
	Logger *slog.Logger
}

// The errors of operations, to be told apart by errors.Is.
var (
	// ErrUnavailable: this application can't do that at all.
	ErrUnavailable = errors.New("not available")
	// ErrNotLoaded: there is no Runner now.
	ErrNotLoaded = errors.New("the application is not loaded")
	// ErrNotHeld: there is nothing to release.
	ErrNotHeld = errors.New("the application is not held")
	// ErrConflict: not now, because of something else.
	ErrConflict = errors.New("not possible now")
	// ErrShutdown: the application has ended.
	ErrShutdown = errors.New("the application has been shut down")
)

func (c Config) withDefaults() (Config, error) {
	if c.Start == nil {
		return c, errors.New("host: Config.Start is missing")
	}
	if c.Path == "" {
		c.Path = "/"
	}
	if c.Isolation == "" {
		c.Isolation = InProcess
	}
	c.HoldTimeout = max(c.HoldTimeout, 0)
	setting.Fill(setting.Host, &c)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}

// The isolations.
const (
	InProcess = "in-process"
	Process   = "process"
)

// Reconfigure puts settings in force while requests run: those of the Runner,
// as it does, and of cfg those that a file can have (HoldQueueMax, UpdateSource …)
// and Program, the rest of which doesn't count. The Runner's that can't change now
// are named; Config.Start is to use them when it is called again. When the Runner
// refuses, nothing has changed.
func (a *Application) Reconfigure(ctx context.Context, c engine.Config, cfg Config) (engine.Reconfigured, error) {
	var r engine.Reconfigured
	cfg.Start = a.cfg.Start
	cfg, err := cfg.withDefaults()
	if err != nil {
		return r, err
	}
	ctx, done, err := a.begin(ctx, "")
	if err != nil {
		return r, err
	}
	defer done()
	if runner, ok := a.Runner(); ok {
		r, err = runner.Reconfigure(ctx, c)
	} else {
		_, err = c.WithDefaults()
	}
	if err != nil {
		return engine.Reconfigured{}, err
	}
	r.Changed = append(r.Changed, a.apply(&cfg)...)
	slices.Sort(r.Changed)
	r.Changed = slices.Compact(r.Changed) // some settings are the Runner's too
	return r, nil
}

// apply puts the settings of cfg in force that can change, and names those that
// did.
func (a *Application) apply(cfg *Config) (changed []string) {
	next := *a.settings()
	for _, s := range setting.In(setting.Host) {
		if s.Take(setting.Host, &next, cfg) {
			changed = append(changed, s.Name)
		}
	}
	next.Program = cfg.Program // for the next that is loaded
	a.live.Store(&next)
	a.door.set(func() { a.door.max = max(cfg.HoldQueueMax, 0) })
	select {
	case a.retimed <- struct{}{}:
	default:
	}
	return changed
}
