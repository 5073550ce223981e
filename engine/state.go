package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store/memory"
)

// stateMemory is the store that is forgotten with the process.
const stateMemory = "memory"

// errSessionStore is a failure of the store, as against one of the page.
var errSessionStore = errors.New("session store failed")

// isQueueFull says that a request was one too many in its session's queue.
func isQueueFull(err error) bool { return errors.Is(err, session.ErrQueueFull) }

// checkState refuses a store that this version doesn't have.
func (e *Engine) checkState() error {
	e.objects.maxPinned = max(e.cfg.PinnedSessionMax, 0)
	if e.cfg.Sessions == nil && e.cfg.State != stateMemory {
		return badSetting("state", "%q is not available in this version; it can be %q", e.cfg.State, stateMemory)
	}
	return nil
}

// newSessions makes the keeper of sessions of one life of the application; nil
// where the program brought its own.
func (e *Engine) newSessions() (*session.Manager, error) {
	if e.cfg.Sessions != nil {
		return nil, nil
	}
	m, err := session.NewManager(session.Config{
		Store: memory.NewSessions(), Timeout: e.cfg.SessionTimeout, Max: e.cfg.SessionMax,
		LCID: e.cfg.LCID, CodePage: e.cfg.CodePage, CookieName: e.cfg.SessionCookie, CookiePath: e.cfg.Path,
		LeaseMax: e.cfg.ScriptTimeoutMax + 5*time.Second, StoreTimeout: -1,
		OnEnd: e.sessionEnd, OnEndTimeout: e.cfg.ScriptTimeoutMax + time.Minute, Logger: e.cfg.Logger, Secure: e.cfg.Secure,
	})
	if err != nil {
		return nil, fmt.Errorf("making the sessions: %w", err)
	}
	return m, nil
}

// newApplicationState makes an empty Application.
func (e *Engine) newApplicationState(ctx context.Context) (*appstate.State, error) {
	s, err := appstate.New(ctx, appstate.Config{
		Store: memory.NewApplication(), LockTimeout: e.cfg.ApplicationLockTimeout,
	})
	if err != nil {
		return nil, fmt.Errorf("making the Application: %w", err)
	}
	return s, nil
}

// sessionCount is how many sessions there are, -1 where nobody knows.
func (e *Engine) sessionCount() int {
	m := e.life.app().manager
	if m == nil {
		return -1
	}
	n, err := m.Count(context.Background())
	if err != nil {
		return -1
	}
	return n.Live
}
