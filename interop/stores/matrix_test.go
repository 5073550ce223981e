package stores

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/session"
)

// pages are those of every site.
var pages = map[string]string{
	"set.asp":   `<% Session("user") = "ann"; Session("n") = 1 %><%= Session.SessionID %>`,
	"inc.asp":   `<% Session("n")++ %><%= Session("n") %>`,
	"read.asp":  `<%= String(Session("user")) %>`,
	"only.asp":  `<%@ EnableSessionState=ReadOnly %><%= Session("user") %>`,
	"renew.asp": `<% Session.Renew(); Session("n")++ %><%= Session.SessionID %>`,
	"flush.asp": `<% Session("n") = 1; Response.Flush(); Session("user") = "late"; Session("n")++ %>ok`,
	"twice.asp": `<% Session.Renew(); Response.Flush(); Session("user") = "bob" %>ok`,
	"out.asp":   `<% Session.Abandon() %>bye`,
	"throw.asp": `<% Session("n")++; throw new Error("it fails") %>`,
	"big.asp":   `<% Session("small") = 1; Session("big") = new Array(Number(Request.QueryString("n"))).join("x") %>ok`,
}

// A site is a store with pages over it, and handlers.
type site struct {
	*testing.T
	kept
	provider session.Provider
	manager  *scs.SessionManager // of scs
	gorilla  *gorillastore.Provider
	serving  http.Handler
	log      *asptest.Log
}

func newSite(t *testing.T, open func(t *testing.T) kept, edit ...func(*scs.SessionManager)) *site {
	t.Helper()
	return newSiteWith(t, -1, open, edit...)
}

