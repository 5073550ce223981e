package sessions_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// A faulty store fails where a test says so.
type faulty struct {
	store.Sessions
	fail   func(op string) error // nil: all is well
	hang   atomic.Bool           // commits wait for the end of their context
	commit chan struct{}         // where not nil: a commit waits for it
	renew  chan struct{}         // likewise a renewal
}

func (f *faulty) check(op string) error {
	if f.fail == nil {
		return nil
	}
	return f.fail(op)
}

func (f *faulty) Renew(ctx context.Context, id string, token int64, lease time.Duration) error {
	if err := f.check("renew"); err != nil {
		return err
	}
	if f.renew != nil {
		f.renew <- struct{}{}
		<-f.renew
	}
	return f.Sessions.Renew(ctx, id, token, lease)
}

func (f *faulty) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	if f.hang.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	if f.commit != nil {
		f.commit <- struct{}{}
		<-f.commit
	}
	if err := f.check("commit"); err != nil {
		return err
	}
	return f.Sessions.Commit(ctx, id, token, c)
}

func (f *faulty) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	if err := f.check("claim"); err != nil {
		return nil, err
	}
	return f.Sessions.Claim(ctx, owner, lease, n)
}

func (f *faulty) Finish(ctx context.Context, id string, token int64) error {
	if err := f.check("finish"); err != nil {
		return err
	}
	return f.Sessions.Finish(ctx, id, token)
}

func isLost(h session.Handle) bool {
	synctest.Wait()
	select {
	case <-h.Lost():
		return true
	default:
		return false
	}
}

// tryOpen opens the session of v, giving up after d.
func tryOpen(v *visitor, d time.Duration) (session.Handle, error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return v.m.Open(ctx, v.request(), session.ReadWrite)
}

func TestLeaseIsRenewedWhileThePageRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })
		long := v.open(session.ReadWrite)
		must(t, long.Set("n", encode(t, 2)))
		if s := m.Status(); s.Open != 1 {
			t.Errorf("%d leases are renewed, want 1", s.Open)
		}
		_, err := tryOpen(v, 5*time.Minute) // another process has no turn here
		wantErr(t, "Open of a session in use", err, context.DeadlineExceeded)
		if isLost(long) {
			t.Fatal("the lease was lost")
		}
		must(t, long.Close(t.Context(), nil))
		v.page(func(h session.Handle) {
			if get(t, h, "n") != 2 {
				t.Errorf("n is %v", get(t, h, "n"))
			}
		})
	})
}

// The second request of a session that is in use elsewhere gets it as soon as
// it is given up.
func TestOpenWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })
		first := v.open(session.ReadWrite)
		var waited time.Duration
		var wg sync.WaitGroup
		wg.Go(func() {
			begin := time.Now()
			v.page(func(h session.Handle) {
				waited = time.Since(begin)
				if get(t, h, "n") != 2 {
					t.Errorf("n is %v", get(t, h, "n"))
				}
			})
		})
		wait(10 * time.Second)
		must(t, first.Set("n", encode(t, 2)))
		must(t, first.Close(t.Context(), nil))
		wg.Wait()
		if waited < 10*time.Second || waited > 10*time.Second+200*time.Millisecond {
			t.Errorf("waited %v, want 10s and a little", waited)
		}
	})
}

// A process that dies leaves its lease behind: others wait for it to run out.
func TestCrashedHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory.NewSessions()
		dying := newManager(t, sessions.Config{Store: &faulty{Sessions: kept, fail: func(op string) error {
			if op == "renew" {
				return errors.New("no renewals from the dead")
			}
			return nil
		}}})
		m := newManager(t, sessions.Config{Store: kept})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })
		h, err := dying.Open(t.Context(), v.request(), session.ReadWrite)
		must(t, err)
		must(t, h.Set("n", encode(t, "too late")))
		begin := time.Now()
		v.page(func(h session.Handle) { must(t, h.Set("n", encode(t, 2))) })
		if d := time.Since(begin); d > 15*time.Second {
			t.Errorf("the next request waited %v, want 15s at most", d)
		}
		header := http.Header{}
		wantErr(t, "the late commit", h.Commit(t.Context(), header), store.ErrLost)
		if len(header) != 0 {
			t.Errorf("the loser sends %v", header)
		}
		if !isLost(h) {
			t.Error("the loser wasn't told")
		}
		if s := dying.Status(); s.Open != 0 {
			t.Errorf("%d lost leases are still renewed", s.Open)
		}
		h.Discard()
		v.page(func(h session.Handle) {
			if get(t, h, "n") != 2 {
				t.Errorf("n is %v", get(t, h, "n"))
			}
		})
	})
}

