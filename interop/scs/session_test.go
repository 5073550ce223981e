package scsstore_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/internal/turn"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store"
)

// No session and no cookie until something needs one; a token that isn't the
// store's is never taken on.
func TestIdentity(t *testing.T) {
	s := newSite(t, newSessions(), map[string]string{
		"none.asp":  `<%@ EnableSessionState=False %>ok`,
		"plain.asp": `ok`,
		"touch.asp": `<%= typeof Session("x") %>`,
		"id.asp":    `<%= Session.SessionID %>`,
	}, handlers{"show": show})
	v := &visitor{site: s}
	v.says("/none.asp", "ok")
	v.says("/plain.asp", "ok")
	v.says("/go/show?x", "<nil> <nil>")
	if v.Cookie != "" {
		t.Errorf("a cookie that nobody needs: %s", v.Cookie)
	}
	v.says("/touch.asp", "undefined")
	if v.Cookie == "" {
		t.Fatal("there is no session")
	}
	id := v.get("/id.asp").Body.String()
	if id == "" || strings.Contains(v.Cookie, id) {
		t.Errorf("SessionID %q of the token %q", id, v.Cookie)
	}
	v.says("/id.asp", id)
	for _, token := range []string{"forged", strings.Repeat("A", 43), "a b"} {
		thief := &visitor{site: s, Visitor: asptest.Visitor{Cookie: token}}
		thief.get("/touch.asp")
		if thief.Cookie == token || len(thief.Cookie) != 43 {
			t.Errorf("the token %q became %q", token, thief.Cookie)
		}
	}
}

func TestRenew(t *testing.T) {
	sm := newSessions()
	store := &flaky{Store: sm.Store}
	sm.Store = store
	s := newSite(t, sm, map[string]string{
		"set.asp":   `<% Session("user") = "ann" %><%= Session.SessionID %>`,
		"renew.asp": `<% Session.Renew(); Session("admin") = true %><%= Session.SessionID %>`,
		"flush.asp": `<% Session.Renew(); Response.Flush(); Session("late") = 1 %>ok`,
	}, handlers{"show": show}, func(p *scsstore.Config, _ *engine.Config) { p.RenewGrace = -1 })
	v := &visitor{site: s}
	id := v.get("/set.asp").Body.String()
	old := v.Cookie
	store.fails(errors.New("disk full"))
	if rec := v.get("/renew.asp"); rec.Code != http.StatusServiceUnavailable || len(v.Sent) != 0 {
		t.Errorf("without a store: %d, cookies %q", rec.Code, v.Sent)
	}
	store.fails(nil)
	v.says("/go/show?user", "string ann") // the old token is good until the new one is stored
	v.says("/renew.asp", id)
	if v.Cookie == old {
		t.Error("the token is the same")
	}
	v.says("/go/show?user", "string ann")
	(&visitor{site: s, Visitor: asptest.Visitor{Cookie: old}}).says("/go/show?user", "<nil> <nil>")
	old = v.Cookie
	v.get("/flush.asp")
	if v.Cookie == old || v.stored()["late"] != 1 || v.stored()["user"] != "ann" {
		t.Errorf("after the flush: %q, %v", v.Sent, v.stored())
	}
	v.says("/set.asp", id)
}

// A flaky store fails when it is told to; what it can't do without a context
// it does with one.
type flaky struct {
	scs.Store
	mu  sync.Mutex
	err error
}

func (f *flaky) fails(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *flaky) failure(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.err, ctx.Err())
}

func (f *flaky) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, false, err
	}
	return f.Find(token)
}

func (f *flaky) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if err := f.failure(ctx); err != nil {
		return err
	}
	return f.Commit(token, b, expiry)
}

func (f *flaky) DeleteCtx(ctx context.Context, token string) error {
	if err := f.failure(ctx); err != nil {
		return err
	}
	return f.Delete(token)
}

func (f *flaky) AllCtx(context.Context) (map[string][]byte, error) {
	return f.Store.(scs.IterableStore).All()
}

