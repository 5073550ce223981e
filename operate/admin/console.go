package admin

import (
	"crypto/rand"
	"net/http"

	"github.com/najahost/naja/internal/answer"
)

// A Console is the handler of an administration listener. Any goroutine may
// use it.
type Console struct {
	cfg     Config
	access  access
	tokens  signer
	routes  map[string]route // by path
	metrics http.Handler
	pages   pages // the page for people, and its stream of changes
	linger  answer.Linger
}

// New makes a console. The error is a [*ConfigError], or says why the file of
// accounts can't be used.
func New(cfg Config) (*Console, error) {
	accounts, err := cfg.accounts()
	if err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	c := &Console{cfg: cfg, tokens: signer{newKey()}}
	c.access = access{
		account: cfg.Account, users: accounts, tls: cfg.TLS, identify: cfg.Identify, now: cfg.now,
		failures: newLimiter(), known: newRemembered(newKey()), checking: make(chan struct{}, checkingMax),
		complain: func(err error) {
			cfg.Logger.Error("the file of accounts can't be used; the former one is in force", "error", err.Error())
		},
	}
	c.metrics = c.metricsHandler()
	c.pages.init(c)
	c.routes = c.newRoutes()
	return c, nil
}

// newKey makes a key that nobody else knows.
func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

// ServeHTTP answers a request, whoever sent it.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	to, known := c.find(r.URL.Path)
	if known && to.open {
		to.serve(c, w, r, "")
		return
	}
	account, no := c.access.who(r)
	if no != nil {
		c.refuse(w, r, no)
		return
	}
	switch {
	case !known:
		c.refuse(w, r, &denial{status: http.StatusNotFound, message: "there is nothing at " + clip(r.URL.Path), account: account})
	default:
		to.serve(c, w, r, account)
	}
}

// Close ends the streams of changes, so that the server around the console can
// shut down, and waits for the console's goroutines. Afterwards everything
// else still answers.
func (c *Console) Close() {
	c.pages.close()
}

// setHeaders are for every answer: nothing here is for other sites, for
// frames or for caches.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

var _ http.Handler = (*Console)(nil)
