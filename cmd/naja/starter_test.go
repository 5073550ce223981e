//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// movedSite counts for each visitor and for all of them.
var movedSite = map[string]string{
	"global.asa": `<script runat=server>
function Application_OnStart() { Application("n") = 0; Application("starts") = (Application("starts") || 0) + 1; }
function Application_OnEnd() { console.log("END of " + Application("n") + ", " + Application("ended") + " ended, " + Application("starts") + " start"); }
function Session_OnStart() { Session("n") = 0; }
function Session_OnEnd() { Application.Lock(); Application("ended") = (Application("ended") || 0) + 1; Application.Unlock(); }
</script>`,
	"default.asp": `<% Application.Lock(); Application("n") = Application("n") + 1; Application.Unlock();
Session("n") = Session("n") + 1; %><%= Session("n") %>`,
}

// movedApplication serves movedSite, with its log.
func movedApplication(t *testing.T, isolation string) (*host.Application, *lockedText) {
	t.Helper()
	root := t.TempDir()
	for name, text := range movedSite {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	said := &lockedText{}
	log := slog.New(slog.NewTextHandler(said, nil))
	s := &starter{moves: true, app: config.Application{Config: engine.Config{Root: root, Logger: log}, State: "memory"}}
	s.app.Worker.TempDir = t.TempDir()
	app, err := host.New(host.Config{Start: s.start, Logger: log, Isolation: isolation})
	if err != nil {
		t.Fatal(err)
	}
	return app, said
}

// TestMovesLoseNothing moves an application between this process and its own
// while visitors count: no request fails, nobody's number is ever wrong, and
// the application begins and ends once.
func TestMovesLoseNothing(t *testing.T) {
	app, said := movedApplication(t, "")
	server := httptest.NewServer(app)
	defer server.Close()
	stop := make(chan struct{})
	var visitors sync.WaitGroup
	visited := make([]int, 4)
	for i := range visited {
		visitors.Go(func() { visited[i] = visitUntil(t, server.URL, stop) })
	}
	for _, mode := range []string{host.Process, host.InProcess, host.Process, host.Process, host.InProcess} {
		if err := app.SetIsolation(t.Context(), mode); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	visitors.Wait()
	if err := app.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	sum := 0
	for _, n := range visited {
		sum += n
	}
	want := fmt.Sprintf("END of %d, 4 ended, 1 start", sum)
	if text := said.String(); strings.Count(text, "END of") != 1 || !strings.Contains(text, want) {
		t.Errorf("want %q in\n%.6000s", want, text)
	}
}

// TestMovedAndNeverAsked: who an application was moved to ends it, without
// having had a request.
func TestMovedAndNeverAsked(t *testing.T) {
	for _, mode := range []string{host.InProcess, host.Process} {
		first := host.Process
		if mode == host.Process {
			first = host.InProcess
		}
		app, said := movedApplication(t, first)
		app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		if err := errors.Join(app.SetIsolation(t.Context(), mode), app.Shutdown(t.Context())); err != nil {
			t.Error(err)
		}
		if text := said.String(); strings.Count(text, "END of 1, 1 ended, 1 start") != 1 {
			t.Errorf("moved to %s:\n%.3000s", mode, text)
		}
	}
}

// visitUntil counts as one visitor, and returns how far it got.
func visitUntil(t *testing.T, url string, stop <-chan struct{}) int {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Error(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for n := 1; ; n++ {
		resp, err := client.Get(url)
		if err != nil {
			t.Error(err)
			return n
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != 200 || string(body) != fmt.Sprint(n) {
			t.Errorf("request %d: %d %q %v", n, resp.StatusCode, body, err)
			return n
		}
		select {
		case <-stop:
			return n
		default:
		}
	}
}

// TestLoadedAgainIsEmpty: memory ends with the application.
func TestLoadedAgainIsEmpty(t *testing.T) {
	root := t.TempDir()
	page := `<% Application("n") = (Application("n") || 0) + 1; %><%= Application("n") %>`
	if err := os.WriteFile(filepath.Join(root, "default.asp"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	s := &starter{app: config.Application{Config: engine.Config{Root: root, Logger: slog.New(slog.DiscardHandler)}, State: "memory"}}
	for _, mode := range []string{host.Process, host.Process, host.InProcess} {
		run, err := s.start(t.Context(), mode)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n < 3; n++ {
			w := httptest.NewRecorder()
			run.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			if w.Body.String() != fmt.Sprint(n) {
				t.Errorf("%s: %d %q, want %d", mode, w.Code, w.Body, n)
			}
		}
		if err := run.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

type lockedText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
