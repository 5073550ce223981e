package sessions_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

func TestEndAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			if e.Reason() == store.ReasonShutdown {
				wait(time.Second)
			}
			if get(t, e, "user") == "bad" {
				return errors.New("no") // must not hold the others up
			}
			return nil
		}})
		user(t, newVisitor(t, m), "ann")
		user(t, newVisitor(t, m), "bad")
		for range 98 {
			user(t, newVisitor(t, m), "bob")
		}
		begin := time.Now()
		n, err := m.EndAll(t.Context(), store.ReasonShutdown)
		if n != 100 || err != nil {
			t.Errorf("EndAll: %d, %v, want 100", n, err)
		}
		if took := time.Since(begin); took > 60*time.Second {
			t.Errorf("100 ends of a second by two workers took %v", took)
		}
		if lines := d.take(); len(lines) != 100 {
			t.Errorf("%d have ended", len(lines))
		}
		if c, _ := m.Count(t.Context()); c.Live != 0 || c.Ending != 1 {
			t.Errorf("%+v are left, want the bad one", c)
		}
	})
}

func TestEndAllIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int64
		m := newManager(t, sessions.Config{OnEnd: func(ctx context.Context, _ *sessions.Ended) error {
			runs.Add(1)
			<-ctx.Done()
			return ctx.Err()
		}})
		for range 100 {
			user(t, newVisitor(t, m), "x")
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begin := time.Now()
		n, err := m.EndAll(ctx, store.ReasonShutdown)
		if n != 100 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("EndAll: %d, %v", n, err)
		}
		if took := time.Since(begin); took != 10*time.Second || runs.Load() != 2 {
			t.Errorf("it took %v and %d runs", took, runs.Load())
		}
	})
}

// Close lets the OnEnd that run finish and gives the others' claims back: the
// next process ends them at once, as a first attempt.
func TestCloseGivesClaimsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory.NewSessions()
		var first, second diary
		slow, err := sessions.NewManager(sessions.Config{Store: kept, OnEnd: func(_ context.Context, e *sessions.Ended) error {
			wait(10 * time.Second)
			first.note(t, e)
			return nil
		}})
		must(t, err)
		for range 20 {
			user(t, newVisitor(t, slow), "x")
		}
		wait(20*time.Minute + 5*time.Second)
		begin := time.Now()
		must(t, slow.Close(t.Context()))
		must(t, slow.Close(t.Context())) // again: nothing
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("Close took %v", took)
		}
		newManager(t, sessions.Config{Store: kept, OnEnd: func(_ context.Context, e *sessions.Ended) error {
			second.note(t, e)
			return nil
		}})
		wait(3 * time.Second)
		a, b := first.take(), second.take()
		if len(a)+len(b) != 20 || len(a) == 0 || len(b) == 0 {
			t.Errorf("%d and %d have ended, want 20 in all", len(a), len(b))
		}
		for _, line := range b {
			if line != "ax timeout 1" {
				t.Errorf("ended %q", line)
			}
		}
	})
}

func TestCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen error
		m, err := sessions.NewManager(sessions.Config{Store: memory.NewSessions(), OnEndTimeout: time.Hour,
			OnEnd: func(ctx context.Context, _ *sessions.Ended) error {
				<-ctx.Done()
				seen = context.Cause(ctx)
				return seen
			}})
		must(t, err)
		user(t, newVisitor(t, m), "x")
		wait(21 * time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantErr(t, "Close", m.Close(ctx), context.DeadlineExceeded)
		synctest.Wait()
		wantErr(t, "the OnEnd that hung", seen, context.Canceled)
	})
}

func TestListAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			return nil
		}})
		ids := map[string]bool{}
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "user", "ann"); ids[h.ID()] = true })
		for range 29 {
			newVisitor(t, m).page(func(h session.Handle) { set(t, h, "user", "bob"); ids[h.ID()] = true })
		}
		listed := 0
		for after, more := "", true; more; more = after != "" {
			infos, next, err := m.List(t.Context(), after, 7)
			must(t, err)
			for _, info := range infos {
				listed++
				if !ids[info.ID] || info.Size == 0 || info.Created.IsZero() {
					t.Errorf("listed %+v", info)
				}
			}
			after = next
		}
		if listed != 30 {
			t.Errorf("%d sessions are listed, want 30", listed)
		}
		h := v.open(session.ReadWrite)
		must(t, m.End(t.Context(), h.ID(), store.ReasonEvicted))
		wantLines(t, &d, "cann evicted 1")
		wantErr(t, "the commit of an ended session", h.Close(t.Context(), nil), store.ErrLost)
		wantErr(t, "End again", m.End(t.Context(), h.ID(), store.ReasonEvicted), store.ErrNotFound)
		wantErr(t, "End of an unknown one", m.End(t.Context(), "1", store.ReasonEvicted), store.ErrNotFound)
	})
}

func TestConfig(t *testing.T) {
	kept := memory.NewSessions()
	for name, cfg := range map[string]sessions.Config{
		"no store":           {},
		"a cookie name":      {Store: kept, CookieName: "a b"},
		"a path with a ;":    {Store: kept, CookiePath: "/;"},
		"a relative path":    {Store: kept, CookiePath: "x"},
		"a negative timeout": {Store: kept, Timeout: -1},
		"a tiny lease":       {Store: kept, Lease: 1},
		"negative workers":   {Store: kept, OnEndWorkers: -1},
	} {
		if m, err := sessions.NewManager(cfg); err == nil {
			t.Errorf("%s was taken", name)
			_ = m.Close(context.Background())
		}
	}
}
