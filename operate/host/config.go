package host

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

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
