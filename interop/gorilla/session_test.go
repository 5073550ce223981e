package gorillastore_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/turn"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// No session and no cookie until something needs one; a cookie that can't be
// read is a new session, and its ID nobody's choice.
func TestIdentity(t *testing.T) {
	dir := t.TempDir()
	store := sessions.NewFilesystemStore(dir, key)
	s := newSite(t, store, false, map[string]string{
		"none.asp":  `<%@ EnableSessionState=False %>ok`,
		"plain.asp": `ok`,
		"touch.asp": `<%= typeof Session("x") %>`,
		"id.asp":    `<%= Session.SessionID %>`,
	}, handlers{"show": show, "put": put})
	v := &visitor{site: s}
	v.says("/none.asp", "ok")
	v.says("/plain.asp", "ok")
	v.says("/go/show?x", "<nil> <nil>")
	if v.Cookie != "" || count(t, dir) != 0 {
		t.Errorf("a session that nobody needs: %q", v.Sent)
	}
	v.says("/touch.asp", "undefined")
	if v.Cookie == "" {
		t.Fatal("there is no session")
	}
	id := v.get("/id.asp").Body.String()
	v.says("/id.asp", id)
	if id == "" || count(t, dir) != 1 {
		t.Errorf("SessionID %q, %d files", id, count(t, dir))
	}
	got := v.stored()
	must(t, os.Remove(filepath.Join(dir, "session_"+got.ID)))
	gone := v.Cookie
	v.says("/touch.asp", "undefined")
	if v.stored().ID == got.ID {
		t.Error("the ID of a session that is gone lives on")
	}
	other := sessions.NewFilesystemStore(t.TempDir(), []byte("another key of 32 bytes, no match"))
	foreign := newSite(t, other, false, nil, handlers{"put": put})
	thief := &visitor{site: foreign}
	thief.says("/go/put?user=eve", "ok")
	for _, cookie := range []string{gone, "forged", strings.Repeat("A", 5000), thief.Cookie} {
		x := &visitor{site: s, Visitor: asptest.Visitor{Cookie: cookie}}
		x.says("/touch.asp", "undefined")
		if x.Cookie == cookie || x.stored().ID == got.ID {
			t.Errorf("the cookie %.20q became %.20q", cookie, x.Cookie)
		}
	}
}

func TestRenewAndAbandon(t *testing.T) {
	for _, kind := range []string{"files", "wrapped", "cookie"} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t, setups[kind](t), false, map[string]string{
				"set.asp":   `<% Session("user") = "ann" %><%= Session.SessionID %>`,
				"renew.asp": `<% Session.Renew(); Session("admin") = true %><%= Session.SessionID %>`,
				"flush.asp": `<% Session.Renew(); Session("n") = 1; Response.Flush() %>ok`,
				"out.asp":   `<% Session.Abandon() %><%= Session("user") %>`,
				"late.asp":  `<% Session.Abandon(); Response.Flush() %><%= Session("user") %>`,
			}, handlers{"show": show})
			v := &visitor{site: s}
			id := v.get("/set.asp").Body.String()
			for _, page := range []string{"/renew.asp", "/flush.asp"} {
				old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
				v.get(page)
				if v.Cookie == old.Cookie {
					t.Error("the cookie is the same")
				}
				v.says("/go/show?user", "string ann")
				if got, _ := old.store.New(old.Request("/"), "session"); kind != "cookie" && !got.IsNew {
					t.Errorf("%s: the old cookie is still good", page)
				}
			}
			v.says("/set.asp", id)
			for _, page := range []string{"/out.asp", "/late.asp"} {
				old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
				v.says(page, "ann")
				if v.Cookie != "" {
					t.Errorf("%s: the cookie stays: %q", page, v.Sent)
				}
				if got, _ := old.store.New(old.Request("/"), "session"); kind != "cookie" && !got.IsNew {
					t.Errorf("%s: the session goes on", page)
				}
				v.get("/set.asp")
			}
		})
	}
}

