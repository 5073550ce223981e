package forwarded

import (
	"iter"
	"net/http"
	"net/netip"
	"slices"
)

// An Origin is where a request began, as far as trusted proxies told.
type Origin struct {
	// Client is the client's address, without a zone, an IPv4 address as such;
	// the port is 0 where it wasn't told. It isn't valid where the address
	// wasn't told.
	Client netip.AddrPort
	// Scheme is "http" or "https", "" where it wasn't told.
	Scheme string
}

// The headers, as Go writes them.
const (
	For      = "X-Forwarded-For"
	Proto    = "X-Forwarded-Proto"
	Standard = "Forwarded"
)

// Of reads the header of a request that a trusted proxy sent, as far as its
// fields are among believed: the others are what a client sent, and count for
// nothing. isTrusted says which addresses are those of trusted proxies too.
//
// Where a request has both kinds and both are believed, the X- ones count and
// Forwarded doesn't, because nearly all proxies set the former.
func Of(h http.Header, believed []string, isTrusted func(netip.Addr) bool) Origin {
	field := func(name string) []string {
		if slices.Contains(believed, name) {
			return h[name]
		}
		return nil
	}
	hops := xForwarded(field(For), field(Proto))
	if hops == nil {
		hops = standard(field(Standard))
	}
	return walk(hops, isTrusted)
}

// A hop is what one proxy told of its client.
type hop struct {
	client netip.AddrPort // not valid: not told, or not understood
	scheme string         // "": not told
}

// walk goes from the nearest hop towards the client, until somebody told it
// who isn't trusted. A hop that hides its client ends the walk: nobody knows
// who wrote what is left of it.
func walk(hops iter.Seq[hop], isTrusted func(netip.Addr) bool) (o Origin) {
	for h := range hops {
		if h.scheme != "" {
			o.Scheme = h.scheme
		}
		if !h.client.IsValid() {
			break
		}
		o.Client = h.client
		if !isTrusted(h.client.Addr()) {
			break
		}
	}
	return o
}
