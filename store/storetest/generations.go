package storetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
)

// shared is a State over a store, as of one process of several.
func (s *appSuite) shared(st store.Application) *shared.State {
	s.Helper()
	state, err := shared.New(s.ctx, shared.Config{Store: st, Shared: true, LockTimeout: time.Hour})
	if err != nil {
		s.Fatal(err)
	}
	return state
}

// The texts of global.asa are kept with the values: of several processes that
// bring one, one starts it, and all see the same order; removing all values
// removes none of them, and the mark that was kept first is read.
func testAppGenerations(s *appSuite) {
	states := []*shared.State{s.shared(s.a), s.shared(s.b)}
	defer states[0].Close()
	defer states[1].Close()
	change := func(state *shared.State, do func(v *shared.View) error) {
		v := state.BeginWhole(shared.Owner{Page: "global.asa"})
		defer v.End(false)
		err := v.Lock(s.ctx)
		if err == nil {
			err = do(v)
		}
		if err == nil {
			err = v.End(true)
		}
		if err != nil {
			s.Error(err)
		}
	}
	start := func(state *shared.State, mark string) {
		change(state, func(v *shared.View) error {
			g, err := v.Generations()
			if has, _ := g.Has(mark); has || err != nil {
				return err
			}
			g.Start(mark, true)
			if err := v.SetGenerations(s.ctx, g); err != nil {
				return err
			}
			_, err = v.Increment(s.ctx, "starts", 1)
			return err
		})
	}
	old, err := cborvalue.FromGo("first")
	if err != nil {
		s.Fatal(err)
	}
	change(states[0], func(v *shared.View) error { return v.SetReserved(s.ctx, "generation", old) })
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() { start(states[i%2], fmt.Sprint("text ", i%3)) })
	}
	wg.Wait()
	var seen [2]shared.Generations
	for i, state := range states {
		change(state, func(v *shared.View) (err error) {
			seen[i], err = v.Generations()
			return err
		})
	}
	if g := seen[0]; len(g.Texts) != 4 || g.Texts[0] != "first" || len(g.Owed) != 4 || !slices.Equal(g.Texts, seen[1].Texts) {
		s.Errorf("%+v and %+v", seen[0], seen[1])
	}
	change(states[1], func(v *shared.View) error {
		if raw, _ := v.Get("starts"); len(raw) != 1 || raw[0] != 3 {
			s.Errorf("%x texts were started", raw)
		}
		return v.RemoveAll(s.ctx)
	})
	change(states[0], func(v *shared.View) error {
		g, err := v.Generations()
		if len(g.Texts) != 4 || len(v.Keys()) != 0 {
			s.Errorf("after all values were removed: %+v, %v", g, v.Keys())
		}
		return err
	})
}
