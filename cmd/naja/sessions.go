package main

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// A sessionKeeper keeps an application's sessions in the place of the engine.
type sessionKeeper interface {
	session.Provider
	io.Closer
}

// sessionsOf makes the keeper that [session] asks for; nil for the engine.
// Sessions are where the application's state is.
func sessionsOf(app *config.Application) (_ sessionKeeper, err error) {
	var in store.Sessions
	volatile := app.Backend == nil || app.StateEnds
	if app.Backend == nil {
		in = memory.NewSessions()
	} else {
		in = app.Backend.Sessions()
	}
	switch app.Session.Provider {
	case "scs":
		return orProblem(scsstore.NewStandalone(scsstore.StandaloneConfig{
			Sessions: in, Max: app.SessionMax, Cookie: cookieOf(app), Persist: app.Session.Persist,
			Lifetime: app.Session.Lifetime, IdleTimeout: app.SessionTimeout,
			Config: scsstore.Config{
				SessionQueueMax: app.SessionQueueMax, RequestQueueMax: app.RequestQueueMax, LCID: app.LCID, CodePage: app.CodePage,
				LongestRequest: longest(app), RenewGrace: app.SessionRenewGrace, Volatile: volatile, Dev: app.Dev, Logger: app.Logger,
			},
		}))
	case "gorilla":
		keys, err := keysOf(app.Session)
		if err != nil {
			return nil, &engine.ConfigError{Setting: "session.hash_key", Problem: err.Error()}
		}
		return orProblem(gorillastore.NewStandalone(gorillastore.StandaloneConfig{
			Sessions: in, Max: app.SessionMax, CookieOnly: app.Session.Store == "cookie", Keys: keys,
			Cookie: cookieOf(app), Persist: app.Session.Persist,
			Config: gorillastore.Config{
				SessionQueueMax: app.SessionQueueMax, RequestQueueMax: app.RequestQueueMax, LCID: app.LCID, CodePage: app.CodePage,
				Timeout: app.SessionTimeout, LongestRequest: longest(app), RenewGrace: app.SessionRenewGrace, Volatile: volatile, Dev: app.Dev, Logger: app.Logger,
			},
		}))
	}
	return nil, nil
}

// orProblem blames the setting for what isn't anybody else's fault.
func orProblem[K sessionKeeper](k K, err error) (sessionKeeper, error) {
	if err != nil {
		return nil, &engine.ConfigError{Setting: "session.provider", Problem: err.Error()}
	}
	return k, nil
}

// longest is how long a request may run that knows a session.
func longest(app *config.Application) time.Duration {
	return app.ScriptTimeoutMax + 5*time.Second
}

func cookieOf(app *config.Application) http.Cookie {
	return http.Cookie{
		Name: app.SessionCookie, Path: app.Path, Domain: app.Session.Domain,
		Secure: app.Session.Secure, SameSite: app.Session.Site(), Partitioned: app.Session.Partitioned,
	}
}

// keysOf gives gorilla's keys in pairs, the newer first.
func keysOf(s config.Session) (keys [][]byte, err error) {
	pairs := []config.Secret{s.HashKey, s.BlockKey}
	if s.OldHashKey != "" {
		pairs = append(pairs, s.OldHashKey, s.OldBlockKey)
	}
	for _, secret := range pairs {
		key, err := secret.Bytes()
		if err != nil {
			return nil, fmt.Errorf("reading a key: %w", err)
		}
		if len(key) == 0 {
			key = nil
		}
		keys = append(keys, key)
	}
	return keys, nil
}
