package forwarded

import (
	"iter"
	"net/http"
	"net/netip"
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

// Of reads the header of a request that a trusted proxy sent. isTrusted says
// which addresses are those of trusted proxies too.
//
// Proxies send one of two kinds, and pass on what a client sent of the other:
// where a request has both, X-Forwarded-For and X-Forwarded-Proto count and
// Forwarded doesn't, because nearly all proxies set the former and many know
// nothing of the latter.
func Of(h http.Header, isTrusted func(netip.Addr) bool) Origin {
	hops := xForwarded(h)
	if hops == nil {
		hops = standard(h)
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
