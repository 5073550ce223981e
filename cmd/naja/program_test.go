//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
	"github.com/najahost/naja/operate/isolate"
)

// A programSite is an isolated application whose program, and content, can be
// updated.
type programSite struct {
	*testing.T
	*host.Application
	url                            string
	root, source, program, updates string // the last is update_program
	own                            []byte // this program
	log                            lockedText
}

func newProgramSite(t *testing.T) *programSite {
	t.Helper()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	s := &programSite{T: t, root: at("site"), source: at("incoming"), program: at("worker"), updates: at("next")}
	var err error
	if s.own, err = os.ReadFile("/proc/self/exe"); err != nil {
		t.Skip(err)
	}
	s.write(filepath.Join(s.root, "default.asp"), `<% Application.Lock(); Application("n") = (Application("n") || 0) + 1; Application.Unlock(); %>one <%= String(Application("n")) %>`, 0o644)
	s.write(filepath.Join(s.source, "more.asp"), "more", 0o644)
	s.write(s.program, string(s.own), 0o755)
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	starts := &starter{app: config.Application{
		Config: engine.Config{Root: s.root, Logger: log}, State: "memory",
		Worker: isolate.Config{Executable: s.program, TempDir: t.TempDir(), StartTimeout: 5 * time.Second},
	}}
	s.Application, err = host.New(host.Config{
		Start: starts.start, Isolation: host.Process, Isolations: isolations(), Root: s.root, UpdateSource: s.source,
		UpdateProgram: s.updates, Program: s.program, Check: checker(engine.Config{}), Logger: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Application)
	s.url = server.URL
	t.Cleanup(func() {
		server.Close()
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("%.6000s", s.log.String())
		}
	})
	return s
}

func (s *programSite) write(name, text string, mode os.FileMode) {
	s.Helper()
	err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name+"~", []byte(text), mode), os.Chmod(name+"~", mode), os.Rename(name+"~", name))
	if err != nil {
		s.Fatal(err)
	}
}

// another is this program with another hash.
func (s *programSite) another(tag string) string { return string(s.own) + tag }

func (s *programSite) get(path string) (status int, body string) {
	resp, err := http.Get(s.url + path)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(text)
}

func (s *programSite) wants(path string, status int, text string) {
	s.Helper()
	if got, body := s.get(path); got != status || !strings.Contains(body, text) {
		s.Errorf("%s: %d %.200q, want %d %q", path, got, body, status, text)
	}
}

// current is the worker that requests go to.
func (s *programSite) current() isolate.WorkerInfo {
	s.Helper()
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); <-time.After(5 * time.Millisecond) {
		report, _ := s.Status().Worker.(isolate.WorkerReport)
		for _, w := range report.Workers {
			if w.Role == "current" && w.Hash != "" {
				return w
			}
		}
	}
	s.Fatal("there is no worker")
	return isolate.WorkerInfo{}
}

// nothingLeft fails where an update left something of its preparations.
func (s *programSite) nothingLeft() {
	s.Helper()
	for _, name := range []string{filepath.Join(filepath.Dir(s.program), ".worker.naja-update"), filepath.Join(s.root, ".naja-update")} {
		if _, err := os.Lstat(name); err == nil {
			s.Errorf("%s is left", name)
		}
	}
}

// load asks for the page without pause until ended is called, which says how
// many there were, and fails for each that wasn't answered whole.
func (s *programSite) load() (ended func() int64) {
	var n atomic.Int64
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if status, body := s.get("/"); status != 200 || !strings.HasPrefix(body, "one ") && !strings.HasPrefix(body, "two ") {
					s.Errorf("after %d requests: %d %.200q", n.Load(), status, body)
					return
				}
				n.Add(1)
			}
		})
	}
	return func() int64 {
		close(stop)
		clients.Wait()
		return n.Load()
	}
}

