package gorillastore_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/turn"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	"github.com/najahost/naja/session"
)

// increment is a handler that counts.
func increment(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
	n, _ := s.Values["n"].(int)
	s.Values["n"] = n + 1
	save(s, w, r)
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
// exact where the store is on the server.
func TestIncrements(t *testing.T) {
	paths := []string{"/page.asp", "/flushed.asp", "/redirect.asp", "/error.asp", "/closed.asp", "/go/inc", "/go/inc", "/page.asp", "/go/inc", "/page.asp"}
	for _, how := range []string{"files", "raw files", "wrapped"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, setups[how](t), how == "raw files", counting, handlers{"inc": increment, "show": show})
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

// In a cookie increments are lost, and nobody waits: that is what the
// documentation says.
func TestCookiesTakeNoTurns(t *testing.T) {
	s := newSite(t, sessions.NewCookieStore(key), false, nil, handlers{"inc": increment, "show": show})
	v := &visitor{site: s}
	v.says("/go/inc", "ok")
	if key, ok := s.p.Key(v.Request("/")); ok {
		t.Errorf("a turn's key: %s", key)
	}
	first, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
	must(t, err)
	defer first.Discard()
	v.says("/go/inc", "ok") // nobody waits
	must(t, first.Set("n", encode(t, 10)))
	header := http.Header{}
	must(t, first.Close(t.Context(), header))
	v.Take(v, header)
	v.says("/go/show?n", "int 10") // the last wins
}

// An engine that shares the turns, as the provider's user.
func page(t *testing.T, p *gorillastore.Provider, turns *turn.Turns, r *http.Request, f func(h session.Handle)) {
	if key, ok := p.Key(r); ok {
		turn, err := turns.Enter(r.Context(), key)
		must(t, err)
		defer turn.Leave()
	}
	h, err := p.Open(r.Context(), r, session.ReadWrite)
	must(t, err)
	defer h.Discard()
	f(h)
	must(t, h.Close(r.Context(), http.Header{}))
}

// With shared turns pages and handlers run in the order in which they came.
func TestSharedTurns(t *testing.T) {
	store := newFiles(t)
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, store, false, nil, handlers{"inc": increment, "show": show})
		turns := s.p.ShareTurns()
		v := &visitor{site: s}
		v.says("/go/inc", "ok")
		var order []int
		release := make(chan bool)
		var wg sync.WaitGroup
		wg.Go(func() { page(t, s.p, turns, v.Request("/"), func(session.Handle) { <-release }) })
		synctest.Wait()
		for i := range 20 {
			wg.Go(func() {
				if i%2 == 0 {
					page(t, s.p, turns, v.Request("/"), func(h session.Handle) {
						order = append(order, i)
						raw, _ := h.Get("n")
						must(t, h.Set("n", []byte{raw[0] + 1})) // a small number is one byte
					})
					return
				}
				s.p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					order = append(order, i)
					got, _ := store.Get(r, "session")
					increment(got, w, r)
				})).ServeHTTP(httptest.NewRecorder(), v.Request("/"))
			})
			synctest.Wait()
		}
		close(release)
		wg.Wait()
		if !slices.IsSorted(order) || len(order) != 20 {
			t.Errorf("order %v", order)
		}
		v.says("/go/show?n", "int 21")
	})
}