// Who logged out stays logged out, whatever a slower request stores that uses
// the provider's store.
func TestLogoutIsFinal(t *testing.T) {
	loaded, over := make(chan bool), make(chan bool)
	s := newSite(t, newFiles(t), false, map[string]string{"end.asp": `<% Session.Abandon() %>bye`}, handlers{
		"put": put, "show": show, "end": end,
		"slow": func(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
			loaded <- true
			<-over
			s.Values["x"] = 1
			save(s, w, r)
		},
	})
	for _, path := range []string{"/go/end", "/plain/end", "/end.asp"} {
		v := &visitor{site: s}
		v.says("/go/put?user=ann", "ok")
		old := &visitor{site: s, Visitor: asptest.Visitor{Cookie: v.Cookie}}
		done := make(chan *httptest.ResponseRecorder)
		go func() { done <- old.ask(old.Request("/plain/slow")) }()
		<-loaded
		v.get(path)
		over <- true
		if rec := <-done; rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), store.ErrLost.Error()) {
			t.Errorf("%s: the slow one answers %d %q", path, rec.Code, rec.Body)
		}
		old.says("/go/show?user", "<nil> <nil>")
	}
	// A page that runs meanwhile is refused too.
	alone := newSite(t, newFiles(t), false, nil, handlers{"put": put, "end": end, "show": show})
	v := &visitor{site: alone}
	v.says("/go/put?user=ann", "ok")
	old := &visitor{site: alone, Visitor: asptest.Visitor{Cookie: v.Cookie}}
	h, err := alone.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
	must(t, err)
	v.says("/plain/end", "ok")
	must(t, h.Set("user", encode(t, "bob")))
	if err := h.Close(t.Context(), http.Header{}); !errors.Is(err, store.ErrLost) {
		t.Errorf("Close: %v", err)
	}
	select {
	case <-h.Lost():
	default:
		t.Error("Lost doesn't tell")
	}
	h.Discard()
	old.says("/go/show?user", "<nil> <nil>")
}

// What a cookie or a file can't hold is refused at the assignment, on the
// page's line, and the session stays what it was.
func TestTooLarge(t *testing.T) {
	for kind, store := range map[string]sessions.Store{
		"cookie": sessions.NewCookieStore(key), "encrypted": sessions.NewCookieStore(key, key),
		"file": sessions.NewFilesystemStore(t.TempDir(), key),
	} {
		t.Run(kind, func(t *testing.T) {
			s := newSite(t, store, false, map[string]string{
				"fill.asp": "<% Session('kept') = 1;\nfor (var i = 0; i < 100; i++)\n Session('key' + i) = 'some text of a certain length'; %>ok",
				"one.asp":  `<% Session("one") = new Array(3000).join("x") %>ok`,
				"list.asp": `<% var l = []; for (var i = 0; i < 400; i++) l.push({n: i}); Session("list") = l %>ok`,
				"set.asp":  `<% Session.LCID = 1031; Session.CodePage = 1252; Session.Timeout = 500 %>ok`,
			}, handlers{"show": show})
			v := &visitor{site: s}
			rec := v.get("/fill.asp")
			if rec.Code != 500 || !strings.Contains(rec.Body.String(), "fill.asp:3") || !strings.Contains(rec.Body.String(), "too large") {
				t.Fatalf("%d %s", rec.Code, rec.Body)
			}
			v.says("/go/show?kept", "int 1")
			filled := len(v.stored().Values)
			if filled < 15 || filled > 60 {
				t.Errorf("%d values fit", filled)
			}
			for _, page := range []string{"/one.asp", "/list.asp"} {
				if rec := v.get(page); rec.Code != 500 || !strings.Contains(rec.Body.String(), "too large") {
					t.Errorf("%s: %d %s", page, rec.Code, rec.Body)
				}
			}
			v.says("/set.asp", "ok") // there is room for that always
			v.says("/go/show?kept", "int 1")
		})
	}
}

// After a flush nothing can be kept in a cookie, which is said.
func TestCookieIsLate(t *testing.T) {
	s := newSite(t, sessions.NewCookieStore(key), false, map[string]string{
		"late.asp": `<% Response.Flush(); try { Session("n") = 1; Response.Write("kept") } catch (e) { Response.Write(e.message) } %>`,
	}, handlers{"show": show})
	v := &visitor{site: s}
	if got := v.get("/late.asp").Body.String(); !strings.Contains(got, "headers are already written") {
		t.Errorf("the page says %q", got)
	}
	if !strings.Contains(s.log.String(), "level=WARN") {
		t.Error("what a CookieStore can't do isn't told")
	}
}

