package bridge

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

func requireNil(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A session is held for as long as its request runs, renewed all the while,
// and others wait for it.
func TestHolding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		r := NewRecords(memory.NewSessions(), "test", 0)
		requireNil(t, r.Put(ctx, "ann", []byte("1"), time.Hour))
		h, err := r.Hold(ctx, "ann", 10*time.Minute)
		requireNil(t, err)
		time.Sleep(time.Minute)
		requireNil(t, r.Put(h.In(ctx), "ann", []byte("2"), time.Hour))

		waited := make(chan time.Duration)
		begin := time.Now()
		go func() {
			other, err := r.Hold(ctx, "ann", time.Minute)
			if err != nil {
				t.Error(err)
			}
			other.Leave()
			waited <- time.Since(begin)
		}()
		time.Sleep(20 * time.Second)
		requireNil(t, r.Move(h.In(ctx), "ann", "bob", []byte("3"), time.Hour, 0))
		requireNil(t, r.Move(h.In(ctx), "bob", "ann", []byte("4"), time.Hour, 0))
		h.Leave()
		h.Leave()
		if d := <-waited; d < 20*time.Second || d > 21*time.Second {
			t.Errorf("another waited for %v", d)
		}
		if data, _, err := r.Find(ctx, "ann"); string(data) != "4" || err != nil {
			t.Errorf("%q, %v", data, err)
		}
		requireNil(t, r.Put(h.In(ctx), "ann", []byte("5"), time.Hour)) // on its own again

		slow, err := r.Hold(ctx, "ann", 10*time.Minute)
		requireNil(t, err)
		if _, err := r.Hold(ctx, "ann", time.Minute); !errors.Is(err, store.ErrBusy) {
			t.Errorf("after half a minute of waiting: %v", err)
		}
		slow.Leave()
	})
}

// A new session belongs to the request that made it.
func TestHoldingOfNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		r := NewRecords(memory.NewSessions(), "test", 0)
		h, err := r.Hold(ctx, "gone", time.Minute)
		requireNil(t, err)
		requireNil(t, r.Put(h.In(ctx), "new", []byte("1"), time.Hour))
		brief, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if _, err := r.Hold(brief, "new", time.Minute); !errors.Is(err, store.ErrBusy) {
			t.Errorf("another gets it: %v", err)
		}
		requireNil(t, r.Put(h.In(ctx), "second", []byte("2"), time.Hour)) // which it doesn't hold
		h.Leave()
		for _, name := range []string{"new", "second"} {
			next, err := r.Hold(ctx, name, time.Minute)
			requireNil(t, err)
			next.Leave()
		}
		var none *Holding
		none.Leave()
		if none.In(ctx) != ctx {
			t.Error("nothing is something")
		}
	})
}

// Who lost the session is told, and can't store anything.
func TestHoldingLost(t *testing.T) {
	for how, loses := range map[string]func(r *Records){
		"ended elsewhere": func(r *Records) { requireNil(t, r.End(context.Background(), "ann")) },
		"held too long":   func(*Records) {},
	} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				r := NewRecords(memory.NewSessions(), "test", 0)
				requireNil(t, r.Put(ctx, "ann", []byte("1"), time.Hour))
				p := &Place{}
				h, err := p.Hold(ctx, r, "ann", time.Minute)
				requireNil(t, err)
				var lost atomic.Bool // the renewal's goroutine says so
				p.OnLost(func() { lost.Store(true) })
				time.Sleep(30 * time.Second)
				if lost.Load() {
					t.Error("it is lost before")
				}
				loses(r)
				time.Sleep(time.Minute)
				if err := r.Put(h.In(ctx), "ann", []byte("late"), time.Hour); !lost.Load() || !errors.Is(err, store.ErrLost) {
					t.Errorf("lost %v, %v", lost.Load(), err)
				}
				p.Leave()
			})
		})
	}
}
