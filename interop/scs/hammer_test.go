package scsstore_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/turn"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
)

// increment is a handler that counts.
func increment(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
	sm.Put(r.Context(), "n", sm.GetInt(r.Context(), "n")+1)
	fmt.Fprint(w, "ok")
}

// incrementLate counts after its first byte.
func incrementLate(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, "ok")
	http.NewResponseController(w).Flush()
	sm.Put(r.Context(), "n", sm.GetInt(r.Context(), "n")+1)
}

var counting = map[string]string{
	"page.asp":     `<% Session("n")++ %>ok`,
	"flushed.asp":  `<% Response.Write("o"); Response.Flush(); Session("n")++ %>k`,
	"redirect.asp": `<% Session("n")++; Response.Redirect("x") %>`,
	"error.asp":    `<% Session("n")++; throw new Error("it fails") %>`,
	"closed.asp":   `<% Session("n")++; Session.Close() %>ok`,
	"reading.asp":  `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %>`,
}

// Parallel increments of one session by pages and handlers, in all ways, are
// exact.
func TestIncrements(t *testing.T) {
	paths := []string{"/page.asp", "/flushed.asp", "/redirect.asp", "/error.asp", "/closed.asp", "/go/inc", "/go/late", "/both/inc", "/go/inc", "/page.asp"}
	for how, setup := range setups {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			sm := newSessions()
			setup(sm)
			s := newSite(t, sm, counting, handlers{"inc": increment, "late": incrementLate, "show": show})
			v := &visitor{site: s}
			v.says("/go/inc", "ok")
			var wg sync.WaitGroup
			for i := range 50 {
				wg.Go(func() { v.ask(v.Request(paths[i%len(paths)])) })
				wg.Go(func() { v.ask(v.Request("/reading.asp")) })
			}
			wg.Wait()
			v.says("/go/show?n", "int 51")
		})
	}
}

// An engine that shares the turns, as the provider's user: it enters them
// before it opens a session, and gives an apartment on with them.
type sharing struct {
	p     *scsstore.Provider
	turns *turn.Turns
}

func (e *sharing) page(t *testing.T, r *http.Request, f func(h session.Handle)) {
	if key, ok := e.p.Key(r); ok {
		turn, err := e.turns.Enter(r.Context(), key)
		must(t, err)
		defer turn.Leave()
	}
	h, err := e.p.Open(r.Context(), r, session.ReadWrite)
	must(t, err)
	defer h.Discard()
	f(h)
	must(t, h.Close(r.Context(), http.Header{}))
}

// With shared turns pages and handlers run in the order in which they came.
func TestSharedTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sm := newSessions()
		p, err := scsstore.New(scsstore.Config{Manager: sm})
		must(t, err)
		again, err := scsstore.New(scsstore.Config{Manager: sm})
		must(t, err)
		if again.ShareTurns() != p.ShareTurns() {
			t.Error("two providers of one manager don't share its turns")
		}
		e := &sharing{p, p.ShareTurns()}
		v := &visitor{site: &site{T: t, sm: sm, p: p, log: &asptest.Log{}}}
		v.serving = p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { increment(sm, w, r) }))
		v.get("/")

		var order []int
		release := make(chan bool)
		var wg sync.WaitGroup
		wg.Go(func() { e.page(t, v.Request("/"), func(session.Handle) { <-release }) })
		synctest.Wait()
		for i := range 20 {
			wg.Go(func() {
				if i%2 == 0 {
					e.page(t, v.Request("/"), func(h session.Handle) {
						order = append(order, i)
						raw, _ := h.Get("n")
						must(t, h.Set("n", []byte{raw[0] + 1})) // a small number is one byte
					})
					return
				}
				p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					order = append(order, i)
					increment(sm, w, r)
				})).ServeHTTP(httptest.NewRecorder(), v.Request("/"))
			})
			synctest.Wait()
		}
		close(release)
		wg.Wait()
		if !slices.IsSorted(order) || len(order) != 20 {
			t.Errorf("order %v", order)
		}
		if n := v.stored()["n"]; n != 21 {
			t.Errorf("n is %v", n)
		}
	})
}

// A page inside Serialize has its turn already, and the session of the
// handlers around it.
func TestPageInside(t *testing.T) {
	t.Run("memstore", func(t *testing.T) { testPageInside(t, newSessions()) })
	for name, open := range backends {
		t.Run("ours in "+name, func(t *testing.T) {
			sm := newSessions()
			sm.Store, sm.IdleTimeout = newStore(t, open(t)), time.Minute
			testPageInside(t, sm)
		})
	}
}