// newSiteWith is newSite with a grace for former tokens.
func newSiteWith(t *testing.T, grace time.Duration, open func(t *testing.T) kept, edit ...func(*scs.SessionManager)) *site {
	t.Helper()
	s := &site{T: t, kept: open(t), log: &asptest.Log{}}
	log := slog.New(slog.NewTextHandler(s.log, nil))
	var serialize func(http.Handler) http.Handler
	if s.kept.scs != nil {
		s.manager = &scs.SessionManager{ // scs.New without the goroutine of its memstore
			Lifetime: time.Hour, IdleTimeout: 20 * time.Minute, Codec: scs.GobCodec{}, Store: s.kept.scs,
			Cookie: scs.SessionCookie{Name: "session", Path: "/", HttpOnly: true, Persist: true},
		}
		for _, f := range edit {
			f(s.manager)
		}
		p, err := scsstore.New(scsstore.Config{Manager: s.manager, Logger: log, RenewGrace: grace})
		must(t, err)
		s.provider, serialize = p, p.Serialize
	} else {
		p, err := gorillastore.New(gorillastore.Config{Store: s.kept.gorilla, Name: "session", Logger: log, RenewGrace: grace})
		must(t, err)
		s.provider, s.gorilla, serialize = p, p, p.Serialize
	}
	files := fstest.MapFS{}
	for name, text := range pages {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	e, err := engine.New(engine.Config{FS: files, Sessions: s.provider, Logger: log, ScriptErrorSentToBrowser: true})
	must(t, err)
	t.Cleanup(func() { must(t, e.Shutdown(context.Background())) })
	mux := http.NewServeMux()
	mux.Handle("/", e)
	mux.Handle("/go/", serialize(http.HandlerFunc(s.handle)))
	s.serving = mux
	return s
}

// handle is what handlers do: they show who is there, add one, or panic.
func (s *site) handle(w http.ResponseWriter, r *http.Request) {
	user, n, put := s.session(r)
	if user == failed {
		http.Error(w, "no session", http.StatusServiceUnavailable)
		return
	}
	if strings.HasSuffix(r.URL.Path, "read") {
		fmt.Fprintf(w, "%v %v", user, n)
		return
	}
	if err := put(w); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if strings.HasSuffix(r.URL.Path, "panic") {
		panic(http.ErrAbortHandler)
	}
	fmt.Fprint(w, "ok")
}

// failed is the user where the store failed.
var failed = errors.New("the store failed")

// session is what handlers see, and how they add one to n.
func (s *site) session(r *http.Request) (user, n any, put func(http.ResponseWriter) error) {
	if sm := s.manager; sm != nil {
		ctx := r.Context()
		return sm.Get(ctx, "user"), sm.Get(ctx, "n"), func(http.ResponseWriter) error {
			sm.Put(ctx, "n", sm.GetInt(ctx, "n")+1)
			return nil
		}
	}
	got, err := s.gorilla.Session(r)
	if err != nil {
		return failed, nil, nil
	}
	return got.Values["user"], got.Values["n"], func(w http.ResponseWriter) error {
		n, _ := got.Values["n"].(int)
		got.Values["n"] = n + 1
		return got.Save(r, w)
	}
}

// A visitor is a browser.
type visitor struct {
	*site
	asptest.Visitor
}

func (v *visitor) get(path string) *httptest.ResponseRecorder {
	v.Helper()
	rec := asptest.Ask(v.serving, v.Request(path))
	v.Take(v, rec.Result().Header)
	return rec
}

func (v *visitor) says(path, want string) {
	v.Helper()
	if got := v.get(path).Body.String(); got != want {
		v.Errorf("%s says %q, want %q\n%s", path, got, want, v.log)
	}
}

// old is a visitor with the cookie that v has now.
func (v *visitor) old() *visitor { return &visitor{v.site, asptest.Visitor{Cookie: v.Cookie}} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	asptest.Until(t, what, is)
}

// TestStores is what each store's sessions go through.
func TestStores(t *testing.T) {
	for _, st := range all {
		t.Run(st.name, func(t *testing.T) {
			s := newSite(t, st.open)
			t.Run("life", func(t *testing.T) { s.in(t).lives() })
			t.Run("panic", func(t *testing.T) { s.in(t).panics() })
			t.Run("too large", func(t *testing.T) { s.in(t).refuses() })
			t.Run("read-only", func(t *testing.T) { s.in(t).onlyReads() })
			t.Run("outage", func(t *testing.T) { s.in(t).isDown() })
		})
	}
}

// in is the site for a part of its test.
func (s *site) in(t *testing.T) *site {
	part := *s
	part.T = t
	return &part
}

func (s *site) visitor() *visitor { return &visitor{site: s} }

// lives: what comes after a first visitor's flush, new IDs, the end.
func (s *site) lives() {
	v := s.visitor()
	v.says("/flush.asp", "ok")
	v.says("/go/read", "late 2")
	id := v.get("/set.asp").Body.String()
	for _, page := range []string{"/renew.asp", "/twice.asp"} {
		old := v.old()
		if v.get(page); v.Cookie == old.Cookie || v.Cookie == "" {
			s.Errorf("%s: the cookie was %q and is %q", page, old.Cookie, v.Cookie)
		}
		old.says("/go/read", "<nil> <nil>")
	}
	v.says("/go/read", "bob 2")
	v.says("/go/add", "ok")
	v.says("/inc.asp", "4")
	v.says("/renew.asp", id)
	old := v.old()
	v.says("/out.asp", "bye")
	old.says("/go/read", "<nil> <nil>")
	if v.Cookie != "" {
		s.Errorf("the cookie stays: %q", v.Sent)
	}
}

// panics: the turn is free, and a page's changes are kept.
func (s *site) panics() {
	v := s.visitor()
	v.get("/set.asp")
	if rec := v.get("/throw.asp"); rec.Code != 500 {
		s.Errorf("%d", rec.Code)
	}
	v.says("/go/read", "ann 2")
	func() {
		defer func() { _ = recover() }()
		v.get("/go/panic")
	}()
	v.says("/read.asp", "ann")
}

// refuses: what is too large is the page's error, and the session stays.
func (s *site) refuses() {
	if s.limit == 0 {
		v := s.visitor()
		v.says("/big.asp?n=200000", "ok")
		v.says("/read.asp", "undefined")
		return
	}
	v := s.visitor()
	v.get("/set.asp")
	for _, who := range []*visitor{v, s.visitor()} {
		rec := who.get(fmt.Sprint("/big.asp?n=", s.limit))
		body := rec.Body.String()
		if rec.Code != 500 || rec.Header().Get("Retry-After") != "" || !strings.Contains(strings.ReplaceAll(body, "&#34;", `"`), `"big"`) {
			s.Errorf("%d %v %s", rec.Code, rec.Header(), body)
		}
	}
	v.says("/go/read", "ann 1")
}

// onlyReads: who only reads goes on.
func (s *site) onlyReads() {
	if s.readOnly == nil {
		s.Skip("it can't be had")
	}
	v := s.visitor()
	v.get("/set.asp")
	s.readOnly(s.T, true)
	for _, page := range []string{"/read.asp", "/only.asp"} {
		until(s, "it answers again", func() bool { return v.get(page).Code == 200 })
		v.says(page, "ann")
	}
	v.says("/go/read", "ann 1")
	if rec := v.get("/inc.asp"); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
		s.Errorf("who writes: %d %s", rec.Code, rec.Body)
	}
	if rec := v.get("/go/add"); rec.Code < 500 {
		s.Errorf("a handler that writes: %d %s", rec.Code, rec.Body)
	}
	s.readOnly(s.T, false)
	until(s, "it takes what it is given", func() bool { return v.get("/inc.asp").Code == 200 })
}

