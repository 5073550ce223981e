package config

import (
	"fmt"
	"net/http"
	"time"
)

// A Session is what [session] says: who keeps the sessions of an application,
// and with what cookies. Each comment names the key and its default.
type Session struct {
	// Provider (session.provider) is "naja", "scs" or "gorilla". The others
	// are for sessions that another program has in common with the pages.
	// Default "naja", which heeds none of the other keys.
	Provider string
	// Store (session.store) is "server" or, of gorilla alone, "cookie": all of
	// a session travels with its visitor. Default "server": where state says.
	Store string
	// HashKey and BlockKey (session.hash_key, session.block_key) sign and
	// encrypt gorilla's cookies; OldHashKey and OldBlockKey
	// (session.old_hash_key, session.old_block_key) are former ones whose
	// cookies are still read. Default: HashKey and BlockKey come from the
	// environment.
	HashKey, BlockKey, OldHashKey, OldBlockKey Secret
	// Lifetime (session.lifetime) ends a session of scs whoever comes.
	// Default 24h.
	Lifetime time.Duration
	// Persist (session.cookie_persist) keeps the cookie when the browser ends.
	// Default false.
	Persist bool
	// Secure (session.cookie_secure) keeps the cookie to TLS. Default: whether
	// tls_cert is set.
	Secure bool
	// SameSite (session.cookie_same_site) is "lax", "strict" or "none".
	// Default "lax".
	SameSite string
	// Domain (session.cookie_domain) is for whose hosts the cookie is. Default
	// "": the one that set it.
	Domain string
}

func defaultSession() Session {
	return Session{Provider: "naja", Store: "server", Lifetime: 24 * time.Hour, SameSite: "lax"}
}

// The environment's variables for keys that the file doesn't have.
const (
	hashKeyVariable  = "NAJA_SESSION_HASH_KEY"
	blockKeyVariable = "NAJA_SESSION_BLOCK_KEY"
)

func sessionKeys() []key {
	str := func(f func(*Session) *string) func(target) *string {
		return func(t target) *string { return f(&t.app.Session) }
	}
	insecure := truth("session.cookie_secure", false, func(t target) *bool { return &t.app.Session.Secure })
	return []key{
		text("session.provider", forBoth, `"naja", "scs" or "gorilla"`, oneOf("naja", "scs", "gorilla"), str(func(s *Session) *string { return &s.Provider })),
		text("session.store", forBoth, `"server" or "cookie"`, oneOf("server", "cookie"), str(func(s *Session) *string { return &s.Store })),
		secret("session.hash_key", checkHashKey, func(s *Session) *Secret { return &s.HashKey }),
		secret("session.block_key", checkBlockKey, func(s *Session) *Secret { return &s.BlockKey }),
		secret("session.old_hash_key", checkHashKey, func(s *Session) *Secret { return &s.OldHashKey }),
		secret("session.old_block_key", checkBlockKey, func(s *Session) *Secret { return &s.OldBlockKey }),
		duration("session.lifetime", forBoth, zeroRefused, "24h", func(t target) *time.Duration { return &t.app.Session.Lifetime }),
		truth("session.cookie_persist", false, func(t target) *bool { return &t.app.Session.Persist }),
		insecure,
		text("session.cookie_same_site", forBoth, `"lax", "strict" or "none"`, oneOf("lax", "strict", "none"), str(func(s *Session) *string { return &s.SameSite })),
		text("session.cookie_domain", forBoth, "a domain", checkDomain, str(func(s *Session) *string { return &s.Domain })),
	}
}

func checkDomain(domain string) error {
	if domain != "" && (&http.Cookie{Name: "a", Domain: domain}).Valid() != nil {
		return fmt.Errorf("%q is none", domain)
	}
	return nil
}

// finishSession fills in what an application's [session] leaves open, and
// refuses what doesn't go together.
func (c *Config) finishSession(application int) error {
	s := &c.Applications[application].Session
	given := func(name string) bool {
		origin := c.origin(application, name)
		return origin != (Origin{})
	}
	if !given("session.cookie_secure") {
		s.Secure = c.Server.TLSCert != ""
	}
	if s.SameSite == "none" && !s.Secure && s.Provider != "naja" {
		return c.Bad(application, "session.cookie_same_site", `browsers refuse "none" without session.cookie_secure = true`)
	}
	if s.Provider != "gorilla" {
		if s.Store == "cookie" {
			return c.Bad(application, "session.store", `"cookie" is for session.provider = "gorilla" alone`)
		}
		return nil
	}
	if err := fromEnvironment(&s.HashKey, hashKeyVariable, checkHashKey); err != nil {
		return err
	}
	if err := fromEnvironment(&s.BlockKey, blockKeyVariable, checkBlockKey); err != nil {
		return err
	}
	if s.OldHashKey == "" && s.OldBlockKey != "" {
		return c.Bad(application, "session.old_block_key", "needs session.old_hash_key beside it")
	}
	return nil
}

// RequireKeys refuses an application that can't be served for want of a key,
// which who only looks at the settings or at what is stored needn't have.
func (c *Config) RequireKeys() error {
	for i, app := range c.Applications {
		if app.Session.Provider == "gorilla" && app.Session.HashKey == "" {
			return &Error{c.origin(i, "session.provider"), "session.hash_key",
				"is missing, and so is " + hashKeyVariable + " in the environment; want 32 bytes or more " + random}
		}
	}
	return nil
}
