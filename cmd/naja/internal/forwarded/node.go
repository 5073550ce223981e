package forwarded

import (
	"net/netip"
	"strconv"
	"strings"
)

// parseNode reads an address with or without a port, as both kinds of headers
// have it (RFC 7239 section 6):
//
//	192.0.2.1   192.0.2.1:80   2001:db8::1   [2001:db8::1]   [2001:db8::1]:80
//
// What names nobody, "unknown" or "_hidden", and what isn't an address, isn't
// valid. An IPv4 address in an IPv6 one is the former. A zone means nothing on
// another machine, and may hold any character: it is dropped.
func parseNode(text string) netip.AddrPort {
	host, port, hasPort := splitNode(text)
	addr, err := netip.ParseAddr(host)
	if err != nil || hasPort && !isPort(port) || text[0] == '[' && !addr.Is6() {
		return netip.AddrPort{}
	}
	number, _ := strconv.ParseUint(port, 10, 16) // 0 for a hidden one
	return netip.AddrPortFrom(addr.Unmap().WithZone(""), uint16(number))
}

// splitNode takes a node apart. An IPv6 address without brackets has no port.
func splitNode(text string) (host, port string, hasPort bool) {
	if inside, ok := strings.CutPrefix(text, "["); ok {
		host, rest, closed := strings.Cut(inside, "]")
		if !closed || rest != "" && rest[0] != ':' {
			return "", "", false
		}
		port, hasPort = strings.CutPrefix(rest, ":")
		return host, port, hasPort
	}
	if strings.Count(text, ":") == 1 {
		return strings.Cut(text, ":")
	}
	return text, "", false
}

// isPort takes a number, or a port that the proxy hides: "_" and more.
func isPort(text string) bool {
	if hidden, ok := strings.CutPrefix(text, "_"); ok {
		return hidden != ""
	}
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil && len(text) <= 5
}

// scheme is what pages can tell apart: was it TLS or not? Some proxies name
// the scheme of a WebSocket.
func scheme(text string) string {
	switch strings.ToLower(text) {
	case "https", "wss":
		return "https"
	case "http", "ws":
		return "http"
	}
	return ""
}
