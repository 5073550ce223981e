package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/store"
)

// A Store is both kinds of state in one place; store.Backend says what its
// methods promise.
type Store interface {
	Sessions() store.Sessions
	Application() store.Application
	FinishWith(ctx context.Context, id string, claim, lock int64, c store.Changes) (version int64, err error)
	Err() error
}

// Backend tells [RunBackend] how to come by a store; see [Sessions] for the
// fields.
type Backend struct {
	Open func(t *testing.T) Store
	Peer func(t *testing.T, s Store) Store
	Wait func(d time.Duration)
	Unit time.Duration
	Run  func(t *testing.T, f func(t *testing.T))
}

// RunBackend checks both stores of a backend with [RunSessions] and
// [RunApplication], and what it does to both in one step.
func RunBackend(t *testing.T, b Backend) {
	if b.Peer == nil {
		b.Peer = func(_ *testing.T, s Store) Store { return s }
	}
	if b.Unit == 0 {
		b.Unit = time.Second
	}
	if b.Run == nil {
		b.Run = func(t *testing.T, f func(*testing.T)) { f(t) }
	}
	var opened sync.Map // by its stores; tests may run in parallel
	open := func(t *testing.T) Store {
		s := b.Open(t)
		opened.Store(s.Sessions(), s)
		opened.Store(s.Application(), s)
		return s
	}
	peer := func(t *testing.T, of any) Store {
		s, _ := opened.Load(of)
		return b.Peer(t, s.(Store))
	}
	t.Run("Sessions", func(t *testing.T) {
		RunSessions(t, Sessions{
			Open: func(t *testing.T) store.Sessions { return open(t).Sessions() },
			Peer: func(t *testing.T, s store.Sessions) store.Sessions { return peer(t, s).Sessions() },
			Wait: b.Wait, Unit: b.Unit, Run: b.Run,
		})
	})
	t.Run("Application", func(t *testing.T) {
		RunApplication(t, Application{
			Open: func(t *testing.T) store.Application { return open(t).Application() },
			Peer: func(t *testing.T, s store.Application) store.Application { return peer(t, s).Application() },
			Wait: b.Wait, Unit: b.Unit, Run: b.Run,
		})
	})
	t.Run("FinishWith", func(t *testing.T) {
		b.Run(t, func(t *testing.T) {
			a := b.Open(t)
			testFinishWith(&both{T: t, ctx: context.Background(), a: a, b: b.Peer(t, a), unit: b.Unit, wait: b.Wait})
		})
	})
}

// both is the test of two openings of the same state.
type both struct {
	*testing.T
	ctx  context.Context
	a, b Store
	unit time.Duration
	wait func(time.Duration)
}

// claim makes a session and takes it to be ended.
func (s *both) claim(id string) store.Claimed {
	s.Helper()
	st := s.a.Sessions()
	token, err := st.Create(s.ctx, id, store.NewSession{Data: []byte{1}, Timeout: longTime, Lease: longTime})
	if err == nil {
		err = st.Commit(s.ctx, id, token, store.Commit{Timeout: longTime, End: store.ReasonEvicted})
	}
	if err != nil {
		s.Fatal(err)
	}
	got, err := st.Claim(s.ctx, "me", s.unit, 1)
	if err != nil || len(got) != 1 || got[0].ID != id {
		s.Fatalf("claimed %v, %v", got, err)
	}
	return got[0]
}

func (s *both) lock(st Store, lease time.Duration) int64 {
	s.Helper()
	l, err := st.Application().Lock(s.ctx, "me", lease)
	if err != nil {
		s.Fatal(err)
	}
	return l.Token
}

// want checks what the other opening sees.
func (s *both) want(ending, items int) {
	s.Helper()
	n, err := s.b.Sessions().Count(s.ctx)
	c, err2 := s.b.Application().Read(s.ctx, -1)
	if n.Ending != ending || len(c.Items) != items || err != nil || err2 != nil {
		s.Errorf("%d ending, %d items, %v, %v; want %d and %d", n.Ending, len(c.Items), err, err2, ending, items)
	}
}

// The end of a session and what it did to Application happen together.
func testFinishWith(s *both) {
	changes := store.Changes{Items: []store.Item{put("A", "1")}}
	finish := func(what string, c store.Claimed, lock int64, ch store.Changes, version int64, want error) {
		s.Helper()
		got, err := s.a.FinishWith(s.ctx, c.ID, c.Token, lock, ch)
		if !errors.Is(err, want) || err == nil && got != version {
			s.Errorf("%s: %d, %v; want %d, %v", what, got, err, version, want)
		}
	}
	late := s.claim("late")
	s.wait(s.unit * 5 / 4)
	if taken, err := s.b.Sessions().Claim(s.ctx, "another", longTime, 1); len(taken) != 1 || err != nil {
		s.Fatal(taken, err)
	}
	token := s.lock(s.a, s.unit)
	finish("a claim that was lost", late, token, changes, 0, store.ErrLost)
	s.want(1, 0)
	s.wait(s.unit * 5 / 4)
	other := s.lock(s.b, longTime)
	c := s.claim("x")
	finish("a lock that was lost", c, token, changes, 0, store.ErrLockLost)
	s.want(2, 0)
	finish("no changes", c, 0, store.Changes{}, 0, nil)
	s.want(1, 0)
	if err := s.b.Application().Unlock(s.ctx, other); err != nil {
		s.Error(err)
	}
	finish("all it needs", s.claim("y"), s.lock(s.a, longTime), changes, 1, nil)
	s.want(1, 1)
	s.lock(s.b, s.unit) // it was given up
	if err := s.a.Err(); err != nil {
		s.Error(err)
	}
}
