package forwarded

import (
	"net/http"
	"net/netip"
	"slices"
	"sync"
)

const (
	enough   = 20  // requests after which a proxy's habits are known
	maxPeers = 256 // whose habits are looked at
)

// Habits notice a proxy that doesn't send each header that it is believed in: it
// passes on its client's own, so that anybody can say what that header says. The
// zero Habits know nothing yet. Its methods may be called from any goroutine.
type Habits struct {
	mu    sync.Mutex
	peers map[netip.Addr]*habit
}

type habit struct {
	requests int
	sent     map[string]int
}

// Saw takes a request's header from a proxy, and returns the headers that are
// believed and that it doesn't send always, beside one that it does: once for
// each proxy, and nil for all other requests. A request with none of them, a
// proxy's own question whether the server is well, says nothing.
func (h *Habits) Saw(proxy netip.Addr, header http.Header, believed []string) (lacking []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	peer := h.peers[proxy]
	switch {
	case peer == nil && len(h.peers) >= maxPeers, peer != nil && peer.requests >= enough:
		return nil
	case !slices.ContainsFunc(believed, func(name string) bool { return len(header[name]) > 0 }):
		return nil
	case peer == nil:
		if h.peers == nil {
			h.peers = map[netip.Addr]*habit{}
		}
		peer = &habit{sent: map[string]int{}}
		h.peers[proxy] = peer
	}
	peer.requests++
	for _, name := range believed {
		if len(header[name]) > 0 {
			peer.sent[name]++
		}
	}
	if peer.requests < enough {
		return nil
	}
	for _, name := range believed {
		if peer.sent[name] < enough {
			lacking = append(lacking, name)
		}
	}
	if len(lacking) == len(believed) {
		return nil // a proxy that sends now the one and now the other
	}
	return lacking
}
