package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/cmd/naja/internal/forwarded"
)

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

// listener is l, with the PROXY protocol where it is spoken.
func (p *proxies) listener(l net.Listener, settings config.Server) net.Listener {
	if !p.protocol {
		return l
	}
	return forwarded.Listener(l, p.isTrusted, settings.ReadHeaderTimeout)
}

// connection is the context's key for the request's net.Conn.
type connection struct{}

// connContext has requests know their connection, where it can tell a scheme.
func (p *proxies) connContext() func(context.Context, net.Conn) context.Context {
	if !p.protocol {
		return nil
	}
	return func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connection{}, c) }
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
