package shared_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store/memory"
)

// patient is a State on which no wait runs out, however slow the machine.
func patient(t testing.TB, cfg shared.Config) *shared.State {
	cfg.LockTimeout = 10 * time.Minute
	return open(t, cfg)
}

// count reads a number.
func count(v *shared.View, key string) int {
	b, ok := v.Get(key)
	if !ok {
		return 0
	}
	t, err := cborvalue.NewDecoder(b).Next()
	if err != nil {
		panic(err)
	}
	return int(t.Num)
}

// increment is what a page does: lock, read, write, unlock.
func increment(v *shared.View) error {
	if err := v.Lock(ctx); err != nil {
		return err
	}
	if err := v.Set(ctx, "n", raw(count(v, "n")+1)); err != nil {
		return err
	}
	return v.Unlock(ctx)
}

func TestHammerExact(t *testing.T) {
	s := patient(t, shared.Config{})
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			v := begin(s, "/count.asp")
			defer v.End(true)
			if err := increment(v); err != nil {
				t.Error(err)
			}
			if _, err := v.Increment(ctx, "m", 1); err != nil {
				t.Error(err)
			}
			for {
				old, _ := v.Get("c")
				ok, err := v.CompareAndSet(ctx, "c", old, raw(count(v, "c")+1))
				if err != nil {
					t.Error(err)
				}
				if ok || err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	v := begin(s, "/r.asp")
	if n, m, c := count(v, "n"), count(v, "m"), count(v, "c"); n != 200 || m != 200 || c != 200 {
		t.Errorf("200 locked increments give %d, 200 atomic ones %d, compared ones %d", n, m, c)
	}
	idle(t, s)
}

// Requests that end inside the lock without a commit are dropped, exactly
// they; readers see whole commits alone.
func TestHammerDropped(t *testing.T) {
	s := patient(t, shared.Config{})
	var kept atomic.Int64
	var wg, readers sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		readers.Go(func() {
			v := begin(s, "/r.asp")
			for {
				select {
				case <-stop:
					return
				default:
				}
				w := begin(s, "/pair.asp")
				if a, b := pair(w); a != b {
					t.Errorf("half a commit: %d and %d", a, b)
					return
				}
				v.Keys()
			}
		})
	}
	for i := range 200 {
		wg.Go(func() {
			v := begin(s, "/count.asp")
			must(t, v.Lock(ctx))
			must(t, v.Set(ctx, "n", raw(count(v, "n")+1)))
			must(t, v.Set(ctx, "pair", raw([]any{i, i})))
			must(t, v.Set(ctx, "twin", raw([]any{i, i})))
			switch rand.IntN(4) {
			case 0: // the script threw
				must(t, v.End(false))
			case 1: // ended from outside while the script goes on
				ended := make(chan error)
				go func() { ended <- v.End(false) }()
				err := v.Unlock(ctx)
				must(t, <-ended)
				if err == nil {
					kept.Add(1)
				} else if !errors.Is(err, appstate.ErrEnded) {
					t.Error(err)
				}
			default:
				must(t, v.End(true))
				kept.Add(1)
			}
			if err := v.Set(ctx, "n", raw(-1)); err != appstate.ErrEnded {
				t.Errorf("a late write: %v", err)
			}
		})
	}
	wg.Wait()
	close(stop)
	readers.Wait()
	if n := count(begin(s, "/r.asp"), "n"); n != int(kept.Load()) {
		t.Errorf("%d were kept, the counter says %d", kept.Load(), n)
	}
	idle(t, s)
}

// pair is what "pair" holds; its two numbers are always written together.
func pair(v *shared.View) (int, int) {
	b, ok := v.Get("pair")
	if !ok {
		return 0, 0
	}
	list, err := cborvalue.ToGo(b)
	if err != nil {
		panic(err)
	}
	p := list.([]any)
	return p[0].(int), p[1].(int)
}

// Waiters that are cancelled or ended at random leave nothing behind and lose
// nobody's turn.
func TestHammerCancel(t *testing.T) {
	s := patient(t, shared.Config{})
	var added atomic.Int64
	var wg sync.WaitGroup
	for i := range 400 {
		wg.Go(func() {
			v := begin(s, "/c.asp")
			defer v.End(true)
			c, cancel := context.WithCancel(ctx)
			defer cancel()
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				if i%2 == 0 {
					cancel()
				} else if i%3 == 0 {
					v.End(false)
				}
			}()
			_, err := v.Increment(c, "n", 1)
			<-gone
			if err == nil {
				added.Add(1)
			} else if !errors.Is(err, context.Canceled) && !errors.Is(err, appstate.ErrEnded) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := count(begin(s, "/r.asp"), "n"); n != int(added.Load()) {
		t.Errorf("%d were told that they added, the counter says %d", added.Load(), n)
	}
	idle(t, s)
}

// Several States on one store, as several processes have it.
func TestHammerShared(t *testing.T) {
	store := memory.NewApplication()
	var states []*shared.State
	for i := range 3 {
		states = append(states, patient(t, shared.Config{Store: store, Shared: true, Name: fmt.Sprint("process ", i)}))
	}
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			v := begin(states[i%3], "/count.asp")
			defer v.End(true)
			if err := increment(v); err != nil {
				t.Error(err)
			}
			if n, err := v.Increment(ctx, "m", 1); err != nil || count(v, "m") < int(n) {
				t.Errorf("%v: own write not seen: %d < %v", err, count(v, "m"), n)
			}
		})
	}
	wg.Wait()
	for _, s := range states {
		v := begin(s, "/r.asp")
		must(t, v.Lock(ctx)) // which shows the latest commit
		if n, m := count(v, "n"), count(v, "m"); n != 60 || m != 60 {
			t.Errorf("60 increments give %d and %d", n, m)
		}
		must(t, v.End(true))
		idle(t, s)
	}
}

// Two applications share nothing.
func TestTwoStates(t *testing.T) {
	a, b := open(t, shared.Config{}), open(t, shared.Config{})
	v, w := begin(a, "/a.asp"), begin(b, "/b.asp")
	must(t, v.Lock(ctx))
	must(t, v.Set(ctx, "x", raw(1)))
	must(t, w.Lock(ctx)) // waits for nobody
	must(t, w.Set(ctx, "y", raw(2)))
	must(t, v.End(true))
	must(t, w.End(true))
	want(t, begin(a, "/"), "x=1")
	want(t, begin(b, "/"), "y=2")
}
