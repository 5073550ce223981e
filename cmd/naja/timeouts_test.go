package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// A pipeListener hands out connections that live in memory, so that time on
// both ends is a test's own.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error   { close(l.closed); return nil }
func (l pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// A siteFunc is a site with nothing to end.
type siteFunc func(w http.ResponseWriter, r *http.Request)

func (f siteFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) { f(w, r) }
func (siteFunc) Shutdown(context.Context) error                     { return nil }

// inBubble sends text to a server of site and returns all of its answer.
func inBubble(t *testing.T, settings config.Server, site siteFunc, text string) string {
	t.Helper()
	srv := newServer(settings, slog.New(slog.DiscardHandler))
	listener := pipeListener{make(chan net.Conn), make(chan struct{})}
	srv.listener = listener
	srv.sites = mounts{{"/", site}}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- srv.serve(ctx) }()
	client, conn := net.Pipe()
	listener.conns <- conn
	if _, err := io.WriteString(client, text); err != nil {
		t.Error(err)
	}
	answer, err := io.ReadAll(client)
	if err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
	return string(answer)
}

// A page may run longer than its request may take to be sent: net/http lifts
// the deadline once the request has been read.
func TestReadTimeoutEndsWithTheRequest(t *testing.T) {
	for name, request := range map[string]string{
		"no body": "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		"body":    "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
		"chunked": "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site := func(w http.ResponseWriter, r *http.Request) {
					body, err := io.ReadAll(r.Body)
					if err != nil || name != "no body" && string(body) != "abc" {
						t.Errorf("body %q, %v", body, err)
					}
					select {
					case <-r.Context().Done():
						t.Error("the client is taken for gone")
					case <-time.After(time.Hour):
					}
					io.WriteString(w, "slow and steady")
				}
				settings := config.Server{ReadHeaderTimeout: time.Second, ReadTimeout: time.Minute, IdleTimeout: time.Minute}
				if got := inBubble(t, settings, site, request); !strings.HasSuffix(got, "\r\n\r\nslow and steady") {
					t.Errorf("got %q", got)
				}
			})
		})
	}
}

// A client that doesn't send what it promised is waited for no longer than
// read_timeout.
func TestReadTimeoutOfABody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		site := func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("reading the body: %v", err)
			}
			if took := time.Since(began); took != time.Minute {
				t.Errorf("read for %s", took)
			}
		}
		settings := config.Server{ReadHeaderTimeout: time.Second, ReadTimeout: time.Minute, IdleTimeout: time.Minute}
		inBubble(t, settings, site, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\na")
	})
}

// Header and idle time are bounded too.
func TestHeaderAndIdleTimeout(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want time.Duration
	}{
		"header": {"GET / HTTP/1.1\r\nHost: ", time.Second},
		"idle":   {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				settings := config.Server{ReadHeaderTimeout: time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
				inBubble(t, settings, func(http.ResponseWriter, *http.Request) {}, test.text)
				if took := time.Since(began); took != test.want {
					t.Errorf("the connection lived for %s, want %s", took, test.want)
				}
			})
		})
	}
}
