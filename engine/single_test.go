package engine

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSingleWaitsForTheOthersAndKeepsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 3, queueMax: 10})
		a, b := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
		alone := make(chan error, 1)
		go func() { alone <- p.one(t.Context()) }()
		synctest.Wait()
		results := make(chan result, 10)
		line(t.Context(), p, results, "first", claim{})
		line(t.Context(), p, results, "pinned to a", claim{want: a, pinned: true})
		line(t.Context(), p, results, "third", claim{want: b})
		if s := p.status(); s.busy != 2 || s.waiting != 3 || !s.single || len(alone) != 0 {
			t.Fatalf("got %+v", s)
		}
		p.release(a)
		synctest.Wait()
		if err := <-alone; err != nil {
			t.Error(err)
		}
		if s := p.status(); s.busy != 1 || s.waiting != 3 {
			t.Errorf("an apartment was given away while another is in use: %+v", s)
		}
		held := b
		for _, name := range []string{"first", "pinned to a", "third"} {
			p.release(held)
			synctest.Wait()
			got := <-results
			if got.name != name || got.err != nil || name == "pinned to a" && got.a != a || p.status().busy != 1 {
				t.Errorf("got %+v, want %s; %+v", got, name, p.status())
			}
			held = got.a
		}
		p.release(held)
	})
}

func TestAllLetsEverybodyRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 3, queueMax: 10})
		if err := p.one(t.Context()); err != nil {
			t.Fatal(err)
		}
		a := mustAcquire(t, p, claim{})
		results := make(chan result, 10)
		for i := range 4 {
			line(t.Context(), p, results, strconv.Itoa(i), claim{})
		}
		line(t.Context(), p, results, "pinned", claim{want: a, pinned: true})
		p.all()
		p.all()
		synctest.Wait()
		one, two := <-results, <-results
		if one.name > "1" || two.name > "1" || p.status().busy != 3 || p.status().waiting != 3 {
			t.Errorf("%+v, %+v; %+v", one, two, p.status())
		}
		p.release(a) // the one pinned to it came last, but nobody else is let wait for it alone
		p.release(one.a)
		p.release(two.a)
		for range 3 {
			synctest.Wait()
			p.release((<-results).a)
		}
	})
}

// Who turns it on gives up in time and leaves no trace, unless it was on before.
func TestSingleGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newTestPool(t, poolConfig{size: 2, queueMax: 10})
		a, b := mustAcquire(t, p, claim{}), mustAcquire(t, p, claim{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.one(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if p.status().single {
			t.Error("it is still on")
		}
		waits := make(chan error, 1)
		go func() { waits <- p.one(t.Context()) }()
		synctest.Wait()
		p.all()
		if err := <-waits; !errors.Is(err, errAllAgain) {
			t.Error(err)
		}
		p.release(a)
		p.release(b)
	})
}

func TestSingleRunsOnePageAtATime(t *testing.T) {
	var inside, most atomic.Int64
	pg := play(t, Config{ProcessorThreadMax: 8, Components: map[string]Component{"Test.Inside": {Threading: Agile, New: func(context.Context) (any, error) {
		n := inside.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		return &counted{&inside}, nil
	}}}}, map[string]string{
		"n.asp":      `<% var i = Server.CreateObject("Test.Inside"); for (var n = 0; n < 2000; n++); i.Leave(); Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock() %>`,
		"global.asa": `<script language=JavaScript runat=server>function Session_OnEnd() { Application("ends") = 1 }</script>`,
		"end.asp":    `<% Session.Abandon() %>`,
		"see.asp":    `<%= Application("n") %> <%= Application("ends") %>`,
	})
	if err := pg.Single(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	var answers []<-chan guestAnswer
	for i := range 40 {
		g := pg.guest()
		answers = append(answers, g.answer("/n.asp"))
		if i%10 == 0 {
			answers = append(answers, g.answer("/end.asp"))
		}
	}
	for _, c := range answers {
		if a := pg.in(c); a.status != 200 {
			t.Error(a)
		}
	}
	if most.Load() != 1 || !pg.Status().Single {
		t.Errorf("%d at once; single %t", most.Load(), pg.Status().Single)
	}
	if err := pg.Single(t.Context(), false); err != nil {
		t.Error(err)
	}
	pg.until("sessions have ended", func() bool { return pg.Status().Busy == 0 })
	if got := pg.guest().get("/see.asp"); got[:2] != "40" {
		t.Error(got)
	}
}

type counted struct{ inside *atomic.Int64 }

// Leave counts its page out.
func (c *counted) Leave() { c.inside.Add(-1) }
