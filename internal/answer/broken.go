package answer

import (
	"net"
	"net/http"
)

// Break ends an answer that isn't whole, so that no client takes what it got for
// the whole, and doesn't return: it panics with [http.ErrAbortHandler]. Only the
// request's own goroutine may call it.
//
// On HTTP/1 the connection ends with a reset (RST), which every client can tell
// from an end; on TLS without close_notify before it, which some would take for
// one (RFC 8446 section 6.1). Where a body has no length and no chunks, as
// on HTTP/1.0, the connection's end is the body's, so that a plain close looks
// whole to everybody. A promised length that isn't reached, or a last chunk that
// doesn't come, would tell too; but Ruby's Net::HTTP, Java's HttpURLConnection
// and ab look for neither, or only for one of them. What the system hasn't yet sent is lost
// with the connection.
//
// On HTTP/2 the stream is reset, by net/http. A connection that can't be taken
// over, since the server or a ResponseWriter in between doesn't have that, is
// closed by net/http as after any panic with that value.
func Break(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			reset(conn)
		}
	}
	panic(http.ErrAbortHandler)
}

// reset closes a connection without an orderly end. What has no such thing, such
// as a Unix socket, is closed.
func reset(conn net.Conn) {
	conn = beneath(conn)
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// beneath is the connection that others stand in front of: TLS, whose Close would
// say that all was sent, and the PROXY protocol.
func beneath(conn net.Conn) net.Conn {
	for {
		switch in := conn.(type) {
		case interface{ NetConn() net.Conn }: // *tls.Conn
			conn = in.NetConn()
		case interface{ Raw() net.Conn }: // github.com/pires/go-proxyproto
			conn = in.Raw()
		default:
			return conn
		}
	}
}
