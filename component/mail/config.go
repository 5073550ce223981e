package mail

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/najahost/naja/component"
)

// A Config says where pages may send mail. The zero value sends none.
type Config struct {
	// Relay takes the mail of pages that name no server: "smtp://HOST:PORT", by TLS
	// where the server offers it (STARTTLS); "smtps://HOST:PORT", by TLS from the
	// start; with "USER@" or "USER:PASSWORD@" in front of HOST naja signs in, by
	// TLS alone but to this machine. The ports are 25 and 465 unless given.
	Relay string
	// Password of the relay's user, where it isn't in Relay.
	Password string
	// Allow are the servers, as HOST:PORT, that pages may name besides. They are
	// compared as they are written, without regard to case.
	Allow []string

	// Files opens what a page attaches, by the name that the page gave; nil
	// refuses attachments.
	Files interface {
		Open(name string) (fs.File, error)
	}

	MaxRecipients int           // of one message; 100 unless set
	MaxBytes      int64         // of one message's texts and attachments; 10 MiB unless set
	PerMinute     int           // messages of all pages; 60 unless set
	Timeout       time.Duration // for one message, from the connection on; 30 s unless set

	// TLS is how servers are checked; nil for the system's certificates and the
	// server's name.
	TLS *tls.Config
}

// A Mail sends the mail of one application. Its components may be made by any
// goroutine.
type Mail struct {
	cfg   Config
	relay *server // nil: none

	mu     sync.Mutex
	minute time.Time // when the count began
	sent   int       // since then
}

// A server takes mail.
type server struct {
	address        string // host:port
	host           string
	tls            bool // from the start
	starttls       bool // or not at all
	user, password string
}

// Open makes the components. The error names what of the Config is wrong, never
// the password.
func Open(cfg Config) (*Mail, error) {
	cfg.MaxRecipients = cmp.Or(cfg.MaxRecipients, 100)
	cfg.MaxBytes = cmp.Or(cfg.MaxBytes, 10<<20)
	cfg.PerMinute = cmp.Or(cfg.PerMinute, 60)
	cfg.Timeout = cmp.Or(cfg.Timeout, 30*time.Second)
	if cfg.MaxRecipients < 0 || cfg.MaxBytes < 0 || cfg.PerMinute < 0 || cfg.Timeout < 0 {
		return nil, errors.New("mail: a limit is below zero")
	}
	for _, a := range cfg.Allow {
		if host, port, err := net.SplitHostPort(a); err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("mail: %q is no HOST:PORT", a)
		}
	}
	m := &Mail{cfg: cfg}
	if cfg.Relay != "" {
		var err error
		if m.relay, err = relayOf(cfg.Relay, cfg.Password); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// relayOf reads a relay's URL. Errors of net/url have the whole of it, and with it
// the password: they aren't told.
func relayOf(text, password string) (*server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New(`mail: the relay isn't written as "smtp://USER@HOST:PORT"`)
	}
	port := map[string]string{"smtp": "25", "smtps": "465"}[u.Scheme]
	if port == "" {
		return nil, fmt.Errorf("mail: the relay's scheme is smtp or smtps, not %q", u.Scheme)
	}
	s := &server{host: u.Hostname(), tls: u.Scheme == "smtps", user: u.User.Username(), password: password}
	s.address = net.JoinHostPort(s.host, cmp.Or(u.Port(), port))
	if within, ok := u.User.Password(); ok {
		s.password = within
	}
	return s, nil
}

// Components are CDO's by their ProgIDs.
func (m *Mail) Components() map[string]component.Component {
	return map[string]component.Component{
		"CDO.Message":       {Make: func(env component.Env) (component.Object, error) { return newMessage(m, env), nil }},
		"CDO.Configuration": {Make: func(component.Env) (component.Object, error) { return newConfiguration(), nil }},
		"CDONTS.NewMail":    {Make: func(env component.Env) (component.Object, error) { return newNewMail(m, env), nil }},
	}
}

// allowed says whether pages may name a server.
func (m *Mail) allowed(address string) bool {
	return slices.ContainsFunc(m.cfg.Allow, func(a string) bool { return strings.EqualFold(a, address) })
}

// count takes one message from those of this minute; false where there is none left.
func (m *Mail) count() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); now.Sub(m.minute) >= time.Minute {
		m.minute, m.sent = now, 0
	}
	if m.sent >= m.cfg.PerMinute {
		return false
	}
	m.sent++
	return true
}
