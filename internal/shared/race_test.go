package shared_test

import (
	"context"
	"errors"
	goruntime "runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// The turn comes at the very moment at which the waiter gives up, or at which
// its request is ended: the turn is not lost. On one processor the waiter runs
// only after both have happened.
func TestTurnComesTooLate(t *testing.T) {
	defer goruntime.GOMAXPROCS(goruntime.GOMAXPROCS(1))
	for name, race := range map[string]func(holder, waiter *shared.View, cancel func()) error{
		"cancelled": func(holder, _ *shared.View, cancel func()) error {
			cancel()
			return holder.Unlock(ctx)
		},
		"ended": func(holder, waiter *shared.View, _ func()) error {
			defer waiter.End(false)
			return holder.Unlock(ctx)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, shared.Config{})
			holder, waiter, last := begin(s, "/h.asp"), begin(s, "/w.asp"), begin(s, "/l.asp")
			must(t, holder.Lock(ctx))
			c, cancel := context.WithCancel(ctx)
			defer cancel()
			done := make(chan error, 1)
			go func() { done <- waiter.Set(c, "a", raw(1)) }()
			synctest.Wait()
			must(t, race(holder, waiter, cancel))
			if err := <-done; err != nil && !errors.Is(err, context.Canceled) && err != appstate.ErrEnded {
				t.Errorf("%s: %v", name, err)
			}
			idle(t, s)
			must(t, last.Lock(ctx))
			must(t, last.End(true))
		})
	}
}

// A hooked store calls a function in the middle of a call.
type hooked struct {
	*memory.Application
	lock, read, swap func()
	fail             atomic.Bool
}

func (h *hooked) Lock(ctx context.Context, owner string, lease time.Duration) (store.Locked, error) {
	l, err := h.Application.Lock(ctx, owner, lease)
	if h.lock != nil {
		h.lock()
	}
	return l, err
}

func (h *hooked) Read(ctx context.Context, have int64) (store.Contents, error) {
	if h.read != nil {
		h.read()
	}
	return h.Application.Read(ctx, have)
}

func (h *hooked) Swap(ctx context.Context, s store.Swap) (int64, error) {
	if h.swap != nil {
		h.swap()
	}
	if h.fail.Load() {
		return 0, errDisk
	}
	return h.Application.Swap(ctx, s)
}

// A request is ended while the store gives it the lock.
func TestEndWhileLocking(t *testing.T) {
	kept := &hooked{Application: memory.NewApplication()}
	s := open(t, shared.Config{Store: kept})
	v := begin(s, "/a.asp")
	kept.lock = func() { must(t, v.End(false)) }
	if err := v.Lock(ctx); err != appstate.ErrEnded || v.Locked() {
		t.Errorf("Lock: %v", err)
	}
	kept.lock = nil
	idle(t, s)
	must(t, begin(s, "/b.asp").Set(ctx, "a", raw(1))) // the store's lock is free too
}

// A request is ended after its turn came and before its write.
func TestEndBeforeWriting(t *testing.T) {
	kept := &hooked{Application: memory.NewApplication()}
	s := open(t, shared.Config{Store: kept})
	v := begin(s, "/a.asp")
	kept.fail.Store(true)
	if err := v.Set(ctx, "a", raw(1)); !errors.Is(err, errDisk) {
		t.Errorf("Set: %v", err)
	}
	kept.fail.Store(false)
	kept.read = func() { v.End(false) } // the State reads before it writes again
	if err := v.Set(ctx, "a", raw(2)); err != appstate.ErrEnded {
		t.Errorf("Set: %v", err)
	}
	idle(t, s)
	want(t, begin(s, "/b.asp"), "")
}

// A write that the store takes long for holds the others up: they are told
// who it is and since when.
func TestSlowWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &hooked{Application: memory.NewApplication()}
		s := open(t, shared.Config{Store: kept, StoreTimeout: time.Hour})
		holder := begin(s, "/h.asp")
		must(t, holder.Lock(ctx))
		kept.swap = func() { pass(15 * time.Second) }
		slow := make(chan error)
		go func() { slow <- begin(s, "/slow.asp").Set(ctx, "a", raw(1)) }()
		synctest.Wait()
		go func() {
			pass(5 * time.Second)
			holder.Unlock(ctx)
		}()
		err := begin(s, "/o.asp").Set(ctx, "a", raw(2))
		var timeout *appstate.LockTimeoutError
		if !errors.As(err, &timeout) || timeout.Page != "/slow.asp" || timeout.Age != 5*time.Second {
			t.Errorf("%+v", err)
		}
		if st := s.Status(); st.Holder != nil {
			t.Errorf("a single write shows as a lock: %+v", st.Holder)
		}
		must(t, <-slow)
	})
}

// Processes that hear nothing of each other still never build on what is old.
func TestWithoutNotice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := mute{memory.NewApplication()}
		states := [2]*shared.State{}
		for i := range states {
			states[i] = open(t, shared.Config{Store: kept, Shared: true, MaxAge: time.Hour})
		}
		v, w := begin(states[0], "/a.asp"), begin(states[1], "/b.asp")
		must(t, v.Set(ctx, "x", raw(1)))
		must(t, w.Set(ctx, "y", raw(2)))
		want(t, w, "x=1 y=2")
		if n, err := v.Increment(ctx, "y", 1); n != 3 || err != nil {
			t.Errorf("increment: %v, %v", n, err)
		}
		if ok, err := w.CompareAndSet(ctx, "y", raw(2), raw(9)); ok || err != nil {
			t.Errorf("compared with what was: %v, %v", ok, err)
		}
		if ok, err := w.CompareAndSet(ctx, "y", raw(3), raw(4)); !ok || err != nil {
			t.Errorf("compared with what is: %v, %v", ok, err)
		}
		if ok, err := v.CompareAndSet(ctx, "y", raw(4), raw(5)); !ok || err != nil {
			t.Errorf("compared with what it is elsewhere: %v, %v", ok, err)
		}
		must(t, w.Lock(ctx))
		must(t, w.Remove(ctx, "x"))
		must(t, w.Set(ctx, "z", raw(5)))
		must(t, w.Unlock(ctx))
		must(t, v.Remove(ctx, "x")) // the other was faster, and set z too
		want(t, v, "y=5 z=5")
		must(t, w.Remove(ctx, "z"))
		must(t, v.Lock(ctx))
		want(t, v, "y=5")
		must(t, v.End(true))
	})
}
