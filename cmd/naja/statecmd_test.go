package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/store/memory"
)

// A stateSite is a site whose state is in a file.
type stateSite struct {
	*testing.T
	root, url string
}

func newStateSite(t *testing.T, files map[string]string) *stateSite {
	t.Helper()
	s := &stateSite{T: t, root: t.TempDir(), url: "sqlite:" + filepath.Join(t.TempDir(), "state.db")}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(s.root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// visit serves the site for some requests and ends it.
func (s *stateSite) visit(paths ...string) (bodies []string) {
	s.Helper()
	app := config.Application{State: s.url}
	app.Root, app.Logger = s.root, slog.New(slog.DiscardHandler)
	e, err := openApplication(context.Background(), app)
	if err != nil {
		s.Fatal(err)
	}
	for _, path := range paths {
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 {
			s.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		bodies = append(bodies, strings.TrimSpace(w.Body.String()))
	}
	if err := e.Shutdown(context.Background()); err != nil {
		s.Fatal(err)
	}
	return bodies
}

// naja runs the command.
func (s *stateSite) naja(args ...string) (code int, stdout, stderr string) {
	var out, bad bytes.Buffer
	s.Chdir(s.TempDir())
	code = run(context.Background(), args, &out, &bad)
	return code, out.String(), bad.String()
}

// state runs naja state, which has to work.
func (s *stateSite) state(args ...string) string {
	s.Helper()
	code, out, bad := s.naja(append([]string{"state", "--state", s.url}, args...)...)
	if code != 0 || bad != "" {
		s.Fatalf("naja state %v: %d, %s", args, code, bad)
	}
	return out
}

func (s *stateSite) wants(text string, all ...string) {
	s.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			s.Errorf("%q isn't in\n%s", want, text)
		}
	}
}

func TestStateCommand(t *testing.T) {
	s := newStateSite(t, map[string]string{
		"in.asp": `<% Session("user") = {name: "ann", password: "hush", more: [{apiToken: "hush"}, 1.5, null]}; Session("PIN_token") = "hush";
			Session.Timeout = 45; Application("greeting") = "hello"; Application("dbPassword") = "hush"; Session.SessionID %><%= Request.ServerVariables("NAJA_SESSION") %>`,
		"global.asa": `<script runat="server">function Session_OnEnd(reason) { Application("ended") = reason }</script>`,
	})
	ids := s.visit("/in.asp", "/in.asp")

	list := s.state("list")
	s.wants(list, "SESSION", ids[0], ids[1], "expires 2")
	if n := strings.Count(list, "\n"); n != 3 {
		t.Errorf("%d lines:\n%s", n, list)
	}

	got := s.state("get", ids[0])
	s.wants(got, `"session": "`+ids[0]+`"`, `"timeout": "45m0s"`, `"name": "ann"`, `"password": "xxxxx"`, `"apiToken": "xxxxx"`, `1.5`, `"PIN_token": "xxxxx"`)
	dump := s.state("dump")
	s.wants(dump, `{"application":"/","values":{"greeting":"hello","dbPassword":"xxxxx"}}`, ids[0], ids[1], `"more":[{"apiToken":"xxxxx"},1.5,null]`)
	if strings.Contains(list+got+dump, "hush") || strings.Contains(dump, "generation") {
		t.Errorf("a secret is shown:\n%s\n%s\n%s", list, got, dump)
	}
	s.wants(s.state("dump", "--secrets"), `"dbPassword":"hush"`, `"password":"hush"`)

	s.wants(s.state("rm", ids[0]), "session "+ids[0]+" has ended")
	s.wants(s.state("list"), "to be ended (evicted)")
	s.wants(s.state("get", ids[0]), "to be ended (evicted)")
	s.wants(s.state("compact"), "state.db: ")
	s.visit("/in.asp") // ends it
}

func TestStateCommandRefuses(t *testing.T) {
	s := newStateSite(t, map[string]string{"a.asp": `<% Session("a") = 1 %>`})
	s.visit("/a.asp")
	there := []string{"state", "--state", s.url}
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"state"}, 2, "an argument is missing"},
		{append(there, "drop"), 2, `unknown "drop"; want list`},
		{append(there, "lits"), 2, `want list, get ID, rm ID, dump or compact; did you mean list?`},
		{append(there, "get"), 2, "the session's ID is missing"},
		{append(there, "list", "1"), 2, "one argument too many"},
		{[]string{"state", "list"}, 2, `"memory" can't be looked at from outside; want --state sqlite:PATH`},
		{[]string{"state", "--state", "postgres://u:hush@h/db", "list"}, 2, "postgres://u:xxxxx@h/db"},
		{append(there, "--application", "/shop", "list"), 2, "no application at /shop; want --application /"},
		{append(there, "get", "1"), 1, "there is no session 1"},
		{append(there, "rm", "1"), 1, "there is no session 1"},
		{[]string{"state", "--state", s.url + ".none", "list"}, 1, "there is no such file"},
	} {
		code, _, bad := s.naja(tt.args...)
		if code != tt.code || !strings.Contains(bad, tt.want) || strings.Count(bad, "\n") != 1 || strings.Contains(bad, "hush") {
			t.Errorf("naja %v: %d, %s", tt.args, code, bad)
		}
	}
}

// A memoryBackend is a backend that has nothing beside what every one has.
type memoryBackend struct{ *memory.DB }

func (memoryBackend) Close() error { return nil }

func TestStateOfAnyBackend(t *testing.T) {
	db := memoryBackend{memory.New()}
	app := config.Application{State: "memory"}
	app.FS, app.Logger, app.Backend = fstest.MapFS{"in.asp": {Data: []byte(`<% Session("user") = "ann"; Application("n") = 7; Session.SessionID %><%= Request.ServerVariables("NAJA_SESSION") %>`)}}, slog.New(slog.DiscardHandler), db
	e, err := openApplication(t.Context(), app)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest("GET", "/in.asp", nil))
	if err := e.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	id := w.Body.String()
	var out bytes.Buffer
	k := &stateKeeper{out: &console{stdout: &out}, db: tended{openedBackend: db}, store: db.Sessions(), path: "/"}
	for _, step := range []struct{ verb, id, want string }{
		{"list", "", id}, {"get", id, `"user": "ann"`}, {"dump", "", `{"n":7}`}, {"rm", id, "has ended"}, {"list", "", "to be ended"},
	} {
		out.Reset()
		verb, err := stateVerbNamed(step.verb)
		if err == nil {
			err = verb.run(k, t.Context(), step.id)
		}
		if err != nil || !strings.Contains(out.String(), step.want) {
			t.Errorf("%s: %v\n%s", step.verb, err, out.String())
		}
	}
	if err := k.compact(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "no unused space") {
		t.Errorf("compact: %v", err)
	}
}
