package isolate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/store"
)

// A Config says which application runs in worker processes, and how they are
// looked after. Only Engine has to be set: every other field's zero value is
// its default. Each comment names the key of a configuration file; the names
// and defaults are those of IIS's application pools where these have them.
// Where a default isn't "none", [engine.None] means that.
type Config struct {
	// Engine is the application. It crosses to another process as data: FS,
	// Components, Sessions and OnError can't be set; Logger, Observer and
	// Secure are used in this process.
	Engine engine.Config
	// Backend is where this process keeps sessions and Application, for the
	// workers, which come and go. Its owner closes it after Shutdown. Default:
	// nil, State says what a worker opens itself.
	Backend store.Backend
	// State is for WorkerConfig.Open, in the worker: what to open there, and
	// how. Default: "", nothing; with Backend nil too each worker has its
	// own memory, which dies with it.
	State string

	// Executable (worker_executable) is the program that is run as a worker,
	// looked at anew at each start, so that another can be put in its place.
	// Default: the running program itself.
	Executable string
	// Args are the worker's arguments. Default: "worker".
	Args []string
	// TempDir is where naja-UID is made, which nobody but this user may enter,
	// nor anybody but User where that is another one, with a folder for the
	// sockets in it. What stands there and isn't that is an error. Default:
	// os.TempDir().
	TempDir string

	// Environment (worker_environment) are KEY=VALUE that a worker has beside
	// what this process has. Default: none.
	Environment []string
	// Folder (worker_folder) is the worker's working directory. Default: that
	// of this process.
	Folder string
	// User (worker_user) is whom the worker runs as, a name or a number, which
	// only root may choose. Default: as this process.
	User string
	// MemoryLimit (worker_memory_limit) is how many bytes of memory a worker
	// may have; past it it is ended. Default 0: no limit.
	MemoryLimit int64
	// Nice (worker_nice) is added to the worker's CPU niceness: 0, the
	// default, to 19.
	Nice int
	// Files (worker_files) is the most files and connections a worker may have
	// open. Default 0: as this process.
	Files int
	// Processors (worker_processors) is how many processors a worker uses
	// (GOMAXPROCS). Default 0: as this process.
	Processors int

	// StartTimeout (worker_start_timeout) is how long a worker may take until
	// it is ready (IIS: startupTimeLimit). Default 90s.
	StartTimeout time.Duration
	// ShutdownTimeout (worker_shutdown_timeout) is how long the requests of a
	// worker that is replaced may take, and then its end (IIS:
	// shutdownTimeLimit). Default 90s.
	ShutdownTimeout time.Duration
	// PingInterval (ping_interval) is the time between two questions whether
	// the worker is alive and well. Default 30s; None never asks.
	PingInterval time.Duration
	// PingTimeout (ping_timeout) is how long it may take to answer before it
	// is ended and another started (IIS: pingResponseTime). Default 90s.
	PingTimeout time.Duration

	// RecycleRequests (recycle_requests) is after how many requests a worker
	// is replaced. Default 0: never. 1 gives each request a process of its own.
	RecycleRequests int64
	// RecycleTime (recycle_time) is after what time a worker is replaced.
	// Default 29h, as in IIS; None never.
	RecycleTime time.Duration
	// RecycleMemory (recycle_memory) is the bytes of memory past which a
	// worker is replaced. Default 0: never.
	RecycleMemory int64
	// RecycleSchedule (recycle_schedule) are times of day, "03:30", at which
	// it is replaced. Default: none.
	RecycleSchedule []string
	// IdleTimeout (worker_idle_timeout) is after what time without a request
	// the worker is ended, until the next one. Default 0: never, because
	// Session_OnEnd waits for a worker.
	IdleTimeout time.Duration

	// RapidFailCrashes (rapid_fail_crashes) is how many workers may crash
	// within RapidFailInterval before the application is stopped. Default 5;
	// None never stops it.
	RapidFailCrashes int
	// RapidFailInterval (rapid_fail_interval) is the time within which crashes
	// count. Default 5m.
	RapidFailInterval time.Duration
	// RapidFailPause (rapid_fail_pause) is how long a stopped application
	// stays so, unless an operator starts it. Default 5m.
	RapidFailPause time.Duration

	// SuspectDeaths (suspect_deaths) is how many workers a page may take with
	// it while it runs alone before it is refused. Default 2.
	SuspectDeaths int
	// SuspectPause (suspect_pause) is how long it is refused then. Default
	// 10m.
	SuspectPause time.Duration

	// CrashPage (crash_page) is a file of the site that a client gets, with
	// status 502, when the worker died with its request. Default: a page with
	// script_error_message.
	CrashPage string
}

