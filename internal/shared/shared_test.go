package shared_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// two are two States on one store.
func two(t testing.TB, kept store.Application) (a, b *shared.State) {
	return open(t, shared.Config{Store: kept, Shared: true, Name: "A"}), open(t, shared.Config{Store: kept, Shared: true, Name: "B"})
}

func TestSharedNotice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := two(t, memory.NewApplication())
		v, w := begin(a, "/a.asp"), begin(b, "/b.asp")
		must(t, v.Set(ctx, "a", raw(1)))
		synctest.Wait()
		want(t, w, "a=1")
		if a.Version() != b.Version() {
			t.Errorf("versions %d and %d", a.Version(), b.Version())
		}
		must(t, w.Remove(ctx, "A"))
		must(t, w.SetObject(ctx, "o", "here"))
		must(t, w.Set(ctx, "b", raw(2)))
		synctest.Wait()
		want(t, v, `o={"$undefined":true} b=2`)
		must(t, v.Set(ctx, "c", raw(3)))
		synctest.Wait()
		if o, _ := w.Object("o"); o != "here" {
			t.Errorf("the component is gone after another's change: %v", o)
		}
		if o, ok := v.Object("o"); ok {
			t.Errorf("a component of another process: %v", o)
		}
	})
}

func TestSharedLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := two(t, memory.NewApplication())
		v, w := begin(a, "/a.asp"), begin(b, "/b.asp")
		must(t, v.Lock(ctx))
		must(t, v.Set(ctx, "n", raw(1)))
		for name, call := range map[string]func() error{
			"Lock": func() error { return w.Lock(ctx) },
			"Set":  func() error { return w.Set(ctx, "n", raw(9)) },
		} {
			start := time.Now()
			err := call()
			var timeout *appstate.LockTimeoutError
			if !errors.As(err, &timeout) || timeout.Page != "A, /a.asp" || time.Since(start) != 10*time.Second {
				t.Errorf("%s: %v after %v", name, err, time.Since(start))
			}
		}
		idle(t, b)
		short, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := w.Lock(short); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "/a.asp") {
			t.Errorf("cancelled: %v", err)
		}
		done := make(chan error, 1)
		go func() { done <- w.Lock(ctx) }()
		synctest.Wait()
		start := time.Now()
		must(t, v.End(true))
		must(t, <-done)
		if d := time.Since(start); d > 200*time.Millisecond {
			t.Errorf("woken after %v", d)
		}
		want(t, w, "n=1")
		must(t, w.End(true))

		// One that waits for another process is ended from outside.
		must(t, begin(a, "/a2.asp").Lock(ctx))
		late := begin(b, "/b2.asp")
		go func() { done <- late.Lock(ctx) }()
		synctest.Wait()
		must(t, late.End(false))
		if err := <-done; err != appstate.ErrEnded {
			t.Errorf("ended: %v", err)
		}
		idle(t, b)
	})
}

// A lease is renewed as long as the script may run, and not for ever.
func TestLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := two(t, memory.NewApplication())
		v := a.Begin(shared.Owner{Page: "/a.asp", Deadline: time.Now().Add(90 * time.Second)})
		must(t, v.Lock(ctx))
		must(t, v.Set(ctx, "n", raw(1)))
		pass(80 * time.Second)
		w := begin(b, "/b.asp")
		var timeout *appstate.LockTimeoutError
		if err := w.Lock(ctx); !errors.As(err, &timeout) {
			t.Errorf("within the deadline: %v", err)
		}
		pass(30 * time.Second) // past the deadline, the grace and the lease
		must(t, w.Lock(ctx))
		must(t, w.Set(ctx, "n", raw(2)))
		must(t, w.Unlock(ctx))
		if err := v.Unlock(ctx); err != appstate.ErrLockLost {
			t.Errorf("the late commit: %v", err)
		}
		must(t, w.End(true))
		if err := v.End(true); err != appstate.ErrLockLost {
			t.Errorf("the late end: %v", err)
		}
		synctest.Wait()
		want(t, begin(a, "/"), "n=2")
		idle(t, a)
	})
}

