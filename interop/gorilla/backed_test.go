package gorillastore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/sessions"
	"github.com/najahost/naja/engine"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/sqlite"
)

// backends are those that a Store may be over.
var backends = map[string]func(t *testing.T) store.Sessions{
	"memory": func(*testing.T) store.Sessions { return memory.NewSessions() },
	"sqlite": func(t *testing.T) store.Sessions { return openDB(t, filepath.Join(t.TempDir(), "state.db")).Sessions() },
}

func openDB(t *testing.T, path string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(context.Background(), sqlite.Config{Path: path})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func newStore(t *testing.T, in store.Sessions, edit ...func(*gorillastore.StoreConfig)) *gorillastore.Store {
	t.Helper()
	cfg := gorillastore.StoreConfig{Sessions: in, Keys: [][]byte{key}}
	for _, f := range edit {
		f(&cfg)
	}
	st, err := gorillastore.NewStore(cfg)
	must(t, err)
	t.Cleanup(func() { must(t, st.Close()) })
	return st
}

// A browser of a program without pages.
type browser struct {
	t      *testing.T
	h      http.Handler
	cookie string
}

func (b *browser) ask(path string) string {
	b.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if b.cookie != "" {
		r.Header.Set("Cookie", b.cookie)
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookie = c.Name + "=" + c.Value; c.MaxAge < 0 {
			b.cookie = ""
		}
	}
	return strings.TrimSpace(w.Body.String())
}

// A program without pages, over our backends.
func TestStoreAlone(t *testing.T) {
	for name, open := range backends {
		t.Run(name, func(t *testing.T) {
			in := open(t)
			st := newStore(t, in, func(c *gorillastore.StoreConfig) {
				c.Options = &sessions.Options{Path: "/", MaxAge: 0, HttpOnly: true}
				c.Timeout = 2 * time.Second
			})
			b := &browser{t: t, h: aloneWith(st)}
			if got := b.ask("/"); got != "<nil> <nil> true" || b.cookie != "" {
				t.Errorf("a visitor without a session: %q", got)
			}
			b.ask("/put")
			first := b.cookie
			if got := b.ask("/"); got != "ada a key that is no text false" {
				t.Errorf("then %q", got)
			}
			b.ask("/big")
			if got := b.ask("/"); got != "ada a key that is no text false" {
				t.Errorf("with 100000 bytes %q", got)
			}
			infos, err := in.List(t.Context(), "", 10)
			must(t, err)
			if len(infos) != 1 || infos[0].Size < 100_000 {
				t.Errorf("stored: %v", infos)
			}
			slow := httptest.NewRequest("GET", "/", nil) // which loaded it before the logout
			slow.Header.Set("Cookie", first)
			old, err := st.Get(slow, "session")
			must(t, err)
			if b.ask("/out"); b.cookie != "" {
				t.Error("the cookie stays")
			}
			if err := old.Save(slow, httptest.NewRecorder()); !errors.Is(err, store.ErrLost) {
				t.Errorf("a logout is undone: %v", err)
			}
			b.cookie = first
			if got := b.ask("/"); got != "<nil> <nil> true" {
				t.Errorf("after the logout %q", got)
			}
			if b.ask("/put"); b.cookie == first {
				t.Error("a session that is gone keeps its ID")
			}
			b.cookie = "session=forged"
			if got := b.ask("/"); got != "error, new true: <nil> <nil> true" {
				t.Errorf("a forged cookie: %q", got)
			}
		})
	}
}

// aloneWith is a program's handler, which knows nothing of pages.
func aloneWith(st *gorillastore.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := st.Get(r, "session")
		switch {
		case err != nil:
			fmt.Fprintf(w, "error, new %v: ", s.IsNew)
		case r.URL.Path == "/put":
			s.Values["user"] = "ada"
			s.Values[7] = "a key that is no text"
			s.AddFlash("once")
		case r.URL.Path == "/out":
			s.Options.MaxAge = -1
		case r.URL.Path == "/big":
			s.Values["big"] = strings.Repeat("x", 100_000)
		}
		if r.URL.Path != "/" {
			if err := s.Save(r, w); err != nil {
				fmt.Fprintf(w, "lost %v", errors.Is(err, store.ErrLost))
				return
			}
		}
		fmt.Fprintf(w, "%v %v %v", s.Values["user"], s.Values[7], s.IsNew)
	})
}

