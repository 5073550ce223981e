package shared_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/najahost/naja/appstate"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/shared"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

func TestValues(t *testing.T) {
	kept := memory.NewApplication()
	s := open(t, shared.Config{Store: kept})
	v := begin(s, "/a.asp")
	defer v.End(true)
	must(t, v.Set(ctx, "User", raw("Ada")))
	must(t, v.Set(ctx, "count", raw(1)))
	must(t, v.Set(ctx, "ÄRGER", raw(true)))
	must(t, v.Set(ctx, "USER", raw("Bob"))) // first spelling and place stay
	want(t, v, `User="Bob" count=1 ÄRGER=true`)
	if b, ok := v.Get("ärger"); !ok || string(b) != string(raw(true)) {
		t.Errorf("another spelling: %x, %v", b, ok)
	}
	must(t, v.Remove(ctx, "COUNT"))
	must(t, v.Remove(ctx, "none"))
	if _, ok := v.Get("count"); ok {
		t.Error("the removed key is there")
	}
	must(t, v.Set(ctx, "COUNT", raw(2)))
	want(t, v, `User="Bob" ÄRGER=true COUNT=2`)
	must(t, v.Set(ctx, "user", nil))
	want(t, v, `ÄRGER=true COUNT=2`)
	if n := s.Version(); n != 7 {
		t.Errorf("version %d after 7 changes", n)
	}

	again := open(t, shared.Config{Store: kept}) // as after a restart
	w := begin(again, "/b.asp")
	want(t, w, `ÄRGER=true COUNT=2`)
	if st := again.Status(); st.Keys != 2 || st.Version != 7 || st.Bytes != int64(len("ÄRGERCOUNT")+2) {
		t.Errorf("%+v", st)
	}
	must(t, w.RemoveAll(ctx))
	want(t, w, "")
	must(t, w.RemoveAll(ctx))
	must(t, w.Set(ctx, "x", raw(1)))
	must(t, w.End(true))
	last := open(t, shared.Config{Store: kept})
	want(t, begin(last, "/c.asp"), "x=1")
}

func TestStaging(t *testing.T) {
	s := open(t, shared.Config{})
	holder, other := begin(s, "/h.asp"), begin(s, "/o.asp")
	must(t, other.Set(ctx, "a", raw(1)))
	must(t, holder.Lock(ctx))
	must(t, holder.Set(ctx, "A", raw(2)))
	must(t, holder.Lock(ctx)) // counted
	must(t, holder.Set(ctx, "b", raw(3)))
	if n, err := holder.Increment(ctx, "b", 4); n != 7 || err != nil {
		t.Errorf("increment under the lock: %v, %v", n, err)
	}
	if ok, err := holder.CompareAndSet(ctx, "c", nil, raw(5)); !ok || err != nil {
		t.Errorf("compare under the lock: %v, %v", ok, err)
	}
	must(t, holder.Unlock(ctx))
	want(t, holder, "a=2 b=7 c=5")
	want(t, other, "a=1")
	if !holder.Locked() || other.Locked() || s.Version() != 1 {
		t.Errorf("locked %v, %v, version %d", holder.Locked(), other.Locked(), s.Version())
	}
	must(t, holder.Unlock(ctx))
	want(t, other, "a=2 b=7 c=5")
	if holder.Locked() || s.Version() != 2 {
		t.Errorf("locked %v, version %d: all changes are one", holder.Locked(), s.Version())
	}
	must(t, holder.Unlock(ctx)) // one too many is harmless

	must(t, holder.Lock(ctx))
	must(t, holder.RemoveAll(ctx))
	must(t, holder.Set(ctx, "z", raw(1)))
	must(t, holder.Remove(ctx, "z"))
	must(t, holder.Set(ctx, "y", raw(1)))
	want(t, holder, "y=1")
	want(t, other, "a=2 b=7 c=5")
	must(t, holder.End(true)) // the end of the page unlocks and commits
	want(t, other, "y=1")

	dropped := begin(s, "/d.asp")
	must(t, dropped.Lock(ctx))
	must(t, dropped.Lock(ctx))
	must(t, dropped.Set(ctx, "y", raw("lost")))
	must(t, dropped.End(false))
	want(t, other, "y=1")
	idle(t, s)
}

