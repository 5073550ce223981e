package gorillastore

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
)

// A Config says how a [Provider] uses a program's store. Store and Name have
// to be set; the zero value of every other field is its default.
type Config struct {
	// Store is the program's own. Required.
	Store sessions.Store
	// Name is the session's name, which is the cookie's. Required.
	Name string

	// Codecs read and write the store's cookies: with them a session's ID is
	// known without a load, and a value that is too large is refused at its
	// assignment; one that a store nobody knows takes all the same (which is
	// tried, with a session that comes and goes) isn't. Default: those of a *sessions.FilesystemStore or
	// *sessions.CookieStore, or a [Store]; for another store its sessions are loaded twice
	// and nothing is known of its bounds.
	Codecs []securecookie.Codec
	// CookieOnly says that the store keeps everything in the cookie. Default:
	// true for a *sessions.CookieStore.
	CookieOnly bool

	// SessionQueueMax is how many requests of one session may wait for their
	// turn, RequestQueueMax how many in all. Default 50 and 3000; negative
	// lets none wait.
	SessionQueueMax, RequestQueueMax int
	// MaxSize is the most bytes of what a page adds to one session. Default
	// 1 MiB. A FilesystemStore has a bound of its own, 4096 by default, and so
	// has a cookie.
	MaxSize int
	// Timeout is how long a session lives by a store whose cookies have no
	// age, as pages see it. Default 20m.
	Timeout time.Duration
	// LCID and CodePage are those of a session that set none: to be the same
	// as the engine's. Default 1033 and 65001.
	LCID, CodePage int

	// LongestRequest is how long a request may run that loaded a session
	// before it was ended: for so long [Provider.Store] doesn't store its ID
	// again. Default 10m.
	LongestRequest time.Duration
	// RenewGrace is for how long the ID that a session had before
	// Session.Renew of a page leads to it yet, for requests that were under
	// way; see [session.Handle]. Requests in line have no such bound. A late
	// one is known where Codecs are. Default 10s;
	// negative: none.
	RenewGrace time.Duration
	// Dev makes an error of a request that saves a session by [Provider.Store]
	// without its turn, that is outside of [Provider.Serialize], and of one
	// whose session the store ends or loses when it is to save it. Default: it
	// is logged once.
	Dev bool
	// Volatile says that the sessions of a [Store] end with the engine: at its
	// Shutdown it runs Session_OnEnd for all of them, as it does for its own
	// in memory. Default: they outlive it.
	Volatile bool
	// Logger gets what can't be told to anybody else. Default: slog.Default().
	Logger *slog.Logger
}

// withDefaults fills the zero fields and checks the rest.
func (c Config) withDefaults() (Config, error) {
	if c.Store == nil || c.Name == "" {
		return c, errors.New("gorillastore: Config.Store and Config.Name are required")
	}
	// What is sent under a name that no cookie can have would be dropped
	// silently.
	if sessions.NewCookie(c.Name, "x", &sessions.Options{}).Valid() != nil {
		return c, fmt.Errorf("gorillastore: Config.Name %q is no name of a cookie", c.Name)
	}
	switch s := c.Store.(type) {
	case *sessions.CookieStore:
		c.CookieOnly = true
		c.Codecs = orCodecs(c.Codecs, s.Codecs)
	case *Store:
		c.Codecs = orCodecs(c.Codecs, s.codecs)
	case *sessions.FilesystemStore:
		c.Codecs = orCodecs(c.Codecs, s.Codecs)
	}
	if err := checkAge(c.Store, c.Name); err != nil {
		return c, err
	}
	bridge.Fill(&c.MaxSize, 1<<20)
	bridge.Fill(&c.Timeout, 20*time.Minute)
	bridge.Fill(&c.LCID, 1033)
	bridge.Fill(&c.CodePage, 65001)
	bridge.Fill(&c.LongestRequest, 10*time.Minute)
	bridge.Fill(&c.RenewGrace, 10*time.Second)
	if c.MaxSize < 0 || c.Timeout < 0 || c.LongestRequest < 0 {
		return c, errors.New("gorillastore: Config.MaxSize, Timeout and LongestRequest can't be negative")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c, nil
}

func orCodecs(a, b []securecookie.Codec) []securecookie.Codec {
	if a != nil {
		return a
	}
	return b
}
