package config

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/najahost/naja/internal/setting"
)

// A Server is what the settings say about the process as a whole. Each
// comment names the key and its default.
type Server struct {
	// Addr (addr) is the HOST:PORT that is listened on. Default
	// "127.0.0.1:8080"; port 0 picks a free one.
	Addr string
	// AdminAddr (admin_addr) is the HOST:PORT of the administration listener.
	// Default "": none.
	AdminAddr string
	// AdminAccount (admin_account) is who may administer: the name of an
	// account, or "any" for each of AdminUsers. Default "": whoever reaches
	// AdminAddr, which must be a loopback address then.
	AdminAccount string
	// AdminUsers (admin_users) is the file of accounts and password hashes.
	// Default "": none.
	AdminUsers string
	// PublicURL (public_url) is where visitors reach the server, such as
	// "https://www.example.com", for the links that administrators get. Default
	// "": as it listens.
	PublicURL string
	// AdminShowValues (admin_show_values) shows administrators what is in a
	// session. Default false: names and sizes.
	AdminShowValues bool
	// AdminPprof (admin_pprof) serves Go's profiles on the administration
	// listener. Default false.
	AdminPprof bool

	// ReadHeaderTimeout (read_header_timeout) is how long a client may take
	// to send a request's header. Default 10s.
	ReadHeaderTimeout time.Duration
	// ReadTimeout (read_timeout) is how long a client may take to send a
	// whole request. Default 60s.
	ReadTimeout time.Duration
	// WriteStallTimeout (write_stall_timeout) is how long a client may take
	// no byte of an answer before it counts as gone. Default 30s.
	WriteStallTimeout time.Duration
	// IdleTimeout (idle_timeout) is how long a connection is kept between two
	// requests. Default 150s.
	IdleTimeout time.Duration
	// MaxHeaderBytes (max_header_bytes) is the most bytes of a request's
	// header. Default 16384.
	MaxHeaderBytes int
	// MaxConnections (max_connections) is how many connections there may be at
	// once; those past it are closed. Default 10000; 0 is no bound.
	MaxConnections int
	// MaxAddressConnections (max_address_connections) is how many of them one
	// address may have, but for trusted proxies. Default 0: no bound.
	MaxAddressConnections int
	// MaxAddressRequests (max_address_requests) is how many requests of one
	// address may be under way; past it 503. Default 0: no bound.
	MaxAddressRequests int
	// MaxAddressBodies (max_address_bodies) is how many bodies one address may
	// be sending; past it 503. Default 0: no bound.
	MaxAddressBodies int
	// ShutdownTimeout (shutdown_timeout) is how long running requests, and
	// after them the end events of the applications, may each take once the
	// server is told to stop. Default 30s; 0 waits for nothing.
	ShutdownTimeout time.Duration

	// RestartTimeout (restart_timeout) is how long the process that is to take the
	// place of this one may take to be ready. Default 60s.
	RestartTimeout time.Duration

	// TLSCert and TLSKey (tls_cert, tls_key) are PEM files; with them the
	// server speaks HTTPS. Default "": plain HTTP.
	TLSCert, TLSKey string
	// H2C (h2c) has the server speak HTTP/2 without TLS as well. Default false.
	H2C bool
	// TrustedProxies (trusted_proxies) are the addresses that are believed about
	// their clients. Default: none.
	TrustedProxies []netip.Prefix
	// Forwarded (forwarded) are the headers of theirs that are believed:
	// "x-forwarded-for", "x-forwarded-proto", "forwarded". Default: the first.
	Forwarded []string
	// ProxyProtocol (proxy_protocol) has their connections begin with a header
	// of the PROXY protocol. Default false.
	ProxyProtocol bool
	// Scheme (scheme) is "http" or "https" where that is known without being
	// told, else "auto". Default "auto".
	Scheme string
	// LogFormat (log_format) is "text" or "json". Default "text".
	LogFormat string
	// LogLevel (log_level) is debug, info, warn or error. Default info.
	LogLevel slog.Level
	// LogBuffer (log_buffer) is how many bytes of the log wait for a reader that
	// doesn't take them; what comes then is lost, and counted. Default
	// 1048576.
	LogBuffer int
}

func defaultServer() (s Server) {
	setting.Fill(setting.Server, &s)
	return s
}
