package shared_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/shared"
)

func TestLockTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, shared.Config{})
		holder, other := begin(s, "/slow.asp"), begin(s, "/o.asp")
		must(t, holder.Lock(ctx))
		must(t, holder.Set(ctx, "a", raw(1)))
		pass(3 * time.Second)
		calls := map[string]func() error{
			"Lock":      func() error { return other.Lock(ctx) },
			"Set":       func() error { return other.Set(ctx, "a", raw(2)) },
			"RemoveAll": func() error { return other.RemoveAll(ctx) },
			"Increment": func() error { _, err := other.Increment(ctx, "a", 1); return err },
		}
		for name, call := range calls {
			start := time.Now()
			err := call()
			var timeout *appstate.LockTimeoutError
			if !errors.As(err, &timeout) || time.Since(start) != 10*time.Second {
				t.Fatalf("%s: %v after %v", name, err, time.Since(start))
			}
			if timeout.Page != "/slow.asp" || timeout.URL != "/slow.asp?x=1" || timeout.Waited != 10*time.Second || timeout.Age < 13*time.Second || !timeout.Timeout() {
				t.Errorf("%s: %+v", name, timeout)
			}
			if text := err.Error(); !strings.Contains(text, "waited 10s for /slow.asp, which has held it for ") {
				t.Errorf("%s: %s", name, text)
			}
			idle2(t, s, 0)
		}
		want(t, other, "") // a read never waits
		must(t, holder.Unlock(ctx))
		must(t, other.Set(ctx, "b", raw(2)))
		want(t, other, "a=1 b=2")
	})
}

// idle2 checks how many wait while the lock is held.
func idle2(t testing.TB, s *shared.State, waiters int) {
	t.Helper()
	if st := s.Status(); st.Holder == nil || len(st.Waiters) != waiters {
		t.Errorf("held %v, waiting %v; want %d", st.Holder, st.Waiters, waiters)
	}
}

func TestWaitEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, shared.Config{})
		holder, other := begin(s, "/h.asp"), begin(s, "/o.asp")
		must(t, holder.Lock(ctx))
		short, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		start := time.Now()
		err := other.Lock(short)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "/h.asp") || time.Since(start) != 2*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		idle2(t, s, 0)
		must(t, holder.End(true))
		must(t, other.End(true))
	})
}

// Waiters are served in the order in which they came, lockers and writers
// alike.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, shared.Config{LockTimeout: time.Hour})
		holder := begin(s, "/h.asp")
		must(t, holder.Lock(ctx))
		var order []int
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				v := begin(s, fmt.Sprintf("/%d.asp", i))
				defer v.End(true)
				if i%2 == 0 {
					must(t, v.Lock(ctx))
					order = append(order, i) // the lock guards it
					must(t, v.Set(ctx, "last", raw(i)))
					must(t, v.Unlock(ctx))
					return
				}
				must(t, v.Set(ctx, "last", raw(i)))
			})
			synctest.Wait() // it stands in the queue
		}
		st := s.Status()
		if len(st.Waiters) != 20 || st.Waiters[3].Page != "/3.asp" || st.Holder.Page != "/h.asp" {
			t.Errorf("%+v", st)
		}
		must(t, holder.Unlock(ctx))
		wg.Wait()
		for i, n := range order {
			if n != 2*i {
				t.Fatalf("served in the order %v", order)
			}
		}
		want(t, holder, "last=19")
		idle(t, s)
	})
}

// A request that is ended from outside gives its place in the queue up at
// once, and the lock.
func TestEndFromOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, shared.Config{})
		stuck, waiting, next := begin(s, "/stuck.asp"), begin(s, "/w.asp"), begin(s, "/n.asp")
		must(t, stuck.Lock(ctx))
		must(t, stuck.Set(ctx, "a", raw("staged")))
		results := make(chan error, 2)
		go func() { results <- waiting.Set(ctx, "a", raw("waiting")) }()
		synctest.Wait()
		go func() { results <- next.Lock(ctx) }()
		synctest.Wait()
		idle2(t, s, 2)

		must(t, waiting.End(false))
		idle2(t, s, 1)
		if err := <-results; err != appstate.ErrEnded {
			t.Errorf("the waiting write: %v", err)
		}
		must(t, stuck.End(false))
		must(t, <-results)
		if err := stuck.Set(ctx, "a", raw("late")); err != appstate.ErrEnded {
			t.Errorf("the orphan's late write: %v", err)
		}
		if err := stuck.Unlock(ctx); err != appstate.ErrEnded {
			t.Errorf("the orphan's late unlock: %v", err)
		}
		want(t, next, "")
		must(t, next.End(true))
		idle(t, s)
	})
}

func TestBreak(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, shared.Config{})
		if who, err := s.Break(ctx); who != "" || err != nil {
			t.Errorf("nobody to break: %q, %v", who, err)
		}
		told := make(chan error, 1)
		stuck := s.Begin(shared.Owner{Page: "/stuck.asp", Lost: func(err error) { told <- err }})
		other := begin(s, "/o.asp")
		must(t, stuck.Lock(ctx))
		must(t, stuck.Set(ctx, "a", raw(1)))
		done := make(chan error, 1)
		go func() { done <- other.Set(ctx, "b", raw(2)) }()
		synctest.Wait()
		if who, err := s.Break(ctx); who != "/stuck.asp" || err != nil {
			t.Errorf("broken: %q, %v", who, err)
		}
		must(t, <-done)
		if err := <-told; err != appstate.ErrLockLost {
			t.Errorf("the holder was told %v", err)
		}
		for name, err := range map[string]error{
			"Set": stuck.Set(ctx, "a", raw(3)), "Unlock": stuck.Unlock(ctx), "Lock": stuck.Lock(ctx), "Remove": stuck.Remove(ctx, "b"),
		} {
			if err != appstate.ErrLockLost {
				t.Errorf("%s after the break: %v", name, err)
			}
		}
		want(t, stuck, "b=2") // it may still read
		if err := stuck.End(true); err != appstate.ErrLockLost {
			t.Errorf("End: %v", err)
		}
		want(t, other, "b=2")
		idle(t, s)
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, shared.Config{})
		holder, other := begin(s, "/h.asp"), begin(s, "/o.asp")
		must(t, holder.Lock(ctx))
		must(t, holder.Set(ctx, "a", raw(1)))
		done := make(chan error, 1)
		go func() { done <- other.Lock(ctx) }()
		synctest.Wait()
		must(t, s.Close())
		if err := <-done; err != appstate.ErrClosed {
			t.Errorf("the waiter: %v", err)
		}
		if err := other.Set(ctx, "b", raw(1)); err != appstate.ErrClosed {
			t.Errorf("a write after Close: %v", err)
		}
		must(t, holder.End(true))
		want(t, other, "a=1")
		must(t, s.Close())
	})
}
