package remote

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

const longTime = time.Hour

func create(t *testing.T, s store.Sessions, id string) int64 {
	t.Helper()
	token, err := s.Create(t.Context(), id, store.NewSession{Data: []byte("old"), Timeout: longTime, Lease: longTime})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What a worker held when it ended is free at once: leases, under a new id
// too, claims and the lock. What it had given up isn't touched.
func TestTheDeadHoldNothing(t *testing.T) {
	db := memory.New()
	w := workOverSocket(t, db)
	ctx, s := t.Context(), w.Sessions()
	commit := func(id string, token int64, c store.Commit) {
		t.Helper()
		c.Timeout = longTime
		if err := s.Commit(ctx, id, token, c); err != nil {
			t.Fatal(err)
		}
	}
	commit("renamed", create(t, s, "renamed"), store.Commit{Lease: longTime, NewID: "new", Data: []byte("new")})
	create(t, s, "held")
	commit("done", create(t, s, "done"), store.Commit{})
	other, err := db.Sessions().Acquire(ctx, "done", longTime)
	if err != nil {
		t.Fatal(err)
	}
	commit("ending", create(t, s, "ending"), store.Commit{End: store.ReasonAbandon})
	if got, err := s.Claim(ctx, "me", longTime, 1); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if _, err := w.Application().Lock(ctx, "me", 0); err != nil {
		t.Fatal(err)
	}
	w.end()
	for id, data := range map[string]string{"new": "new", "held": "old"} {
		if got, err := db.Sessions().Acquire(ctx, id, longTime); err != nil || string(got.Data) != data {
			t.Errorf("%s: %q, %v", id, got.Data, err)
		}
	}
	if err := db.Sessions().Commit(ctx, "done", other.Token, store.Commit{Timeout: longTime}); err != nil {
		t.Error("another's lease was given up:", err)
	}
	if got, err := db.Sessions().Claim(ctx, "another", longTime, 1); err != nil || len(got) != 1 || got[0].Attempt != 1 {
		t.Error(got, err)
	}
	if _, err := db.Application().Lock(ctx, "another", 0); err != nil {
		t.Error(err)
	}
	if _, err := s.Load(ctx, "new"); !errors.Is(err, ErrClosed) {
		t.Error("after Close:", err)
	}
}

// A change is told to another worker at once, and a caller that goes away
// doesn't wait for it.
func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := memory.New()
		a, b := workPiped(t, db), workPiped(t, db)
		told := make(chan int64)
		go func() {
			version, err := a.Application().Wait(context.Background(), 0)
			if err != nil {
				t.Error(err)
			}
			told <- version
		}()
		synctest.Wait()
		began := time.Now()
		if _, err := b.Application().Swap(t.Context(), store.Swap{Item: store.Item{ID: "a", Key: "A", Raw: []byte{1}}}); err != nil {
			t.Fatal(err)
		}
		if version := <-told; version != 1 || time.Since(began) > 0 {
			t.Errorf("version %d after %v", version, time.Since(began))
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := a.Application().Wait(ctx, 1); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Error(err, time.Since(began))
		}
		if version, err := a.Application().Wait(t.Context(), 0); version != 1 || err != nil {
			t.Error("after a wait that was given up:", version, err)
		}
	})
}

// slow is a store whose calls end with their context.
type slow struct{ *memory.DB }

func (s slow) Sessions() store.Sessions { return slowSessions{s.DB.Sessions()} }

type slowSessions struct{ store.Sessions }

func (slowSessions) Load(ctx context.Context, _ string) (store.Stored, error) {
	<-ctx.Done()
	return store.Stored{}, ctx.Err()
}

// The deadline of a call is a deadline in the other process too.
func TestDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := workPiped(t, slow{memory.New()})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		_, err := w.Sessions().Load(ctx, "x")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
			t.Error(err, time.Since(began))
		}
		w.end() // waits for the call there, which has ended
	})
}

// failing is a store that fails.
type failing struct{ *memory.DB }

func (failing) Err() error { return errors.New("the disk is full") }

func TestErr(t *testing.T) {
	w := workOverSocket(t, failing{memory.New()})
	if err := w.Err(); err == nil || err.Error() != "remote: the server process says: the disk is full" {
		t.Error(err)
	}
	w.end()
	w = workOverSocket(t, memory.New())
	if err := w.Err(); err != nil {
		t.Error(err)
	}
	w.end()
	if err := w.Err(); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// A program that speaks nonsense loses its connection, and no other.
func TestNonsense(t *testing.T) {
	l, dial := unixSocket(t)
	w := work(t, memory.New(), l, dial)
	token := create(t, w.Sessions(), "x")
	for _, text := range []string{
		"GET / HTTP/1.1\r\n\r\n", "NAJS\x03\x00\x00\x00\x01\x00", "NAJS\x02\xff\xff\xff\xff", "NAJS\x02\x00\x00\x00\x00",
		"NAJS\x02\x00\x00\x00\x02\x7f\x00", "NAJS\x02\x00\x00\x00\x05\x05\x00\x01x\x02", "NAJS\x02\x00\x00\x00\x08\x02\x00\xff\xff\xff\xff\xff\x0f",
	} {
		conn, err := dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		n, err := conn.Read(make([]byte, 1))
		if netErr, ok := errors.AsType[net.Error](err); n > 0 || err == nil || ok && netErr.Timeout() {
			t.Errorf("%q is answered: %d, %v", text, n, err)
		}
		_ = conn.Close()
	}
	if err := w.Sessions().Release(t.Context(), "x", token); err != nil {
		t.Error(err)
	}
}

// Many callers, some of whom give up, see each what is theirs.
func TestHammer(t *testing.T) {
	w := workOverSocket(t, memory.New())
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			id := string(rune('a' + i))
			token := create(t, w.Sessions(), id)
			for n := range 200 {
				ctx, cancel := context.WithCancel(t.Context())
				if n%7 == 0 {
					go cancel()
				}
				data := []byte{byte(i), byte(n)}
				err := w.Sessions().Commit(ctx, id, token, store.Commit{Data: data, Timeout: longTime, Lease: longTime})
				cancel()
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				got, loadErr := w.Sessions().Load(t.Context(), id)
				if loadErr != nil || len(got.Data) != 2 && n > 0 || err == nil && string(got.Data) != string(data) {
					t.Errorf("%q instead of %q: %v, %v", got.Data, data, err, loadErr)
				}
			}
		})
	}
	all.Wait()
}
