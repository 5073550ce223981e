package engine

import (
	"context"
	"errors"
	"time"
)

// ErrNotOurs is that somebody else keeps the sessions: Config.Sessions.
var ErrNotOurs = errors.New("the program keeps the sessions itself")

// A SessionPage is a part of the list of all sessions.
type SessionPage struct {
	Sessions []SessionInfo `json:"sessions"`
	Next     string        `json:"next"` // where the next part begins; "" at the end
}

// A SessionInfo is one session.
type SessionInfo struct {
	ID      string    `json:"id"` // Session.SessionID, of no use to somebody who wants to be its visitor
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"` // of a live one
	Ending  string    `json:"ending"`  // why it ends; "" for a live one
	InUse   bool      `json:"in_use"`  // a request has it
	Bytes   int       `json:"bytes"`   // of its contents
}

// A SessionDetail is one session with what is in it.
type SessionDetail struct {
	SessionInfo
	Timeout Seconds        `json:"timeout_seconds"`
	Values  []SessionValue `json:"values"`
	Objects []string       `json:"objects"` // keys of components, which live in this process
}

// A SessionValue is one value of a session.
type SessionValue struct {
	Key   string `json:"key"`
	Type  string `json:"type"` // "text", "number", "truth", "date", "list", "object", "bytes", "nothing"
	Bytes int    `json:"bytes"`
	Value string `json:"value"` // as text, where it was asked for
}

// Sessions lists up to n sessions from where a former page's Next left off,
// from the first for "". Error: [ErrNotOurs], or one of the store.
func (e *Engine) Sessions(ctx context.Context, after string, n int) (SessionPage, error) {
	return SessionPage{}, nil
}

// Session is one session with the names and sizes of its values, and with the
// values where they are asked for. Error: [session.ErrNotFound], [ErrNotOurs],
// or one of the store.
func (e *Engine) Session(ctx context.Context, id string, values bool) (SessionDetail, error) {
	return SessionDetail{}, nil
}

// EndSession ends a session, in use or not; its Session_OnEnd runs. Errors as
// of Session.
func (e *Engine) EndSession(ctx context.Context, id string) error { return nil }
