package bridge

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
)

// in is a place in the line of a session.
func in(t *testing.T, ts *turn.Turns, name string) *Place {
	turn, err := ts.Enter(t.Context(), Key(name))
	requireNil(t, err)
	return &Place{line: turn}
}

func TestRenamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRenamed(10*time.Second, time.Hour)
		turns := turn.New(turn.Config{})
		find := func(p *Place, name, want string) {
			t.Helper()
			if got, ok := r.Find(p, name); ok != (want != "") || ok && got.Name != want {
				t.Errorf("%q leads to %v, %v; want %q", name, got, ok, want)
			}
		}
		find(nil, "a", "")
		p := in(t, turns, "a")
		r.Add(p, "a", Name{Name: "b", Cookie: "b's"})
		if p.key() != Key("b") {
			t.Error("the line didn't move")
		}
		find(p, "a", "b")
		find(nil, "a", "b")
		find(p, "b", "")
		time.Sleep(9 * time.Second)
		find(nil, "a", "b")
		time.Sleep(2 * time.Second)
		find(nil, "a", "")
		find(p, "a", "b") // it was in line
		r.Add(p, "b", Name{Name: "c"})
		find(p, "a", "c")
		find(p, "b", "c")
		find(nil, "a", "") // the oldest of three
		find(nil, "b", "c")
		find(in(t, turns, "other"), "a", "")
		find(p, "", "c") // its name can't be told any more
	})
}

// A page that renews with a former name leaves the session to its owner, and
// has what it put.
func TestPart(t *testing.T) {
	f := newFake()
	f.former = true
	h := f.open(session.ReadWrite)
	id := h.ID()
	requireNil(t, h.SetLCID(1031))
	requireNil(t, h.Set("mine", []byte{1}))
	requireNil(t, h.Set("gone", []byte{1}))
	requireNil(t, h.Remove("gone"))
	requireNil(t, h.Remove("a"))
	requireNil(t, h.Renew())
	if f.parts != 1 || h.ID() == id || !h.IsNew() || fmt.Sprint(h.Keys()) != "[mine]" || h.LCID() != 1031 {
		t.Errorf("%d parts, ID %s, keys %v, LCID %d", f.parts, h.ID(), h.Keys(), h.LCID())
	}
	requireNil(t, h.Renew()) // nobody knows it yet
	own := h.ID()
	requireNil(t, h.Close(t.Context(), nil))
	if f.parts != 1 || f.saves != 1 || len(f.values) != 2 || h.ID() != own {
		t.Errorf("%+v, ID %s", f, h.ID())
	}
}
