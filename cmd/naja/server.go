package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/cmd/naja/internal/forwarded"
	"github.com/najahost/naja/cmd/naja/internal/systemd"
)

// A server listens and hands requests to its sites until it is told to stop.
type server struct {
	http     *http.Server
	listener net.Listener
	sites    mounts
	desk     *desk // nil: nobody administers
	settings config.Server
	proxies  *proxies
	limits   *limits
	log      *slog.Logger
	lost     error // what the stop cut short, once serve has returned; nil: nothing

	settingsAgain *reloader
	hangups       <-chan os.Signal // nil: none comes
	renewals      <-chan os.Signal // SIGUSR2, likewise
	sockets       *sockets
	before        *inheritance // nil: this process takes nobody's place

	restarting sync.Mutex         // held by who restarts the server
	next       *succession        // that takes this process's place; guarded by restarting
	settled    chan struct{}      // closed once nothing comes from before any more
	succeeded  chan struct{}      // closed once next serves
	stays      context.Context    // ends when the server stops by itself
	goes       context.CancelFunc // ends it
	parting    parting

	waitsFor atomic.Value // what the stop waits for: a text

	dev bool // it ends at once
}

// newServer makes the HTTP server; the sites come later, once the address is
// known to be ours.
func newServer(settings config.Server, log *slog.Logger) *server {
	s := &server{
		settings:  settings,
		proxies:   newProxies(settings, log),
		log:       log,
		http:      newHTTPServer(settings, log),
		settled:   make(chan struct{}),
		succeeded: make(chan struct{}),
	}
	s.stays, s.goes = context.WithCancel(context.Background())
	s.limits = newLimits(settings, s.proxies.isTrusted, log)
	s.http.ConnContext, s.http.ConnState = connContext, s.connState
	return s
}

// connState hears what becomes of connections.
func (s *server) connState(conn net.Conn, state http.ConnState) {
	s.parting.count(conn, state)
	s.limits.follow(conn, state)
}

