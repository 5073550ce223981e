package interop

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/store/sqlite"
)

// A renewal is a site with a page and a handler that log in, and others that
// are under way by then.
type renewal struct {
	*testing.T
	url    string
	cookie string // the session's name
	pages  *engine.Engine
	gate   chan bool
}

// Wait is for the page that logs in.
func (s *renewal) Wait() {
	s.gate <- true
	<-s.gate
}

// newRenewal serves pages with a library's sessions; with the engine's own where
// there is none.
func newRenewal(t *testing.T, lib library, cfg engine.Config) *renewal {
	t.Helper()
	s := &renewal{T: t, cookie: "session", gate: make(chan bool)}
	cfg.FS = fstest.MapFS{
		"begin.asp": {Data: []byte(`<% Session("n") = 0; Session("cart") = "full" %>`)},
		"login.asp": {Data: []byte(`<% Server.CreateObject("Test.Gate").Wait(); Session("user") = "ann"; Session.Renew(); Session.Renew() %>`)},
		"again.asp": {Data: []byte(`<% Session.Renew() %>`)},
		"other.asp": {Data: []byte(`<% Session("user") = "bob"; Session.Renew() %>`)},
		"out.asp":   {Data: []byte(`<% Session.Abandon() %>`)},
		"count.asp": {Data: []byte(`<% Session("n")++ %><%= String(Session("user")) %> <%= String(Session("n")) %>`)},
		"show.asp":  {Data: []byte(`<%= Session("user") %> <%= String(Session("cart")) %>`)},
		"only.asp":  {Data: []byte(`<%@ EnableSessionState=ReadOnly %><%= Session("user") %>`)},
	}
	cfg.Components = map[string]engine.Component{"Test.Gate": {Threading: engine.Agile, New: func(context.Context) (any, error) { return s, nil }}}
	cfg.SessionQueueMax, cfg.Logger = 500, slog.New(slog.DiscardHandler)
	mux := http.NewServeMux()
	if lib.provider == nil {
		s.cookie = "NAJASESSIONID"
	} else {
		cfg.Sessions = lib.provider
		s.handlers(mux, lib)
	}
	var err error
	s.pages, err = engine.New(cfg)
	must(t, err)
	mux.Handle("/", s.pages)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.Close()
		must(t, s.pages.Shutdown(context.Background()))
	})
	s.url = server.URL
	return s
}

func (s *renewal) handlers(mux *http.ServeMux, lib library) {
	handle := func(name string, f func(w http.ResponseWriter, r *http.Request) error) {
		mux.Handle("/go/"+name, lib.serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := f(w, r); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})))
	}
	handle("count", func(w http.ResponseWriter, r *http.Request) error {
		var n int
		if _, err := fmt.Sscan(fmt.Sprint(lib.get(r, "n")), &n); err != nil {
			return err
		}
		if err := lib.put(w, r, "n", n+1); err != nil {
			return err
		}
		_, err := fmt.Fprint(w, lib.get(r, "user"), " ", n+1)
		return err
	})
	handle("login", func(w http.ResponseWriter, r *http.Request) error {
		s.Wait()
		if err := lib.put(w, r, "user", "ann"); err != nil {
			return err
		}
		return lib.renew(w, r)
	})
	handle("other", func(w http.ResponseWriter, r *http.Request) error {
		if err := lib.put(w, r, "user", "bob"); err != nil {
			return err
		}
		return lib.renew(w, r)
	})
}

// ask asks with a cookie, and gives the text and the cookie that was set.
func (s *renewal) ask(path, cookie string) (body, set string) {
	r, err := http.NewRequest("GET", s.url+path, nil)
	must(s, err)
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: s.cookie, Value: cookie})
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Error(err)
		return "", ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 200 {
		s.Errorf("%s: %d, %v\n%s", path, resp.StatusCode, err, b)
	}
	for _, c := range resp.Cookies() {
		if c.Name == s.cookie && c.MaxAge >= 0 {
			set = c.Value
		}
	}
	return string(b), set
}

