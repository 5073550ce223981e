package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// A sessionSite is served as the settings say.
type sessionSite struct {
	*testing.T
	dir  string
	sets []string
	log  lockedLog
}

// A lockedLog is a log for tests to look at.
type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

var sessionPages = map[string]string{
	"global.asa": `<script runat="server">
		function Session_OnEnd(reason, id) { Application(reason) = Session("n") + " " + Session.SessionID; console.log("ended", reason, Session("n")) }</script>`,
	"n.asp":    `<% Session("n") = (Session("n") || 0) + 1; Session("token") = "hush" %><%= Session("n") %>`,
	"read.asp": `<%= String(Session("n")) %>`,
	"id.asp":   `<% Session.SessionID %><%= Request.ServerVariables("NAJA_SESSION") %>`,
	"out.asp":  `<% Session.Abandon() %>bye`,
	"end.asp":  `<%@ EnableSessionState=False %><%= String(Application(String(Request.QueryString("why")))) %>`,
}

// serve runs the application until it is given back.
func (s *sessionSite) serve() (url string, stop func()) {
	s.Helper()
	cfg, err := config.Load(config.Options{Dir: filepath.Join(s.dir, "site"), Sets: s.sets})
	if err != nil {
		s.Fatal(err)
	}
	app := cfg.Applications[0]
	app.Logger = slog.New(quiet{slog.NewTextHandler(&s.log, nil)})
	a, err := openApplication(s.Context(), app)
	if err != nil {
		s.Fatal(err)
	}
	server := httptest.NewServer(a)
	return server.URL, func() {
		server.Close()
		if err := a.Shutdown(context.Background()); err != nil {
			s.Error(err)
		}
	}
}

func (s *sessionSite) get(c *http.Client, url string) string {
	s.Helper()
	resp, err := c.Get(url)
	if err != nil {
		s.Error(err)
		return ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 200 {
		s.Errorf("%s: %s\n%s", url, resp.Status, body)
	}
	for _, cookie := range resp.Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Name != "SID" {
			s.Errorf("the cookie is %v", cookie)
		}
	}
	return strings.TrimSpace(string(body))
}

func browser() *http.Client {
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
}

// [session] gives an application the sessions of another library, in memory
// and in a file, with all that is promised for the engine's own.
func TestSessionProviders(t *testing.T) {
	for _, provider := range []string{"naja", "scs", "gorilla"} {
		for _, state := range []string{"memory", "sqlite"} {
			t.Run(provider+" "+state, func(t *testing.T) {
				t.Parallel()
				s := &sessionSite{T: t, dir: t.TempDir(), sets: []string{"session.provider=" + provider, "session_cookie=SID"}}
				if provider == "gorilla" {
					s.sets = append(s.sets, "session.hash_key="+strings.Repeat("k", 32))
				}
				if state == "sqlite" {
					s.sets = append(s.sets, "state=sqlite:"+filepath.Join(s.dir, "state.db"))
				}
				s.write()
				s.try(state)
			})
		}
	}
}

// A cookie that browsers take over TLS alone is whoever's keeps the sessions.
func TestSessionCookieWithPrefix(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"naja", "scs", "gorilla"} {
		s := &sessionSite{T: t, dir: t.TempDir(), sets: []string{"session.provider=" + provider, "session_cookie=__Host-SID", "session.cookie_secure=true"}}
		if provider == "gorilla" {
			s.sets = append(s.sets, "session.hash_key="+strings.Repeat("k", 32))
		}
		s.write()
		url, stop := s.serve()
		resp, err := http.Get(url + "/n.asp")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if got := resp.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-SID=") || !strings.Contains(got, "; Secure") {
			t.Errorf("%s: %q", provider, got)
		}
		stop()
	}
}

