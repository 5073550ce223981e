package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// While OnEnd can't run, sessions wait for it: their first attempt is still to
// come.
func TestOnEndCanNotRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var tries atomic.Int64
		var ready atomic.Bool
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			if tries.Add(1); !ready.Load() {
				return fmt.Errorf("%w: not yet", sessions.ErrNotRun)
			}
			d.note(t, e)
			return nil
		}})
		for range 100 {
			user(t, newVisitor(t, m), "x")
		}
		wait(30 * time.Minute)
		wantLines(t, &d)
		if n := tries.Load(); n == 0 || n > 3000 {
			t.Errorf("%d tries in ten minutes", n)
		}
		ready.Store(true)
		wait(5 * time.Second)
		lines := d.take()
		for _, line := range lines {
			if line != "ax timeout 1" {
				t.Errorf("ended %q", line)
			}
		}
		if s := m.Status(); len(lines) != 100 || s.Failed != 0 || s.Ended != 100 {
			t.Errorf("%d have ended, status %+v", len(lines), s)
		}
	})
}

// One that ran in vain is run again, however often that takes.
func TestOnEndAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			if runs++; runs < 10 {
				return fmt.Errorf("the disk: %w", sessions.ErrAgain)
			}
			return nil
		}})
		user(t, newVisitor(t, m), "ann")
		wait(time.Hour)
		if c, _ := m.Count(t.Context()); runs != 10 || c != (store.Counts{}) {
			t.Errorf("%d runs, %+v are left", runs, c)
		}
	})
}

// OnEnd may see to the removal itself.
func TestOnEndRemoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &faulty{Sessions: memory.NewSessions()}
		var finished atomic.Int64
		kept.fail = func(op string) error {
			if op == "finish" {
				finished.Add(1)
			}
			return nil
		}
		runs := 0
		m := newManager(t, sessions.Config{Store: kept, OnEnd: func(ctx context.Context, e *sessions.Ended) error {
			runs++
			id, token := e.Claim()
			must(t, kept.Sessions.Finish(ctx, id, token))
			e.Removed()
			return nil
		}})
		user(t, newVisitor(t, m), "ann")
		wait(time.Hour)
		if runs != 1 || finished.Load() != 0 {
			t.Errorf("%d runs, finished %d times", runs, finished.Load())
		}
	})
}

// An OnEnd whose claim is in other hands is stopped: the process stood still
// for longer than its lease.
func TestOnEndLosesItsClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner := memory.NewSessions()
		var stalled atomic.Bool
		kept := &faulty{Sessions: inner, fail: func(op string) error {
			if (op == "renew" || op == "claim") && stalled.Load() {
				return errors.New("stalled")
			}
			return nil
		}}
		stopped := make(chan error, 1)
		m, err := sessions.NewManager(sessions.Config{Store: kept, OnEnd: func(ctx context.Context, e *sessions.Ended) error {
			<-ctx.Done()
			stopped <- context.Cause(ctx)
			return ctx.Err()
		}})
		must(t, err)
		user(t, newVisitor(t, m), "ann")
		wait(20*time.Minute + 2*time.Second) // it was claimed
		stalled.Store(true)
		wait(20 * time.Second) // longer than the lease
		taken, err := inner.Claim(t.Context(), "another", time.Hour, 10)
		if err != nil || len(taken) != 1 || taken[0].Attempt != 2 {
			t.Errorf("another got %+v, %v", taken, err)
		}
		stalled.Store(false)
		wait(8 * time.Second)
		select {
		case <-stopped:
		default:
			t.Error("OnEnd still runs")
		}
		must(t, m.Close(t.Context()))
	})
}
