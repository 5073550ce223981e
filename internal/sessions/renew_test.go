package sessions_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/turn"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

const cookieName = "NAJASESSIONID"

// with is a visitor with another's token.
func (v *visitor) with(token string) *visitor {
	other := newVisitor(v.T, v.m)
	other.cookies[cookieName] = token
	return other
}

// stands waits for a turn and runs f with the session, as an engine does it.
func (v *visitor) stands(turns *turn.Turns, f func(h session.Handle)) {
	r := v.request()
	ctx := context.Background()
	if key, ok := v.m.Key(r); ok {
		held, err := turns.Enter(ctx, key)
		if err != nil {
			v.Error(err)
			return
		}
		defer held.Leave()
		ctx = turn.With(ctx, held)
	}
	h, err := v.m.Open(ctx, r, session.ReadWrite)
	if err != nil {
		v.Error(err)
		return
	}
	defer h.Discard()
	f(h)
	header := http.Header{}
	if err := h.Close(ctx, header); err != nil {
		v.Error(err)
	}
	v.take(header)
}

// loggedIn is a visitor who has a session, and the token that he had before it
// was renewed.
func loggedIn(t *testing.T, m *sessions.Manager) (v *visitor, old string) {
	v = newVisitor(t, m)
	v.page(func(h session.Handle) { set(t, h, "cart", "full") })
	old = v.cookies[cookieName]
	v.page(func(h session.Handle) {
		set(t, h, "user", "ann")
		must(t, h.Renew())
	})
	return v, old
}

// wants checks what a page of a visitor finds under a key, and that no cookie
// is sent.
func (v *visitor) wants(key string, want any) {
	v.Helper()
	v.page(func(h session.Handle) {
		if !h.Exists() || get(v.T, h, key) != want {
			v.Errorf("exists %v, %s is %v, want %v", h.Exists(), key, get(v.T, h, key), want)
		}
	})
	if len(v.sent) > 0 {
		v.Errorf("sent %q", v.sent)
	}
}

func (v *visitor) wantsStranger(what string) {
	v.Helper()
	v.page(func(h session.Handle) {
		if h.Exists() {
			v.Errorf("%s: he is known", what)
		}
	})
}

// The former token leads to the session for the grace, which nothing prolongs;
// nobody who brings it is told a token.
func TestFormerToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{})
		v, old := loggedIn(t, m)
		late := v.with(old)
		for range 3 { // 9s
			time.Sleep(3 * time.Second)
			late.wants("user", "ann")
			late.page(func(h session.Handle) { set(t, h, "n", 1) })
			if len(late.sent) > 0 || h(late).ID() != h(v).ID() {
				t.Errorf("sent %q", late.sent)
			}
		}
		r := late.open(session.ReadOnly)
		if get(t, r, "user") != "ann" {
			t.Error("a page that only reads is a stranger")
		}
		header := http.Header{}
		must(t, r.Close(t.Context(), header))
		if len(header) > 0 {
			t.Errorf("it is told %v", header)
		}
		time.Sleep(time.Second)
		late.wantsStranger("after the grace")
		v.wants("n", 1)
	})
}

// h is a handle that is looked at.
func h(v *visitor) session.Handle {
	h := v.open(session.ReadOnly)
	h.Discard()
	return h
}

func TestFormerTokenEnds(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v, oldest := loggedIn(t, m)
	former := v.cookies[cookieName]
	v.page(func(h session.Handle) { must(t, h.Renew()) })
	v.with(oldest).wantsStranger("a second Renew, the oldest token")
	v.with(former).wants("user", "ann")
	v.page(func(h session.Handle) { must(t, h.Abandon()) })
	v.with(former).wantsStranger("after Abandon")
	v.wantsStranger("after Abandon")

	v, former = loggedIn(t, m)
	v.with(former).page(func(h session.Handle) { must(t, h.Abandon()) })
	v.wantsStranger("after Abandon by a request with the former token")

	v, former = loggedIn(t, newManager(t, sessions.Config{RenewGrace: -1}))
	v.with(former).wantsStranger("no grace")
	v.wants("user", "ann")
}

