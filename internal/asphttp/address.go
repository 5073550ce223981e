package asphttp

import (
	"net"
	"net/http"
	"strings"
)

func (r *Request) local() (host, port string) {
	addr := r.cfg.LocalAddr
	if addr == "" {
		if a, ok := r.http.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
			addr = a.String()
		}
	}
	return splitAddr(addr)
}

func (r *Request) remote() (host, port string) {
	if r.cfg.RemoteAddr != "" {
		return splitAddr(r.cfg.RemoteAddr)
	}
	return splitAddr(r.http.RemoteAddr)
}

// serverName is the host the client asked for, without its port.
func (r *Request) serverName() string {
	if host, _ := splitAddr(r.http.Host); host != "" {
		return host
	}
	host, _ := r.local()
	return host
}

// serverPort is the port the client asked for, as its Host says it, since that is what a page builds URLs from.
func (r *Request) serverPort() string {
	if _, port := splitAddr(r.http.Host); port != "" {
		return port
	}
	if r.http.Host == "" {
		if _, port := r.local(); port != "" {
			return port
		}
	}
	if r.secure() {
		return "443"
	}
	return "80"
}

// splitAddr takes host:port, [host]:port, or a host alone.
func splitAddr(addr string) (host, port string) {
	if h, p, err := net.SplitHostPort(addr); err == nil {
		return h, p
	}
	return strings.Trim(addr, "[]"), ""
}