// A visitor who leaves takes nothing along.
func TestVisitorLeaves(t *testing.T) {
	s := newSite(t, listening{newFiles(t)}, false, nil, handlers{"show": show})
	v := &visitor{site: s}
	ctx, cancel := context.WithCancel(t.Context())
	h, err := s.p.Open(ctx, v.Request("/").WithContext(ctx), session.ReadWrite)
	must(t, err)
	must(t, h.Create(ctx))
	must(t, h.Set("n", encode(t, 1)))
	cancel()
	header := http.Header{}
	must(t, h.Close(ctx, header))
	h.Discard()
	v.Take(v, header)
	v.says("/go/show?n", "int 1")
}

// listening is a store that heeds the request's context.
type listening struct{ sessions.Store }

func (l listening) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if err := r.Context().Err(); err != nil {
		return err
	}
	return l.Store.Save(r, w, s)
}

// A broken store is told, and no visitor gets a new session for it.
func TestStoreFails(t *testing.T) {
	broken := &breakable{Store: newFiles(t)}
	s := newSite(t, broken, false, map[string]string{
		"page.asp": `<% Session("n") = 1 %>ok`, "renew.asp": `<% Session.Renew() %>ok`,
	}, handlers{"show": show})
	v := &visitor{site: s}
	v.says("/page.asp", "ok")
	broken.save = errors.New("disk full")
	if rec := v.get("/renew.asp"); rec.Code != http.StatusServiceUnavailable || len(v.Sent) != 0 {
		t.Errorf("Save: %d, %q", rec.Code, v.Sent)
	}
	broken.save = nil
	v.says("/go/show?n", "int 1") // the old ID is good until the new one is saved
	broken.load = errors.New("no connection")
	if rec := v.get("/page.asp"); rec.Code != http.StatusServiceUnavailable || len(v.Sent) != 0 {
		t.Errorf("New: %d, %q", rec.Code, v.Sent)
	}
	broken.load = nil
	v.says("/page.asp", "ok")
}

type breakable struct {
	sessions.Store
	load, save error
}

func (b *breakable) New(r *http.Request, name string) (*sessions.Session, error) {
	if b.load != nil {
		return sessions.NewSession(b, name), b.load
	}
	return b.Store.New(r, name)
}

func (b *breakable) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if b.save != nil {
		return b.save
	}
	return b.Store.Save(r, w, s)
}

// A session is saved again when half of its age is over, by pages that only
// read as well.
func TestAge(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		store := sessions.NewFilesystemStore(dir, key)
		store.MaxAge(600)
		s := newSite(t, store, false, nil, handlers{"put": put, "show": show})
		v := &visitor{site: s}
		v.says("/go/put?a=1", "ok")
		visit := func(mode session.Mode) {
			t.Helper()
			h, err := s.p.Open(t.Context(), v.Request("/"), mode)
			must(t, err)
			defer h.Discard()
			if !h.Exists() || h.Timeout() != 10*time.Minute {
				t.Fatalf("the session is gone, or its timeout %v", h.Timeout())
			}
			header := http.Header{}
			must(t, h.Close(t.Context(), header))
			v.Take(v, header)
		}
		for _, mode := range []session.Mode{session.ReadWrite, session.ReadOnly, session.ReadWrite} {
			time.Sleep(4 * time.Minute)
			visit(mode)
			if len(v.Sent) != 0 {
				t.Errorf("mode %v: saved too early", mode)
			}
			time.Sleep(4 * time.Minute)
			visit(mode)
			if len(v.Sent) != 1 {
				t.Errorf("mode %v: not saved", mode)
			}
		}
		writer, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
		must(t, err)
		must(t, writer.SetTimeout(2*time.Minute))
		must(t, writer.SetLCID(1031))
		header := http.Header{}
		must(t, writer.Close(t.Context(), header))
		v.Take(v, header)
		if !strings.Contains(v.Sent[0], "Max-Age=120") {
			t.Errorf("its own timeout: %q", v.Sent)
		}
		time.Sleep(70 * time.Second)
		h, err := s.p.Open(t.Context(), v.Request("/"), session.ReadOnly)
		must(t, err)
		if h.Timeout() != 2*time.Minute || h.LCID() != 1031 || h.CodePage() != 65001 || len(h.Keys()) != 1 {
			t.Errorf("%v, %d, keys %q", h.Timeout(), h.LCID(), h.Keys())
		}
		header = http.Header{}
		must(t, h.Close(t.Context(), header))
		if v.Take(v, header); len(v.Sent) != 1 || !strings.Contains(v.Sent[0], "Max-Age=120") {
			t.Errorf("slid: %q", v.Sent)
		}
		time.Sleep(11 * time.Minute)
		v.says("/go/show?a", "<nil> <nil>")
	})
}

