//go:build unix

package main

import (
	"bufio"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// A manager is what systemd is to a service that tells it how it is.
type manager struct {
	*testing.T
	conn *net.UnixConn
	path string
}

func newManager(t *testing.T) *manager {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Skip(err) // the folder's name is too long for a socket
	}
	t.Cleanup(func() { conn.Close() })
	return &manager{t, conn, path}
}

// hears waits until it is told something that begins so, and gives what it was told
// before that.
func (m *manager) hears(what string) (before []string) {
	m.Helper()
	buffer := make([]byte, 4096)
	for {
		n, err := m.conn.Read(buffer)
		if err != nil {
			m.Fatal(err)
		}
		if said := string(buffer[:n]); strings.HasPrefix(said, what) {
			return before
		}
		before = append(before, string(buffer[:n]))
	}
}

func pageOf(t *testing.T, text string) string {
	t.Helper()
	site := t.TempDir()
	if err := os.WriteFile(filepath.Join(site, "default.asp"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return site
}

// TestNotify: systemd learns when the server is ready, reads its settings again and
// stops, and that it is alive.
func TestNotify(t *testing.T) {
	t.Parallel()
	m := newManager(t)
	cmd := exec.CommandContext(t.Context(), "naja", "serve", "--addr", "127.0.0.1:0", pageOf(t, "hello"))
	cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+m.path, "WATCHDOG_USEC=2000000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	signal := func(s syscall.Signal) {
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	if said := m.hears("READY=1"); len(said) > 0 {
		t.Errorf("before it was ready it said %q", said)
	}
	m.hears("WATCHDOG=1")
	m.hears("WATCHDOG=1")
	signal(syscall.SIGHUP)
	m.hears("RELOADING=1\nMONOTONIC_USEC=")
	m.hears("READY=1")
	signal(syscall.SIGTERM)
	m.hears("STOPPING=1")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestPulse: a server that answers is alive, with TLS and with the PROXY protocol
// too. One that nobody accepts connections for isn't, nor is one with an
// application that doesn't say how it is.
func TestPulse(t *testing.T) {
	t.Parallel()
	cert, key, _ := selfSigned(t)
	dir := pageOf(t, "hello")
	for name, sets := range map[string][]string{
		"plain":    nil,
		"everyone": {"addr=:0"},
		"TLS":      {"tls_cert=" + cert, "tls_key=" + key},
		"PROXY":    {"trusted_proxies=127.0.0.1", "proxy_protocol=true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, err := config.Load(config.Options{Dir: dir, Sets: append([]string{"addr=127.0.0.1:0"}, sets...)})
			if err != nil {
				t.Fatal(err)
			}
			srv, stop := start(t, cfg.Server, newGateSite())
			p := &pulse{s: srv, looked: make(chan struct{}, 1)}
			if err := p.take(t.Context(), time.Minute); err != nil {
				t.Error(err)
			}
			p.looked <- struct{}{} // somebody waits for an application
			if err := p.take(t.Context(), time.Minute); err == nil {
				t.Error("it is alive although an application isn't")
			}
			if err := stop(); err != nil {
				t.Error(err)
			}
		})
	}
	srv := newServer(config.Server{Addr: "127.0.0.1:0"}, slog.New(slog.DiscardHandler))
	if err := srv.listen(t.Context(), noSockets()); err != nil {
		t.Fatal(err)
	}
	defer srv.listener.Close()
	p := &pulse{s: srv, looked: make(chan struct{}, 1)}
	if err := p.take(t.Context(), 50*time.Millisecond); err == nil || !strings.Contains(err.Error(), "nothing within") {
		t.Errorf("nobody accepts: %v", err)
	}
}

// activated starts a server with sockets as systemd hands them over: from 3 on.
func activated(t *testing.T, names string, sockets []net.Listener, args ...string) (cmd *exec.Cmd, said *bufio.Reader) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), "sh", append([]string{"-c", `LISTEN_PID=$$ exec "$0" "$@"`, "naja", "serve"}, args...)...)
	cmd.Env = append(os.Environ(), "LISTEN_FDS="+strconv.Itoa(len(sockets)), "LISTEN_FDNAMES="+names)
	for _, l := range sockets {
		f, err := l.(interface{ File() (*os.File, error) }).File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, bufio.NewReader(out)
}

// TestSocketUnit: what systemd listens on is what the server listens on, and what
// comes before it is ready waits.
func TestSocketUnit(t *testing.T) {
	t.Parallel()
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		return l
	}
	site, admin, unix := listen(), listen(), filepath.Join(t.TempDir(), "s")
	local, err := net.Listen("unix", unix)
	if err != nil {
		t.Skip(err)
	}
	defer local.Close()
	dir := pageOf(t, "hello")
	t.Run("good", func(t *testing.T) {
		for _, names := range []string{"admin_addr:addr", "naja.socket"} {
			sockets := []net.Listener{admin, site}[strings.Count(names, "."):2:2]
			answer := get("http://" + site.Addr().String())
			cmd, said := activated(t, names, sockets, "--addr", "127.0.0.1:1", dir)
			if got := <-answer; got != "hello" {
				t.Errorf("%s: the site answers %q", names, got)
			}
			if len(sockets) > 1 {
				resp, err := http.Get("http://" + admin.Addr().String() + "/live")
				if err != nil || resp.StatusCode != 200 {
					t.Fatalf("the console: %v, %v", resp, err)
				}
				resp.Body.Close()
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			lines := fmt.Sprint(readLines(said))
			if err := cmd.Wait(); err != nil || !strings.Contains(lines, "listening on http://"+site.Addr().String()) {
				t.Errorf("%v: %s", err, lines)
			}
		}
	})
	for _, tt := range []struct {
		names   string
		sockets []net.Listener
		said    string
	}{
		{"addr:http", []net.Listener{site, admin}, "FileDescriptorName=http means nothing here; want addr or admin_addr"},
		{"naja.socket:naja.socket", []net.Listener{site, admin}, "there are two for addr"},
		{"addr", []net.Listener{local}, "addr isn't one of TCP but unix; want ListenStream=HOST:PORT"},
	} {
		cmd, said := activated(t, tt.names, tt.sockets, dir)
		lines := fmt.Sprint(readLines(said))
		if err := cmd.Wait(); err == nil || !strings.Contains(lines, tt.said) {
			t.Errorf("%s: %v: %s", tt.names, err, lines)
		}
	}
}

func readLines(r *bufio.Reader) []string {
	return slices.Collect(func(yield func(string) bool) {
		for {
			line, err := r.ReadString('\n')
			if err != nil || !yield(line) {
				return
			}
		}
	})
}