// wants asks for what is to be answered without a cookie.
func (s *renewal) wants(path, cookie, want string) {
	s.Helper()
	if got, set := s.ask(path, cookie); got != want || set != "" {
		s.Errorf("%s says %q, want %q; it sets %q", path, got, want, set)
	}
}

// strange asks with a cookie that is to be nobody's.
func (s *renewal) strange(what, cookie string) {
	s.Helper()
	if got, set := s.ask("/count.asp", cookie); !strings.HasPrefix(got, "undefined") || set == cookie {
		s.Errorf("%s: %q, and sets %q", what, got, set)
	}
}

// login logs in while requests with the old cookie stand in line, and checks
// that they run in the login's session in their order, without a cookie.
func (s *renewal) login(path, old string, waiting ...string) (now string) {
	s.Helper()
	var wg sync.WaitGroup
	wg.Go(func() { _, now = s.ask(path, old) })
	<-s.gate
	answers := make([]string, len(waiting))
	for i, path := range waiting {
		wg.Go(func() {
			var set string
			if answers[i], set = s.ask(path, old); set != "" && set != now {
				s.Errorf("request %d is sent a cookie", i)
			}
		})
		asptest.Until(s, "it stands in line", func() bool { return s.waiting() == i+1 })
	}
	s.gate <- true
	wg.Wait()
	for i, got := range answers {
		if want := fmt.Sprint("ann ", i+1); got != want {
			s.Errorf("request %d, %s, says %q, want %q", i, waiting[i], got, want)
		}
	}
	if now == "" || now == old {
		s.Fatalf("%s sets %q after %q", path, now, old)
	}
	return now
}

// waiting counts those in the session's line, pages and handlers.
func (s *renewal) waiting() (n int) {
	for _, turn := range s.pages.Status().Turns {
		n += len(turn.Waiting)
	}
	return n
}

func (s *renewal) begin() (cookie string) {
	_, cookie = s.ask("/begin.asp", "")
	return cookie
}

// repeat gives n paths in turn.
func repeat(n int, paths ...string) (all []string) {
	for i := range n {
		all = append(all, paths[i%len(paths)])
	}
	return all
}

// TestRenewAtLogin is what each keeper of sessions promises to requests that
// are under way when a page or a handler logs in.
func TestRenewAtLogin(t *testing.T) {
	type keeper struct {
		name string
		open func(t *testing.T, grace time.Duration) *renewal
	}
	keepers := []keeper{
		{"naja in memory", func(t *testing.T, grace time.Duration) *renewal {
			return newRenewal(t, library{}, engine.Config{SessionRenewGrace: grace})
		}},
		{"naja over SQLite", func(t *testing.T, grace time.Duration) *renewal {
			db, err := sqlite.Open(t.Context(), sqlite.Config{Path: t.TempDir() + "/state.db", Relaxed: true, BusyTimeout: busyMachine})
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
			return newRenewal(t, library{}, engine.Config{SessionRenewGrace: grace, Backend: db})
		}},
	}
	for _, lib := range libraries {
		if lib.turns {
			keepers = append(keepers, keeper{lib.name, func(t *testing.T, grace time.Duration) *renewal {
				return newRenewal(t, lib.open(t, grace), engine.Config{})
			}})
		}
	}
	for i, k := range keepers {
		handlers := i > 1
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			logins, counts := []string{"/login.asp"}, []string{"/count.asp"}
			if handlers {
				logins, counts = append(logins, "/go/login"), append(counts, "/go/count")
			}
			for _, login := range logins {
				byPage := login == "/login.asp"
				if byPage && !strings.HasSuffix(k.name, "codecs unknown") {
					t.Run("late", func(t *testing.T) { k.open(t, 0).late(login, handlers, counts) })
				}
				t.Run("strange"+login, func(t *testing.T) {
					grace := time.Duration(-1)
					if !byPage {
						grace = 0 // there is none after a handler
					}
					s := k.open(t, grace)
					old := s.begin()
					now := s.login(login, old, repeat(8, counts...)...)
					s.strange("without a grace", old)
					if got, set := s.ask("/show.asp", now); got != "ann full" || set != "" && set != now {
						t.Errorf("the visitor: %q, and sets %q", got, set)
					}
				})
			}
		})
	}
}