func TestLostLeaseIsTold(t *testing.T) {
	for _, tt := range []struct {
		name string
		lose func(t *testing.T, m *sessions.Manager, h session.Handle)
		wait time.Duration
	}{
		{"an operator ends it", func(t *testing.T, m *sessions.Manager, h session.Handle) {
			must(t, m.End(t.Context(), h.ID(), store.ReasonEvicted))
		}, 8 * time.Second},
		{"held for too long", func(*testing.T, *sessions.Manager, session.Handle) {}, 11 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newManager(t, sessions.Config{})
				v := newVisitor(t, m)
				v.page(func(h session.Handle) { set(t, h, "n", 1) })
				h := v.open(session.ReadWrite)
				defer h.Discard()
				if isLost(h) {
					t.Fatal("lost at once")
				}
				tt.lose(t, m, h)
				wait(tt.wait)
				if !isLost(h) {
					t.Error("the holder wasn't told")
				}
				if s := m.Status(); s.Open != 0 {
					t.Errorf("%d leases are still renewed", s.Open)
				}
			})
		})
	}
}

// A store that fails for a while costs no session: renewals and commits are
// tried again.
func TestStoreFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		broken := errors.New("the disk is gone")
		kept := &faulty{Sessions: memory.NewSessions(), fail: func(string) error {
			if down.Load() {
				return broken
			}
			return nil
		}}
		m := newManager(t, sessions.Config{Store: kept})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })
		h := v.open(session.ReadWrite)
		must(t, h.Set("n", encode(t, 2)))
		down.Store(true)
		wait(12 * time.Second)
		header := http.Header{}
		wantErr(t, "Close", h.Close(t.Context(), header), broken)
		if len(header) != 0 {
			t.Errorf("a failed commit sends %v", header)
		}
		if isLost(h) || m.Status().Open != 1 {
			t.Error("a store that fails is no lost lease")
		}
		down.Store(false)
		wait(3 * time.Second)
		must(t, h.Close(t.Context(), header))
		v.page(func(h session.Handle) {
			if get(t, h, "n") != 2 {
				t.Errorf("n is %v", get(t, h, "n"))
			}
		})

		h = v.open(session.ReadWrite) // a store that hangs is left after its time
		must(t, h.Set("n", encode(t, 3)))
		kept.hang.Store(true)
		begin := time.Now()
		wantErr(t, "Close while the store hangs", h.Close(t.Context(), nil), context.DeadlineExceeded)
		if d := time.Since(begin); d != 5*time.Second {
			t.Errorf("the store was waited for %v, want 5s", d)
		}
		kept.hang.Store(false)
		h.Discard()
		h.Discard()
		v.page(func(h session.Handle) { // at once, not after a lease
			if get(t, h, "n") != 2 {
				t.Errorf("n is %v", get(t, h, "n"))
			}
		})
		if d := time.Since(begin); d != 5*time.Second {
			t.Errorf("after Discard the next request waited %v", d-5*time.Second)
		}
	})
}