func (s *sessionSite) write() {
	s.Helper()
	if err := os.Mkdir(filepath.Join(s.dir, "site"), 0o755); err != nil {
		s.Fatal(err)
	}
	for name, text := range sessionPages {
		if err := os.WriteFile(filepath.Join(s.dir, "site", name), []byte(text), 0o644); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *sessionSite) try(state string) {
	url, stop := s.serve()
	c := browser()
	s.get(c, url+"/n.asp")
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { s.get(c, url+"/n.asp") })
	}
	wg.Wait()
	if got := s.get(c, url+"/read.asp"); got != "51" {
		s.Errorf("51 increments are %s", got)
	}
	out := browser()
	s.get(out, url+"/n.asp")
	want := "1 " + pagesID(s.get(out, url+"/id.asp"))
	s.get(out, url+"/out.asp")
	s.ended(url, "abandon", want)
	if got := s.get(out, url+"/read.asp"); got != "undefined" {
		s.Errorf("after its end the session has %s", got)
	}
	id := s.get(c, url+"/id.asp")
	stop()
	if state == "memory" {
		if !strings.Contains(s.log.String(), "ended shutdown 51") {
			s.Errorf("the log has no end by shutdown:\n%s", s.log.String())
		}
		return
	}
	s.operate(id)
	again, stop := s.serve()
	defer stop()
	from, _ := http.NewRequest("GET", url, nil)
	to, _ := http.NewRequest("GET", again, nil)
	c.Jar.SetCookies(to.URL, c.Jar.Cookies(from.URL))
	if got := s.get(c, again+"/read.asp"); got != "51" {
		s.Errorf("after a restart: %s", got)
	}
	var stdout, stderr strings.Builder
	if code := run(s.Context(), []string{"state", "--set", s.sets[len(s.sets)-1], "rm", id}, &stdout, &stderr); code != 0 {
		s.Errorf("rm: %d %s", code, stderr.String())
	}
	s.ended(again, "evicted", "51 "+pagesID(id))
}

// pagesID is the Session.SessionID of a session that the console calls id.
func pagesID(id string) string {
	n, _ := strconv.ParseUint(id, 10, 64)
	return strconv.FormatUint(n%(1<<31-1)+1, 10)
}

// operate looks at what is stored as operators do.
func (s *sessionSite) operate(id string) {
	var stdout, stderr strings.Builder
	if code := run(s.Context(), []string{"state", "--set", s.sets[len(s.sets)-1], "get", id}, &stdout, &stderr); code != 0 ||
		!strings.Contains(stdout.String(), `"n": 51`) || !strings.Contains(stdout.String(), `"token": "xxxxx"`) {
		s.Errorf("get: %d %s\n%s", code, stdout.String(), stderr.String())
	}
}

// ended waits until an end was told.
func (s *sessionSite) ended(url, reason, want string) {
	s.Helper()
	tick, late := time.NewTicker(10*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	got := ""
	for got != want {
		got = s.get(browser(), url+"/end.asp?why="+reason)
		select {
		case <-tick.C:
		case <-late:
			s.Fatalf("the end by %s: %q, want %q\n%s", reason, got, want, s.log.String())
		}
	}
}

// All of a session in its cookie: what fits is kept, and read only by who has
// the key.
func TestSessionsInCookies(t *testing.T) {
	s := &sessionSite{T: t, dir: t.TempDir(), sets: []string{
		"session.provider=gorilla", "session.store=cookie", "session_cookie=SID",
		"session.hash_key=hex:" + strings.Repeat("5a", 32), "session.block_key=" + strings.Repeat("b", 16),
	}}
	s.write()
	url, stop := s.serve()
	defer stop()
	c := browser()
	for n := range 3 {
		if got := s.get(c, url+"/n.asp"); got != fmt.Sprint(n+1) {
			t.Errorf("visit %d: %s", n+1, got)
		}
	}
	if !strings.Contains(s.log.String(), "kept in cookies alone") || !strings.Contains(s.log.String(), "Session_OnEnd won't run") {
		t.Errorf("the limits aren't said:\n%s", s.log.String())
	}
}
