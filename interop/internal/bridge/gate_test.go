package bridge

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/turn"
)

func TestGate(t *testing.T) { synctest.Test(t, testGate) }

func testGate(t *testing.T) {
	g := NewGate(1, 10)
	first, err := g.Enter(t.Context(), "a")
	must(t, err)
	other, err := g.Enter(t.Context(), "b")
	must(t, err)
	other.Leave()
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("gone")
	cancel(gone)
	if _, err := g.Enter(ctx, "a"); !errors.Is(err, gone) {
		t.Errorf("a waiter that leaves: %v", err)
	}
	first.Also("c")
	first.Also("c")
	if _, ok := g.Try("c"); ok {
		t.Error("the new session's turn is free")
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		p, err := g.Enter(t.Context(), "a")
		must(t, err)
		p.Leave()
	})
	synctest.Wait()
	_, err = g.Enter(t.Context(), "a")
	wantErr(t, "past the bound", err, turn.ErrQueueFull)
	first.Leave()
	first.Leave()
	wg.Wait()
	first.Also("d") // it has left
	for _, key := range []string{"a", "b", "c", "d"} {
		turn, ok := g.Try(key)
		if !ok {
			t.Fatalf("the turn of %s was not given on", key)
		}
		turn.Leave()
	}
	var none *Place
	none.Also("x")
	none.Leave()
	nobody, err := g.Enter(t.Context(), "")
	must(t, err)
	nobody.Leave()
}

// droppable is a hint as an engine leaves it.
type droppable chan struct{}

func (d droppable) Drop() { close(d) }

// A hint that a Go handler can't use is given back at once.
func TestHintsAreDropped(t *testing.T) { synctest.Test(t, testHints) }

func testHints(t *testing.T) {
	g := NewGate(10, 10)
	if p, err := g.EnterFor(t.Context(), "a"); err != nil || len(p.held) != 1 {
		t.Fatalf("who doesn't share the turns has none: %v", err)
	} else {
		p.Leave()
	}
	turns := g.Share()
	hint := make(droppable)
	page, err := turns.Enter(t.Context(), "a")
	must(t, err)
	if p, err := g.EnterFor(t.Context(), "a"); err != nil || len(p.held) != 0 {
		t.Fatalf("who shares the turns gets another: %v", err)
	}
	handler := make(chan *Place)
	go func() {
		p, _ := g.Enter(context.Background(), "a")
		handler <- p
	}()
	synctest.Wait()
	page.SetHint(hint)
	page.Leave()
	p := <-handler
	<-hint
	p.Leave()
	lonely := make(droppable)
	page, err = turns.Enter(t.Context(), "a")
	must(t, err)
	page.SetHint(lonely)
	page.Leave()
	<-lonely
	page, err = turns.Enter(t.Context(), "a")
	must(t, err)
	page.SetHint("of another kind")
	page.Leave()
}

func TestEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := NewEnded(time.Minute)
		e.Add("a")
		e.Add("")
		time.Sleep(50 * time.Second)
		e.Add("b")
		time.Sleep(30 * time.Second)
		if !e.Has("a") || !e.Has("b") || e.Has("") || e.Has("c") {
			t.Error("forgotten too early")
		}
		time.Sleep(59 * time.Second)
		if !e.Has("b") {
			t.Error("b was forgotten too early")
		}
		time.Sleep(2 * time.Minute)
		if e.Has("a") || e.Has("b") || len(e.names.now)+len(e.names.old) != 0 {
			t.Error("never forgotten")
		}
	})
}