// A page inside Serialize has its turn already, and the session of the
// handlers around it.
func TestPageInside(t *testing.T) {
	for how, open := range map[string]func(t *testing.T) sessions.Store{
		"files": func(t *testing.T) sessions.Store { return newFiles(t) }, "files, raw": func(t *testing.T) sessions.Store { return newFiles(t) },
		"ours in memory": func(t *testing.T) sessions.Store { return newStore(t, backends["memory"](t)) },
		"ours in SQLite": func(t *testing.T) sessions.Store { return newStore(t, backends["sqlite"](t)) },
	} {
		t.Run(how, func(t *testing.T) {
			raw := strings.HasSuffix(how, "raw")
			s := newSite(t, open(t), raw, map[string]string{
				"page.asp":    `<% Session("n") = (Session("n") || 0) + 1; Session("page") = Session("before") %>n=<%= Session("n") %>`,
				"flushed.asp": `<% Session("n")++; Response.Flush(); Session("n")++ %>ok`,
				"closed.asp":  `<% Session("n")++; Session.Close() %>ok`,
				"out.asp":     `<% Session.Abandon() %>bye`,
				"read.asp":    `<%@ EnableSessionState=ReadOnly %><%= String(Session("n")) %>`,
				"renew.asp":   `<% Session.Renew() %>ok`,
			}, nil)
			saves := false
			around := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got, _ := s.store.Get(r, "session")
				got.Values["before"] = "b"
				if saves {
					must(t, got.Save(r, w))
				}
				s.engine.ServeHTTP(w, r)
				got.Values["after"] = true
				if saves {
					_ = got.Save(r, w) // refused where the page ended the session
				}
			})
			v := &visitor{site: s}
			s.serving = s.p.Serialize(s.p.Serialize(around))
			v.says("/page.asp", "n=1")
			if v.Cookie == "" || len(v.Sent) != 1 {
				t.Fatalf("cookies %q", v.Sent)
			}
			saves = true
			v.says("/page.asp", "n=2")
			v.says("/flushed.asp", "ok")
			v.says("/closed.asp", "ok")
			v.says("/read.asp", "5")
			old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			v.says("/renew.asp", "ok")
			got := v.stored().Values
			if v.Cookie == old.Cookie || got["n"] != 5 || got["page"] != "b" || got["after"] != true {
				t.Errorf("stored %v", got)
			}
			if s, _ := old.store.New(old.Request("/"), "session"); !s.IsNew {
				t.Error("the old ID is still good")
			}
			old = &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
			v.says("/out.asp", "bye")
			if s, _ := old.store.New(old.Request("/"), "session"); !s.IsNew || v.Cookie != "" {
				t.Errorf("the session goes on: %q", v.Sent)
			}
			fresh := &visitor{site: s}
			fresh.says("/page.asp", "n=1") // the handler saved it before the page
			if got := fresh.stored().Values; got["n"] != 1 || got["before"] != "b" {
				t.Errorf("stored %v", got)
			}
		})
	}
}

// Who learns of a new session before the request that made it is over waits
// for that, be it a handler's or a page's.
func TestNewSessionHasItsTurn(t *testing.T) {
	store := newFiles(t)
	synctest.Test(t, func(t *testing.T) {
		begun, over := make(chan http.Header), make(chan bool)
		s := newSite(t, store, false, nil, handlers{"inc": increment, "show": show,
			"slow": func(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
				s.Values["n"] = 1
				must(t, s.Save(r, w))
				http.NewResponseController(w).Flush()
				begun <- w.Header()
				<-over
				s.Values["n"] = 2
				must(t, s.Save(r, httptest.NewRecorder()))
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

// The ID in the cookie of a session that is gone isn't taken up again by the
// page behind a handler that got it from the program's own store.
func TestGoneInside(t *testing.T) {
	dir := t.TempDir()
	store := sessions.NewFilesystemStore(dir, key)
	s := newSite(t, store, true, map[string]string{"page.asp": `<% Session("n") = 1 %>ok`}, nil)
	s.serving = s.p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got, _ := store.Get(r, "session"); got == nil {
			t.Error("there is no session")
		}
		s.engine.ServeHTTP(w, r)
	}))
	v := &visitor{site: s}
	v.says("/page.asp", "ok")
	id := v.stored().ID
	must(t, os.Remove(filepath.Join(dir, "session_"+id)))
	v.says("/page.asp", "ok")
	if got := v.stored(); got.IsNew || got.ID == id {
		t.Errorf("the ID is %q again", got.ID)
	}
}
