package main

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/operate/admin"
)

// deskOn opens a console with an account on an address of this machine.
func deskOn(t *testing.T, addr string, edit func(*config.Server)) *desk {
	t.Helper()
	dir := t.TempDir()
	users := filepath.Join(dir, "users")
	if _, err := admin.SetPassword(users, "ada", "correct horse"); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Options{Dir: dir, Sets: []string{"admin_addr=" + addr, "admin_account=ada", "admin_users=" + users}})
	if err != nil {
		t.Fatal(err)
	}
	edit(&cfg.Server)
	d, err := openDesk(t.Context(), cfg, newReloader(cfg, slog.New(slog.DiscardHandler)), noSockets())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.close)
	if err := d.open("http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDeskTLS: on an address that others reach the console speaks TLS, and the
// command trusts it when it is told to.
func TestDeskTLS(t *testing.T) {
	cert, key, pool := selfSigned(t)
	d := deskOn(t, "0.0.0.0:0", func(s *config.Server) { s.TLSCert, s.TLSKey = cert, key })
	_, port, _ := strings.Cut(d.url(), "://")
	port = port[strings.LastIndexByte(port, ':')+1:]
	if !strings.HasPrefix(d.url(), "https://") {
		t.Errorf("the console is at %s", d.url())
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}}
	w, err := client.Get("https://127.0.0.1:" + port + "/live")
	if err != nil || w.StatusCode != 200 {
		t.Fatalf("%v %v", w, err)
	}
	w.Body.Close()
	if w, err := http.Get("http://127.0.0.1:" + port + "/status.json"); err == nil {
		text, _ := io.ReadAll(w.Body)
		w.Body.Close()
		if w.StatusCode != 400 {
			t.Errorf("plain HTTP is answered with %d %s", w.StatusCode, text)
		}
	}
	t.Setenv("NAJA_ADMIN_PASSWORD", "correct horse")
	url := "https://127.0.0.1:" + port
	for _, tt := range []struct {
		args []string
		code int
		said string
	}{
		{[]string{"--url", url, "--user", "ada", "--cacert", cert}, 0, "up "},
		{[]string{"--url", url, "--user", "ada"}, 1, "certificate"},
		{[]string{"--url", url, "--cacert", cert}, 1, "want --user"},
		{[]string{"--url", url, "--user", "bob", "--cacert", cert}, 1, "wrong"},
		{[]string{"--url", url, "--user", "ada", "--cacert", key + ".none"}, 2, "--cacert"},
		{[]string{"--url", url, "--user", "ada", "--cacert", os.Args[0]}, 2, "has no certificate"},
	} {
		var stdout, stderr strings.Builder
		code := run(t.Context(), append([]string{"admin", "status"}, tt.args...), &stdout, &stderr)
		if code != tt.code || !strings.Contains(stdout.String()+stderr.String(), tt.said) {
			t.Errorf("%q: %d %s%s", tt.args, code, stdout.String(), stderr.String())
		}
	}
}

// TestDeskOnLoopback speaks plain HTTP although the sites have a certificate
// of another name.
func TestDeskOnLoopback(t *testing.T) {
	cert, key, _ := selfSigned(t)
	d := deskOn(t, "127.0.0.1:0", func(s *config.Server) { s.TLSCert, s.TLSKey = cert, key })
	w, err := http.Get(d.url() + "/live")
	if err != nil || w.StatusCode != 200 || !strings.HasPrefix(d.url(), "http://") {
		t.Fatalf("%s: %v %v", d.url(), w, err)
	}
	w.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}

// TestFit: a frame fits into the terminal.
func TestFit(t *testing.T) {
	got := fit("ä1234567\nshort\nthird\n\n", 5, 2)
	if want := "ä1234" + clearLine + "\r\nshort" + clearLine; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := printable("a\x1b[2Jb\nc\u202ed"); got != "a\ufffd[2Jb\ufffdc\ufffdd" {
		t.Errorf("%q", got)
	}
}
