package shared_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// Nothing of a whole view is seen before its end, then all of it at once.
func TestWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := two(t, memory.NewApplication())
		must(t, begin(a, "/").Set(ctx, "n", raw(1)))
		synctest.Wait()
		v := b.BeginWhole(shared.Owner{Page: "/job"})
		want(t, v, "n=1")
		if v.Locked() {
			t.Error("a view that only read has the lock")
		}
		if n, err := v.Increment(ctx, "n", 1); n != 2 || err != nil {
			t.Errorf("Increment: %v, %v", n, err)
		}
		if !v.Locked() {
			t.Error("a view that wrote has no lock")
		}
		must(t, v.Lock(ctx))
		must(t, v.Set(ctx, "x", raw(1)))
		must(t, v.Unlock(ctx))
		must(t, v.Unlock(ctx)) // one too many
		must(t, v.RemoveAll(ctx))
		must(t, v.Set(ctx, "y", raw(2)))
		must(t, v.SetReserved(ctx, "mark", raw(3)))
		synctest.Wait()
		want(t, begin(b, "/"), "n=1")
		must(t, v.End(true))
		want(t, begin(b, "/"), "y=2")
		idle(t, b)

		v = b.BeginWhole(shared.Owner{Page: "/job"})
		must(t, v.Set(ctx, "y", raw(9)))
		must(t, v.Unlock(ctx))
		must(t, v.End(false))
		want(t, begin(b, "/"), "y=2")
		idle(t, b)
	})
}

func TestEndWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory.NewApplication()
		a, _ := two(t, kept)
		var got store.Changes
		commit := func(ctx context.Context, token int64, c store.Changes) (int64, error) {
			got = c
			if token == 0 {
				return 0, nil
			}
			return kept.Commit(ctx, token, c)
		}
		v := a.BeginWhole(shared.Owner{Page: "/job"})
		must(t, v.EndWith(commit))
		if len(got.Items) != 0 {
			t.Errorf("committed %v of nothing", got)
		}
		if err := v.EndWith(commit); err != appstate.ErrEnded {
			t.Errorf("a second end: %v", err)
		}
		v = a.BeginWhole(shared.Owner{Page: "/job"})
		must(t, v.Set(ctx, "a", raw(1)))
		must(t, v.EndWith(commit))
		if len(got.Items) != 1 {
			t.Errorf("committed %v", got)
		}
		want(t, begin(a, "/"), "a=1")
		idle(t, a)

		// What the other step refuses doesn't take place.
		refused := errors.New("no")
		v = a.BeginWhole(shared.Owner{Page: "/job"})
		must(t, v.Set(ctx, "a", raw(2)))
		err := v.EndWith(func(context.Context, int64, store.Changes) (int64, error) { return 0, refused })
		if !errors.Is(err, refused) {
			t.Errorf("refused: %v", err)
		}
		want(t, begin(a, "/"), "a=1")
		idle(t, a)

		v = a.BeginWhole(shared.Owner{Page: "/job"})
		must(t, v.Set(ctx, "a", raw(3)))
		if _, err := a.Break(ctx); err != nil {
			t.Fatal(err)
		}
		if err := v.EndWith(commit); err != appstate.ErrLockLost {
			t.Errorf("after a break: %v", err)
		}
		want(t, begin(a, "/"), "a=1")
	})
}

// The program's own keys are beside those of pages.
func TestReserved(t *testing.T) {
	s := open(t, shared.Config{})
	v := begin(s, "/")
	if _, ok := v.GetReserved("mark"); ok {
		t.Error("a mark that nobody made")
	}
	must(t, v.Set(ctx, "mark", raw(1)))
	must(t, v.SetReserved(ctx, "Mark", raw(2)))
	want(t, v, "mark=1")
	must(t, v.RemoveAll(ctx))
	want(t, v, "")
	if got, ok := v.GetReserved("mark"); !ok || string(got) != string(raw(2)) {
		t.Errorf("the mark is %x, %v", got, ok)
	}
	must(t, v.End(true))
	if _, ok := v.GetReserved("mark"); ok {
		t.Error("read after the end")
	}
}
