package engine

import (
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/runtime"
)

// endedView is a session as its Session_OnEnd sees it.
type endedView struct {
	*sessions.Ended
	objects *liveObjects
}

// Abandon, Renew and Close mean nothing to a session that has ended.
func (v *endedView) Abandon() error { return nil }

// Renew does nothing.
func (v *endedView) Renew() error { return nil }

// Close does nothing.
func (v *endedView) Close() error { return nil }

// Object gives a component kept in the session.
func (v *endedView) Object(key string) (*runtime.Object, bool) { return v.objects.get(v.ID(), key) }

// SetObject refuses.
func (v *endedView) SetObject(key string, _ *runtime.Object) error {
	return asp.New(asp.CodeNotAllowed, "the session has ended: "+strings.TrimSpace(key))
}

// EndAttempt is Session.EndAttempt.
func (v *endedView) EndAttempt() int { return v.Attempt() }

// EndReason is Session.EndReason.
func (v *endedView) EndReason() string { return string(v.Reason()) }

var (
	_ runtime.Session      = (*endedView)(nil)
	_ runtime.EndedSession = (*endedView)(nil)
)