// Keys that nobody should use are refused, and older ones are good for reading.
func TestKeys(t *testing.T) {
	long := []byte(strings.Repeat("k", 64))
	for _, keys := range [][][]byte{
		nil, {nil}, {[]byte("short")}, {long[:31]}, {long, long[:15]}, {long, nil, long[:31]}, {long, []byte("x")},
	} {
		if _, err := gorillastore.NewStore(gorillastore.StoreConfig{Sessions: memory.NewSessions(), Keys: keys}); err == nil {
			t.Errorf("%q are taken", keys)
		} else if strings.Contains(err.Error(), "short") {
			t.Errorf("the error tells a key: %v", err)
		}
	}
	if _, err := gorillastore.NewStore(gorillastore.StoreConfig{Keys: [][]byte{key}}); err == nil {
		t.Error("no backend is taken")
	}
	in := memory.NewSessions()
	old := newStore(t, in)
	turned := newStore(t, in, func(c *gorillastore.StoreConfig) { c.Keys = [][]byte{long, long[:32], key} })
	r := httptest.NewRequest("GET", "/", nil)
	s, _ := old.New(r, "session")
	s.Values["n"] = 1
	w := httptest.NewRecorder()
	must(t, old.Save(r, w, s))
	r.Header.Set("Cookie", w.Result().Cookies()[0].String())
	if s, err := turned.New(r, "session"); err != nil || s.Values["n"] != 1 {
		t.Errorf("with newer keys: %v, %v", s.Values, err)
	}
}

// ending is a site that tells of its sessions' ends.
var ending = map[string]string{
	"global.asa": `<script language="JavaScript" runat="server">
		function Session_OnEnd(reason, id) {
			Application.Increment("ends");
			Application("last") = reason + " " + Session("who") + " " + Session.SessionID + " " + (id == Session.EndId);
		}
	</script>`,
	"who.asp":  `<% Session("who") = "page" %><%= Session.SessionID %>`,
	"out.asp":  `<% Session.Abandon() %>bye`,
	"new.asp":  `<% Session.Renew() %>ok`,
	"last.asp": `<%@ EnableSessionState=False %><%= String(Application("ends")) %>: <%= String(Application("last")) %>`,
}

// Session_OnEnd runs once for each session of a Store that ends.
func TestSessionEnds(t *testing.T) {
	for _, backend := range []string{"memory", "sqlite"} {
		t.Run(backend, func(t *testing.T) {
			t.Parallel()
			var state store.Backend
			in := store.Sessions(memory.NewSessions())
			if backend == "sqlite" {
				db := openDB(t, filepath.Join(t.TempDir(), "state.db"))
				state, in = db, db.Sessions()
			}
			st := newStore(t, in, func(c *gorillastore.StoreConfig) { c.Options = &sessions.Options{Path: "/", MaxAge: 3600} })
			s := newSite(t, st, false, ending, handlers{"put": put, "out": end, "brief": func(s *sessions.Session, w http.ResponseWriter, r *http.Request) {
				s.Options.MaxAge = 1
				save(s, w, r)
			}}, func(_ *gorillastore.Config, e *engine.Config) { e.Backend = state })
			for n, path := range []string{"/out.asp", "/go/out", "/go/brief"} {
				v := &visitor{site: s}
				id := v.get("/who.asp").Body.String()
				v.says("/go/put?a=b", "ok")
				v.says("/new.asp", "ok")
				v.get(path)
				reason := "abandon"
				if path == "/go/brief" {
					reason = "timeout"
				}
				want := fmt.Sprintf("%d: %s page %s true", n+1, reason, id)
				s.until(want, func() bool { return (&visitor{site: s}).get("/last.asp").Body.String() == want })
			}
			s.until("nothing is left", func() bool {
				c, err := in.Count(t.Context())
				must(t, err)
				return c.Live+c.Ending == 0
			})
		})
	}
}

// Other stores forget silently, and that is said.
func TestNoEnds(t *testing.T) {
	s := newSite(t, newFiles(t), false, ending, nil)
	(&visitor{site: s}).get("/who.asp")
	if got := s.log.String(); strings.Count(got, "Session_OnEnd won't run") != 1 {
		t.Errorf("the log says\n%s", got)
	}
}