// Renew and Abandon in one page, in either order: the session ends.
func TestRenewAndAbandon(t *testing.T) {
	m := newManager(t, sessions.Config{})
	for _, first := range []bool{true, false} {
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "user", "ann") })
		old := v.cookies[cookieName]
		v.page(func(h session.Handle) {
			if first {
				must(t, h.Renew())
			}
			must(t, h.Abandon())
			must(t, h.Renew())
		})
		if len(v.sent) > 0 {
			t.Errorf("sent %q", v.sent)
		}
		v.with(old).wantsStranger("after both")
	}
}

// A request with the former token that calls Renew gets a session of its own
// with what it wrote: neither can it take the visitor's along, nor does what it
// wrote go to somebody who had the session renewed before.
func TestRenewWithAFormerToken(t *testing.T) {
	m := newManager(t, sessions.Config{})
	for _, first := range []bool{true, false} {
		v, old := loggedIn(t, m)
		other := v.with(old)
		id := h(v).ID()
		other.page(func(h session.Handle) {
			must(t, h.Set("cart", encode(t, "his own")))
			if first {
				must(t, h.Renew())
			}
			must(t, h.Set("user", encode(t, "bob")))
			must(t, h.Set("user2", encode(t, "bob")))
			must(t, h.Remove("user2"))
			must(t, h.Renew())
			if _, ok := h.Get("user2"); ok || h.ID() == id || get(t, h, "user") != "bob" || len(h.Keys()) != 2 {
				t.Errorf("ID %s, keys %v", h.ID(), h.Keys())
			}
		})
		if len(other.sent) != 1 {
			t.Errorf("sent %q", other.sent)
		}
		other.wants("user", "bob")
		other.wants("cart", "his own")
		v.wants("user", "ann")
		v.wants("cart", "full")
		if h(v).ID() != id || h(other).ID() == id {
			t.Error("the IDs moved along")
		}
	}
	v, old := loggedIn(t, m)
	flushed := v.with(old).open(session.ReadWrite)
	must(t, flushed.Commit(t.Context(), http.Header{}))
	wantErr(t, "Renew after the headers", flushed.Renew(), session.ErrTooLate)
	flushed.Discard()
}

// Many requests with the old cookie around a page that renews: in their order,
// all in its session, and none but the page itself is sent a cookie.
func TestRenewHammer(t *testing.T) {
	for _, grace := range []time.Duration{time.Second, -1} {
		t.Run(fmt.Sprint(grace), func(t *testing.T) { renewHammer(t, grace) })
	}
}

func renewHammer(t *testing.T, grace time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{RenewGrace: grace})
		turns := turn.New(turn.Config{PerSession: 1000})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 0) })
		old := v.cookies[cookieName]
		var wg sync.WaitGroup
		order := make(map[*visitor]int)
		stands := func(who *visitor, wait time.Duration, f func(h session.Handle)) {
			wg.Go(func() {
				who.stands(turns, func(h session.Handle) {
					time.Sleep(wait)
					n, _ := get(t, h, "n").(int)
					order[who] = n
					must(t, h.Set("n", encode(t, n+1)))
					if f != nil {
						f(h)
					}
				})
			})
			synctest.Wait() // it stands in line
		}
		var before, after []*visitor
		stands(v, 100*time.Millisecond, func(h session.Handle) { must(t, h.Renew()) })
		for range 20 { // which is longer than the grace
			before = append(before, v.with(old))
			stands(before[len(before)-1], 100*time.Millisecond, nil)
		}
		time.Sleep(500 * time.Millisecond) // the page has been answered
		synctest.Wait()
		for i := range 10 {
			who := v.with(old)
			if i%2 == 1 || grace < 0 {
				who = v.with(v.cookies[cookieName])
			}
			after = append(after, who)
			stands(who, 0, nil)
		}
		wg.Wait()
		for i, who := range append(before, after...) {
			if order[who] != i+1 || len(who.sent) > 0 {
				t.Errorf("request %d came as the %d., sent %q", i, order[who], who.sent)
			}
		}
		time.Sleep(time.Second)
		v.wants("n", 31)
		v.with(old).wantsStranger("after the grace")
		if s := m.Status(); s.Open != 0 || turns.Waiting() != 0 {
			t.Errorf("%+v, %d wait", s, turns.Waiting())
		}
	})
}

