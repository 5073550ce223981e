package main

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"slices"

	"github.com/najahost/naja/cmd/naja/internal/forwarded"
)

// behindProxies gives requests that come from a trusted proxy the address and
// the scheme of the client that the proxy speaks for. Everybody else's headers
// of this kind are as untrue as any other header. The host is the one that the
// proxy asks for, whatever it says of another one.
func behindProxies(trusted []netip.Prefix, next http.Handler) http.Handler {
	if len(trusted) == 0 {
		return next
	}
	isTrusted := func(addr netip.Addr) bool {
		return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !isTrusted(peer.Addr().Unmap().WithZone("")) {
			next.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, asOfClient(r, forwarded.Of(r.Header, isTrusted)))
	})
}

// asOfClient is a request as if its client had sent it without a proxy.
func asOfClient(r *http.Request, from forwarded.Origin) *http.Request {
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