// late are requests within the grace.
func (s *renewal) late(login string, handlers bool, counts []string) {
	old := s.begin()
	now := s.login(login, old, repeat(20, counts...)...)
	for i, path := range repeat(4, counts...) {
		s.wants(path, old, fmt.Sprint("ann ", 21+i))
	}
	s.wants("/only.asp", old, "ann")
	s.wants("/show.asp", old, "ann full")

	// One that renews by itself has a session of its own.
	others := []string{"/other.asp"}
	if handlers {
		others = append(others, "/go/other")
	}
	for _, path := range others {
		_, his := s.ask(path, old)
		if his == "" || his == now || his == old {
			s.Fatalf("%s sets %q", path, his)
		}
		if got, _ := s.ask("/show.asp", his); got != "bob undefined" {
			s.Errorf("%s: his session says %q", path, got)
		}
	}
	if got, _ := s.ask("/show.asp", now); got != "ann full" {
		s.Errorf("the visitor's session says %q", got)
	}
	s.wants("/show.asp", old, "ann full")

	_, second := s.ask("/again.asp", now)
	s.strange("the oldest", old)
	s.wants("/only.asp", now, "ann")
	s.ask("/out.asp", second)
	s.strange("after the end, the former", now)
	s.strange("after the end", second)
}

// Requests in another process that shares the store have the login's session
// too, and are sent no cookie.
func TestRenewInTwoProcesses(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, path string) *renewal{
		"naja": func(t *testing.T, path string) *renewal {
			db, err := sqlite.Open(t.Context(), sqlite.Config{Path: path, Relaxed: true, BusyTimeout: busyMachine})
			must(t, err)
			t.Cleanup(func() { must(t, db.Close()) })
			return newRenewal(t, library{}, engine.Config{Backend: db})
		},
		"scs": func(t *testing.T, path string) *renewal {
			return newRenewal(t, useSCS(t, scsStore(t, openFile(t, path)), scs.GobCodec{}, 0), engine.Config{})
		},
		"scs, hashed": func(t *testing.T, path string) *renewal {
			hash := func(sm *scs.SessionManager) { sm.HashTokenInStore = true }
			return newRenewal(t, useSCS(t, scsStore(t, openFile(t, path)), scs.GobCodec{}, 0, hash), engine.Config{})
		},
		"gorilla": func(t *testing.T, path string) *renewal {
			return newRenewal(t, useGorilla(t, gorillaStore(t, openFile(t, path)), 0), engine.Config{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.db")
			one, two := open(t, path), open(t, path)
			old := one.begin()
			var wg sync.WaitGroup
			var now string
			wg.Go(func() { _, now = one.ask("/login.asp", old) })
			<-one.gate
			for range 5 {
				wg.Go(func() {
					if got, set := two.ask("/count.asp", old); !strings.HasPrefix(got, "ann ") || set != "" {
						t.Errorf("in line it says %q, and sets %q", got, set)
					}
				})
			}
			one.gate <- true
			wg.Wait()
			two.wants("/only.asp", old, "ann")
			two.wants("/count.asp", old, "ann 6")
			if _, his := two.ask("/other.asp", old); his == "" || his == now || his == old {
				t.Errorf("who renews with a former token is set %q", his)
			}
			if got, _ := one.ask("/count.asp", now); got != "ann 7" {
				t.Errorf("the visitor: %q", got)
			}
			two.ask("/out.asp", old)
			one.strange("after the end", now)
		})
	}
}