// What is staged and comes to nothing is no change.
func TestEmptyCommit(t *testing.T) {
	s := open(t, shared.Config{})
	v := begin(s, "/a.asp")
	must(t, v.Set(ctx, "a", raw(1)))
	must(t, v.Lock(ctx))
	must(t, v.Unlock(ctx))
	must(t, v.Lock(ctx))
	must(t, v.Set(ctx, "a", raw(1)))
	must(t, v.Set(ctx, "b", raw(1)))
	must(t, v.Remove(ctx, "b"))
	must(t, v.Unlock(ctx))
	if s.Version() != 1 {
		t.Errorf("version %d", s.Version())
	}
	want(t, v, "a=1")
}

func TestAfterEnd(t *testing.T) {
	s := open(t, shared.Config{})
	v := begin(s, "/a.asp")
	must(t, v.Set(ctx, "a", raw(1)))
	must(t, v.Lock(ctx))
	must(t, v.Set(ctx, "a", raw(2)))
	must(t, v.End(false))
	must(t, v.End(true))
	calls := map[string]func() error{
		"Lock":      func() error { return v.Lock(ctx) },
		"Unlock":    func() error { return v.Unlock(ctx) },
		"Set":       func() error { return v.Set(ctx, "a", raw(3)) },
		"SetObject": func() error { return v.SetObject(ctx, "a", 3) },
		"Remove":    func() error { return v.Remove(ctx, "a") },
		"RemoveAll": func() error { return v.RemoveAll(ctx) },
		"Increment": func() error { _, err := v.Increment(ctx, "a", 1); return err },
		"CompareAndSet": func() error {
			_, err := v.CompareAndSet(ctx, "a", raw(1), raw(4))
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, appstate.ErrEnded) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
	if _, ok := v.Get("a"); ok || v.Keys() != nil || v.Locked() {
		t.Error("an ended view still shows values")
	}
	if _, ok := v.Object("a"); ok {
		t.Error("an ended view still shows objects")
	}
	want(t, begin(s, "/b.asp"), "a=1")
	idle(t, s)
}

func TestIncrementAndCompare(t *testing.T) {
	s := open(t, shared.Config{})
	v := begin(s, "/a.asp")
	for i, want := range []float64{2.5, 5, 7.5} {
		if n, err := v.Increment(ctx, "N", 2.5); n != want || err != nil {
			t.Errorf("%d: %v, %v", i, n, err)
		}
	}
	must(t, v.Set(ctx, "text", raw("1")))
	must(t, v.Set(ctx, "nothing", raw(nil)))
	must(t, v.Set(ctx, "undef", []byte{0xf7}))
	must(t, v.SetObject(ctx, "obj", t))
	var number *appstate.NumberError
	for _, key := range []string{"text", "obj"} {
		if _, err := v.Increment(ctx, key, 1); !errors.As(err, &number) || !strings.Contains(err.Error(), key) {
			t.Errorf("increment of %s: %v", key, err)
		}
	}
	for _, key := range []string{"nothing", "undef"} {
		if n, err := v.Increment(ctx, key, 1); n != 1 || err != nil {
			t.Errorf("increment of %s: %v, %v", key, n, err)
		}
	}
	must(t, v.Set(ctx, "undef", []byte{0xf7}))
	tests := []struct {
		name     string
		key      string
		old, new []byte
		ok       bool
		want     string // of the key afterwards
	}{
		{"absent", "c", nil, raw(1), true, "1"},
		{"not absent", "C", nil, raw(2), false, "1"},
		{"equal", "C", raw(1), raw(2), true, "2"},
		{"other", "c", raw(1), raw(3), false, "2"},
		{"remove", "c", raw(2), nil, true, ""},
		{"undefined for absent", "c", []byte{0xf7}, raw(4), true, "4"},
		{"absent for undefined", "undef", nil, raw(5), true, "5"},
		{"object", "obj", []byte{0xf7}, raw(6), false, `{"$undefined":true}`},
		{"remove what isn't there", "none", nil, nil, true, ""},
	}
	for _, tt := range tests {
		ok, err := v.CompareAndSet(ctx, tt.key, tt.old, tt.new)
		b, has := v.Get(tt.key)
		if got := cborvalue.Diagnostic(b); ok != tt.ok || err != nil || has != (tt.want != "") || has && got != tt.want {
			t.Errorf("%s: %v, %v, then %s", tt.name, ok, err, got)
		}
	}
}

func TestObjects(t *testing.T) {
	s := open(t, shared.Config{})
	v, other := begin(s, "/a.asp"), begin(s, "/b.asp")
	must(t, v.SetObject(ctx, "Obj", "first"))
	seen := func(v *shared.View, want any) {
		t.Helper()
		if o, ok := v.Object("OBJ"); o != want || ok != (want != nil) {
			t.Errorf("object %v, %v; want %v", o, ok, want)
		}
	}
	seen(other, "first")
	must(t, v.Lock(ctx))
	must(t, v.SetObject(ctx, "obj", "second"))
	seen(v, "second")
	seen(other, "first")
	must(t, v.Unlock(ctx))
	seen(other, "second")
	must(t, v.Lock(ctx))
	must(t, v.SetObject(ctx, "obj", "third"))
	must(t, v.End(false))
	seen(other, "second")
	must(t, other.Set(ctx, "obj", raw(1)))
	seen(other, nil)
	want(t, other, "Obj=1")
}

func TestLimits(t *testing.T) {
	s := open(t, shared.Config{MaxValue: 100, MaxTotal: 250})
	v := begin(s, "/a.asp")
	defer v.End(true)
	var limit *cborvalue.LimitError
	var full *appstate.FullError
	check := func() {
		t.Helper()
		must(t, v.Set(ctx, "a", make([]byte, 100)))
		if err := v.Set(ctx, "b", make([]byte, 101)); !errors.As(err, &limit) || !strings.Contains(err.Error(), `"b"`) {
			t.Errorf("large value: %v", err)
		}
		must(t, v.Set(ctx, "b", make([]byte, 100)))
		if err := v.Set(ctx, "c", make([]byte, 48)); !errors.As(err, &full) || full.Limit != 250 {
			t.Errorf("full: %v", err)
		}
		must(t, v.Set(ctx, "c", make([]byte, 47)))
		must(t, v.Set(ctx, "c", make([]byte, 46))) // less is always possible
	}
	check()
	must(t, v.Lock(ctx))
	must(t, v.RemoveAll(ctx))
	check()
	must(t, v.Unlock(ctx))
	if err := v.Set(ctx, "\x00own", raw(1)); err != appstate.ErrKey {
		t.Errorf("a reserved key: %v", err)
	}
	if st := s.Status(); st.Bytes != 249 || st.Keys != 3 {
		t.Errorf("%+v", st)
	}
}

// Keys that the program keeps for itself are out of a page's sight and reach.
func TestReservedKeys(t *testing.T) {
	kept := memory.NewApplication()
	_, err := kept.Swap(ctx, store.Swap{Item: store.Item{ID: "\x00own", Key: "\x00own", Raw: raw(1)}})
	must(t, err)
	s := open(t, shared.Config{Store: kept})
	v := begin(s, "/a.asp")
	must(t, v.Set(ctx, "a", raw(2)))
	want(t, v, "a=2")
	if _, ok := v.Get("\x00OWN"); ok || s.Status().Keys != 1 {
		t.Error("the reserved key shows")
	}
	must(t, v.RemoveAll(ctx))
	if c, err := kept.Read(ctx, -1); err != nil || len(c.Items) != 1 || c.Items[0].ID != "\x00own" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestNew(t *testing.T) {
	if _, err := shared.New(ctx, shared.Config{}); err == nil {
		t.Error("no store is no error")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := shared.New(gone, shared.Config{Store: memory.NewApplication()}); !errors.Is(err, context.Canceled) {
		t.Errorf("a store that fails: %v", err)
	}
	// A lock that an earlier life left behind is no obstacle.
	kept := memory.NewApplication()
	l, err := kept.Lock(ctx, "earlier", 0)
	must(t, err)
	v := begin(open(t, shared.Config{Store: kept}), "/a.asp")
	must(t, v.Set(ctx, "a", raw(1)))
	if _, err := kept.Commit(ctx, l.Token, store.Changes{Clear: true}); err != store.ErrLockLost {
		t.Errorf("the earlier life's commit: %v", err)
	}
	want(t, v, "a=1")
}