// forgetful is a store whose lock can be lost behind the holder's back.
type forgetful struct {
	*memory.Application
	mu     sync.Mutex
	broken bool
}

func (f *forgetful) lose() { f.mu.Lock(); f.broken = true; f.mu.Unlock() }

func (f *forgetful) Renew(ctx context.Context, token int64, lease time.Duration) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken {
		return store.ErrLockLost
	}
	return f.Application.Renew(ctx, token, lease)
}

// A holder that finds at a renewal that its lease is gone is told.
func TestLeaseLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &forgetful{Application: memory.NewApplication()}
		s := open(t, shared.Config{Store: kept, Shared: true})
		told := make(chan error, 1)
		v := s.Begin(shared.Owner{Page: "/a.asp", Lost: func(err error) { told <- err }})
		must(t, v.Lock(ctx))
		must(t, v.Set(ctx, "a", raw(1)))
		kept.lose()
		start := time.Now()
		if err := <-told; err != appstate.ErrLockLost || time.Since(start) != 5*time.Second {
			t.Errorf("told %v after %v", err, time.Since(start))
		}
		if v.Locked() || v.Set(ctx, "a", raw(2)) != appstate.ErrLockLost || v.End(true) != appstate.ErrLockLost {
			t.Error("the view goes on")
		}
		idle(t, s)
		want(t, begin(s, "/"), "")
	})
}

func TestBreakOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := two(t, memory.NewApplication())
		v := begin(a, "/a.asp")
		must(t, v.Lock(ctx))
		must(t, v.Set(ctx, "n", raw(1)))
		if who, err := b.Break(ctx); who != "A, /a.asp" || err != nil {
			t.Errorf("broken: %q, %v", who, err)
		}
		must(t, begin(b, "/b.asp").Set(ctx, "n", raw(2)))
		if err := v.Unlock(ctx); err != appstate.ErrLockLost {
			t.Errorf("the commit: %v", err)
		}
		want(t, begin(b, "/"), "n=2")
	})
}

// quiet is a store that tells no news.
type quiet struct{ *memory.Application }

func (q quiet) Wait(ctx context.Context, have int64) (int64, error) { return have, nil }

// failing is a store whose news fail.
type failing struct{ *memory.Application }

func (f failing) Wait(context.Context, int64) (int64, error) { return 0, errors.New("no news") }

// mute is a store whose news never come.
type mute struct{ *memory.Application }

func (m mute) Wait(ctx context.Context, _ int64) (int64, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}

// A change is seen after MaxAge at the latest, whatever the notices do.
func TestMaxAge(t *testing.T) {
	for name, wrap := range map[string]func(*memory.Application) store.Application{
		"mute":  func(a *memory.Application) store.Application { return mute{a} },
		"quiet": func(a *memory.Application) store.Application { return quiet{a} },
	} {
		synctest.Test(t, func(t *testing.T) {
			kept := memory.NewApplication()
			a := open(t, shared.Config{Store: wrap(kept), Shared: true})
			b := open(t, shared.Config{Store: kept, Shared: true})
			pass(time.Minute)
			must(t, begin(b, "/b.asp").Set(ctx, "n", raw(1)))
			pass(1100 * time.Millisecond)
			if got := show(begin(a, "/a.asp")); got != "n=1" {
				t.Errorf("%s: after MaxAge: %q", name, got)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		kept := failing{memory.NewApplication()}
		a, b := two(t, kept)
		must(t, begin(b, "/b.asp").Set(ctx, "n", raw(1)))
		pass(time.Minute) // it doesn't spin
		must(t, begin(a, "/a.asp").Lock(ctx))
		want(t, begin(a, "/a.asp"), "n=1") // a locker always reads afresh
	})
}
