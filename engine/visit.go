package engine

import (
	"context"
	"errors"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/runtime"
	"github.com/najahost/naja/session"
)

// openSession loads the session, whose turn the request has.
func (x *exchange) openSession() bool {
	if x.mode == session.Off {
		return true
	}
	ctx, cancel := x.e.visiting(x.r.Context())
	defer cancel()
	if x.log.queued > 0 && x.e.outage.covers(x.began) {
		return x.refuse(storeFailed)
	}
	handle, err := safely(func() (session.Handle, error) {
		return x.e.provider(x.app).Open(turn.With(ctx, x.hop), x.r, x.mode)
	})
	if err != nil {
		if x.r.Context().Err() != nil {
			return x.gone()
		}
		if errors.Is(err, apartment.ErrQueueTimeout) {
			return x.refuse(tooBusy)
		}
		if errors.Is(err, session.ErrRefused) {
			return x.refusedSession(err)
		}
		x.e.outage.note(err)
		x.failLine()
		x.e.cfg.Logger.Error("session store failed", storeAttrs(err)...)
		return x.refuse(storeFailed)
	}
	x.e.outage.note(nil)
	x.handle = handle
	x.sess = newSessionView(x, handle)
	return true
}

// visiting bounds the wait for a session that another process has, as that for
// one of this process is bounded. Another's provider may keep its context.
func (e *Engine) visiting(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := e.live().QueueTimeout
	if limit <= 0 || e.backend == nil || e.cfg.Sessions != nil {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, limit, apartment.ErrQueueTimeout)
}

// discardSession gives the session up on every path that didn't commit it.
func (x *exchange) discardSession() {
	if x.handle != nil {
		_, _ = safely(func() (any, error) { x.handle.Discard(); return nil, nil })
	}
}

// provider is who keeps the application's sessions.
func (e *Engine) provider(app *application) session.Provider {
	if e.cfg.Sessions != nil {
		return e.cfg.Sessions
	}
	return app.manager
}

// mode is what a page does with its session.
func (e *Engine) mode(p *runtime.Program) session.Mode {
	switch p.Directives().EnableSessionState {
	case runtime.SessionOn:
		return session.ReadWrite
	case runtime.SessionOff:
		return session.Off
	case runtime.SessionReadOnly:
		return session.ReadOnly
	}
	if e.live().DisableSessionState {
		return session.Off
	}
	return session.ReadWrite
}
