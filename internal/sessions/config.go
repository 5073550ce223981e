package sessions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/najahost/naja/store"
)

// A Config says how a [Manager] keeps sessions. Only Store has to be set; the
// zero value of every other field is its default.
type Config struct {
	// Store keeps the sessions. Required; whoever opened it closes it after
	// the Manager.
	Store store.Sessions

	// Timeout (session_timeout) is how long a session lives without a request,
	// unless a page set Session.Timeout. Default 20m.
	Timeout time.Duration
	// Max (session_max) is the most live sessions. Default 1000000; negative:
	// no bound.
	Max int
	// MaxSize is the most bytes of one session's contents. Default 1 MiB.
	MaxSize int
	// LCID and CodePage are those of a session that set none. Default 1033
	// and 65001.
	LCID, CodePage int

	// CookieName (session_cookie) is the cookie's name; over TLS it is
	// preceded by "__Secure-". Default NAJASESSIONID.
	CookieName string
	// CookieHost (session.cookie_host) has "__Host-" in the place of "__Secure-".
	// It wants the path "/" and no domain. Default false.
	CookieHost bool
	// CookiePath is the application's path. Default "/".
	CookiePath string
	// Cookie has the cookie's other attributes: SameSite, Domain, Partitioned,
	// MaxAge and Secure; what else is in it isn't heeded. With Secure the
	// cookie is that of TLS whether or not a request came over it. A MaxAge
	// counts from when the cookie is sent: when the session begins and when its
	// token changes. Default: SameSite=Lax, and until the browser ends.
	Cookie http.Cookie
	// Secure reports whether a request came over TLS. Default: its TLS field
	// is set. A server behind a proxy that speaks TLS for it wants its own.
	Secure func(*http.Request) bool

	// Lease is how long others wait for the session of a request, or for the
	// OnEnd of a session, whose process died. It is renewed while the request
	// or OnEnd runs. Default 15s.
	Lease time.Duration
	// LeaseMax is how long a lease is renewed: a little longer than the
	// longest script may run. Default 10m5s.
	LeaseMax time.Duration
	// RenewGrace is for how long the token that a session had before
	// [session.Handle.Renew] leads to it yet, for requests that were under way;
	// requests in line have no such bound. Default 10s; negative: none.
	RenewGrace time.Duration
	// StoreTimeout bounds each operation of the store. Default 5s; negative:
	// none, for a store that can't hang.
	StoreTimeout time.Duration

	// OnEnd runs Session_OnEnd. It returns soon after ctx ended. See [Ended]
	// for what is promised. Default: sessions end without it.
	OnEnd func(ctx context.Context, e *Ended) error
	// Read makes the contents of a session that has ended a record of package
	// value, and its Serial the number that its pages knew it by, where another
	// library wrote them. Default: they are records.
	Read func(c *store.Claimed) error
	// OnEndWorkers is how many OnEnd run at once. Default 2.
	OnEndWorkers int
	// OnEndTimeout bounds one OnEnd. Default 30s.
	OnEndTimeout time.Duration
	// OnEndAttempts is after how many failed OnEnd a session is removed all
	// the same. Default 3.
	OnEndAttempts int
	// SweepInterval is how often the store is asked for sessions that
	// expired, give or take a half. Default 1s.
	SweepInterval time.Duration

	// Owner names this process to operators who look into a shared store.
	// Default: a random name.
	Owner string
	// Logger gets failures of the store and of OnEnd. Default: slog.Default().
	Logger *slog.Logger
}

// withDefaults fills the zero fields and checks the rest.
func (c Config) withDefaults() (Config, error) {
	if c.Store == nil {
		return c, errors.New("session: Config.Store is required")
	}
	fill(&c.Timeout, 20*time.Minute)
	fill(&c.Max, 1_000_000)
	fill(&c.MaxSize, 1<<20)
	fill(&c.LCID, 1033)
	fill(&c.CodePage, 65001)
	fill(&c.CookieName, "NAJASESSIONID")
	fill(&c.CookiePath, "/")
	fill(&c.Lease, 15*time.Second)
	fill(&c.LeaseMax, 10*time.Minute+5*time.Second)
	fill(&c.RenewGrace, 10*time.Second)
	c.RenewGrace = max(c.RenewGrace, 0)
	fill(&c.StoreTimeout, 5*time.Second)
	fill(&c.OnEndWorkers, 2)
	fill(&c.OnEndTimeout, 30*time.Second)
	fill(&c.OnEndAttempts, 3)
	fill(&c.SweepInterval, time.Second)
	fill(&c.Owner, newToken()[:8])
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	for _, d := range []struct {
		name  string
		value time.Duration
	}{
		{"Timeout", c.Timeout}, {"Lease", c.Lease}, {"LeaseMax", c.LeaseMax},
		{"OnEndTimeout", c.OnEndTimeout}, {"SweepInterval", c.SweepInterval},
	} {
		if d.value < time.Millisecond {
			return c, fmt.Errorf("session: Config.%s is %v, want 1ms at least", d.name, d.value)
		}
	}
	if c.OnEndWorkers < 0 || c.OnEndAttempts < 0 || c.MaxSize < 0 {
		return c, errors.New("session: Config.OnEndWorkers, OnEndAttempts and MaxSize can't be negative")
	}
	return c, nil
}

// fill sets *field to def if it is zero.
func fill[T comparable](field *T, def T) {
	var zero T
	if *field == zero {
		*field = def
	}
}
