package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// A postbox is an SMTP server that keeps what it gets.
type postbox struct {
	address string
	tls     *tls.Config // that of clients who trust it

	signIn bool   // mail is for those who signed in as lamp, opensesame
	reject string // this recipient's mail isn't taken
	hold   chan struct{}

	mu      sync.Mutex
	letters []delivered
}

type delivered struct {
	user, from string
	to         []string
	secure     bool
	text       []byte
	header     mail.Header
	body       string
}

// secured says how a server speaks TLS.
type secured int

const (
	plain    secured = iota
	starttls         // offered
	implicit         // from the start
)

// newPostbox starts a server until the test ends.
func newPostbox(t *testing.T, how secured, set ...func(*postbox)) *postbox {
	t.Helper()
	box := &postbox{}
	for _, f := range set {
		f(box)
	}
	s := smtp.NewServer(box)
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "postbox.test", true, quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box.address = l.Addr().String()
	if how != plain {
		s.TLSConfig, box.tls = certificate(t)
	}
	if how == implicit {
		l = tls.NewListener(l, s.TLSConfig)
		s.TLSConfig = nil
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-ended })
	return box
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// certificate is a server's for 127.0.0.1 and the configuration of its clients.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, &tls.Config{RootCAs: pool}
}

// NewSession is [smtp.Backend].
func (b *postbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &talk{box: b, letter: delivered{secure: secure}}, nil
}

func (b *postbox) got() []delivered {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters)
}

// one is the only letter.
func (b *postbox) one(t *testing.T) delivered {
	t.Helper()
	all := b.got()
	if len(all) != 1 {
		t.Fatalf("%d letters", len(all))
	}
	return all[0]
}

// A talk is one connection.
type talk struct {
	box    *postbox
	letter delivered
}

func (s *talk) AuthMechanisms() []string { return []string{"PLAIN"} }

func (s *talk) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "lamp" || password != "opensesame" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		s.letter.user = user
		return nil
	}), nil
}

func (s *talk) Mail(from string, _ *smtp.MailOptions) error {
	if s.box.signIn && s.letter.user == "" {
		return smtp.ErrAuthRequired
	}
	s.letter.from = from
	return nil
}

func (s *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == s.box.reject {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody of that name"}
	}
	s.letter.to = append(s.letter.to, to)
	return nil
}

func (s *talk) Data(r io.Reader) (err error) {
	if s.box.hold != nil {
		<-s.box.hold
		return errors.New("too late")
	}
	if s.letter.text, err = io.ReadAll(r); err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(s.letter.text))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	s.letter.header, s.letter.body = m.Header, string(body)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.letters = append(s.box.letters, s.letter)
	return err
}

func (s *talk) Reset()        { s.letter = delivered{user: s.letter.user, secure: s.letter.secure} }
func (s *talk) Logout() error { return nil }
