package main

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// behindProxies gives requests that come from a trusted proxy the address and
// the scheme of the client that the proxy speaks for. Everybody else's
// X-Forwarded-* headers are as untrue as any other header.
func behindProxies(trusted []netip.Prefix, next http.Handler) http.Handler {
	if len(trusted) == 0 {
		return next
	}
	isTrusted := func(addr netip.Addr) bool {
		return slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(addr) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !isTrusted(peer.Addr().Unmap()) {
			next.ServeHTTP(w, r)
			return
		}
		forwarded := *r
		if client, ok := clientAddr(r.Header.Values("X-Forwarded-For"), isTrusted); ok {
			forwarded.RemoteAddr = net.JoinHostPort(client.String(), "0")
		}
		switch lastItem(r.Header.Values("X-Forwarded-Proto")) {
		case "https":
			if r.TLS == nil {
				forwarded.TLS = &tls.ConnectionState{} // pages only ask whether there is one
			}
		case "http":
			forwarded.TLS = nil
		}
		next.ServeHTTP(w, &forwarded)
	})
}

// clientAddr is the address nearest to us that isn't a trusted proxy's. Each
// proxy adds its peer at the end, so what stands further left is hearsay.
func clientAddr(headers []string, isTrusted func(netip.Addr) bool) (client netip.Addr, ok bool) {
	items := strings.Split(strings.Join(headers, ","), ",")
	for _, item := range slices.Backward(items) {
		addr, err := netip.ParseAddr(strings.TrimSpace(item))
		if err != nil {
			break
		}
		client, ok = addr.Unmap(), true
		if !isTrusted(client) {
			break
		}
	}
	return client, ok
}

func lastItem(headers []string) string {
	all := strings.Join(headers, ",")
	return strings.ToLower(strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:]))
}
