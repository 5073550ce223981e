package sessions_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

func TestReadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })

		writer := v.open(session.ReadWrite)
		must(t, writer.Set("n", encode(t, 2)))
		reader := v.open(session.ReadOnly) // doesn't wait
		if get(t, reader, "n") != 1 {
			t.Errorf("the reader sees %v, want the last commit", get(t, reader, "n"))
		}
		wantErr(t, "Set", reader.Set("n", encode(t, 3)), session.ErrReadOnly)
		wantErr(t, "Remove", reader.Remove("n"), session.ErrReadOnly)
		wantErr(t, "RemoveAll", reader.RemoveAll(), session.ErrReadOnly)
		wantErr(t, "SetTimeout", reader.SetTimeout(time.Hour), session.ErrReadOnly)
		wantErr(t, "SetLCID", reader.SetLCID(1), session.ErrReadOnly)
		wantErr(t, "SetCodePage", reader.SetCodePage(1252), session.ErrReadOnly)
		wantErr(t, "Abandon", reader.Abandon(), session.ErrReadOnly)
		wantErr(t, "Renew", reader.Renew(), session.ErrReadOnly)
		must(t, reader.Close(t.Context(), http.Header{}))
		must(t, writer.Close(t.Context(), http.Header{}))

		for range 5 { // reading keeps the session alive
			wait(15 * time.Minute)
			h := v.open(session.ReadOnly)
			if get(t, h, "n") != 2 {
				t.Fatalf("the session is gone or has %v", get(t, h, "n"))
			}
			must(t, h.Commit(t.Context(), http.Header{}))
			must(t, h.Close(t.Context(), nil))
		}
		wait(21 * time.Minute)
		h := v.open(session.ReadOnly)
		defer h.Discard()
		if h.Exists() {
			t.Error("the session has not expired")
		}
		must(t, h.Create(t.Context())) // for Session_OnStart, which may write
		must(t, h.Set("started", encode(t, true)))
		h.Freeze()
		wantErr(t, "Set after Freeze", h.Set("n", encode(t, 3)), session.ErrReadOnly)
		header := http.Header{}
		must(t, h.Close(t.Context(), header))
		v.take(header)
		v.page(func(h session.Handle) {
			if get(t, h, "started") != true {
				t.Error("what was written before Freeze is lost")
			}
		})
	})
}

func TestOff(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	v.page(func(h session.Handle) { set(t, h, "n", 1) })
	h := v.open(session.Off)
	if h.Exists() {
		t.Error("a page without session has one")
	}
	wantErr(t, "Create", h.Create(t.Context()), session.ErrNoSession)
	header := http.Header{}
	must(t, h.Close(t.Context(), header))
	if len(header) != 0 {
		t.Errorf("headers %v", header)
	}
}

func TestFlushedPage(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	h := v.open(session.ReadWrite)
	set(t, h, "n", 1)
	header := http.Header{}
	must(t, h.Commit(t.Context(), header)) // the first flush
	v.take(header)
	if len(v.sent) != 1 {
		t.Fatalf("the flush sent %q", v.sent)
	}
	reader := v.open(session.ReadOnly)
	if get(t, reader, "n") != 1 {
		t.Error("what was committed with the flush isn't seen")
	}
	must(t, h.Set("n", encode(t, 2)))
	must(t, h.Set("m", encode(t, 3)))
	must(t, h.Commit(t.Context(), nil))
	must(t, h.Remove("m"))
	must(t, h.Close(t.Context(), nil))
	wantErr(t, "Set after Close", h.Set("n", encode(t, 9)), session.ErrClosed)
	if get(t, h, "n") != 2 {
		t.Error("a closed session can't be read")
	}
	v.page(func(h session.Handle) {
		if get(t, h, "n") != 2 || len(h.Keys()) != 1 {
			t.Errorf("stored %v", h.Keys())
		}
	})
	late := newVisitor(t, m).open(session.ReadWrite)
	must(t, late.Commit(t.Context(), http.Header{}))
	wantErr(t, "Create after the headers", late.Create(t.Context()), session.ErrTooLate)
	late.Discard()
}

// Session.Close: the session is given up early, its cookie still comes.
func TestCloseBeforeTheFirstByte(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	h := v.open(session.ReadWrite)
	set(t, h, "n", 1)
	must(t, h.Close(t.Context(), nil))
	header := http.Header{}
	must(t, h.Commit(t.Context(), header))
	must(t, h.Close(t.Context(), header))
	h.Discard()
	v.take(header)
	if len(v.sent) != 1 {
		t.Fatalf("sent %q, want one cookie", v.sent)
	}
	v.page(func(h session.Handle) {
		if get(t, h, "n") != 1 {
			t.Error("the session is lost")
		}
	})
}

// A visitor who leaves takes nothing along: the end of the request's context
// doesn't stop the commit.
func TestCommitOutlivesTheRequest(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	ctx, cancel := context.WithCancel(t.Context())
	h, err := m.Open(ctx, v.request(), session.ReadWrite)
	must(t, err)
	must(t, h.Create(ctx))
	must(t, h.Set("n", encode(t, 1)))
	cancel()
	header := http.Header{}
	must(t, h.Close(ctx, header))
	v.take(header)
	v.page(func(h session.Handle) {
		if get(t, h, "n") != 1 {
			t.Error("the commit was lost with the visitor")
		}
	})
	if _, err := m.Open(ctx, v.request(), session.ReadWrite); !errors.Is(err, context.Canceled) {
		t.Errorf("Open for a visitor who left: %v", err)
	}
}