// TestUpdateProgram replaces the program of worker processes, and content with
// it, while visitors come: no request fails, and Application goes on.
func TestUpdateProgram(t *testing.T) {
	s := newProgramSite(t)
	before := s.current()
	if before.Program != s.program || before.Version == "" {
		t.Errorf("%+v", before)
	}
	ended := s.load()
	for i := range 3 {
		s.write(s.updates, s.another(fmt.Sprint(i)), 0o755)
		if i == 2 {
			s.write(filepath.Join(s.source, "default.asp"), `<% Application.Lock(); Application("n")++; Application.Unlock(); %>two <%= String(Application("n")) %>`, 0o644)
		}
		res, err := s.Update(t.Context())
		if err != nil || !res.OK || res.Program == nil || !res.Program.Replaced || res.Program.Version != before.Version || res.Program.Hash == res.Program.Before {
			t.Fatalf("%+v %+v %v", res, res.Program, err)
		}
		now := s.current()
		if now.Hash != res.Program.Hash || now.Hash == before.Hash || now.PID == before.PID || now.Program != s.program {
			t.Errorf("after update %d: %+v, before %+v", i, now, before)
		}
		before = now
	}
	n := ended()
	s.wants("/", 200, fmt.Sprint("two ", n+1))
	s.wants("/more.asp", 200, "more")
	if n == 0 {
		t.Error("nobody came")
	}
	if res, err := s.Update(t.Context()); err != nil || res.Program.Replaced {
		t.Errorf("nothing differs: %+v %v", res.Program, err)
	}
	s.nothingLeft()
	t.Logf("%d requests, none failed", n)
}

// TestUpdateProgramThatIsBroken leaves the old program, and the old content,
// where the new one doesn't start, isn't ready in time, or may not be one.
func TestUpdateProgramThatIsBroken(t *testing.T) {
	s := newProgramSite(t)
	s.write(filepath.Join(s.source, "default.asp"), "two", 0o644)
	before := s.current()
	ended := s.load()
	for _, bad := range []struct {
		text string
		mode os.FileMode
		says string
	}{
		{"no program", 0o755, "doesn't start"},
		{"#!/bin/sh\nexit 3\n", 0o755, "exit code 3"},
		{"#!/bin/sh\nexec sleep 60\n", 0o755, "not ready within"},
		{s.another("x"), 0o644, "not executable"},
		{s.another("x"), 0o775, "can be written to by others"},
	} {
		s.write(s.updates, bad.text, bad.mode)
		res, err := s.Update(t.Context())
		if err == nil || !strings.Contains(err.Error(), bad.says) || res.OK || res.Program != nil && res.Program.Replaced {
			t.Errorf("%.20q %v: %+v %v", bad.text, bad.mode, res, err)
		}
		s.nothingLeft()
	}
	s.write(s.updates, s.another("x"), 0o755)
	if os.Chown(s.updates, 12345, -1) == nil { // which only root may
		if _, err := s.Update(t.Context()); err == nil || !strings.Contains(err.Error(), "belongs neither") {
			t.Errorf("another user's: %v", err)
		}
	}
	if n := ended(); n == 0 {
		t.Error("nobody came")
	}
	if now := s.current(); now.PID != before.PID || now.Hash != before.Hash {
		t.Errorf("%+v, before %+v", now, before)
	}
	s.wants("/", 200, "one ")
	s.wants("/more.asp", 404, "")
}

// TestUpdateProgramOfWhatIsNotLoaded: the start is the trial, and visitors wait
// for it.
func TestUpdateProgramOfWhatIsNotLoaded(t *testing.T) {
	s := newProgramSite(t)
	if err := s.Unload(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.write(s.updates, "#!/bin/sh\nexit 3\n", 0o755)
	if res, err := s.Update(t.Context()); err == nil || !res.RolledBack || res.Program.Replaced {
		t.Errorf("%+v %v", res, err)
	}
	s.wants("/", 200, "one 1") // at once
	if err := s.Unload(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.write(s.updates, s.another("x"), 0o755)
	res, err := s.Update(t.Context())
	if err != nil || !res.Program.Replaced || s.current().Hash != res.Program.Hash {
		t.Errorf("%+v %v", res, err)
	}
	s.nothingLeft()
}

// TestUpdateProgramInThisProcess: only the content is updated there.
func TestUpdateProgramInThisProcess(t *testing.T) {
	s := newProgramSite(t)
	s.write(s.updates, s.another("x"), 0o755)
	if err := s.SetIsolation(t.Context(), host.InProcess); err != nil {
		t.Fatal(err)
	}
	if res, err := s.Update(t.Context()); err != nil || res.Program != nil || len(res.Added) != 1 {
		t.Errorf("%+v %v", res, err)
	}
	s.wants("/more.asp", 200, "more")
}