// isDown: 503, and the session is there afterwards. gormstore takes its own
// failure for a visitor that nobody knows.
func (s *site) isDown() {
	if s.wire == nil {
		s.Skip("it has no server")
	}
	v := s.visitor()
	v.get("/set.asp")
	cookie := v.Cookie
	s.wire.set(true)
	for _, path := range []string{"/inc.asp", "/go/add"} {
		if rec := v.get(path); rec.Code < 500 || v.Cookie != cookie {
			s.Errorf("%s: %d %s, cookies %q", path, rec.Code, rec.Body, v.Sent)
		}
	}
	s.wire.set(false)
	until(s, "it is back", func() bool { return v.get("/read.asp").Body.String() == "ann" })
	v.says("/go/read", "ann 1")
}

// Who comes with the former token within the grace is in the session, in stores
// that look at the cookie as well, and so is what follows.
func TestGrace(t *testing.T) {
	for _, st := range all {
		t.Run(st.name, func(t *testing.T) {
			s := newSiteWith(t, time.Hour, st.open)
			v := s.visitor()
			v.get("/set.asp")
			late := v.old()
			v.get("/renew.asp")
			late.says("/inc.asp", "3")
			late.says("/go/add", "ok")
			late.says("/inc.asp", "5")
			v.says("/go/read", "ann 5")
			v.says("/out.asp", "bye")
			late.says("/go/read", "<nil> <nil>")
		})
	}
}

// A deadline that passes while a request has the session ends it, in every
// store: nothing is left that lives for ever.
func TestDeadlines(t *testing.T) {
	for _, st := range all {
		if !strings.HasPrefix(st.name, "scs ") {
			continue
		}
		t.Run(st.name, func(t *testing.T) {
			s := newSite(t, st.open, func(sm *scs.SessionManager) { sm.Lifetime, sm.IdleTimeout = 400*time.Millisecond, 0 })
			v := s.visitor()
			until(s, "a request came in time", func() bool {
				v.Cookie = ""
				return v.get("/set.asp").Code == 200 && v.get("/read.asp").Body.String() == "ann"
			})
			h, err := s.provider.Open(t.Context(), v.Request("/"), session.ReadOnly)
			must(t, err)
			defer h.Discard()
			token := v.Cookie
			// What loads it commits it when its time is over.
			ctx, err := s.manager.Load(t.Context(), token)
			must(t, err)
			deadline := s.manager.Deadline(ctx)
			until(s, "its deadline is over", func() bool { return time.Now().After(deadline) })
			s.manager.Put(ctx, "user", "ann")
			if _, _, err := s.manager.Commit(ctx); err != nil {
				t.Errorf("the commit: %v", err)
			}
			if _, found := s.find(token); found {
				t.Error("the store has a session whose deadline is over")
			}
		})
	}
}

// find asks the program's own store.
func (s *site) find(token string) ([]byte, bool) {
	s.Helper()
	var b []byte
	var found bool
	var err error
	if st, ok := s.kept.scs.(scs.CtxStore); ok {
		b, found, err = st.FindCtx(s.Context(), token)
	} else {
		b, found, err = s.kept.scs.Find(token)
	}
	must(s.T, err)
	return b, found
}