// A page that is given up while its script is still inside: nothing of it is
// stored from then on, and its session is free.
func TestDiscardWhileCommitting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &faulty{Sessions: memory.NewSessions()}
		m := newManager(t, sessions.Config{Store: kept, StoreTimeout: -1})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })
		h := v.open(session.ReadWrite)
		must(t, h.Set("n", encode(t, 2)))
		kept.commit = make(chan struct{})
		done := make(chan error)
		go func() { done <- h.Commit(context.Background(), nil) }()
		<-kept.commit // the script is inside the store
		begin := time.Now()
		h.Discard() // doesn't wait for it
		kept.commit <- struct{}{}
		must(t, <-done) // began before the end
		kept.commit = nil
		wantErr(t, "Set by the orphan", h.Set("n", encode(t, 3)), session.ErrClosed)
		wantErr(t, "Commit by the orphan", h.Commit(context.Background(), nil), session.ErrClosed)
		wantErr(t, "Close by the orphan", h.Close(context.Background(), nil), session.ErrClosed)
		wantErr(t, "Abandon by the orphan", h.Abandon(), session.ErrClosed)
		v.page(func(h session.Handle) {
			if get(t, h, "n") != 2 {
				t.Errorf("n is %v", get(t, h, "n"))
			}
		})
		if d := time.Since(begin); d != 0 {
			t.Errorf("the next request waited %v", d)
		}
		if s := m.Status(); s.Open != 0 {
			t.Errorf("%d leases are still renewed", s.Open)
		}
	})
}

// A renewal that is under way when the session is given up, or gets another
// id, finds no such lease: that is no loss.
func TestRenewalIsOvertaken(t *testing.T) {
	for name, overtake := range map[string]func(h session.Handle) error{
		"close":  func(h session.Handle) error { return h.Close(context.Background(), nil) },
		"rename": func(h session.Handle) error { return errors.Join(h.Renew(), h.Commit(context.Background(), nil)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kept := &faulty{Sessions: memory.NewSessions()}
				m := newManager(t, sessions.Config{Store: kept, StoreTimeout: -1})
				v := newVisitor(t, m)
				v.page(func(h session.Handle) { set(t, h, "n", 1) })
				kept.renew = make(chan struct{})
				h := v.open(session.ReadWrite)
				defer h.Discard()
				<-kept.renew
				must(t, overtake(h))
				kept.renew <- struct{}{}
				synctest.Wait()
				if isLost(h) {
					t.Error("the lease counts as lost")
				}
				kept.renew = nil
			})
		})
	}
}

// Every method of handles that are discarded at any moment, for the race
// detector; the sessions stay usable.
func TestDiscardHammer(t *testing.T) {
	kept := memory.NewSessions()
	steady := newManager(t, sessions.Config{Store: kept})
	m := newManager(t, sessions.Config{Store: kept, Lease: 6 * time.Millisecond}) // lost now and then
	v := newVisitor(t, steady)
	v.page(func(h session.Handle) { set(t, h, "n", 1) })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			v := &visitor{T: t, m: m, cookies: map[string]string{"NAJASESSIONID": v.cookies["NAJASESSIONID"]}}
			for i := range 300 {
				h := v.open(session.ReadWrite)
				var both sync.WaitGroup
				both.Go(h.Discard)
				both.Go(func() {
					_ = h.Set("n", []byte{byte(i % 20)})
					h.Get("n")
					h.Keys()
					_ = h.SetTimeout(time.Hour)
					_ = h.Commit(context.Background(), http.Header{})
					h.ID()
					_ = h.Close(context.Background(), nil)
				})
				both.Wait()
			}
		})
	}
	wg.Wait()
	if s := m.Status(); s.Open != 0 {
		t.Errorf("%d leases are still renewed", s.Open)
	}
	v.page(func(h session.Handle) {
		if !h.Exists() {
			t.Error("the session is gone")
		}
	})
}

func TestUnreadableContents(t *testing.T) {
	kept := memory.NewSessions()
	m := newManager(t, sessions.Config{Store: kept})
	v := newVisitor(t, m)
	var key string
	v.page(func(h session.Handle) { set(t, h, "n", 1); key = h.Key() })
	got, err := kept.Acquire(t.Context(), key, time.Minute)
	must(t, err)
	later := []byte("NJ\x63\x00 of a later version")
	must(t, kept.Commit(t.Context(), key, got.Token, store.Commit{Data: later, Timeout: time.Hour}))
	for range 2 {
		if _, err := m.Open(t.Context(), v.request(), session.ReadWrite); err == nil {
			t.Fatal("contents of a later version were opened")
		}
	}
	if now, err := kept.Acquire(t.Context(), key, time.Minute); err != nil || string(now.Data) != string(later) {
		t.Errorf("the contents are %q, %v", now.Data, err)
	}
}
