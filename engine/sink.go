package engine

import (
	"net/http"

	"github.com/najahost/naja/asp"
)

// A pageSink takes a flushing page's output to the wire and sees to it that
// the session is stored, and its cookie set, before the first byte.
type pageSink struct {
	*wire
	x *exchange
}

// Start is [asp.Sink].
func (s *pageSink) Start(status int, reason string, h http.Header) error {
	if err := s.x.keepSession(h); err != nil {
		return err
	}
	return s.wire.Start(status, reason, h)
}

// responseConfig is how a page's response begins.
func (e *Engine) responseConfig(x *exchange) asp.ResponseConfig {
	lcid := e.cfg.LCID
	if n := x.prog.Directives().LCID; n != 0 {
		lcid = n
	}
	cp := e.pageCodePage(x.prog)
	if x.handle != nil && x.handle.Exists() {
		lcid, cp = x.sess.locale(lcid, cp, x.prog)
	}
	reserved := e.cfg.SessionCookie
	if e.cfg.Sessions != nil {
		reserved = "" // the program's provider has a cookie of its own
	}
	return asp.ResponseConfig{
		Reserved: reserved, Sink: &pageSink{x.wire, x}, Buffering: !e.live().DisableBuffering, Limit: int(e.live().BufferingLimit),
		CodePage: cp, LCID: lcid, CookiePath: e.cfg.Path, Header: x.w.Header(), Pool: &e.buffers, Request: x.request,
	}
}

var _ asp.Sink = (*pageSink)(nil)