// A visitor who leaves takes nothing along.
func TestVisitorLeaves(t *testing.T) {
	sm := newSessions()
	sm.Store = &flaky{Store: sm.Store}
	s := newSite(t, sm, nil, handlers{"show": show})
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
	_, err = s.p.Open(ctx, v.Request("/").WithContext(ctx), session.ReadWrite)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Open for a visitor who left: %v", err)
	}
	// A handler's visitor neither.
	ctx, cancel = context.WithCancel(t.Context())
	s.p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sm.Put(r.Context(), "n", 2)
		cancel()
	})).ServeHTTP(httptest.NewRecorder(), v.Request("/").WithContext(ctx))
	v.says("/go/show?n", "int 2")
	if err := sm.Iterate(t.Context(), func(ctx context.Context) error { return nil }); err != nil {
		t.Errorf("Iterate: %v", err)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := cborvalue.FromGo(v)
	must(t, err)
	return raw
}

// Who logged out stays logged out, whatever a slower request stores: even one
// of a handler that takes no turns.
func TestLogoutIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for how, end := range map[string]func(*scs.SessionManager, context.Context) error{
			"Destroy": (*scs.SessionManager).Destroy, "RenewToken": (*scs.SessionManager).RenewToken,
		} {
			sm := newSessions()
			sm.IdleTimeout = time.Minute
			sm.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
				if !errors.Is(err, store.ErrLost) {
					t.Errorf("%s: %v", how, err)
				}
				http.Error(w, "it is over", http.StatusConflict)
			}
			loaded, over := make(chan bool), make(chan bool)
			s := newSite(t, sm, map[string]string{"end.asp": `<% Session.Abandon() %>bye`}, handlers{
				"put": put, "show": show,
				"end": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) { must(t, end(sm, r.Context())) },
				"slow": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
					loaded <- true
					<-over
					sm.Put(r.Context(), "x", 1)
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
				if rec := <-done; rec.Code != http.StatusConflict || rec.Body.String() != "it is over\n" {
					t.Errorf("%s, %s: the slow one answers %d %q", how, path, rec.Code, rec.Body)
				}
				old.says("/go/show?user", "<nil> <nil>")
			}
		}
	})
}

// A session ends while a page of it runs: the page's writes are refused.
func TestLostSession(t *testing.T) {
	s := newSite(t, newSessions(), nil, handlers{"put": put, "show": show,
		"end": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) { must(t, sm.Destroy(r.Context())) }})
	v := &visitor{site: s}
	v.says("/go/put?user=ann", "ok")
	old := v.Cookie
	h, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
	must(t, err)
	v.get("/plain/end")
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
	(&visitor{site: s, Visitor: asptest.Visitor{Cookie: old}}).says("/go/show?user", "<nil> <nil>")
}

// Reading pages don't wait, and keep a session alive as others do.
func TestReadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sm := newSessions()
		sm.IdleTimeout = time.Minute
		s := newSite(t, sm, nil, handlers{"put": put, "show": show})
		v := &visitor{site: s}
		v.says("/go/put?a=1", "ok")
		writer, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
		must(t, err)
		must(t, writer.Set("a", encode(t, 2)))
		read := func() {
			h, err := s.p.Open(t.Context(), v.Request("/"), session.ReadOnly)
			must(t, err)
			defer h.Discard()
			header := http.Header{}
			must(t, h.Close(t.Context(), header))
			v.Take(v, header)
		}
		read() // while the writer has the turn: it moves the expiry at its end
		if len(v.Sent) != 0 {
			t.Errorf("cookies %q", v.Sent)
		}
		must(t, writer.Close(t.Context(), http.Header{}))
		for range 5 {
			time.Sleep(50 * time.Second)
			read()
			if len(v.Sent) != 1 {
				t.Errorf("cookies %q", v.Sent)
			}
		}
		v.says("/go/show?a", "int 2")
		time.Sleep(61 * time.Second)
		v.says("/go/show?a", "<nil> <nil>")
	})
}

