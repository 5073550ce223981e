package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// A gateSite holds each request until it is told to go on.
type gateSite struct {
	entered chan struct{}
	release chan struct{}
	ended   chan string // what had happened when Shutdown came
}

func newGateSite() *gateSite {
	return &gateSite{make(chan struct{}, 1), make(chan struct{}), make(chan string, 1)}
}

func (s *gateSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.entered <- struct{}{}
	select {
	case <-s.release:
		io.WriteString(w, "done "+r.Proto)
	case <-r.Context().Done():
	}
}

func (s *gateSite) Shutdown(ctx context.Context) error {
	select {
	case <-s.release:
		s.ended <- "after the request"
	default:
		s.ended <- "before the request was done"
	}
	return ctx.Err()
}

// start serves site on a free port until the returned function is called,
// which returns what serve returned.
func start(t *testing.T, settings config.Server, s site) (*server, func() error) {
	t.Helper()
	settings.Addr = "127.0.0.1:0"
	srv := newServer(settings, slog.New(slog.DiscardHandler))
	if err := srv.listen(t.Context(), noSockets()); err != nil {
		t.Fatal(err)
	}
	srv.sites = mounts{{"/", s}}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	result := make(chan error, 1)
	go func() { result <- srv.serve(ctx) }()
	return srv, func() error {
		cancel()
		return <-result
	}
}

// noSockets are none that were opened before.
func noSockets() *sockets { return &sockets{map[string]bequest{}, map[string]bequest{}} }

// get returns the body, or the error's text.
func get(url string) <-chan string {
	got := make(chan string, 1)
	go func() {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get(url)
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		got <- string(body)
	}()
	return got
}

// HTTP/2 without TLS is spoken where that is asked for, and HTTP/1 all the same.
func TestH2C(t *testing.T) {
	only := new(http.Protocols)
	only.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: only}
	defer transport.CloseIdleConnections()
	for _, speaks := range []bool{true, false} {
		site := newGateSite()
		close(site.release)
		srv, stop := start(t, config.Server{H2C: speaks, ShutdownTimeout: time.Minute}, site)
		if got := <-get(srv.url()); got != "done HTTP/1.1" {
			t.Errorf("h2c %v: %q", speaks, got)
		}
		<-site.entered
		resp, err := (&http.Client{Transport: transport}).Get(srv.url())
		if (err == nil) != speaks {
			t.Errorf("h2c %v: %v", speaks, err)
		}
		if err == nil {
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if string(body) != "done HTTP/2.0" {
				t.Errorf("h2c: %q %v", body, err)
			}
		}
		transport.CloseIdleConnections()
		if err := stop(); err != nil {
			t.Error(err)
		}
	}
}

// A stopping server takes nobody new, lets the running request end, and only
// then ends the application.
func TestDrain(t *testing.T) {
	site := newGateSite()
	srv, stop := start(t, config.Server{ShutdownTimeout: time.Minute}, site)
	answer := get(srv.url())
	<-site.entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for { // the listener closes at some moment after stop
		conn, err := net.Dial("tcp", srv.listener.Addr().String())
		if err != nil {
			break
		}
		conn.Close()
	}
	select {
	case how := <-site.ended:
		t.Fatalf("the application was ended %s", how)
	default:
	}
	close(site.release)
	if got := <-answer; got != "done HTTP/1.1" {
		t.Errorf("the running request got %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if how := <-site.ended; how != "after the request" {
		t.Errorf("the application was ended %s", how)
	}
}

// A request that doesn't end can't keep the server.
func TestDrainIsBounded(t *testing.T) {
	site := newGateSite()
	srv, stop := start(t, config.Server{ShutdownTimeout: time.Millisecond}, site)
	answer := get(srv.url())
	<-site.entered
	if err := stop(); err != nil {
		t.Error(err)
	}
	if got := <-answer; !strings.Contains(got, "EOF") && !strings.Contains(got, "reset") {
		t.Errorf("the request that was cut off got %q", got)
	}
	<-site.ended
}

// A listener that breaks ends the server with an error, applications too.
func TestListenerFails(t *testing.T) {
	site := newGateSite()
	srv, stop := start(t, config.Server{ShutdownTimeout: time.Second}, site)
	srv.listener.Close()
	<-site.ended
	if err := stop(); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("serve returned %v", err)
	}
}

func TestTLS(t *testing.T) {
	cert, key, pool := selfSigned(t)
	site := newGateSite()
	close(site.release)
	srv, stop := start(t, config.Server{TLSCert: cert, TLSKey: key, ShutdownTimeout: time.Minute}, site)
	if !strings.HasPrefix(srv.url(), "https://127.0.0.1:") {
		t.Errorf("url = %s", srv.url())
	}
	for proto, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		transport := &http.Transport{ForceAttemptHTTP2: http2, TLSClientConfig: &tls.Config{RootCAs: pool}}
		resp, err := (&http.Client{Transport: transport}).Get(srv.url())
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		transport.CloseIdleConnections()
		<-site.entered
		if got := string(body); got != "done "+proto {
			t.Errorf("got %q, want %s", got, proto)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// selfSigned writes a certificate for 127.0.0.1 and its key.
func selfSigned(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for name, block := range map[string][]byte{
		certFile: certPEM,
		keyFile:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
	} {
		if err := os.WriteFile(name, block, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return certFile, keyFile, pool
}
