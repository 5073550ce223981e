package engine

import (
	"context"
	"errors"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/value"
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
	ID      string     `json:"id"` // NAJA_SESSION of its pages, of no use to somebody who wants to be its visitor
	Created time.Time  `json:"created"`
	Expires *time.Time `json:"expires"` // of a live one; nil for one that ends
	Ending  string     `json:"ending"`  // why it ends; "" for a live one
	InUse   bool       `json:"in_use"`  // a request has it, or its Session_OnEnd
	Bytes   int        `json:"bytes"`   // of its contents
}

// A SessionDetail is one session with what is in it.
type SessionDetail struct {
	SessionInfo
	Timeout Seconds        `json:"timeout_seconds"` // its own; 0 for the application's
	Values  []SessionValue `json:"values"`
	Objects []string       `json:"objects"` // keys of components, which live in this process
}

// A SessionValue is one value of a session.
type SessionValue struct {
	Key   string `json:"key"`
	Type  string `json:"type"` // as an error message would name it: "string", "array"
	Bytes int    `json:"bytes"`
	Value string `json:"value"` // as JSON for people, see value.Diagnostic; "" where it wasn't asked for
}

// maxSessionPage bounds one part of the list of sessions.
const maxSessionPage = 1000

// Sessions lists up to n sessions, at most 1000, from where a former page's
// Next left off, from the first for "". Error: [ErrNotOurs], or one of the
// store.
func (e *Engine) Sessions(ctx context.Context, after string, n int) (SessionPage, error) {
	m, err := e.manager()
	if err != nil {
		return SessionPage{}, err
	}
	infos, next, err := m.List(ctx, after, min(max(n, 1), maxSessionPage))
	if err != nil {
		return SessionPage{}, err
	}
	page := SessionPage{Next: next, Sessions: make([]SessionInfo, 0, len(infos))}
	for _, info := range infos {
		page.Sessions = append(page.Sessions, sessionInfo(info))
	}
	return page, nil
}

// Session is one session with the names, types and sizes of its values, and
// with the values where they are asked for. Error: [store.ErrNotFound],
// [ErrNotOurs], or one of the store.
func (e *Engine) Session(ctx context.Context, id string, values bool) (SessionDetail, error) {
	m, err := e.manager()
	if err != nil {
		return SessionDetail{}, err
	}
	got, err := m.Inspect(ctx, id)
	if err != nil {
		return SessionDetail{}, err
	}
	d := SessionDetail{SessionInfo: sessionInfo(got.Info), Timeout: Seconds(got.Contents.Meta().Timeout), Values: []SessionValue{}, Objects: append([]string{}, e.objects.keys(id)...)}
	for i := range got.Contents.Len() {
		key, raw := got.Contents.At(i)
		v := SessionValue{Key: key, Type: "unreadable", Bytes: len(raw)}
		if token, err := value.NewDecoder(raw).Next(); err == nil {
			v.Type = token.Kind.String()
		}
		if values {
			v.Value = value.Diagnostic(raw)
		}
		d.Values = append(d.Values, v)
	}
	return d, nil
}

// EndSession ends a session, in use or not; its Session_OnEnd runs. Errors as
// of Session.
func (e *Engine) EndSession(ctx context.Context, id string) error {
	m, err := e.manager()
	if err != nil {
		return err
	}
	return m.End(ctx, id, store.ReasonEvicted)
}

func (e *Engine) manager() (*sessions.Manager, error) {
	if e.cfg.Sessions != nil {
		return nil, ErrNotOurs
	}
	return e.life.app().manager, nil
}

func sessionInfo(info store.Info) SessionInfo {
	s := SessionInfo{ID: info.ID, Created: info.Created, Ending: string(info.Ending), InUse: info.Lease > 0, Bytes: info.Size}
	if s.Ending == "" {
		s.Expires = &info.Expires
	}
	return s
}
