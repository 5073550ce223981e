package engine

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// A troubledBackend is a memory.DB whose sessions are in trouble.
type troubledBackend struct {
	*memory.DB
	trouble atomic.Pointer[func(ctx context.Context) error] // of taking and storing one; nil: none
}

func (b *troubledBackend) Sessions() store.Sessions { return &troubledStore{b.DB.Sessions(), b} }

func (b *troubledBackend) set(trouble func(context.Context) error) { b.trouble.Store(&trouble) }

type troubledStore struct {
	store.Sessions
	b *troubledBackend
}

func (s *troubledStore) ask(ctx context.Context) error {
	if trouble := s.b.trouble.Load(); trouble != nil {
		return (*trouble)(ctx)
	}
	return nil
}

func (s *troubledStore) Acquire(ctx context.Context, id string, lease time.Duration) (store.Stored, error) {
	if err := s.ask(ctx); err != nil {
		return store.Stored{}, err
	}
	return s.Sessions.Acquire(ctx, id, lease)
}

func (s *troubledStore) Create(ctx context.Context, id string, n store.NewSession) (int64, error) {
	if err := s.ask(ctx); err != nil {
		return 0, err
	}
	return s.Sessions.Create(ctx, id, n)
}

func (s *troubledStore) Claim(ctx context.Context, owner string, lease time.Duration, n int) ([]store.Claimed, error) {
	if err := s.ask(ctx); err != nil {
		return nil, err
	}
	return s.Sessions.Claim(ctx, owner, lease, n)
}

// TestStorePanics: a store that panics is a store that fails: 503, and one line
// that says where.
func TestStorePanics(t *testing.T) {
	t.Parallel()
	b := &troubledBackend{DB: memory.New()}
	pg := play(t, Config{Backend: b}, map[string]string{"in.asp": `<% Session("x") = 1 %>in`, "none.asp": `<%@ EnableSessionState=False %>none`})
	g := pg.guest()
	g.wants("/in.asp", "in")
	var asked atomic.Int64
	b.set(func(context.Context) error { asked.Add(1); panic("a store's mistake") })
	for name, g := range map[string]*guest{"one that has a session": g, "a new visitor": pg.guest()} {
		before := strings.Count(pg.log.String(), "session store failed")
		if a := g.fetch(t.Context(), "/in.asp"); a.err != nil || a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %v", name, a)
		}
		if n := strings.Count(pg.log.String(), "session store failed") - before; n != 1 {
			t.Errorf("%s: %d lines", name, n)
		}
	}
	if !strings.Contains(pg.log.String(), "a store's mistake") || !strings.Contains(pg.log.String(), "outage_test.go") {
		t.Errorf("the log doesn't say where")
	}
	g.wants("/none.asp", "none")
	b.set(func(context.Context) error { return nil })
	g.wants("/in.asp", "in")
}

// TestOneTryAnswersTheLine: who waits behind a request whose store doesn't answer
// fails with it, and doesn't try in turn.
func TestOneTryAnswersTheLine(t *testing.T) {
	t.Parallel()
	b := &troubledBackend{DB: memory.New()}
	pg := play(t, Config{Backend: b, ProcessorThreadMax: 1}, map[string]string{"in.asp": `<% Session("x") = 1 %>in`, "hold.asp": meet + `<% meet.Stop("held") %>held`})
	g := pg.guest()
	g.wants("/in.asp", "in")
	var tries atomic.Int64
	fail := make(chan struct{})
	b.set(func(ctx context.Context) error {
		if tries.Add(1) == 1 {
			select {
			case <-fail:
			case <-ctx.Done():
			}
		}
		return context.DeadlineExceeded
	})
	first := g.answer("/in.asp")
	pg.until("it tries", func() bool { return tries.Load() > 0 })
	line := pg.lineUp(g, "/in.asp", 5)
	before := tries.Load()
	close(fail)
	for _, c := range append(line, first) {
		if a := pg.in(c); a.status != 503 || !strings.Contains(a.body, "session store") {
			t.Error(a)
		}
	}
	if before != 1 {
		t.Logf("the sweeper tried too: %d", before)
	}
	if n := strings.Count(pg.log.String(), "session store failed"); n != 1 {
		t.Errorf("%d tries", n)
	}
	b.set(func(context.Context) error { return nil })
	g.wants("/in.asp", "in")
}