// Who waits behind a page that ends the session gets a new one each.
func TestAbandonWithOthersInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newManager(t, sessions.Config{})
		turns := turn.New(turn.Config{})
		v := newVisitor(t, m)
		v.page(func(h session.Handle) { set(t, h, "n", 1) })
		var wg sync.WaitGroup
		wg.Go(func() {
			v.stands(turns, func(h session.Handle) {
				time.Sleep(time.Second)
				must(t, h.Abandon())
			})
		})
		synctest.Wait()
		ids := map[string]bool{}
		for range 4 {
			other := v.with(v.cookies[cookieName])
			wg.Go(func() {
				other.stands(turns, func(h session.Handle) {
					if h.Exists() {
						t.Error("the session goes on")
					}
					set(t, h, "n", 2)
					ids[h.ID()] = true
				})
			})
		}
		wg.Wait()
		if len(ids) != 4 {
			t.Errorf("%d sessions for 4 requests", len(ids))
		}
	})
}

// Two processes on one store: who waits in the other has the session too, and
// whose turn it is there stands in one line with those who come with the new
// token.
func TestRenewInAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory.NewSessions()
		one, two := newManager(t, sessions.Config{Store: kept}), newManager(t, sessions.Config{Store: kept})
		here, there := turn.New(turn.Config{}), turn.New(turn.Config{})
		v := newVisitor(t, one)
		v.page(func(h session.Handle) { set(t, h, "n", 0) })
		old := v.cookies[cookieName]
		add := func(h session.Handle) {
			n, _ := get(t, h, "n").(int)
			must(t, h.Set("n", encode(t, n+1)))
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			v.stands(here, func(h session.Handle) {
				time.Sleep(time.Second)
				must(t, h.Renew())
			})
		})
		synctest.Wait()
		var others []*visitor
		for range 5 {
			other := v.with(old)
			other.m = two
			others = append(others, other)
			wg.Go(func() {
				other.stands(there, func(h session.Handle) {
					time.Sleep(4 * time.Second) // all of them together for longer than the grace
					add(h)
				})
			})
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for range 3 {
			other := v.with(v.cookies[cookieName])
			other.m = two
			others = append(others, other)
			wg.Go(func() { other.stands(there, add) })
		}
		wg.Wait()
		for _, other := range others {
			if len(other.sent) > 0 {
				t.Errorf("sent %q", other.sent)
			}
		}
		v.wants("n", 8)
	})
}

// A store that fails when the token changes: the visitor keeps his session and
// his token, whether the change took effect or not.
func TestRenewThatFails(t *testing.T) {
	for _, effect := range []bool{false, true} {
		t.Run(fmt.Sprint(effect), func(t *testing.T) {
			kept := &lossy{Sessions: memory.NewSessions(), effect: effect}
			m := newManager(t, sessions.Config{Store: kept})
			v := newVisitor(t, m)
			v.page(func(h session.Handle) { set(t, h, "user", "ann") })
			h := v.open(session.ReadWrite)
			must(t, h.Renew())
			kept.fails = true
			header := http.Header{}
			if err := h.Close(t.Context(), header); err == nil || len(header) > 0 {
				t.Errorf("%v, %v", err, header)
			}
			kept.fails = false
			h.Discard()
			v.wants("user", "ann") // at once: nobody has it taken
		})
	}
}

// lossy is a store whose commits fail, with their effect or without.
type lossy struct {
	store.Sessions
	effect, fails bool
}

func (l *lossy) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	if !l.fails {
		return l.Sessions.Commit(ctx, id, token, c)
	}
	if l.effect {
		c.Lease = time.Hour // as if a page had flushed
		if err := l.Sessions.Commit(ctx, id, token, c); err != nil {
			return err
		}
	}
	return fmt.Errorf("the disk is full")
}
