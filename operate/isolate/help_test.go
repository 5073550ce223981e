//go:build unix

package isolate

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
)

// A bench is an isolated application under test, behind an HTTP server.
type bench struct {
	*testing.T
	*Supervisor
	root   string
	url    string
	log    *lockedBuffer
	client *http.Client
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// site writes files into a folder of their own.
func site(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// isolated starts an application in a process of its own.
func isolated(t *testing.T, files map[string]string, change func(*Config)) *bench {
	t.Helper()
	b := &bench{T: t, root: site(t, files), log: &lockedBuffer{}}
	cfg := Config{TempDir: t.TempDir()}
	cfg.Engine.Root = b.root
	cfg.Engine.Logger = slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if change != nil {
		change(&cfg)
	}
	s, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatalf("%v\n%s", err, b.log.String())
	}
	b.Supervisor = s
	server := httptest.NewUnstartedServer(s)
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(b.log, nil), slog.LevelDebug)
	server.Start()
	b.url, b.client = server.URL, server.Client()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		left, err := os.ReadDir(cfg.TempDir)
		if err != nil || len(left) > 0 {
			t.Errorf("left in the temporary folder: %v %v", left, err)
		}
		if t.Failed() {
			t.Logf("the log:\n%s", clip(b.log.String(), 12000))
		}
	})
	return b
}

// An answered is what a client got.
type answered struct {
	status int
	body   string
	header http.Header
	err    error // of a body that broke off, too
}

func (b *bench) get(path string) answered { return b.getAs(path, "") }

func (b *bench) getAs(path, cookie string) answered {
	r, err := http.NewRequest("GET", b.url+path, nil)
	if err != nil {
		return answered{err: err}
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	return b.do(r)
}

func (b *bench) do(r *http.Request) answered {
	resp, err := b.client.Do(r)
	if err != nil {
		return answered{err: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answered{resp.StatusCode, string(body), resp.Header, err}
}

// wants fails unless the answer is whole and this.
func (b *bench) wants(path string, status int, body string) answered {
	b.Helper()
	a := b.get(path)
	if a.err != nil || a.status != status || !strings.Contains(a.body, body) {
		b.Errorf("%s: %d %q %v, want %d %q", path, a.status, clip(a.body, 300), a.err, status, body)
	}
	return a
}

// until polls for what happens by itself.
func (b *bench) until(what string, ok func() bool) {
	b.Helper()
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	late := time.After(30 * time.Second)
	for !ok() {
		select {
		case <-poll.C:
		case <-late:
			b.Fatalf("it didn't happen that %s", what)
		}
	}
}

// report is what there is to say of the workers.
func (b *bench) report() WorkerReport { return b.WorkerStatus().(WorkerReport) }

// pid is the current worker's process; 0 where there is none.
func (b *bench) pid() int {
	for _, w := range b.report().Workers {
		if w.Role == "current" {
			return w.PID
		}
	}
	return 0
}

// kill sends a signal to the current worker.
func (b *bench) kill(signal syscall.Signal) int {
	b.Helper()
	pid := b.pid()
	if pid == 0 {
		b.Fatal("there is no worker")
	}
	if err := syscall.Kill(pid, signal); err != nil {
		b.Fatal(err)
	}
	return pid
}

// logs waits until the log has a text.
func (b *bench) logs(text string) {
	b.Helper()
	b.until("the log says "+text, func() bool { return strings.Contains(b.log.String(), text) })
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

var _ = engine.None
