package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
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
		LCID: e.cfg.LCID, CodePage: e.cfg.CodePage, CookieName: e.cfg.SessionCookie, CookiePath: e.cfg.Path, Cookie: e.cfg.sessionCookie(),
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