// Session.Timeout is the session's own, and the rest of the settings too.
func TestSettings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, idle := range []time.Duration{0, 5 * time.Minute} {
			sm := newSessions()
			sm.IdleTimeout = idle
			s := newSite(t, sm, nil, handlers{"put": put, "show": show})
			v := &visitor{site: s}
			v.says("/go/put?a=1", "ok")
			h, err := s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
			must(t, err)
			if want := max(idle, sm.Lifetime*time.Duration(1-min(idle, 1))); h.Timeout() != want || h.LCID() != 1033 || h.CodePage() != 65001 {
				t.Errorf("%v, %d, %d", h.Timeout(), h.LCID(), h.CodePage())
			}
			must(t, h.SetTimeout(10*time.Minute))
			must(t, h.SetLCID(1031))
			must(t, h.Close(t.Context(), http.Header{}))
			for range 3 { // handlers keep it alive as well
				time.Sleep(9 * time.Minute)
				v.says("/go/show?a", "string 1")
			}
			h, err = s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
			must(t, err)
			if h.Timeout() != 10*time.Minute || h.LCID() != 1031 || !slices.Equal(h.Keys(), []string{"a"}) {
				t.Errorf("%v, %d, %q", h.Timeout(), h.LCID(), h.Keys())
			}
			must(t, h.Close(t.Context(), http.Header{}))
			for range 4 { // never past scs's own deadline
				time.Sleep(9 * time.Minute)
				v.get("/go/show?a")
			}
			v.says("/go/show?a", "<nil> <nil>")

			v = &visitor{site: s}
			v.says("/go/put?a=1", "ok")
			h, err = s.p.Open(t.Context(), v.Request("/"), session.ReadWrite)
			must(t, err)
			must(t, h.SetTimeout(time.Minute))
			must(t, h.Close(t.Context(), http.Header{}))
			time.Sleep(61 * time.Second)
			v.says("/go/show?a", "<nil> <nil>")
		}
	})
}

// LoadAndSave around pages loads sessions before their turn, which is told.
func TestLoadAndSaveIsNoticed(t *testing.T) {
	sm := newSessions()
	s := newSite(t, sm, map[string]string{"page.asp": `<% Session("n") = 1 %>ok`, "flush.asp": `<% Response.Flush(); Session("n") = 2 %>ok`}, nil)
	wrong := &visitor{site: &site{T: t, sm: sm, p: s.p, log: s.log, serving: sm.LoadAndSave(s.engine)}}
	wrong.says("/page.asp", "ok")
	if wrong.Cookie == "" || wrong.stored()["n"] != 1 {
		t.Errorf("it doesn't even work: %q, %v", wrong.Sent, wrong.stored())
	}
	wrong.says("/flush.asp", "ok")
	wrong.says("/page.asp", "ok")
	if n := strings.Count(s.log.String(), "level=ERROR"); n != 1 {
		t.Errorf("%d lines in the log:\n%s", n, s.log)
	}
	quiet := slog.New(slog.DiscardHandler)
	dev, err := scsstore.New(scsstore.Config{Manager: sm, Dev: true, Logger: quiet})
	must(t, err)
	pages, err := engine.New(engine.Config{FS: oneFile("page.asp", `<% Session("n") = 1 %>ok`), Sessions: dev, Logger: quiet})
	must(t, err)
	defer pages.Shutdown(context.Background())
	for how, h := range map[string]http.Handler{
		"pages": sm.LoadAndSave(pages), "Serialize inside": sm.LoadAndSave(dev.Serialize(http.NotFoundHandler())),
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", "/page.asp", nil))
		if rec.Code < 500 {
			t.Errorf("%s: in development it is %d", how, rec.Code)
		}
	}
	// Serialize inside works as well as it can, and doesn't wait for itself.
	inside := &visitor{site: &site{T: t, sm: sm, p: s.p, log: s.log, serving: sm.LoadAndSave(s.p.Serialize(s.engine))}}
	inside.says("/page.asp", "ok")
	inside.says("/page.asp", "ok")
	if inside.Cookie == "" || inside.stored()["n"] != 1 {
		t.Errorf("Serialize inside: %q", inside.Sent)
	}
}

// What handlers do with their answers that plain LoadAndSave gets wrong.
func TestHandlers(t *testing.T) {
	sm := newSessions()
	s := newSite(t, sm, nil, handlers{
		"show": show,
		"flush": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
			sm.Put(r.Context(), "a", 1)
			w.(http.Flusher).Flush()
			fmt.Fprint(w, "ok")
			sm.Put(r.Context(), "b", 2)
		},
		"bad": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
			sm.Put(r.Context(), "c", make(chan int))
			fmt.Fprint(w, "the page")
		},
		"late": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "ok")
			sm.Put(r.Context(), "a", 1)
		},
		"panic":   func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
		"destroy": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) { must(t, sm.Destroy(r.Context())) },
	})
	for _, how := range []string{"/go", "/both"} {
		v := &visitor{site: s}
		v.says(how+"/flush", "ok")
		if got := v.stored(); got["a"] != 1 || got["b"] != 2 {
			t.Errorf("%s: stored %v", how, got)
		}
		if rec := v.get(how + "/bad"); rec.Code != 500 || strings.Contains(rec.Body.String(), "the page") {
			t.Errorf("%s: %d %q", how, rec.Code, rec.Body)
		}
		v.get(how + "/panic")
		v.says(how+"/show?b", "int 2") // the turn was given on
		v.get(how + "/destroy")
		if v.Cookie != "" {
			t.Errorf("%s: a destroyed session's cookie is %q", how, v.Sent)
		}
		v.says(how+"/late", "ok")
		if all, _ := sm.Store.(interface {
			AllCtx(context.Context) (map[string][]byte, error)
		}).AllCtx(t.Context()); v.Cookie != "" || len(all) != 0 {
			t.Errorf("%s: a session that nobody knows: %d", how, len(all))
		}
		if !strings.Contains(s.log.String(), "first byte") {
			t.Errorf("%s: what was lost wasn't told: %s", how, s.log)
		}
	}
}

