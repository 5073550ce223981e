package main

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/cmd/naja/internal/forwarded"
	"github.com/najahost/naja/internal/answer"
)

// limits bound what the server does at once: connections, and what one address has
// of them, of requests and of bodies that it sends. A connection past its bound is
// closed without a word, a request past it gets 503.
type limits struct {
	settings config.Server
	trusted  func(netip.Addr) bool
	log      *slog.Logger
	linger   answer.Linger

	mu          sync.Mutex
	open        map[net.Conn]netip.Addr // of which each is counted in connections
	connections tally
	requests    tally
	bodies      tally
	refused     int       // connections, since it was last said
	said        time.Time // that some were
}

// A tally counts what addresses have.
type tally map[netip.Addr]int

func (t tally) add(of netip.Addr) { t[of]++ }

func (t tally) take(of netip.Addr) {
	if t[of]--; t[of] <= 0 {
		delete(t, of)
	}
}

func newLimits(settings config.Server, trusted func(netip.Addr) bool, log *slog.Logger) *limits {
	return &limits{settings: settings, trusted: trusted, log: log, open: map[net.Conn]netip.Addr{}, connections: tally{}, requests: tally{}, bodies: tally{}}
}

// whose is the address that is counted: of IPv6 the network of 64 bits that one
// subscriber has. The zero one isn't.
func whose(of string) netip.Addr {
	at, err := netip.ParseAddrPort(of)
	if err != nil {
		return netip.Addr{}
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is6() {
		net, _ := addr.Prefix(64)
		addr = net.Addr()
	}
	return addr
}

// isFull says that a number is at its bound; 0: there is none.
func isFull(n, most int) bool { return most > 0 && n >= most }

// listener is l, less the connections that are too many.
func (b *limits) listener(l net.Listener) net.Listener { return &boundedListener{l, b} }

// A boundedListener closes connections that are too many. The others count.
type boundedListener struct {
	net.Listener
	limits *limits
}

// Accept is [net.Listener].
func (l *boundedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if tcp, ok := conn.(*net.TCPConn); ok {
			conn = &countingConn{TCPConn: tcp}
		}
		if err != nil || l.limits.admit(conn) {
			return conn, err
		}
		_ = conn.Close()
	}
}

// admit counts a connection, unless it is one too many. A trusted proxy's are many
// visitors'.
func (b *limits) admit(conn net.Conn) bool {
	of := whose(conn.RemoteAddr().String())
	if b.trusted(of) {
		of = netip.Addr{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if isFull(len(b.open), b.settings.MaxConnections) || of.IsValid() && isFull(b.connections[of], b.settings.MaxAddressConnections) {
		b.refuse(of)
		return false
	}
	b.open[conn] = of
	b.connections.add(of)
	return true
}

// refuseInterval is how often at most it is said that connections are refused.
const refuseInterval = 10 * time.Second

// refuse notes a connection that was one too many. b.mu is held.
func (b *limits) refuse(of netip.Addr) {
	b.refused++
	if now := time.Now(); now.Sub(b.said) >= refuseInterval {
		b.log.Warn("connections were closed at once: there are too many", "closed", b.refused, "connections", len(b.open), "last_from", of)
		b.refused, b.said = 0, now
	}
}

// follow is [http.Server.ConnState]: it counts what has ended.
func (b *limits) follow(conn net.Conn, state http.ConnState) {
	if state != http.StateClosed && state != http.StateHijacked {
		return
	}
	if over, ok := conn.(*tls.Conn); ok {
		conn = over.NetConn()
	}
	conn = forwarded.Inner(conn)
	b.mu.Lock()
	defer b.mu.Unlock()
	if of, ok := b.open[conn]; ok {
		delete(b.open, conn)
		b.connections.take(of)
	}
}

// full says that there are as many connections as there may be.
func (b *limits) full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return isFull(len(b.open), b.settings.MaxConnections)
}

// busyAgain is when who was refused may come again.
const busyAgain = time.Second

// lingering is for how long a client that is refused may go on sending.
const lingering = 10 * time.Second

// before refuses requests of an address that has as many as it may. Whose they are is
// known by then.
func (b *limits) before(next http.Handler) http.Handler {
	if b.settings.MaxAddressRequests == 0 && b.settings.MaxAddressBodies == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := whose(r.RemoteAddr)
		sends := r.ContentLength != 0
		if !b.begin(of, sends) {
			w.Header().Set("Connection", "close")
			answer.RetryAfter(w.Header(), busyAgain)
			answer.Text(w, r, http.StatusServiceUnavailable, answer.Plain, "503 too many requests of one address at once\n")
			b.linger.Read(w, r, lingering)
			return
		}
		defer b.end(b.requests, of)
		if sends {
			body := &sentBody{ReadCloser: r.Body, over: sync.OnceFunc(func() { b.end(b.bodies, of) })}
			defer body.over()
			with := *r
			with.Body = body
			r = &with
		}
		next.ServeHTTP(w, r)
	})
}

// begin counts a request and its body, or says that they are too many.
func (b *limits) begin(of netip.Addr, sends bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if isFull(b.requests[of], b.settings.MaxAddressRequests) || sends && isFull(b.bodies[of], b.settings.MaxAddressBodies) {
		return false
	}
	b.requests.add(of)
	if sends {
		b.bodies.add(of)
	}
	return true
}

func (b *limits) end(t tally, of netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.take(of)
}

// A sentBody is under way until it has been read.
type sentBody struct {
	io.ReadCloser
	over func()
}

// Read is [io.Reader].
func (s *sentBody) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if err != nil {
		s.over()
	}
	return n, err
}

// Close is [io.Closer].
func (s *sentBody) Close() error {
	s.over()
	return s.ReadCloser.Close()
}
