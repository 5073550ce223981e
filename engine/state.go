package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// errSessionStore is a failure of the store, as against one of the page.
var errSessionStore = errors.New("session store failed")

// isQueueFull says that a request was one too many in its session's queue.
func isQueueFull(err error) bool { return errors.Is(err, turn.ErrQueueFull) }

// isStoreFailure says that Application can't be read or written.
func isStoreFailure(err error) bool { return errors.Is(err, appstate.ErrStore) }

// newSessions makes the keeper of sessions of one life of the application; nil
// where the program brought its own.
func (e *Engine) newSessions() (*sessions.Manager, error) {
	ends := e.ends
	if e.cfg.Sessions != nil && ends == nil {
		return nil, nil
	}
	live := e.live()
	cfg := sessions.Config{
		Timeout: live.SessionTimeout, Max: live.SessionMax,
		LCID: e.cfg.LCID, CodePage: e.cfg.CodePage, CookieName: e.cfg.SessionCookie, CookiePath: e.cfg.Path, CookieHost: e.cfg.SessionCookieHost, Cookie: e.cfg.sessionCookie(),
		RenewGrace: live.SessionRenewGrace, Lease: e.cfg.lease, LeaseMax: live.ScriptTimeoutMax + 5*time.Second,
		OnEnd: e.sessionEnd, OnEndTimeout: live.ScriptTimeoutMax + time.Minute, Logger: e.cfg.Logger, Secure: e.cfg.Secure,
	}
	switch {
	case ends != nil: // those that end; another keeps them until then
		cfg.Store, cfg.Read, cfg.Owner = ends.Store, ends.Read, processName()
		cfg.CookieName = "" // their cookies are another's
	case e.backend != nil:
		cfg.Store, cfg.Owner = e.backend.Sessions(), processName()
	default:
		cfg.Store, cfg.StoreTimeout = memory.NewSessions(), -1
	}
	m, err := sessions.NewManager(cfg)
	if err != nil {
		return nil, fmt.Errorf("making the sessions: %w", err)
	}
	return m, nil
}

// endsOf is where the sessions of the program's own provider end; nil for the
// engine's, and where nobody knows.
func endsOf(p session.Provider) *session.Ends {
	if p, ok := p.(session.Ending); ok {
		return p.Ends()
	}
	return nil
}

// endsApart says that sessions end in another store than Application's, so
// that the two can't be changed in one step.
func (e *Engine) endsApart() bool {
	return e.ends != nil && e.ends.Store != e.backend.Sessions()
}

// newApplicationState makes the Application, empty in memory.
func (e *Engine) newApplicationState(ctx context.Context) (*shared.State, error) {
	cfg := shared.Config{LockTimeout: e.live().ApplicationLockTimeout, Lease: e.cfg.lease}
	if e.backend != nil {
		cfg.Store, cfg.Shared, cfg.Name, cfg.News = e.backend.Application(), true, processName(), e.life.news
	} else {
		cfg.Store = memory.NewApplication()
	}
	s, err := shared.New(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("making the Application: %w", err)
	}
	return s, nil
}

// processName names this process to the operators and the messages of others.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "this host"
	}
	return fmt.Sprintf("process %d on %s", os.Getpid(), host)
}

// countPatience bounds the wait for the number of sessions, which nobody has
// to know.
const countPatience = 200 * time.Millisecond

// sessionCount is how many sessions there are, -1 where nobody knows.
func (e *Engine) sessionCount() int {
	m := e.life.app().manager
	if m == nil {
		return -1
	}
	ctx, cancel := context.WithTimeout(context.Background(), countPatience)
	defer cancel()
	n, err := m.Count(ctx)
	if err != nil {
		return -1
	}
	return n.Live
}

// stateProblem is what is wrong with the store, "" when nothing.
func (e *Engine) stateProblem() string {
	if e.backend == nil {
		return ""
	}
	if err := e.backend.Err(); err != nil {
		return err.Error()
	}
	return ""
}

// An outage is that the store of sessions didn't answer in time when it was last
// asked. Whoever waited for something else meanwhile has his answer by that and
// doesn't try in his turn; whoever comes later tries.
type outage struct {
	noted atomic.Int64 // when, in nanoseconds since 1970; 0: it answers
}

