package apartment

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestSingleWaitsForTheOthersAndKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 3, Bounds{QueueMax: 10})
		a, b := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
		alone := make(chan error, 1)
		go func() { alone <- p.One(t.Context()) }()
		synctest.Wait()
		results := make(chan result, 10)
		line(t.Context(), p, results, "first", Claim{})
		line(t.Context(), p, results, "pinned to a", Claim{Want: a, Pinned: true})
		line(t.Context(), p, results, "third", Claim{Want: b})
		if s := p.Status(); s.Busy != 2 || s.Waiting != 3 || !s.Single || len(alone) != 0 {
			t.Fatalf("got %+v", s)
		}
		p.Release(a)
		synctest.Wait()
		if err := <-alone; err != nil {
			t.Error(err)
		}
		if s := p.Status(); s.Busy != 1 || s.Waiting != 3 {
			t.Errorf("an apartment was given away while another is in use: %+v", s)
		}
		held := b
		for _, name := range []string{"first", "pinned to a", "third"} {
			p.Release(held)
			synctest.Wait()
			got := <-results
			if got.name != name || got.err != nil || name == "pinned to a" && got.a != a || p.Status().Busy != 1 {
				t.Errorf("got %+v, want %s; %+v", got, name, p.Status())
			}
			held = got.a
		}
		p.Release(held)
	})
}

func TestAllLetsEverybodyRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 3, Bounds{QueueMax: 10})
		if err := p.One(t.Context()); err != nil {
			t.Fatal(err)
		}
		a := mustAcquire(t, p, Claim{})
		results := make(chan result, 10)
		for i := range 4 {
			line(t.Context(), p, results, strconv.Itoa(i), Claim{})
		}
		line(t.Context(), p, results, "pinned", Claim{Want: a, Pinned: true})
		p.All()
		p.All()
		synctest.Wait()
		one, two := <-results, <-results
		if one.name > "1" || two.name > "1" || p.Status().Busy != 3 || p.Status().Waiting != 3 {
			t.Errorf("%+v, %+v; %+v", one, two, p.Status())
		}
		p.Release(a) // the one pinned to it came last, but nobody else is let wait for it alone
		p.Release(one.a)
		p.Release(two.a)
		for range 3 {
			synctest.Wait()
			p.Release((<-results).a)
		}
	})
}

// Who turns it on gives up in time and leaves no trace, unless it was on before.
func TestSingleGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, 2, Bounds{QueueMax: 10})
		a, b := mustAcquire(t, p, Claim{}), mustAcquire(t, p, Claim{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.One(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if p.Status().Single {
			t.Error("it is still on")
		}
		waits := make(chan error, 1)
		go func() { waits <- p.One(t.Context()) }()
		synctest.Wait()
		p.All()
		if err := <-waits; !errors.Is(err, errAllAgain) {
			t.Error(err)
		}
		p.Release(a)
		p.Release(b)
	})
}
