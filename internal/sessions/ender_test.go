package sessions_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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

// A diary notes the sessions that ended.
type diary struct {
	mu    sync.Mutex
	lines []string
	ends  map[string]int // by EndID
}

func (d *diary) note(t *testing.T, e *sessions.Ended) {
	d.mu.Lock()
	defer d.mu.Unlock()
	user, _ := e.Get("user")
	d.lines = append(d.lines, fmt.Sprintf("%s %s %d", user, e.Reason(), e.Attempt()))
	if d.ends == nil {
		d.ends = map[string]int{}
	}
	d.ends[e.EndID()]++
	if e.ID() == "" || len(e.EndID()) != 24 || e.Created().IsZero() {
		t.Errorf("an ended session is %q, %q, %v", e.ID(), e.EndID(), e.Created())
	}
}

func (d *diary) take() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	lines := d.lines
	d.lines = nil
	return lines
}

func wantLines(t *testing.T, d *diary, want ...string) {
	t.Helper()
	synctest.Wait()
	got := d.take()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("ended %q, want %q", got, want)
	}
}

// user gives a value whose bytes show in the diary: "dann" is CBOR of "ann".
func user(t *testing.T, v *visitor, name string) {
	t.Helper()
	v.page(func(h session.Handle) { set(t, h, "user", name) })
}

func TestOnEndAfterTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			return nil
		}})
		ann, bob := newVisitor(t, m), newVisitor(t, m)
		user(t, ann, "ann")
		user(t, bob, "bob")
		wait(15 * time.Minute)
		bob.page(func(session.Handle) {})
		wait(5*time.Minute + 2*time.Second)
		wantLines(t, &d, "cann timeout 1")
		wait(time.Hour)
		wantLines(t, &d, "cbob timeout 1")
		if c, _ := m.Count(t.Context()); c != (store.Counts{}) {
			t.Errorf("%+v are left", c)
		}
		if s := m.Status(); s.Ended != 2 || s.Failed != 0 {
			t.Errorf("status %+v", s)
		}
	})
}

func TestAbandon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			return nil
		}})
		v := newVisitor(t, m)
		user(t, v, "ann")
		var old string
		v.page(func(h session.Handle) {
			old = h.ID()
			must(t, h.Abandon())
			if !h.Abandoned() || get(t, h, "user") != "ann" {
				t.Error("an abandoned session can't be read until the page ends")
			}
			must(t, h.Set("user", encode(t, "eve"))) // the last words
			wantLines(t, &d)
		})
		wantLines(t, &d, "ceve abandon 1") // at once
		if len(v.sent) != 0 {
			t.Errorf("sent %q", v.sent)
		}
		v.page(func(h session.Handle) {
			if h.Exists() {
				t.Error("the abandoned session lives on")
			}
			set(t, h, "user", "bob")
			if h.ID() == old {
				t.Error("the new session has the old one's id")
			}
		})
		// Given up after a flush, and by a page that was stopped.
		h := v.open(session.ReadWrite)
		must(t, h.Abandon())
		must(t, h.Commit(t.Context(), nil))
		wantLines(t, &d)
		h.Discard()
		wantLines(t, &d, "cbob abandon 1")
		// Created and abandoned by one page: no cookie.
		v.page(func(h session.Handle) {
			set(t, h, "user", "cat")
			must(t, h.Abandon())
		})
		if len(v.sent) != 0 {
			t.Errorf("sent %q", v.sent)
		}
		wantLines(t, &d, "ccat abandon 1")
	})
}

// A session whose first page is stopped before its visitor learned of it.
func TestDiscardOfANewSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			return nil
		}})
		h := newVisitor(t, m).open(session.ReadWrite)
		set(t, h, "user", "ann")
		h.Discard()
		wantLines(t, &d, " evicted 1")
		if c, _ := m.Count(t.Context()); c != (store.Counts{}) {
			t.Errorf("%+v are left", c)
		}
		// One that the visitor knows by a flush lives on.
		v := newVisitor(t, m)
		h = v.open(session.ReadWrite)
		set(t, h, "user", "bob")
		header := http.Header{}
		must(t, h.Commit(t.Context(), header))
		v.take(header)
		h.Discard()
		wantLines(t, &d)
		v.page(func(h session.Handle) {
			if get(t, h, "user") != "bob" {
				t.Error("the session is gone")
			}
		})
	})
}

// The values can be read and written in OnEnd; what is written is forgotten.
func TestEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		m := newManager(t, sessions.Config{OnEnd: func(_ context.Context, e *sessions.Ended) error {
			runs++
			if get(t, e, "USER") != "ann" || fmt.Sprint(e.Keys()) != "[user]" || e.Timeout() != time.Minute ||
				e.LCID() != 1031 || e.CodePage() != 65001 {
				t.Errorf("run %d: %v, %v, %d, %d", runs, e.Keys(), e.Timeout(), e.LCID(), e.CodePage())
			}
			must(t, e.Set("note", encode(t, 1)))
			must(t, e.Remove("user"))
			must(t, e.SetTimeout(time.Hour))
			must(t, e.SetLCID(1033))
			must(t, e.SetCodePage(1252))
			if e.Timeout() != time.Hour || fmt.Sprint(e.Keys()) != "[note]" || e.LCID() != 1033 || e.CodePage() != 1252 {
				t.Errorf("run %d after writing: %v, %v, %d, %d", runs, e.Keys(), e.Timeout(), e.LCID(), e.CodePage())
			}
			must(t, e.RemoveAll())
			if id, token := e.Claim(); id == "" || token == 0 || e.Attempt() != runs {
				t.Errorf("run %d is attempt %d of claim %q, %d", runs, e.Attempt(), id, token)
			}
			if runs == 1 {
				return errors.New("once more")
			}
			return nil
		}})
		newVisitor(t, m).page(func(h session.Handle) {
			set(t, h, "user", "ann")
			must(t, h.SetTimeout(time.Minute))
			must(t, h.SetLCID(1031))
		})
		wait(10 * time.Minute)
		if runs != 2 {
			t.Errorf("OnEnd ran %d times, want 2", runs)
		}
	})
}

