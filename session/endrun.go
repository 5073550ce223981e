package session

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// claimLease outlasts an OnEnd, so that only a claimant that died loses its
// claim.
func (e *ender) claimLease() time.Duration { return 3 * e.m.cfg.OnEndTimeout }

func (e *ender) claim(ctx context.Context, n int) []Claimed {
	opctx, cancel := e.m.bound(ctx)
	defer cancel()
	claims, err := e.m.store.Claim(opctx, e.m.cfg.Owner, e.claimLease(), n)
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
// come to.
func (e *ender) batch(ctx context.Context, claims []Claimed, stop func() bool) {
	renewed := time.Now()
	for i := range claims {
		if stop() || ctx.Err() != nil {
			e.giveBack(claims[i:])
			return
		}
		if time.Since(renewed) >= e.claimLease()/3 {
			renewed = time.Now()
			e.renew(claims[i:])
		}
		if claims[i].Token != 0 {
			e.end(ctx, &claims[i])
		}
	}
}

func (e *ender) giveBack(claims []Claimed) {
	for i := range claims {
		e.m.release(claims[i].ID, claims[i].Token)
	}
}

// renew prolongs the claims that wait in a batch, and takes the token from
// those that were lost.
func (e *ender) renew(claims []Claimed) {
	for i := range claims {
		c := &claims[i]
		ctx, cancel := e.m.bound(context.Background())
		err := e.m.store.Renew(ctx, c.ID, c.Token, e.claimLease())
		cancel()
		if errors.Is(err, ErrLost) {
			c.Token = 0
		}
	}
}

// end runs OnEnd for one session and removes it. One whose OnEnd failed stays
// claimed until the claim runs out, and is then tried again.
func (e *ender) end(ctx context.Context, c *Claimed) {
	if err := e.hook(ctx, c); err != nil {
		e.failed.Add(1)
		if !e.giveUp(c, err) {
			return
		}
	} else {
		e.ended.Add(1)
	}
	opctx, cancel := e.m.detached(ctx)
	defer cancel()
	if err := e.m.store.Finish(opctx, c.ID, c.Token); err != nil {
		e.m.cfg.Logger.Error("session: its OnEnd ran and may run again: it could not be removed", e.attrs(c, err)...)
	}
}

// giveUp logs a failed OnEnd and reports whether it was the last attempt.
func (e *ender) giveUp(c *Claimed, err error) bool {
	last := c.Attempt >= e.m.cfg.OnEndAttempts
	text := "session: OnEnd failed, it will be tried again"
	if last {
		text = "session: OnEnd failed for the last time, the session is removed without it"
	}
	e.m.cfg.Logger.Error(text, e.attrs(c, err)...)
	return last
}

func (e *ender) attrs(c *Claimed, err error) []any {
	return []any{"session", publicID(c.Serial), "end_id", endID(c.ID), "reason", c.Reason, "attempt", c.Attempt, "err", err}
}

// hook calls OnEnd. A panic is its error.
func (e *ender) hook(ctx context.Context, c *Claimed) (err error) {
	if e.m.cfg.OnEnd == nil {
		return nil
	}
	ended, err := newEnded(&e.m.cfg, c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, e.m.cfg.OnEndTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("session: OnEnd panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return e.m.cfg.OnEnd(ctx, ended)
}