func testPageInside(t *testing.T, sm *scs.SessionManager) {
	s := newSite(t, sm, map[string]string{
		"page.asp":    `<% Session("n")++; Session("page") = Session("before") %>n=<%= Session("n") %>`,
		"flushed.asp": `<% Session("n")++; Response.Flush(); Session("n")++ %>ok`,
		"closed.asp":  `<% Session("n")++; Session.Close() %>ok`,
		"out.asp":     `<% Session.Abandon(); %>bye`,
		"outlate.asp": `<% Session.Abandon(); Response.Flush() %>bye`,
		"read.asp":    `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %>`,
		"renew.asp":   `<% Session.Renew() %>ok`,
	}, handlers{"inc": increment, "show": show})
	around := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sm.Put(r.Context(), "before", "b")
		s.engine.ServeHTTP(w, r)
		sm.Put(r.Context(), "after", sm.GetInt(r.Context(), "after")+1)
	})
	for how, middleware := range map[string]http.Handler{
		"alone": s.p.Serialize(around), "with LoadAndSave": s.p.Serialize(sm.LoadAndSave(around)), "twice": s.p.Serialize(s.p.Serialize(around)),
	} {
		t.Run(how, func(t *testing.T) {
			v := &visitor{site: &site{T: t, sm: sm, p: s.p, engine: s.engine, log: s.log, serving: middleware}}
			v.says("/page.asp", "n=NaN") // undefined and one
			sm2 := &visitor{site: v.site}
			sm2.get("/read.asp") // another visitor
			if v.Cookie == "" || len(v.Sent) != 1 || sm2.Cookie == v.Cookie {
				t.Fatalf("cookies %q and %q", v.Cookie, sm2.Cookie)
			}
			must(t, set(sm, v.Cookie, "n", 1))
			v.says("/page.asp", "n=2")
			v.says("/flushed.asp", "ok")
			v.says("/closed.asp", "ok")
			v.says("/read.asp", "5")
			old := v.Cookie
			v.says("/renew.asp", "ok")
			if v.Cookie == old || len(v.Sent) != 1 {
				t.Errorf("the token wasn't renewed: %q", v.Sent)
			}
			if got := v.stored(); got["n"] != 5 || got["page"] != "b" || got["after"] != 6 {
				t.Errorf("stored %v", got)
			}
			left := &visitor{site: v.site, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			v.says("/outlate.asp", "bye")
			if v.Cookie != "" || left.stored()["n"] != nil {
				t.Errorf("the session goes on: %q, %v", v.Cookie, left.stored())
			}
		})
	}
}

// set puts a value into a stored session.
func set(sm *scs.SessionManager, token, key string, v any) error {
	ctx, err := sm.Load(httptest.NewRequest("GET", "/", nil).Context(), token)
	if err != nil {
		return err
	}
	sm.Put(ctx, key, v)
	_, _, err = sm.Commit(ctx)
	return err
}

// Who learns of a new session before the request that made it is over waits
// for that, be it a handler's or a page's.
func TestNewSessionHasItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, over := make(chan http.Header), make(chan bool)
		s := newSite(t, newSessions(), nil, handlers{"inc": increment, "show": show,
			"slow": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
				sm.Put(r.Context(), "n", 1)
				http.NewResponseController(w).Flush()
				begun <- w.Header()
				<-over
				sm.Put(r.Context(), "n", sm.GetInt(r.Context(), "n")+1)
			}})
		pages := func() {
			h, err := s.p.Open(t.Context(), (&visitor{site: s}).Request("/"), session.ReadWrite)
			must(t, err)
			defer h.Discard()
			must(t, h.Create(t.Context()))
			must(t, h.Set("n", encode(t, 1)))
			header := http.Header{}
			must(t, h.Commit(t.Context(), header))
			begun <- header
			<-over
			must(t, h.Set("n", encode(t, 2)))
			must(t, h.Close(t.Context(), nil))
		}
		for how, first := range map[string]func(){
			"handler": func() { (&visitor{site: s}).get("/go/slow") }, "page": pages,
		} {
			var wg sync.WaitGroup
			wg.Go(first)
			v := &visitor{site: s}
			v.Take(v, <-begun)
			done := false
			wg.Go(func() {
				v.says("/go/inc", "ok")
				done = true
			})
			synctest.Wait()
			if done {
				t.Errorf("%s: nobody waited", how)
			}
			close(over)
			wg.Wait()
			over = make(chan bool)
			v.says("/go/show?n", "int 3")
		}
	})
}
