package gorillastore_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/session/gorillastore"
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
	"reading.asp":  `<%@ EnableSessionState=ReadOnly %><%= Session("n") %>`,
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
				wg.Go(func() { v.ask(v.request(paths[i%len(paths)])) })
				wg.Go(func() { v.ask(v.request("/reading.asp")) })
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
	if key, ok := s.p.Key(v.request("/")); ok {
		t.Errorf("a turn's key: %s", key)
	}
	first, err := s.p.Open(t.Context(), v.request("/"), session.ReadWrite)
	must(t, err)
	defer first.Discard()
	v.says("/go/inc", "ok") // nobody waits
	must(t, first.Set("n", encode(t, 10)))
	header := http.Header{}
	must(t, first.Close(t.Context(), header))
	v.take(header)
	v.says("/go/show?n", "int 10") // the last wins
}

// An engine that shares the turns, as the provider's user.
func page(t *testing.T, p *gorillastore.Provider, turns *session.Turns, r *http.Request, f func(h session.Handle)) {
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
		wg.Go(func() { page(t, s.p, turns, v.request("/"), func(session.Handle) { <-release }) })
		synctest.Wait()
		for i := range 20 {
			wg.Go(func() {
				if i%2 == 0 {
					page(t, s.p, turns, v.request("/"), func(h session.Handle) {
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
				})).ServeHTTP(httptest.NewRecorder(), v.request("/"))
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
	for _, raw := range []bool{false, true} {
		t.Run(fmt.Sprint("raw ", raw), func(t *testing.T) {
			s := newSite(t, newFiles(t), raw, map[string]string{
				"page.asp":    `<% Session("n") = (Session("n") || 0) + 1; Session("page") = Session("before") %>n=<%= Session("n") %>`,
				"flushed.asp": `<% Session("n")++; Response.Flush(); Session("n")++ %>ok`,
				"closed.asp":  `<% Session("n")++; Session.Close() %>ok`,
				"out.asp":     `<% Session.Abandon() %>bye`,
				"read.asp":    `<%@ EnableSessionState=ReadOnly %><%= Session("n") %>`,
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
			if v.cookie == "" || len(v.sent) != 1 {
				t.Fatalf("cookies %q", v.sent)
			}
			saves = true
			v.says("/page.asp", "n=2")
			v.says("/flushed.asp", "ok")
			v.says("/closed.asp", "ok")
			v.says("/read.asp", "5")
			old := &visitor{site: s, cookie: v.cookie}
			v.says("/renew.asp", "ok")
			got := v.stored().Values
			if v.cookie == old.cookie || got["n"] != 5 || got["page"] != "b" || got["after"] != true {
				t.Errorf("stored %v", got)
			}
			if s, _ := old.store.New(old.request("/"), "session"); !s.IsNew {
				t.Error("the old ID is still good")
			}
			old = &visitor{site: s, cookie: v.cookie}
			v.says("/out.asp", "bye")
			if s, _ := old.store.New(old.request("/"), "session"); !s.IsNew || v.cookie != "" {
				t.Errorf("the session goes on: %q", v.sent)
			}
			fresh := &visitor{site: s}
			fresh.says("/page.asp", "n=1") // the handler saved it before the page
			if got := fresh.stored().Values; got["n"] != 1 || got["before"] != "b" {
				t.Errorf("stored %v", got)
			}
		})
	}
}
