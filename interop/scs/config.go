package scsstore

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// A Config says how a [Provider] uses a program's session manager. Only
// Manager has to be set; the zero value of every other field is its default.
type Config struct {
	// Manager is the program's own. Required. [New] puts a store of its own in
	// front of Manager.Store, so that it comes after the manager was set up
	// and before the first request.
	Manager *scs.SessionManager

	// SessionQueueMax is how many requests of one session may wait for their
	// turn, RequestQueueMax how many in all. Default 50 and 3000; negative
	// lets none wait. The first Provider of a Manager decides.
	SessionQueueMax, RequestQueueMax int
	// MaxSize is the most bytes of one session, about. Default 1 MiB.
	MaxSize int
	// LCID and CodePage are those of a session that set none: to be the same
	// as the engine's. Default 1033 and 65001.
	LCID, CodePage int

	// StoreTimeout bounds each operation of a store that takes a context.
	// Default 5s; negative: none.
	StoreTimeout time.Duration
	// LongestRequest is how long a request may run that loaded a session
	// before it was ended: for so long its token can't be stored again.
	// Default 10m. The first Provider of a Manager decides.
	LongestRequest time.Duration

	// RenewGrace is for how long the token that a session had before
	// Session.Renew of a page leads to it yet, for requests that were under
	// way; see [session.Handle]. Requests in line have no such bound. Default 10s; negative: none. The
	// first Provider of a Manager decides.
	RenewGrace time.Duration

	// Ends is where the sessions of a store that isn't a [Store] are noted, so
	// that their Session_OnEnd can be run: such stores forget silently. In
	// memory, what this process has seen is noted; a store that outlives the
	// process and that all processes share has each OnEnd run once, whichever
	// process it was. Default: in memory. Whoever opened it closes it after
	// the engine. The first Provider of a Manager decides.
	Ends store.Sessions
	// NoEnds saves that; Session_OnEnd then runs with a [Store] only.
	NoEnds bool
	// Volatile says that the sessions end with the engine: at its Shutdown it
	// runs Session_OnEnd for all of them, as it does for its own in memory.
	// Default: they outlive it.
	Volatile bool

	// Dev makes an error of a request that uses sessions without its turn: by
	// Manager.LoadAndSave without [Provider.Serialize]. Default: it is logged
	// once. The first Provider of a Manager decides.
	Dev bool
	// Logger gets what can't be told to anybody else. Default: slog.Default().
	Logger *slog.Logger
}

// withDefaults fills the zero fields and checks the rest.
func (c Config) withDefaults() (Config, error) {
	switch sm := c.Manager; {
	case sm == nil:
		return c, errors.New("scsstore: Config.Manager is required")
	case sm.Store == nil || sm.Codec == nil:
		return c, errors.New("scsstore: Config.Manager has no Store or no Codec")
	case sm.Cookie.Name == "":
		return c, errors.New("scsstore: Config.Manager has no Cookie.Name")
	case sm.Lifetime <= 0:
		return c, fmt.Errorf("scsstore: Config.Manager has a Lifetime of %v", sm.Lifetime)
	}
	bridge.Fill(&c.MaxSize, 1<<20)
	bridge.Fill(&c.LCID, 1033)
	bridge.Fill(&c.CodePage, 65001)
	bridge.Fill(&c.StoreTimeout, 5*time.Second)
	bridge.Fill(&c.LongestRequest, 10*time.Minute)
	bridge.Fill(&c.RenewGrace, 10*time.Second)
	if c.MaxSize < 0 || c.LongestRequest < 0 {
		return c, errors.New("scsstore: Config.MaxSize and LongestRequest can't be negative")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}