// note notes what became of a try.
func (o *outage) note(err error) {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		o.noted.Store(time.Now().UnixNano())
	case err == nil && o.noted.Load() != 0:
		o.noted.Store(0)
	}
}

// covers says that a request came before the last try failed.
func (o *outage) covers(came time.Time) bool {
	noted := o.noted.Load()
	return noted != 0 && came.UnixNano() < noted
}

// errOutage is the answer to those.
var errOutage = errors.Join(errSessionStore, errors.New("it didn't answer another request in time"))

// safely makes an error of the panic of somebody else's provider of sessions.
func safely[T any](ask func() (T, error)) (result T, err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			panic(p)
		default:
			err = &store.PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return ask()
}

// storeError is safely for what has no result, and notes an outage.
func (e *Engine) storeError(ask func() error) error {
	_, err := safely(func() (struct{}, error) { return struct{}{}, ask() })
	e.outage.note(err)
	return err
}

// storeAttrs are a store's failure in the log.
func storeAttrs(err error) []any {
	attrs := []any{slog.String("error", err.Error())}
	if p, ok := errors.AsType[*store.PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	return attrs
}

// sessionEnd runs Session_OnEnd for a session that has ended. It is told why,
// and a name for this end. One that fails isn't run again: it began.
func (e *Engine) sessionEnd(ctx context.Context, s *sessions.Ended) error {
	if e.backend != nil {
		return e.storedSessionEnd(ctx, s)
	}
	app := e.life.app()
	home := e.objects.home(s.ID())
	if app.failed == nil && app.handles("Session_OnEnd") {
		view := &endedView{s, &e.objects}
		err := e.life.event(ctx, app, "Session_OnEnd", view, home, string(s.Reason()), s.EndID())
		if errors.Is(err, errNotRun) {
			return fmt.Errorf("%w: %w", sessions.ErrNotRun, err)
		}
		if err != nil {
			e.report(globalFile, err)
		}
	}
	e.objects.removeAll(s.ID())
	return nil
}

// storedSessionEnd is sessionEnd for a session that outlived the process, or
// may. What Session_OnEnd writes to Application is committed in one step with
// the removal of the session: exactly once, whoever dies in between.
func (e *Engine) storedSessionEnd(ctx context.Context, s *sessions.Ended) error {
	const event = "Session_OnEnd"
	app, err := e.life.ready(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", sessions.ErrNotRun, err)
	}
	home := e.objects.home(s.ID())
	if !app.handles(event) {
		e.objects.removeAll(s.ID())
		return nil
	}
	view := app.state.BeginWhole(e.life.owner(event))
	defer view.End(false)
	err = e.life.eventIn(ctx, view, app, event, &endedView{s, &e.objects}, home, string(s.Reason()), s.EndID())
	switch {
	case errors.Is(err, errNotRun):
		return fmt.Errorf("%w: %w", sessions.ErrNotRun, err)
	case ctx.Err() != nil, isStoreFailure(err), errors.Is(err, appstate.ErrLockLost):
		return fmt.Errorf("%s: %w: %w", event, sessions.ErrAgain, errors.Join(err, ctx.Err())) // not the script's fault
	case err != nil: // it began, and what it wrote is dropped
		e.report(globalFile, err)
	case e.endsApart():
		if err := view.End(true); err != nil {
			return fmt.Errorf("%s: %w: %w", event, sessions.ErrAgain, err)
		}
	default:
		err := view.EndWith(func(ctx context.Context, lock int64, c store.Changes) (int64, error) {
			id, claim := s.Claim()
			return e.backend.FinishWith(ctx, id, claim, lock, c)
		})
		if err != nil {
			return fmt.Errorf("%s: %w: %w", event, sessions.ErrAgain, err)
		}
		s.Removed()
	}
	e.objects.removeAll(s.ID())
	return nil
}

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
	Value string `json:"value"` // as JSON for people, see cborvalue.Diagnostic; "" where it wasn't asked for
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
		if token, err := cborvalue.NewDecoder(raw).Next(); err == nil {
			v.Type = token.Kind.String()
		}
		if values {
			v.Value = cborvalue.Diagnostic(raw)
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