// An OnEnd that fails, panics or hangs is tried three times and keeps nobody
// else waiting for longer than its timeout.
func TestOnEndFails(t *testing.T) {
	for _, tt := range []struct {
		name string
		hook func(ctx context.Context) error
	}{
		{"error", func(context.Context) error { return errors.New("no") }},
		{"panic", func(context.Context) error { panic("no") }},
		{"hang", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var d diary
				m := newManager(t, sessions.Config{OnEnd: func(ctx context.Context, e *sessions.Ended) error {
					d.note(t, e)
					if get(t, e, "user") == "bad" {
						return tt.hook(ctx)
					}
					return nil
				}})
				user(t, newVisitor(t, m), "bad")
				wait(10 * time.Second)
				for range 20 {
					user(t, newVisitor(t, m), "good")
				}
				wait(20*time.Minute + time.Minute)
				lines := d.take()
				if n := len(slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return s != "dgood timeout 1" })); n != 20 {
					t.Errorf("%d of 20 others have ended within a minute", n)
				}
				wait(time.Hour)
				lines = append(lines, d.take()...)
				bad := slices.DeleteFunc(lines, func(s string) bool { return s == "dgood timeout 1" })
				if !slices.Equal(bad, []string{"cbad timeout 1", "cbad timeout 2", "cbad timeout 3"}) {
					t.Errorf("the bad one ran as %q", bad)
				}
				if len(d.ends) != 21 {
					t.Errorf("%d EndIDs of 21 sessions", len(d.ends))
				}
				if s := m.Status(); s.Failed != 3 || s.Ended != 20 {
					t.Errorf("status %+v", s)
				}
				if c, _ := m.Count(t.Context()); c != (store.Counts{}) {
					t.Errorf("%+v are left", c)
				}
			})
		})
	}
}

// As many OnEnd as configured run at once, however many wait; those in a batch
// behind a slow one keep their claim.
func TestOnEndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most, runs atomic.Int64
		m := newManager(t, sessions.Config{OnEndWorkers: 3, OnEnd: func(_ context.Context, e *sessions.Ended) error {
			now := running.Add(1)
			defer running.Add(-1)
			for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
			}
			runs.Add(1)
			if e.Attempt() != 1 {
				t.Errorf("attempt %d of one that never failed", e.Attempt())
			}
			wait(29 * time.Second) // slow, but in time
			return nil
		}})
		for range 100 {
			user(t, newVisitor(t, m), "x")
		}
		wait(2 * time.Hour)
		if most.Load() != 3 || runs.Load() != 100 {
			t.Errorf("%d ran, up to %d at once, want 100 and 3", runs.Load(), most.Load())
		}
	})
}

// Two processes, one store: each session ends once, also while the store fails
// now and then.
func TestOnEndInTwoProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 300
		memory := memory.NewSessions()
		var fails atomic.Int64
		kept := &faulty{Sessions: memory, fail: func(op string) error {
			if op == "claim" && fails.Add(1)%3 == 0 {
				return errors.New("not now")
			}
			return nil
		}}
		var d diary
		cfg := sessions.Config{Store: kept, OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			return nil
		}}
		a, b := newManager(t, cfg), newManager(t, cfg)
		for i := range n {
			user(t, newVisitor(t, []*sessions.Manager{a, b}[i%2]), "x")
		}
		wait(21 * time.Minute)
		if len(d.take()) != n || len(d.ends) != n {
			t.Errorf("%d EndIDs of %d sessions", len(d.ends), n)
		}
		for id, times := range d.ends {
			if times != 1 {
				t.Errorf("%s ended %d times", id, times)
			}
		}
	})
}

// What OnEnd did before the store failed to note it isn't done again by a
// process that lives, but by the next one, under the same EndID: at least once.
func TestOnEndUnfinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var down atomic.Bool
		down.Store(true)
		kept := &faulty{Sessions: memory.NewSessions(), fail: func(op string) error {
			if op == "finish" && down.Load() {
				return errors.New("the disk is full")
			}
			return nil
		}}
		cfg := sessions.Config{Store: kept, OnEnd: func(_ context.Context, e *sessions.Ended) error {
			d.note(t, e)
			return nil
		}}
		m, err := sessions.NewManager(cfg)
		must(t, err)
		user(t, newVisitor(t, m), "ann")
		wait(20*time.Minute + 2*time.Second)
		wantLines(t, &d, "cann timeout 1")
		down.Store(false)
		wait(time.Minute)
		wantLines(t, &d)
		if c, _ := m.Count(t.Context()); c != (store.Counts{}) {
			t.Errorf("%+v are left", c)
		}

		down.Store(true)
		user(t, newVisitor(t, m), "bob")
		wait(20*time.Minute + 2*time.Second)
		wantLines(t, &d, "cbob timeout 1")
		must(t, m.Close(t.Context()))
		down.Store(false)
		newManager(t, cfg)
		wait(time.Minute)
		wantLines(t, &d, "cbob timeout 2")
		if len(d.ends) != 2 {
			t.Errorf("EndIDs %v, want two", d.ends)
		}
	})
}
