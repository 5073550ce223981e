package config

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// A Session is what [session] says: who keeps the sessions of an application,
// and with what cookies. Each comment names the key and its default.
type Session struct {
	// Provider (session.provider) is "naja", "scs" or "gorilla". The others
	// are for sessions that another program has in common with the pages.
	// Default "naja".
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
	// Persist (session.cookie_persist) keeps the cookie of scs or gorilla when
	// the browser ends. Default false.
	Persist bool
	// MaxAge (session.cookie_max_age) keeps naja's own for so long. Default 0:
	// until the browser ends.
	MaxAge time.Duration
	// Secure (session.cookie_secure) keeps the cookie to TLS. Default: whether
	// tls_cert is set; naja's own is kept to it where a request came over TLS.
	Secure bool
	// SameSite (session.cookie_same_site) is "lax", "strict" or "none".
	// Default "lax".
	SameSite string
	// Domain (session.cookie_domain) is for whose hosts the cookie is. Default
	// "": the one that set it.
	Domain string
	// Host (session.cookie_host) has "__Host-" before the name of naja's cookie
	// over TLS. Default false.
	Host bool
	// Partitioned (session.cookie_partitioned) has one cookie for each site
	// that shows this one in a frame. Default false.
	Partitioned bool
}

// Site is SameSite as net/http has it.
func (s *Session) Site() http.SameSite {
	switch s.SameSite {
	case "strict":
		return http.SameSiteStrictMode
	case "none":
		return http.SameSiteNoneMode
	}
	return http.SameSiteLaxMode
}

// The environment's variables for keys that the file doesn't have.
const (
	hashKeyVariable  = "NAJA_SESSION_HASH_KEY"
	blockKeyVariable = "NAJA_SESSION_BLOCK_KEY"
)

// checkDomain refuses a domain that anybody may have a name in: browsers take no
// cookies for all of it. What else is wrong with one the engine says.
func checkDomain(domain string) error {
	name := strings.ToLower(strings.TrimPrefix(domain, "."))
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return nil // no name at all, which the engine says
	}
	if suffix, _ := publicsuffix.PublicSuffix(name); suffix == name && strings.Contains(name, ".") {
		return fmt.Errorf("%q is a public suffix, whose names have many owners: browsers refuse cookies for it", domain)
	}
	return nil
}

// finishSession fills in what an application's [session] leaves open, and
// refuses what doesn't go together.
func (c *Config) finishSession(application int) error {
	app := &c.Applications[application]
	s := &app.Session
	if c.origin(application, "session.cookie_secure") == (Origin{}) {
		s.Secure = c.Server.TLSCert != ""
	}
	if err := c.checkCookie(application); err != nil {
		return err
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

// checkCookie has the engine look at the cookie, whoever sends it, and gives it
// to the engine where that is who does.
func (c *Config) checkCookie(application int) error {
	app := &c.Applications[application]
	with, s := app.Config, &app.Session
	with.SessionCookieSecure, with.SessionCookieSameSite, with.SessionCookieDomain = s.Secure, s.Site(), s.Domain
	with.SessionCookiePartitioned, with.SessionCookieMaxAge, with.SessionCookieHost = s.Partitioned, s.MaxAge, s.Host
	full, err := with.WithDefaults()
	if err != nil {
		return c.Locate(application, err)
	}
	if s.Provider == "naja" {
		app.Config = full
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
