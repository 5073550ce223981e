package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"os"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// send composes a letter and delivers it to a server, which has it when send
// returns without an error.
func (m *Mail) send(env component.Env, c *configuration, l *letter) error {
	msg, err := m.compose(l)
	if err != nil {
		return err
	}
	to, timeout, err := m.server(c)
	if err != nil {
		return logged(env, err)
	}
	if !m.count() {
		return logged(env, &component.Error{Number: sendFailed, Description: "Too many messages in a minute.", Err: errors.New("more messages in a minute than per_minute allows")})
	}
	ctx, cancel := context.WithTimeout(env.Context(), timeout)
	defer cancel()
	if err := m.deliver(ctx, to, msg); err != nil {
		if ended := context.Cause(env.Context()); ended != nil {
			return ended
		}
		return logged(env, err)
	}
	return nil
}

// logged writes down what is behind an error: pages see CDO's sentence alone.
func logged(env component.Env, err error) error {
	if e := (*component.Error)(nil); errors.As(err, &e) && e.Err != nil {
		env.Log().Warn("mail was not sent", "page", env.Page(), "number", e.Number, "error", e.Err)
	}
	return err
}

// deliver hands a message over. The connection is closed in any case, and as soon
// as ctx ends, which the library's own client watches while it connects alone. Each
// step has its own number where it fails.
func (m *Mail) deliver(ctx context.Context, to *server, msg *composed) error {
	conn, err := m.dial(ctx, to)
	if err != nil {
		return failure(failedToConnect, err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	defer conn.Close()
	c, err := smtp.NewClient(conn, to.host)
	if err != nil {
		return failure(failedToConnect, err)
	}
	if err := m.greet(c, to); err != nil {
		return err
	}
	if err := c.Mail(msg.from); err != nil {
		return failure(said(err, senderRejected), err)
	}
	for _, r := range msg.recipients {
		if err := c.Rcpt(r); err != nil {
			return failure(said(err, recipientsRejected), err)
		}
	}
	if err := write(c, msg); err != nil {
		return failure(said(err, sendFailed), err)
	}
	_ = c.Quit() // the server has it, whatever it says to this
	return nil
}

// said is the number of an error that a server's answer is; without one the
// connection has ended.
func said(err error, answered variant.HRESULT) variant.HRESULT {
	if e := (*textproto.Error)(nil); errors.As(err, &e) {
		return answered
	}
	return connectionDropped
}

func (m *Mail) dial(ctx context.Context, to *server) (net.Conn, error) {
	if to.tls {
		d := tls.Dialer{Config: m.trust(to)}
		return d.DialContext(ctx, "tcp", to.address)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", to.address)
}

// trust is how a server's certificate is checked.
func (m *Mail) trust(to *server) *tls.Config {
	cfg := m.cfg.TLS.Clone()
	if cfg == nil {
		cfg = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if cfg.ServerName == "" {
		cfg.ServerName = to.host
	}
	return cfg
}

// greet says hello, goes over to TLS where it can, and signs in where it has to.
func (m *Mail) greet(c *smtp.Client, to *server) error {
	c.SkipSMTPUTF8(true) // addresses are ASCII, or the server says no
	if err := c.Hello(hostname()); err != nil {
		return failure(failedToConnect, err)
	}
	if offered, _ := c.Extension("STARTTLS"); offered && !to.tls {
		if err := c.StartTLS(m.trust(to)); err != nil {
			return failure(failedToConnect, err)
		}
	} else if to.starttls && !to.tls {
		return failure(failedToConnect, errors.New("the server offers no TLS"))
	}
	if to.user == "" {
		return nil
	}
	auth, err := to.auth(c)
	if err == nil {
		err = c.Auth(auth)
	}
	if err != nil {
		return failure(logonFailure, err)
	}
	return nil
}

// auth is the best way to sign in that the server knows. Those that send the
// password as it is refuse to without TLS, but to this machine.
func (s *server) auth(c *smtp.Client) (smtp.Auth, error) {
	_, list := c.Extension("AUTH")
	local := isLocal(s.host)
	ways := map[string]smtp.Auth{
		"SCRAM-SHA-256": smtp.ScramSHA256Auth(s.user, s.password),
		"CRAM-MD5":      smtp.CRAMMD5Auth(s.user, s.password),
		"PLAIN":         smtp.PlainAuth("", s.user, s.password, s.host, local),
		"LOGIN":         smtp.LoginAuth(s.user, s.password, s.host, local),
	}
	offered := strings.Fields(strings.ToUpper(list))
	for _, way := range []string{"SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"} {
		for _, o := range offered {
			if o == way {
				return ways[way], nil
			}
		}
	}
	return nil, errors.New("the server offers no way to sign in that is known here: " + quotable(list))
}

func write(c *smtp.Client, msg *composed) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := msg.msg.WriteTo(w); err != nil {
		return err // without the end of the data: the server throws it away
	}
	return w.Close()
}

// hostname is what the client calls itself (RFC 5321 section 4.1.1.1).
func hostname() string {
	if name, err := os.Hostname(); err == nil && name != "" && !strings.ContainsAny(name, " \r\n") {
		return name
	}
	return "[127.0.0.1]"
}
