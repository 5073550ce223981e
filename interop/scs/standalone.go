package scsstore

import (
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/interop/internal/bridge"
	"github.com/najahost/naja/store"
)

// A StandaloneConfig says what a [Standalone] is like. Sessions has to be set;
// the zero value of every other field is its default.
type StandaloneConfig struct {
	// Sessions and Max are as in [StoreConfig].
	Sessions store.Sessions
	Max      int
	// Cookie is scs's. Default: a name of "session", the path "/", HttpOnly,
	// SameSite=Lax.
	Cookie http.Cookie
	// Persist keeps the cookie when the browser ends. Default: it goes.
	Persist bool
	// Lifetime and IdleTimeout are scs's. Default 24h, and none.
	Lifetime, IdleTimeout time.Duration
	// Config says the rest; its Manager is made here.
	Config Config
}

// A Standalone is a [Provider] with a manager and a [Store] of its own, for
// pages without Go handlers beside them. Another program that opens the same
// backend by a Store, with the codec [CBOR], has the same sessions.
type Standalone struct {
	*Provider
	store *Store
}

// NewStandalone makes a Standalone. Whoever made it closes it after the
// engine. The error says what is wrong with cfg.
func NewStandalone(cfg StandaloneConfig) (*Standalone, error) {
	bridge.Fill(&cfg.Cookie.Name, "session")
	bridge.Fill(&cfg.Cookie.Path, "/")
	bridge.Fill(&cfg.Cookie.SameSite, http.SameSiteLaxMode)
	bridge.Fill(&cfg.Lifetime, 24*time.Hour)
	st, err := NewStore(StoreConfig{Sessions: cfg.Sessions, Max: cfg.Max, Logger: cfg.Config.Logger})
	if err != nil {
		return nil, err
	}
	cfg.Config.Manager = &scs.SessionManager{
		Store: st, Codec: CBOR{}, Lifetime: cfg.Lifetime, IdleTimeout: cfg.IdleTimeout,
		Cookie: scs.SessionCookie{
			Name: cfg.Cookie.Name, Domain: cfg.Cookie.Domain, Path: cfg.Cookie.Path, SameSite: cfg.Cookie.SameSite,
			HttpOnly: true, Persist: cfg.Persist, Secure: cfg.Cookie.Secure, Partitioned: cfg.Cookie.Partitioned,
		},
	}
	p, err := New(cfg.Config)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return &Standalone{p, st}, nil
}

// Manager is the manager, for handlers inside [Provider.Serialize].
func (s *Standalone) Manager() *scs.SessionManager { return s.cfg.Manager }

// Close ends the goroutines of the store and waits for them.
func (s *Standalone) Close() error { return s.store.Close() }