func TestRenewChangesTheTokenAlone(t *testing.T) {
	m := newManager(t, sessions.Config{RenewGrace: -1})
	v := newVisitor(t, m)
	var id string
	v.page(func(h session.Handle) {
		must(t, h.Create(t.Context()))
		must(t, h.Renew()) // nobody knows the token yet
		set(t, h, "user", "ann")
		id = h.ID()
	})
	old := v.cookies["NAJASESSIONID"]
	v.page(func(h session.Handle) {
		must(t, h.Renew())
		must(t, h.Renew())
		must(t, h.Set("admin", encode(t, true)))
	})
	if v.cookies["NAJASESSIONID"] == old || len(v.sent) != 1 {
		t.Fatalf("sent %q after %q", v.sent, old)
	}
	v.page(func(h session.Handle) {
		if h.ID() != id || get(t, h, "user") != "ann" || get(t, h, "admin") != true {
			t.Errorf("id %q, want %q; keys %v", h.ID(), id, h.Keys())
		}
	})
	thief := newVisitor(t, m)
	thief.cookies["NAJASESSIONID"] = old
	thief.page(func(h session.Handle) {
		if h.Exists() {
			t.Error("the old token is still good")
		}
	})
	// With a flush in between: the token changes with the flush, once.
	h := v.open(session.ReadWrite)
	must(t, h.Renew())
	before := h.Key()
	header := http.Header{}
	must(t, h.Commit(t.Context(), header))
	v.take(header)
	if h.Key() == before || len(v.sent) != 1 {
		t.Errorf("the flush sent %q", v.sent)
	}
	wantErr(t, "Renew after the headers", h.Renew(), session.ErrTooLate)
	must(t, h.Set("late", encode(t, 1)))
	must(t, h.Close(t.Context(), nil))
	v.page(func(h session.Handle) {
		if get(t, h, "late") != 1 {
			t.Error("what came after the flush is lost")
		}
	})
	// A page that is given up renews nothing.
	h = v.open(session.ReadWrite)
	must(t, h.Renew())
	h.Discard()
	v.page(func(h session.Handle) {
		if !h.Exists() {
			t.Error("the token changed without the visitor's knowing")
		}
	})
}

func TestOwnSettings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{Timeout: time.Hour})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) {
			must(t, h.Create(t.Context()))
			must(t, h.SetTimeout(time.Minute))
			must(t, h.SetLCID(1031))
			must(t, h.SetCodePage(1252))
			if err := h.SetTimeout(-1); err == nil {
				t.Error("a timeout of -1 was taken")
			}
		})
		wait(50 * time.Second)
		v.page(func(h session.Handle) {
			if h.Timeout() != time.Minute || h.LCID() != 1031 || h.CodePage() != 1252 || len(h.Keys()) != 0 {
				t.Errorf("%v, %d, %d, keys %v", h.Timeout(), h.LCID(), h.CodePage(), h.Keys())
			}
		})
		wait(61 * time.Second)
		v.page(func(h session.Handle) {
			if h.Exists() {
				t.Error("the session outlived its own timeout")
			}
		})
	})
}

func TestSessionMax(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{Max: 2})
		for range 2 {
			newVisitor(t, m).page(func(h session.Handle) { must(t, h.Create(t.Context())) })
		}
		third := newVisitor(t, m)
		third.page(func(h session.Handle) {
			wantErr(t, "the third", h.Create(t.Context()), store.ErrFull)
			if h.Exists() {
				t.Error("it exists all the same")
			}
		})
		if s := m.Status(); s.Refused != 1 || s.Created != 2 || s.Open != 0 {
			t.Errorf("status %+v", s)
		}
		wait(20 * time.Minute)
		third.page(func(h session.Handle) { must(t, h.Create(t.Context())) })
	})
}

func TestMaxSize(t *testing.T) {
	m := newManager(t, sessions.Config{MaxSize: 1000})
	v := newVisitor(t, m)
	v.page(func(h session.Handle) {
		set(t, h, "a", strings.Repeat("x", 500))
		wantErr(t, "a value too many", h.Set("b", encode(t, strings.Repeat("x", 500))), session.ErrTooLarge)
	})
	v.page(func(h session.Handle) {
		if len(h.Keys()) != 1 {
			t.Errorf("keys %v", h.Keys())
		}
		wantErr(t, "the same on the next page", h.Set("b", encode(t, strings.Repeat("x", 500))), session.ErrTooLarge)
	})
}

// 50 requests of one session at once, each in its turn, lose nothing.
func TestParallelIncrements(t *testing.T) {
	m := newManager(t, sessions.Config{})
	turns := turn.New(turn.Config{PerSession: 200})
	v := newVisitor(t, m)
	v.page(func(h session.Handle) { set(t, h, "n", 0) })
	r := v.request()
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			key, _ := m.Key(r)
			turn, err := turns.Enter(context.Background(), key)
			if err != nil {
				t.Error(err)
				return
			}
			defer turn.Leave()
			h, err := m.Open(context.Background(), r, session.ReadWrite)
			if err != nil {
				t.Error(err)
				return
			}
			defer h.Discard()
			n, _ := get(t, h, "n").(int)
			if err := h.Set("n", encode(t, n+1)); err != nil {
				t.Error(err)
			}
			if i%3 == 0 { // a flushed page
				if err := h.Commit(context.Background(), http.Header{}); err != nil {
					t.Error(err)
				}
			}
			if err := h.Close(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	v.page(func(h session.Handle) {
		if get(t, h, "n") != 200 {
			t.Errorf("200 parallel increments ended at %v", get(t, h, "n"))
		}
	})
	if s := m.Status(); s.Open != 0 {
		t.Errorf("%d leases are still renewed", s.Open)
	}
}
