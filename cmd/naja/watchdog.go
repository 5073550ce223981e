package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/systemd"
)

// toSystemd notes that systemd couldn't be told something.
func (s *server) toSystemd(err error) {
	if err != nil {
		s.log.Warn("systemd can't be told how the server is", "error", err.Error())
	}
}

// feedWatchdog tells systemd's watchdog that the server is alive, at half of the
// time that it may take, until ctx ends: as long as the server finds that it is.
func (s *server) feedWatchdog(ctx context.Context) {
	every, err := systemd.WatchdogInterval()
	s.toSystemd(err)
	if every <= 0 {
		return
	}
	every /= 2
	tick := time.NewTicker(every)
	defer tick.Stop()
	p := &pulse{s: s, looked: make(chan struct{}, 1)}
	for {
		if err := p.take(ctx, every); err == nil {
			s.toSystemd(systemd.Alive())
		} else if ctx.Err() == nil {
			s.log.Error("the server doesn't answer itself: the watchdog isn't told that it is alive", "error", err.Error())
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// A pulse is how the server feels whether it is alive.
type pulse struct {
	s      *server
	looked chan struct{} // holds something while somebody looks at the applications
}

// take says why the server is not alive: nobody accepts connections and answers
// requests, or an application doesn't say how it is.
func (p *pulse) take(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("nothing within %v", patience))
	defer cancel()
	if err := p.s.ask(ctx); err != nil {
		return fmt.Errorf("on %s: %w", p.s.listener.Addr(), err)
	}
	return p.look(ctx)
}

// look asks each application for its status, in a goroutine that stays behind where
// one doesn't answer; then there is no second one.
func (p *pulse) look(ctx context.Context) error {
	select {
	case p.looked <- struct{}{}:
	default:
		return errors.New("an application hasn't said how it is since the last time")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { <-p.looked }()
		for _, app := range p.s.sites.hosted() {
			app.Status()
		}
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("an application doesn't say how it is: %w", context.Cause(ctx))
	}
}

// ask sends a request that the server's own HTTP answers, and no application.
func (s *server) ask(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", reachable(s.listener.Addr()))
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if s.proxies.expects(conn.LocalAddr()) {
		if _, err := io.WriteString(conn, "PROXY UNKNOWN\r\n"); err != nil {
			return err
		}
	}
	if s.settings.TLSCert != "" {
		// Whose certificate it is doesn't matter: it is our own connection.
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	}
	if _, err := io.WriteString(conn, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil && ctx.Err() == nil && s.limits.full() {
		return nil // somebody accepts connections, and closes those that are too many
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil && !strings.HasPrefix(line, "HTTP/1.1 ") {
		return fmt.Errorf("it answers %q", line)
	}
	return err
}

// reachable is where this machine reaches a listener.
func reachable(addr net.Addr) string {
	at, err := netip.ParseAddrPort(addr.String())
	switch {
	case err != nil || !at.Addr().IsUnspecified():
		return addr.String()
	case at.Addr().Is4():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port()).String()
	}
	return netip.AddrPortFrom(netip.IPv6Loopback(), at.Port()).String()
}