// Available says whether this system has worker processes.
func Available() bool { return available }

// WithDefaults returns a copy of c in which every field says what is in force,
// and checks it; Engine is left alone. Errors are of type
// *[engine.ConfigError]. What this system doesn't have, [New] refuses.
func (c Config) WithDefaults() (Config, error) {
	setting.Fill(setting.Worker, &c)
	c.TempDir = cmp.Or(c.TempDir, os.TempDir())
	if c.Args = slices.Clone(c.Args); c.Args == nil {
		c.Args = []string{"worker"}
	}
	return c, c.check()
}

// complete is WithDefaults of c and of its Engine, for this system.
func (c Config) complete() (Config, error) {
	if !available {
		return c, &engine.ConfigError{Setting: "isolation", Problem: `"process" is not available on this system; want "in-process"`}
	}
	logger := c.Engine.Logger
	var err error
	if c.Engine.Root, err = absolute("root", c.Engine.Root); err != nil {
		return c, err
	}
	if c.Executable, err = absolute("worker_executable", c.Executable); err != nil {
		return c, err
	}
	if c.Engine, err = c.Engine.WithDefaults(); err != nil {
		return c, err
	}
	c.Engine.Logger = cmp.Or(logger, slog.Default())
	if err := portable(c.Engine); err != nil {
		return c, err
	}
	if c, err = c.WithDefaults(); err != nil {
		return c, err
	}
	return c, c.checkSystem()
}

// absolute: a worker may have another working directory.
func absolute(setting, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", bad(setting, "%v", err)
	}
	return abs, nil
}

func bad(setting, format string, args ...any) error {
	return &engine.ConfigError{Setting: setting, Problem: fmt.Sprintf(format, args...)}
}

func (c *Config) check() error {
	for _, pair := range c.Environment {
		if name, _, ok := strings.Cut(pair, "="); !ok || name == "" || strings.ContainsRune(pair, 0) {
			return bad("worker_environment", "%q is not NAME=VALUE", name)
		}
	}
	for _, at := range c.RecycleSchedule {
		if _, err := time.Parse("15:04", at); err != nil {
			return bad("recycle_schedule", "%q is not a time of day; want such as \"03:30\"", at)
		}
	}
	if c.Folder != "" {
		if info, err := os.Stat(c.Folder); err != nil || !info.IsDir() {
			return bad("worker_folder", "%q is not a folder that exists", c.Folder)
		}
	}
	if c.CrashPage != "" && !filepath.IsLocal(filepath.FromSlash(strings.TrimPrefix(c.CrashPage, "/"))) {
		return bad("crash_page", "%q is not the path of a file from the root", c.CrashPage)
	}
	if name, problem := setting.Check(setting.Worker, c); name != "" {
		return &engine.ConfigError{Setting: name, Problem: problem}
	}
	return nil
}

// A WorkerConfig says what a program's worker can do.
type WorkerConfig struct {
	// Version is the program's, for operators. Default: that of its main
	// module, as the build recorded it.
	Version string
	// Open is called once, before the application starts. It opens what
	// Config.State of the parent names and puts it into cfg, whose Backend is
	// set already where the parent keeps the state; it may set what can't
	// come from another process: Sessions, Components, OnError. closed, where
	// it isn't nil, is called after the application's end, and after an error
	// too. Default: nothing can be opened.
	Open func(ctx context.Context, state string, cfg *engine.Config) (closed func() error, err error)
}

// errNotAWorker: somebody started a worker by hand.
var errNotAWorker = errors.New("a worker is started by a server; it is no command for people")
