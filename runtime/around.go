package runtime

import (
	"context"
	"log/slog"

	"github.com/najahost/naja/component"
)

// around is what is around a component when a page makes it.
type around struct{ *script }

var _ component.Env = around{}

// Context ends with the request, and when its script is stopped.
func (a around) Context() context.Context { return a.waits() }

// MapPath is Server.MapPath of the page.
func (a around) MapPath(path string) (string, error) { return a.env.Host.MapPath(a.prog.name, path) }

// Page is the page's virtual path, below the application's.
func (a around) Page() string { return "/" + a.prog.name }

// UserAgent is the client's; "" in an event.
func (a around) UserAgent() string {
	if a.env.Request == nil {
		return ""
	}
	return a.env.Request.ServerVariable("HTTP_USER_AGENT")
}

// LCID is the answer's, or else the session's.
func (a around) LCID() int {
	switch {
	case a.env.Response != nil:
		return a.env.Response.LCID()
	case a.env.Session != nil:
		return a.env.Session.LCID()
	}
	return defaultLCID
}

// CodePage is the answer's, or else the session's.
func (a around) CodePage() int {
	switch {
	case a.env.Response != nil:
		return a.env.Response.CodePage().Number()
	case a.env.Session != nil:
		return a.env.Session.CodePage()
	}
	return defaultCodePage
}

// What an event without a session has.
const (
	defaultLCID     = 1033
	defaultCodePage = 65001
)

// Log is the application's.
func (a around) Log() *slog.Logger {
	if a.env.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return a.env.Log
}