// Who loads a session before Serialize has it loaded again after its turn.
func TestLoadedTooEarly(t *testing.T) {
	store := newFiles(t)
	s := newSite(t, store, true, map[string]string{"page.asp": `<% Session("n")++ %>ok`}, handlers{"put": put, "inc": increment, "show": show})
	v := &visitor{site: s}
	v.says("/go/inc", "ok")
	inner := s.serving
	s.serving = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = store.Get(r, "session")
		(&visitor{site: &site{T: t, store: store, p: s.p, log: s.log, serving: inner}, Visitor: asptest.Visitor{Cookie: v.Cookie}}).says("/go/inc", "ok") // another is faster
		inner.ServeHTTP(w, r)
	})
	v.says("/go/inc", "ok")
	v.says("/page.asp", "ok")
	if got := v.stored().Values["n"]; got != 5 {
		t.Errorf("n is %v", got)
	}
	if !strings.Contains(s.log.String(), "without Provider.Serialize") {
		t.Error("it isn't told")
	}
}

func TestQueueFull(t *testing.T) {
	p, err := gorillastore.New(gorillastore.Config{Store: newFiles(t), Name: "session", SessionQueueMax: -1})
	must(t, err)
	s := &site{T: t, store: p.Store(), p: p, log: &asptest.Log{}}
	s.serving = p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := p.Store().Get(r, "session")
		put(got, w, r)
	}))
	v := &visitor{site: s}
	v.says("/?a=1", "ok")
	h, err := p.Open(t.Context(), v.Request("/"), session.ReadWrite)
	must(t, err)
	if rec := v.get("/"); rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if _, err := p.Open(t.Context(), v.Request("/"), session.ReadWrite); !errors.Is(err, turn.ErrQueueFull) {
		t.Errorf("Open: %v", err)
	}
	h.Discard()
	v.says("/?b=1", "ok")
}

func TestConfig(t *testing.T) {
	ages := newFiles(t)
	ages.MaxAge(0)
	for _, cfg := range []gorillastore.Config{
		{}, {Store: newFiles(t)}, {Name: "x"}, {Store: newFiles(t), Name: "a b"},
		{Store: newFiles(t), Name: "x", MaxSize: -1}, {Store: ages, Name: "x"},
	} {
		if _, err := gorillastore.New(cfg); err == nil || !strings.HasPrefix(err.Error(), "gorillastore: ") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// A handler of a server that saves sessions without a turn, beside the pages,
// is told of at its first request.
func TestOutsideIsNoticed(t *testing.T) {
	for dev, want := range map[bool]int{true: 409, false: 200} { // save's status of an error
		s := newSite(t, newFiles(t), false, map[string]string{"page.asp": `<% Session("n")++ %>ok`}, handlers{"inc": increment},
			func(c *gorillastore.Config, _ *engine.Config) { c.Dev = dev })
		server := httptest.NewServer(s.serving)
		defer server.Close()
		ask := func(path string) int {
			resp, err := http.Get(server.URL + path)
			must(t, err)
			resp.Body.Close()
			return resp.StatusCode
		}
		for range 3 {
			if got := ask("/plain/inc"); got != want {
				t.Errorf("with Dev %v: %d, want %d", dev, got, want)
			}
		}
		for _, path := range []string{"/go/inc", "/page.asp"} {
			if got := ask(path); got != 200 {
				t.Errorf("%s with Dev %v: %d", path, dev, got)
			}
		}
		if n := strings.Count(s.log.String(), "outside of Provider.Serialize"); !dev && n != 1 {
			t.Errorf("%d lines in the log\n%s", n, s.log)
		}
	}
}
