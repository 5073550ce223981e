//go:build unix

package neighbours

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A proxy is one that stands in front of naja.
type proxy struct {
	name     string // as the table has it
	program  string
	language string // of its configuration in docs/deploying.md; "": there is none
	tls      bool
	// command writes the configuration into its frame, and gives the command line.
	command func(t *testing.T, at place, conf string) *exec.Cmd
}

// A place is where a proxy runs.
type place struct {
	program, dir string
	addr         string // where visitors come
	naja         string // where it finds naja, which is a tap
	cert, key    string
	both         string // in one file
}

// port is that of an address.
func port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// proxies are all, in the order of the table's columns.
func proxies() []proxy {
	return []proxy{
		{"nginx, bare", "nginx", "", false, func(t *testing.T, at place, _ string) *exec.Cmd {
			return nginx(t, at, "server { listen "+at.addr+"; location / { proxy_pass http://"+at.naja+"; } }")
		}},
		{"nginx", "nginx", "nginx", true, nginx},
		{"Apache", "apache2", "apache", true, apache},
		{"HAProxy", "haproxy", "haproxy", true, haproxy},
		{"Varnish", "varnishd", "vcl", false, varnish},
		{"Squid", "squid", "squid", false, squid},
		{"Caddy", caddyProgram(), "caddy", true, caddy},
	}
}

// caddyProgram is what make neighbours has built, or what is installed.
func caddyProgram() string {
	if path := os.Getenv("NAJA_CADDY"); path != "" {
		return path
	}
	return "caddy"
}

// start starts a proxy in front of naja. ok is false where it isn't installed.
func (p proxy) start(t *testing.T, naja string) place {
	t.Helper()
	program, ok := lookPath(p.program)
	if filepath.IsAbs(p.program) {
		program, ok = p.program, true
	}
	if !ok {
		t.Skipf("%s isn't installed", p.program)
	}
	at := place{program: program, dir: t.TempDir(), addr: freeAddr(t), naja: naja}
	if err := os.Chmod(filepath.Dir(at.dir), 0o755); err != nil { // some run as somebody else
		t.Fatal(err)
	}
	if err := os.Chmod(at.dir, 0o777); err != nil {
		t.Fatal(err)
	}
	at.cert, at.key, at.both = certify(t, at.dir)
	conf := ""
	if p.language != "" {
		conf = documented(t, p.language)
	}
	run(t, at.addr, p.command(t, at, conf))
	return at
}

// documented is the one configuration in a language that docs/deploying.md has.
func documented(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, conf, ok := strings.Cut(string(text), "\n```"+language+"\n")
	conf, _, end := strings.Cut(conf, "\n```\n")
	if !ok || !end {
		t.Fatalf("%s has no configuration for %s", document, language)
	}
	return conf + "\n"
}

// put replaces what a configuration has for addresses and files.
func put(t *testing.T, conf string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(conf, pairs[i]) {
			t.Fatalf("the configuration in %s has no %q", document, pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(conf)
}

func nginx(t *testing.T, at place, conf string) *exec.Cmd {
	if strings.Contains(conf, "ssl") {
		conf = put(t, conf, "listen 443 ssl", "listen "+at.addr+" ssl", "server 127.0.0.1:8080", "server "+at.naja,
			"/etc/ssl/example.pem", at.cert, "/etc/ssl/example.key", at.key)
	}
	file := filepath.Join(at.dir, "nginx.conf")
	temp := func(what string) string { return what + "_temp_path " + filepath.Join(at.dir, what) + ";\n" }
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	write(t, file, user+"daemon off;\nworker_processes 1;\npid "+at.dir+"/pid;\nevents {}\nhttp {\naccess_log off;\n"+
		temp("client_body")+temp("proxy")+temp("fastcgi")+temp("uwsgi")+temp("scgi")+conf+"}\n")
	return exec.Command(at.program, "-e", "stderr", "-p", at.dir, "-c", file)
}

func apache(t *testing.T, at place, conf string) *exec.Cmd {
	conf = put(t, conf, "<VirtualHost *:443>", "<VirtualHost "+at.addr+">", "http://127.0.0.1:8080/", "http://"+at.naja+"/",
		"/etc/ssl/example.pem", at.cert, "/etc/ssl/example.key", at.key)
	var frame strings.Builder
	frame.WriteString("ServerRoot " + at.dir + "\nDefaultRuntimeDir " + at.dir + "\nPidFile " + at.dir + "/pid\nErrorLog /dev/stderr\nServerName localhost\nListen " + at.addr + "\n")
	for _, module := range strings.Fields("mpm_event authz_core proxy proxy_http headers filter deflate socache_shmcb ssl") {
		frame.WriteString("LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n")
	}
	file := filepath.Join(at.dir, "apache.conf")
	write(t, file, frame.String()+conf)
	return exec.Command(at.program, "-f", file, "-DFOREGROUND")
}

func haproxy(t *testing.T, at place, conf string) *exec.Cmd {
	conf = put(t, conf, "bind :443", "bind "+at.addr, "/etc/ssl/example.pem", at.both, "127.0.0.1:8080", at.naja)
	file := filepath.Join(at.dir, "haproxy.cfg")
	write(t, file, conf)
	return exec.Command(at.program, "-db", "-f", file)
}

func varnish(t *testing.T, at place, conf string) *exec.Cmd {
	conf = put(t, conf, `"8080"`, `"`+port(at.naja)+`"`)
	file := filepath.Join(at.dir, "default.vcl")
	write(t, file, conf)
	return exec.Command(at.program, "-F", "-j", "none", "-n", filepath.Join(at.dir, "work"), "-a", at.addr, "-s", "malloc,8m", "-f", file)
}

func squid(t *testing.T, at place, conf string) *exec.Cmd {
	conf = put(t, conf, "http_port 80 ", "http_port "+at.addr+" ", "parent 8080", "parent "+port(at.naja))
	file := filepath.Join(at.dir, "squid.conf")
	write(t, file, conf+"access_log none\ncache_log stdio:/dev/stderr\npid_filename "+at.dir+"/pid\ncoredump_dir "+at.dir+"\ncache_mem 8 MB\nshutdown_lifetime 0 seconds\n")
	return exec.Command(at.program, "-N", "-f", file)
}

func caddy(t *testing.T, at place, conf string) *exec.Cmd {
	conf = put(t, conf, "example.com {", "https://example.com:"+port(at.addr)+" {\n\tbind 127.0.0.1\n\ttls "+at.cert+" "+at.key, "127.0.0.1:8080", at.naja)
	file := filepath.Join(at.dir, "Caddyfile")
	write(t, file, "{\n\tadmin off\n\tpersist_config off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n"+conf)
	cmd := exec.Command(at.program, "run", "--adapter", "caddyfile", "--config", file)
	cmd.Env = append(os.Environ(), "HOME="+at.dir, "XDG_DATA_HOME="+at.dir, "XDG_CONFIG_HOME="+at.dir)
	return cmd
}
