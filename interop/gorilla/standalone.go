package gorillastore

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// A StandaloneConfig says what a [Standalone] is like. Sessions or CookieOnly,
// and Keys have to be set; the zero value of every other field is its default.
type StandaloneConfig struct {
	// Sessions and Max are as in [StoreConfig].
	Sessions store.Sessions
	Max      int
	// CookieOnly keeps sessions in a sessions.CookieStore in the place of
	// Sessions, with its limits.
	CookieOnly bool
	// Keys are as in [StoreConfig].
	Keys [][]byte
	// Cookie has the name and the other attributes. Default: a name of
	// "session", the path "/", SameSite=Lax; it is always HttpOnly.
	Cookie http.Cookie
	// Persist keeps the cookie when the browser ends. Default: it goes, unless
	// it is all there is of the session.
	Persist bool
	// Config says the rest, among it Timeout; its Store and Name are made here.
	Config Config
}

// A Standalone is a [Provider] with a store of its own, for pages without Go
// handlers beside them. Another program that opens the same backend by a
// [Store], with the same keys, has the same sessions.
type Standalone struct {
	*Provider
	store *Store // nil with CookieOnly
}

// NewStandalone makes a Standalone. Whoever made it closes it after the
// engine. The error says what is wrong with cfg.
func NewStandalone(cfg StandaloneConfig) (*Standalone, error) {
	if err := CheckKeys(cfg.Keys...); err != nil {
		return nil, fmt.Errorf("gorillastore: StandaloneConfig.Keys: %w", err)
	}
	bridge.Fill(&cfg.Cookie.Name, "session")
	bridge.Fill(&cfg.Cookie.Path, "/")
	bridge.Fill(&cfg.Cookie.SameSite, http.SameSiteLaxMode)
	bridge.Fill(&cfg.Config.Timeout, 20*time.Minute)
	options := &sessions.Options{
		Path: cfg.Cookie.Path, Domain: cfg.Cookie.Domain, Secure: cfg.Cookie.Secure, HttpOnly: true, SameSite: cfg.Cookie.SameSite,
		Partitioned: cfg.Cookie.Partitioned,
	}
	if cfg.Persist || cfg.CookieOnly {
		options.MaxAge = int((cfg.Config.Timeout + time.Second - 1) / time.Second)
	}
	s := &Standalone{}
	if cfg.CookieOnly {
		cfg.Config.Store = &sessions.CookieStore{Codecs: Codecs(options.MaxAge, cfg.Keys...), Options: options}
	} else {
		st, err := NewStore(StoreConfig{
			Sessions: cfg.Sessions, Max: cfg.Max, Keys: cfg.Keys, Options: options, Timeout: cfg.Config.Timeout, Logger: cfg.Config.Logger,
		})
		if err != nil {
			return nil, err
		}
		s.store, cfg.Config.Store = st, st
	}
	cfg.Config.Name = cfg.Cookie.Name
	var err error
	if s.Provider, err = New(cfg.Config); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close ends the goroutines of the store and waits for them.
func (s *Standalone) Close() error {
	if s.store == nil {
		return nil
	}
	return s.store.Close()
}
