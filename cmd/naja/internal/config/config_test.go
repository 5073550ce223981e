package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
)

// inFolder makes a working directory with the folders a and b, and naja.toml
// if text isn't empty.
func inFolder(t *testing.T, text string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if text != "" {
		write(t, filepath.Join(dir, DefaultFile), text)
	}
	t.Chdir(dir)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func mustLoad(t *testing.T, opts Options) *Config {
	t.Helper()
	c, err := Load(opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDefaults(t *testing.T) {
	inFolder(t, "")
	c := mustLoad(t, Options{})
	if c.File != "" || c.Server.Addr != "127.0.0.1:8080" || c.Server.ShutdownTimeout != 30*time.Second {
		t.Errorf("server = %+v", c.Server)
	}
	if len(c.Applications) != 1 || c.Applications[0].Root != "." || c.Applications[0].Path != "/" {
		t.Fatalf("applications = %+v, want the working directory at /", c.Applications)
	}
	if got := c.Applications[0]; got.ScriptTimeout != 90*time.Second || got.WriteStallTimeout != 30*time.Second || got.Dev {
		t.Errorf("application = %+v", got)
	}
}

func TestFile(t *testing.T) {
	inFolder(t, `
# a comment = with an equals sign
addr = "0.0.0.0:80"
write_stall_timeout = "7s"
max_header_bytes = 8_192
trusted_proxies = ["127.0.0.1", "10.1.2.3/8", "::1", "::ffff:192.0.2.0/120", "::ffff:192.0.2.1", "fe80::1%eth0"]
log_format = "json"
log_level = "WARN"
buffering = false
session_timeout = "1h30m"
request_queue_max = 0
queue_connection_test_time = "0s"
default_documents = [
  "index.asp", # the first
  "x = y.asp",
]

[[application]]
path = "/"
root = "a"

[[application]]
path = "/shop"
root = "b"
buffering = true
script_error_message = """
Sorry.
path = "no key" """
script_timeout = "20m"
`)
	c := mustLoad(t, Options{})
	s := c.Server
	if s.Addr != "0.0.0.0:80" || s.MaxHeaderBytes != 8192 || s.LogFormat != "json" || s.LogLevel != slog.LevelWarn {
		t.Errorf("server = %+v", s)
	}
	if got, want := fmt.Sprint(s.TrustedProxies), "[127.0.0.1/32 10.0.0.0/8 ::1/128 192.0.2.0/24 192.0.2.1/32 fe80::1/128]"; got != want {
		t.Errorf("trusted proxies = %s, want %s", got, want)
	}
	if len(c.Applications) != 2 {
		t.Fatalf("%d applications, want 2", len(c.Applications))
	}
	root, shop := c.Applications[0], c.Applications[1]
	if !root.DisableBuffering || root.SessionTimeout != 90*time.Minute || root.RequestQueueMax != engine.None ||
		root.QueueConnectionTestTime != 1 || root.WriteStallTimeout != 7*time.Second || root.SessionCookie != "NAJASESSIONID" {
		t.Errorf("application / = %+v", root)
	}
	if want := []string{"index.asp", "x = y.asp"}; !slices.Equal(root.DefaultDocuments, want) {
		t.Errorf("default documents = %q, want %q", root.DefaultDocuments, want)
	}
	if shop.DisableBuffering || shop.Root != "b" || shop.Path != "/shop" || shop.SessionTimeout != 90*time.Minute ||
		shop.ScriptTimeout != 20*time.Minute || shop.ScriptTimeoutMax != 20*time.Minute ||
		shop.ScriptErrorMessage != "Sorry.\npath = \"no key\" " || shop.SessionCookie == "NAJASESSIONID" {
		t.Errorf("application /shop = %+v", shop)
	}
}

func TestOrder(t *testing.T) {
	inFolder(t, "addr = \"localhost:1\"\nscript_timeout = \"1s\"\nlcid = 1\n[[application]]\npath = \"/\"\nroot = \"a\"\nlcid = 7")
	c := mustLoad(t, Options{
		Flags: []Flag{{"--addr", "addr", "localhost:2"}, {"--state", "state", "memory"}},
		Sets:  []string{"addr=localhost:3", "script_timeout = 3s", "lcid=9", "script_timeout=4s"},
	})
	if c.Server.Addr != "localhost:3" || c.Applications[0].ScriptTimeout != 4*time.Second {
		t.Errorf("addr = %s, script_timeout = %s; --set must win", c.Server.Addr, c.Applications[0].ScriptTimeout)
	}
	if c.Applications[0].LCID != 7 {
		t.Errorf("lcid = %d; the application's own key must stand", c.Applications[0].LCID)
	}
	c = mustLoad(t, Options{Flags: []Flag{{"--addr", "addr", "localhost:2"}}})
	if c.Server.Addr != "localhost:2" {
		t.Errorf("addr = %s; a flag must win over the file", c.Server.Addr)
	}
}

func TestSetValues(t *testing.T) {
	tests := []struct {
		set string
		got func(c Application) any
		is  any
	}{
		{`session_cookie=SID`, func(c Application) any { return c.SessionCookie }, "SID"},
		{`session_cookie=123`, func(c Application) any { return c.SessionCookie }, "123"},
		{`session_cookie="SID"`, func(c Application) any { return c.SessionCookie }, "SID"},
		{`error_page=/err.asp`, func(c Application) any { return c.ErrorPage }, "/err.asp"},
		{`error_page=`, func(c Application) any { return c.ErrorPage }, ""},
		{`queue_timeout=0`, func(c Application) any { return c.QueueTimeout }, time.Duration(engine.None)},
		{`queue_timeout='1.5s'`, func(c Application) any { return c.QueueTimeout }, 1500 * time.Millisecond},
		{`buffering_limit=1_000`, func(c Application) any { return c.BufferingLimit }, int64(1000)},
		{`session_state=false`, func(c Application) any { return c.DisableSessionState }, true},
		{`default_documents=a.asp, b.asp`, func(c Application) any { return strings.Join(c.DefaultDocuments, "|") }, "a.asp|b.asp"},
		{`default_documents=["a,b.asp"]`, func(c Application) any { return strings.Join(c.DefaultDocuments, "|") }, "a,b.asp"},
		{`default_documents=[]`, func(c Application) any { return len(c.DefaultDocuments) }, 0},
		{`script_language=jscript`, func(c Application) any { return c.ScriptLanguage }, "jscript"},
	}
	inFolder(t, "")
	for _, test := range tests {
		c, err := Load(Options{Sets: []string{test.set}})
		if err != nil {
			t.Errorf("%s: %v", test.set, err)
		} else if got := test.got(c.Applications[0]); got != test.is {
			t.Errorf("%s: got %v, want %v", test.set, got, test.is)
		}
	}
}

func TestDir(t *testing.T) {
	inFolder(t, "lcid = 1\n[[application]]\npath='/x'\nroot='a'\nlcid=2\n[[application]]\npath='/y'\nroot='b'\nlcid=3")
	for dir, lcid := range map[string]int{"b": 3, "./a/": 2, ".": 1} {
		c := mustLoad(t, Options{Dir: dir})
		if len(c.Applications) != 1 || c.Applications[0].Path != "/" || c.Applications[0].Root != dir || c.Applications[0].LCID != lcid {
			t.Errorf("DIR %s: applications = %+v, want one at / with lcid %d", dir, c.Applications, lcid)
		}
	}
}

func TestDev(t *testing.T) {
	inFolder(t, `check_interval = "9s"`)
	c := mustLoad(t, Options{Dev: true}).Applications[0]
	if !c.Dev || c.CheckInterval != engine.None || !c.ScriptErrorSentToBrowser {
		t.Errorf("with --dev: %+v", c)
	}
	c = mustLoad(t, Options{Dev: true, Sets: []string{"script_error_sent_to_browser=false"}}).Applications[0]
	if c.ScriptErrorSentToBrowser {
		t.Error("--set must win over --dev")
	}
}

// Paths in a file are relative to the file, those of the command line to the
// working directory.
func TestRelativePaths(t *testing.T) {
	inFolder(t, "")
	if err := os.Mkdir(filepath.Join("a", "site"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, "a/my.toml", "tls_cert='c.pem'\ntls_key='/k.pem'\nstate='sqlite:s.db'\n[[application]]\npath='/'\nroot='site'")
	c := mustLoad(t, Options{File: "a/my.toml", Sets: []string{"admin_users=users", "admin_addr=127.0.0.1:0"}})
	if got, want := c.Applications[0].Root, filepath.Join("a", "site"); got != want {
		t.Errorf("root = %s, want %s", got, want)
	}
	if c.Server.TLSCert != filepath.Join("a", "c.pem") || c.Server.TLSKey != "/k.pem" || c.Server.AdminUsers != "users" {
		t.Errorf("server = %+v", c.Server)
	}
	if got, want := c.Applications[0].State, "sqlite:"+filepath.Join("a", "s.db"); got != want {
		t.Errorf("state = %s, want %s", got, want)
	}
}
