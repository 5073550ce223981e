package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheSendBudget(t *testing.T) {
	b := &Budget{Limit: 100}
	var first, second, third Waiting
	if !b.TryReserve(&first, 60) || b.TryReserve(&third, 41) || !b.TryReserve(&second, 40) || b.TryReserve(&third, 1) {
		t.Error("not bounded")
	}
	b.Leave(&second)
	b.Leave(&second)
	b.Leave(&third)
	if !b.TryReserve(&second, 40) || b.Used.Load() != 100 {
		t.Errorf("%d bytes used", b.Used.Load())
	}
	none := &Budget{Limit: -1}
	if none.TryReserve(&third, 1) || none.TryReserve(&third, 0) || none.Await(t.Context(), &third, 1) {
		t.Error("None gave something")
	}
}

// waitingAnswer is one of a client that takes nothing.
func waitingAnswer(b *Budget, client string, bytes int64) *Waiting {
	a, s := new(Waiting), new(Sender)
	s.init(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), time.Minute)
	if b.TryReserve(a, bytes) {
		b.Enter(a, client+":1234", s)
	}
	return a
}

// TestWhoGivesWay: the client with the most bytes waiting, its oldest answer
// first, and nobody who takes what he gets.
func TestWhoGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Budget{Limit: 100}
		var all []*Waiting
		for _, client := range []string{"192.0.2.1", "[::1]", "192.0.2.2", "192.0.2.2", "192.0.2.2"} {
			all = append(all, waitingAnswer(b, client, 20))
		}
		given := func() (list string) {
			for _, a := range all {
				list += map[bool]string{true: "x", false: "."}[a.sender.givenUp.Load()]
			}
			return list
		}
		var next Waiting
		time.Sleep(stallOfHog) // not quite
		if b.makeRoom(10); given() != "....." || b.TryReserve(&next, 10) {
			t.Errorf("%s gave way before anybody stalled", given())
		}
		time.Sleep(stallWhenFull + time.Millisecond)
		all[2].sender.progress()
		if b.makeRoom(10); given() != "...x." || !b.TryReserve(&next, 10) || b.Used.Load() != 90 {
			t.Errorf("%s gave way, %d bytes used", given(), b.Used.Load())
		}
		if n, err := all[3].sender.Write([]byte("x")); n != 0 || !errors.Is(err, ErrClientGone) || !errors.Is(err, errNoRoom) {
			t.Errorf("writing to it: %d, %v", n, err)
		}
		b.makeRoom(30) // 192.0.2.2 has 40, of which 20 move
		if given() != "...xx" {
			t.Errorf("%s gave way", given())
		}
		if b.makeRoom(60); given() != "xx.xx" {
			t.Errorf("%s gave way", given())
		}
		for _, a := range append(all, &next) {
			b.Leave(a)
			b.Leave(a)
		}
		if b.Used.Load() != 0 || b.sent.Len() != 0 {
			t.Errorf("%d bytes are lost", b.Used.Load())
		}
	})
}

// TestWaitingForRoom ends when there is some, when somebody stalls, when the
// client leaves, or after a second.
func TestWaitingForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Budget{Limit: 100}
		began := time.Now()
		took := func() time.Duration { return time.Since(began).Round(10 * time.Millisecond) }
		first := waitingAnswer(b, "192.0.2.1", 100)
		var a Waiting
		if !b.Await(t.Context(), &a, 50) || took() > stallWhenFull+2*roomLook || !first.sender.givenUp.Load() {
			t.Errorf("no room after %v", took())
		}
		b.Leave(&a)
		b.Leave(first)

		var lively Waiting
		b.TryReserve(&lively, 100) // not listed: as if it always moved
		began = time.Now()
		if b.Await(t.Context(), &a, 50) || took() < roomPatience {
			t.Errorf("room, or no patience, after %v", took())
		}
		began = time.Now()
		time.AfterFunc(500*time.Millisecond, func() { b.Used.Add(-100) }) // it left
		if !b.Await(t.Context(), &a, 50) || took() > 600*time.Millisecond {
			t.Errorf("no room after %v", took())
		}
		b.Used.Add(50)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		began = time.Now()
		if b.Await(ctx, new(Waiting), 50) || took() > 200*time.Millisecond {
			t.Errorf("waited %v for a client that left", took())
		}
		if began = time.Now(); b.Await(t.Context(), new(Waiting), 101) || took() > 0 {
			t.Error("waited for what can't be")
		}
	})
}

// TestTheSendBudgetHammer: whatever the order, nothing is lost.
func TestTheSendBudgetHammer(t *testing.T) {
	b := &Budget{Limit: 400}
	var wg sync.WaitGroup
	var gaveWay atomic.Int64
	for i := range 16 {
		wg.Go(func() {
			for n := range 500 {
				a := waitingAnswer(b, fmt.Sprint("192.0.2.", i%4), int64(37+n%100))
				if a.entered && n%2 == 0 {
					a.sender.moved.Store(0) // it stalls
					b.makeRoom(int64(n))
				}
				if used := b.Used.Load(); used < 0 {
					t.Errorf("%d bytes used", used)
				}
				b.Leave(a)
				if a.entered && a.sender.givenUp.Load() {
					gaveWay.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if b.Used.Load() != 0 || b.sent.Len() != 0 {
		t.Errorf("%d bytes are lost", b.Used.Load())
	}
	if gaveWay.Load() == 0 {
		t.Error("nobody gave way")
	}
}