// Too many requests of one session are told so.
func TestQueueFull(t *testing.T) {
	sm := newSessions()
	p, err := scsstore.New(scsstore.Config{Manager: sm, SessionQueueMax: -1})
	must(t, err)
	s := &site{T: t, sm: sm, p: p, log: &asptest.Log{}}
	s.serving = p.Serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { put(sm, w, r) }))
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
	for _, cfg := range []scsstore.Config{
		{}, {Manager: &scs.SessionManager{}}, {Manager: newSessions(), MaxSize: -1},
		{Manager: func() *scs.SessionManager { sm := newSessions(); sm.Cookie.Name = ""; return sm }()},
		{Manager: func() *scs.SessionManager { sm := newSessions(); sm.Lifetime = 0; return sm }()},
	} {
		if _, err := scsstore.New(cfg); err == nil || !strings.HasPrefix(err.Error(), "scsstore: ") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// What doesn't fit is refused where it is assigned.
func TestRefusedAtTheAssignment(t *testing.T) {
	sm := newSessions()
	p, err := scsstore.New(scsstore.Config{Manager: sm, MaxSize: 1000})
	must(t, err)
	s := &site{T: t, sm: sm, p: p, log: &asptest.Log{}}
	v := &visitor{site: s}
	h, err := p.Open(t.Context(), v.Request("/"), session.ReadWrite)
	must(t, err)
	must(t, h.Create(t.Context()))
	must(t, h.Set("a", encode(t, strings.Repeat("x", 500))))
	if err := h.Set("b", encode(t, strings.Repeat("x", 500))); !errors.Is(err, session.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if err := h.Set("__rememberMe", encode(t, true)); err == nil {
		t.Error("scs's own key can be written")
	}
	must(t, h.Close(t.Context(), http.Header{}))
	h.Discard()
}

// What RememberMe said stays said, and hidden.
func TestRememberMe(t *testing.T) {
	sm := newSessions()
	sm.Cookie.Persist = false
	s := newSite(t, sm, map[string]string{"page.asp": `<% Session.Contents.RemoveAll(); Session("n") = 1 %><%= Session.Contents.Count %>`}, handlers{
		"remember": func(sm *scs.SessionManager, w http.ResponseWriter, r *http.Request) { sm.RememberMe(r.Context(), true) },
	})
	v := &visitor{site: s}
	v.says("/page.asp", "1")
	if strings.Contains(v.Sent[0], "Max-Age") {
		t.Errorf("cookie %q", v.Sent)
	}
	v.get("/go/remember")
	v.says("/page.asp", "1")
	if len(v.Sent) != 1 || !strings.Contains(v.Sent[0], "Max-Age") {
		t.Errorf("cookie %q", v.Sent)
	}
}

// A handler of a server that loads sessions without a turn, beside the pages,
// is told of at its first request.
func TestOutsideIsNoticed(t *testing.T) {
	for dev, want := range map[bool]int{true: 500, false: 200} {
		sm := newSessions()
		s := newSite(t, sm, counting, handlers{"inc": increment}, func(c *scsstore.Config, _ *engine.Config) { c.Dev = dev })
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
		for _, path := range []string{"/go/inc", "/both/inc", "/page.asp"} {
			if got := ask(path); got != 200 {
				t.Errorf("%s with Dev %v: %d", path, dev, got)
			}
		}
		if n := strings.Count(s.log.String(), "without Provider.Serialize"); !dev && n != 1 {
			t.Errorf("%d lines in the log\n%s", n, s.log)
		}
	}
}