// newHTTPServer makes one with the time limits of the settings.
func newHTTPServer(settings config.Server, log *slog.Logger) *http.Server {
	return &http.Server{
		ReadHeaderTimeout: settings.ReadHeaderTimeout,
		ReadTimeout:       settings.ReadTimeout,
		IdleTimeout:       settings.IdleTimeout,
		// No WriteTimeout: it would be a limit for an answer as a whole,
		// and a download may take as long as it goes on. The engine cuts
		// a client that takes nothing for write_stall_timeout.
		WriteTimeout:   0,
		MaxHeaderBytes: settings.MaxHeaderBytes,
		Protocols:      protocols(settings),
		HTTP2:          &http.HTTP2Config{WriteByteTimeout: settings.WriteStallTimeout},
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// protocols are HTTP/1 and 2, the latter without TLS where that is asked for.
func protocols(settings config.Server) *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetHTTP2(true)
	p.SetUnencryptedHTTP2(settings.H2C)
	return p
}

// listen takes the address from sockets. Close the server's listener, or serve.
func (s *server) listen(ctx context.Context, from *sockets) error {
	tlsConfig, err := loadTLS(s.settings)
	if err != nil {
		return err
	}
	if s.listener, err = from.listen(ctx, siteAddr, s.settings.Addr); err != nil {
		return err
	}
	s.listener = s.proxies.listener(s.limits.listener(s.listener), s.settings)
	s.http.TLSConfig = tlsConfig
	return nil
}

// loadTLS is nil without certificates.
func loadTLS(settings config.Server) (*tls.Config, error) {
	if settings.TLSCert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(settings.TLSCert, settings.TLSKey)
	if err != nil {
		return nil, usageErrorf("tls_cert, tls_key: %v", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}}, nil
}

// url is where the server is reached.
func (s *server) url() string {
	if s.settings.TLSCert != "" {
		return "https://" + s.listener.Addr().String()
	}
	return "http://" + s.listener.Addr().String()
}

// serve returns when ctx is done and everything has been drained, or when the
// listener fails, which alone is its error. It owns the goroutine that accepts.
func (s *server) serve(ctx context.Context) error {
	s.http.Handler = closeIfTwoLengths(s.parting.before(s.proxies.before(s.limits.before(s.sites.handler()))))
	feeding, stopFeeding := context.WithCancel(ctx)
	defer stopFeeding()
	var fed sync.WaitGroup
	defer fed.Wait()
	accepting := make(chan struct{})
	var failed error // read after accepting is closed
	go func() {
		defer close(accepting)
		if s.settings.TLSCert != "" {
			failed = s.http.ServeTLS(s.listener, "", "")
		} else {
			failed = s.http.Serve(s.listener)
		}
	}()
	s.toSystemd(systemd.Ready())
	fed.Go(func() { s.feedWatchdog(feeding) })
	var settling, renewed sync.WaitGroup
	defer settling.Wait()
	settling.Go(func() {
		defer close(s.settled)
		s.before.settle(s.sites.hosted(), s.log)
	})
	s.untilStopped(ctx, accepting, &renewed)
	stopFeeding()
	s.goes()
	renewed.Wait()
	s.restarting.Lock() // for good: what is under way comes to its end, and nothing begins any more
	if s.next != nil {
		<-accepting // connections that were accepted are known from here on
	}
	if s.lost = s.drainInTime(insistence(ctx)); errors.Is(s.lost, errEndless) {
		return nil // the process ends, whatever still runs
	}
	<-accepting
	if s.next == nil && !errors.Is(failed, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", s.listener.Addr(), failed)
	}
	if s.lost != nil {
		s.log.Error("stopped, but not all of it ended well", "error", oneLine(s.lost.Error()))
	} else {
		s.log.Info("stopped")
	}
	return nil
}

// untilStopped waits for the end, or for another process in the place of this one, and
// reads the settings again at each SIGHUP.
func (s *server) untilStopped(ctx context.Context, accepting <-chan struct{}, renewed *sync.WaitGroup) {
	for {
		select {
		case <-s.succeeded:
			return
		case <-s.renewals:
			renewed.Go(func() {
				if _, err := s.restart(ctx); err != nil {
					s.log.Error("not restarted: this process serves on", "error", err.Error())
				}
			})
		case <-ctx.Done():
			s.toSystemd(systemd.Stopping())
			s.log.Info("stopping", "reason", context.Cause(ctx), "shutdown_timeout", s.patience())
			return
		case <-accepting:
			return
		case <-s.hangups:
			s.toSystemd(systemd.Reloading())
			if _, err := s.settingsAgain.reload(ctx); err != nil {
				s.log.Error("settings not read again", "error", err.Error())
			}
			s.toSystemd(systemd.Ready())
		}
	}
}

// proxies are those that speak for clients, and what they are believed in.
type proxies struct {
	trusted  []netip.Prefix
	believed []string // headers
	protocol bool     // their connections begin with a header of the PROXY protocol
	scheme   string   // of all requests; "": as it is told
	log      *slog.Logger
	habits   forwarded.Habits
}

func newProxies(settings config.Server, log *slog.Logger) *proxies {
	p := &proxies{trusted: settings.TrustedProxies, protocol: settings.ProxyProtocol, log: log}
	for _, name := range settings.Forwarded {
		p.believed = append(p.believed, http.CanonicalHeaderKey(name))
	}
	if settings.Scheme != "auto" {
		p.scheme = settings.Scheme
	}
	return p
}

func (p *proxies) isTrusted(addr netip.Addr) bool {
	return slices.ContainsFunc(p.trusted, func(of netip.Prefix) bool { return of.Contains(addr) })
}

// peer is who sent a request, where that is a trusted proxy.
func (p *proxies) peer(r *http.Request) (addr netip.Addr, ok bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	addr = peer.Addr().Unmap().WithZone("")
	return addr, err == nil && p.isTrusted(addr)
}

// expects says that a connection from an address has to begin with a header of the
// PROXY protocol.
func (p *proxies) expects(from net.Addr) bool {
	peer, err := netip.ParseAddrPort(from.String())
	return err == nil && p.protocol && p.isTrusted(peer.Addr().Unmap().WithZone(""))
}

// listener is l, with the PROXY protocol where it is spoken.
func (p *proxies) listener(l net.Listener, settings config.Server) net.Listener {
	if !p.protocol {
		return l
	}
	return forwarded.Listener(l, p.isTrusted, settings.ReadHeaderTimeout)
}

// connection is the context's key for the request's net.Conn.
type connection struct{}

// connContext has requests know their connection.
func connContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connection{}, c)
}

// before gives requests that come from a trusted proxy the address and the
// scheme of the client that the proxy speaks for. Everybody else's headers of
// this kind are as untrue as any other header. The host is the one that the
// proxy asks for, whatever it says of another one.
func (p *proxies) before(next http.Handler) http.Handler {
	if len(p.trusted) == 0 && p.scheme == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, asOfClient(r, p.origin(r)))
	})
}

// origin is where a request began. What is fixed counts, then what is told by a
// believed header, then what the PROXY protocol told of the connection.
func (p *proxies) origin(r *http.Request) (from forwarded.Origin) {
	if peer, ok := p.peer(r); ok {
		if lacking := p.habits.Saw(peer, r.Header, p.believed); lacking != nil {
			p.log.Warn("a trusted proxy doesn't send each header that it is believed in, but passes on what its clients say there: take it out of forwarded",
				"proxy", peer, "headers", strings.ToLower(strings.Join(lacking, ", ")))
		}
		from = forwarded.Of(r.Header, p.believed, p.isTrusted)
	}
	told := ""
	if c, ok := r.Context().Value(connection{}).(net.Conn); ok {
		told = forwarded.SchemeOf(c)
	}
	from.Scheme = cmp.Or(p.scheme, from.Scheme, told)
	return from
}

// asOfClient is a request as if its client had sent it without a proxy.
func asOfClient(r *http.Request, from forwarded.Origin) *http.Request {
	if from == (forwarded.Origin{}) {
		return r
	}
	of := *r
	if from.Client.IsValid() {
		of.RemoteAddr = from.Client.String()
	}
	switch from.Scheme {
	case "https":
		if r.TLS == nil {
			of.TLS = &tls.ConnectionState{} // pages only ask whether there is one
		}
	case "http":
		of.TLS = nil
	}
	return &of
}
