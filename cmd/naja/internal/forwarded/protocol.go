package forwarded

import (
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"
)

var errNotTCP = errors.New("a proxy speaks for a client that has no address of TCP")

// Listener takes connections from l, of which those from trusted proxies begin
// with a header of the PROXY protocol, version 1 or 2
// (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt): their
// RemoteAddr is then the client's, or the proxy's own where it speaks for
// itself (LOCAL, UNKNOWN). Without such a header, or if it takes longer than
// timeout, they end with an error at the first use. All other connections are
// as they are: what looks like a header there is part of a request.
//
// The header is read where a connection is used first and not in Accept, so
// that a slow proxy keeps nobody waiting.
func Listener(l net.Listener, isTrusted func(netip.Addr) bool, timeout time.Duration) net.Listener {
	return &proxyproto.Listener{
		Listener:          l,
		ReadHeaderTimeout: timeout,
		ConnPolicy: func(of proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
			if peer, err := netip.ParseAddrPort(of.Upstream.String()); err == nil && isTrusted(peer.Addr().Unmap().WithZone("")) {
				return proxyproto.REQUIRE, nil
			}
			return proxyproto.SKIP, nil
		},
		ValidateHeader: func(h *proxyproto.Header) error {
			if _, _, ok := h.TCPAddrs(); !ok && !h.Command.IsLocal() && !h.TransportProtocol.IsUnspec() {
				return errNotTCP
			}
			return nil
		},
	}
}

// SchemeOf is "https" where the client of a connection of a [Listener], or of
// what TLS made of it, speaks TLS with its proxy, as version 2 can say
// (PP2_TYPE_SSL). Else it is "": that the proxy sees no TLS says nothing of a
// client whose bytes it passes on.
func SchemeOf(c net.Conn) string {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	told, ok := c.(*proxyproto.Conn)
	if !ok {
		return ""
	}
	header := told.ProxyHeader()
	if header == nil || header.Command.IsLocal() {
		return ""
	}
	fields, err := header.TLVs()
	if err != nil {
		return ""
	}
	if ssl, ok := tlvparse.FindSSL(fields); ok && ssl.ClientSSL() {
		return "https"
	}
	return ""
}

// Inner is the connection that was accepted, of one of a [Listener]; c itself where it
// is none of these.
func Inner(c net.Conn) net.Conn {
	if told, ok := c.(*proxyproto.Conn); ok {
		return told.Raw()
	}
	return c
}
