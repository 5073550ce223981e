package forwarded

import (
	"iter"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
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

// xForwarded gives the hops of X-Forwarded-For and X-Forwarded-Proto from the
// nearest to the farthest; nil where both say nothing. Lists of the same
// length speak of the same hops; otherwise, as a proxy may replace the one and
// add to the other, the last scheme is the nearest hop's.
func xForwarded(fors, protos []string) iter.Seq[hop] {
	clients, schemes := items(fors), items(protos)
	if len(schemes) != len(clients) {
		schemes = schemes[:min(len(schemes), 1)]
	}
	if len(clients)+len(schemes) == 0 {
		return nil
	}
	return func(yield func(hop) bool) {
		for i := range max(len(clients), len(schemes)) {
			var at hop
			if i < len(clients) {
				at.client = parseNode(clients[i])
			}
			if i < len(schemes) {
				at.scheme = scheme(schemes[i])
			}
			if !yield(at) {
				return
			}
		}
	}
}

// items gives the items of a list, the last one first. Several fields are one
// list, and an empty item is none (RFC 9110 section 5.6.1).
func items(fields []string) (all []string) {
	for _, field := range slices.Backward(fields) {
		parts := strings.Split(field, ",")
		for _, part := range slices.Backward(parts) {
			if part = trim(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// trim takes the blanks off that lists may have between their items.
func trim(text string) string { return strings.Trim(text, " \t") }

// standard gives the hops of Forwarded (RFC 7239) from the nearest to the
// farthest, and ends at one that isn't written right.
func standard(fields []string) iter.Seq[hop] {
	return func(yield func(hop) bool) {
		for _, field := range slices.Backward(fields) {
			for element := ""; field != ""; {
				field, element = cutLast(field)
				if element = trim(element); element == "" {
					continue // an empty item is none
				}
				at, ok := parseElement(element)
				if !ok || !yield(at) {
					return
				}
			}
		}
	}
}

// cutLast cuts a list before its last item, at a comma that isn't in quotes.
// It looks at quotes from the end too: a proxy ends what it adds, but it adds
// it to anything.
func cutLast(list string) (before, item string) {
	quoted := false
	for i := len(list) - 1; i >= 0; i-- {
		switch {
		case list[i] == '"':
			if !quoted || !escaped(list[:i]) {
				quoted = !quoted
			}
		case list[i] == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return "", list
}

// escaped says whether what follows text belongs to a backslash at its end.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// parseElement reads for and proto of an element: pairs of a name and a value,
// separated by semicolons. by, host and whatever else there is count for
// nothing. A name that comes twice is a mistake (section 4). More lenient than
// the grammar, it takes blanks around names and values, and an address without
// the quotes that its colons ask for.
func parseElement(text string) (at hop, ok bool) {
	var seen []string
	for text != "" {
		var pair string
		if pair, text, ok = cutPair(text); !ok {
			return hop{}, false
		}
		if pair = trim(pair); pair == "" {
			continue
		}
		name, quoted, _ := strings.Cut(pair, "=")
		name = strings.ToLower(trim(name))
		value, ok := unquote(trim(quoted))
		if !ok || name == "" || slices.Contains(seen, name) {
			return hop{}, false
		}
		seen = append(seen, name)
		switch name {
		case "for":
			at.client = parseNode(value)
		case "proto":
			at.scheme = scheme(value)
		}
	}
	return at, true
}

// cutPair cuts an element behind its first pair; not if a quote isn't closed.
func cutPair(text string) (pair, rest string, ok bool) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted:
			i++
		case text[i] == ';' && !quoted:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", !quoted
}

// unquote gives what a token or a quoted string says (RFC 9110 section 5.6.4).
func unquote(text string) (value string, ok bool) {
	inside, isQuoted := strings.CutPrefix(text, `"`)
	if !isQuoted {
		return text, text != "" && !strings.ContainsAny(text, "\"\\ \t")
	}
	var b strings.Builder
	for i := 0; i < len(inside); i++ {
		switch inside[i] {
		case '"':
			return b.String(), i == len(inside)-1
		case '\\':
			i++
		}
		if i < len(inside) {
			b.WriteByte(inside[i])
		}
	}
	return "", false
}

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
