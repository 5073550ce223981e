package sessions

import (
	"context"
	"errors"
	"fmt"
	goruntime "runtime"
	"runtime/debug"

	"github.com/najahost/naja/store"
)

func (e *ender) claim(ctx context.Context, n int) []store.Claimed {
	opctx, cancel := e.m.bound(ctx)
	defer cancel()
	claims, err := e.m.store.Claim(opctx, e.m.cfg.Owner, e.m.cfg.Lease, n)
	if failed := err != nil && ctx.Err() == nil; e.failing.CompareAndSwap(!failed, failed) {
		if failed {
			e.m.cfg.Logger.Error("session: the store doesn't say which sessions are to be ended", "err", err)
		} else {
			e.m.cfg.Logger.Info("session: the store answers again")
		}
	}
	return claims
}

// batch ends the sessions one after the other and gives back what it doesn't
// come to; false when there is no sense in going on now.
func (e *ender) batch(ctx context.Context, claims []store.Claimed, stop func() bool) bool {
	holds := e.hold(claims)
	for i, h := range holds {
		if stop() || ctx.Err() != nil || !e.end(ctx, h) {
			e.giveBack(holds[i:])
			return false
		}
		// Otherwise a request would wait for the end of the worker's time
		// slice, which is longer than most pages.
		goruntime.Gosched()
	}
	return true
}

func (e *ender) giveBack(holds []*hold) {
	e.letGo(holds...)
	for _, h := range holds {
		e.m.release(h.claim.ID, h.claim.Token)
	}
}

// end runs OnEnd for one session and removes it. One whose OnEnd failed stays
// claimed for a while, and is then tried again. False: OnEnd can't run now.
func (e *ender) end(ctx context.Context, h *hold) bool {
	if e.isLost(h) {
		e.letGo(h)
		return true
	}
	removed, err := e.hook(ctx, h)
	if e.canNotRun(err) {
		return false
	}
	if err == nil {
		e.ended.Add(1)
	} else {
		e.failed.Add(1)
		if !e.giveUp(h.claim, err) {
			e.later(h)
			return true
		}
	}
	if removed {
		e.letGo(h)
	} else {
		e.finish(h)
	}
	return true
}

// canNotRun says whether OnEnd could not begin, and logs when that changes.
func (e *ender) canNotRun(err error) bool {
	stuck := errors.Is(err, ErrNotRun)
	if e.stuck.CompareAndSwap(!stuck, stuck) {
		if stuck {
			e.m.cfg.Logger.Error("session: OnEnd can't run now, sessions wait for it", "err", err)
		} else {
			e.m.cfg.Logger.Info("session: OnEnd runs again")
		}
	}
	return stuck
}

// giveUp logs a failed OnEnd and reports whether it was the last attempt.
func (e *ender) giveUp(c *store.Claimed, err error) bool {
	last := c.Attempt >= e.m.cfg.OnEndAttempts && !errors.Is(err, ErrAgain)
	text := "session: OnEnd failed, it will be tried again"
	if last {
		text = "session: OnEnd failed for the last time, the session is removed without it"
	}
	e.m.cfg.Logger.Error(text, e.attrs(c, err)...)
	return last
}

func (e *ender) attrs(c *store.Claimed, err error) []any {
	return []any{"session", publicID(c.Serial), "end_id", endID(c.ID), "reason", c.Reason, "attempt", c.Attempt, "err", err}
}

// hook calls OnEnd. A panic is its error. removed says that OnEnd saw to the
// removal of the session.
func (e *ender) hook(ctx context.Context, h *hold) (removed bool, err error) {
	if e.m.cfg.OnEnd == nil {
		return false, nil
	}
	ended, err := newEnded(&e.m.cfg, h.claim)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.m.limits.Load().OnEndTimeout)
	defer cancel()
	e.runs(h, cancel)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("session: OnEnd panicked: %v\n%s", p, debug.Stack())
		}
	}()
	err = e.m.cfg.OnEnd(ctx, ended)
	return ended.removed, err
}
