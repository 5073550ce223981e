package config

import (
	"errors"
	"strings"
	"testing"
)

func TestErrors(t *testing.T) {
	const apps = "[[application]]\npath = '/'\nroot = 'a'\n"
	tests := []struct{ name, file, want string }{
		{"unknown key", "\n\nbufering_limit = 1", "naja.toml:3: bufering_limit: unknown key; did you mean buffering_limit?"},
		{"key like no other", "colour = 1", "naja.toml:1: colour: unknown key; 'naja config' shows all keys"},
		{"odd key", "\"a\\nb\" = 1", `naja.toml:1: "a\nb": unknown key; 'naja config' shows all keys`},
		{"dotted key", "addr.port = 1", `naja.toml:1: addr: this is a table; want HOST:PORT, such as "127.0.0.1:8080"`},
		{"text for a number", `buffering_limit = "4MB"`, `naja.toml:1: buffering_limit: "4MB" is a text; want a whole number of bytes, such as 4194304`},
		{"fraction for a number", `lcid = 1.5`, `naja.toml:1: lcid: 1.5 is a number with a fraction; want the number of a locale, such as 1033`},
		{"number for a duration", "session_timeout = 20", `naja.toml:1: session_timeout: 20 is a number; want a duration with its unit, such as "20m"`},
		{"no duration", `session_timeout = "20"`, `naja.toml:1: session_timeout: "20" is not a duration; want a duration with its unit, such as "20m"`},
		{"negative duration", `session_timeout = "-1m"`, `naja.toml:1: session_timeout: can't be below 0; want a duration with its unit, such as "20m"`},
		{"no time at all", `script_timeout = "0s"`, `naja.toml:1: script_timeout: can't be 0; want a duration with its unit, such as "90s"`},
		{"negative number", `request_queue_max = -1`, `naja.toml:1: request_queue_max: can't be below 0; want a whole number, such as 100`},
		{"zero", `processor_thread_max = 0`, `naja.toml:1: processor_thread_max: can't be 0; want a whole number, such as 100`},
		{"number for a truth", `buffering = 1`, `naja.toml:1: buffering: 1 is a number; want true or false`},
		{"text for a list", `default_documents = "a.asp"`, `naja.toml:1: default_documents: "a.asp" is a text; want a list of file names, such as ["default.asp"]`},
		{"list of numbers", `default_documents = [1]`, `naja.toml:1: default_documents: 1 in it is no text; want a list of file names, such as ["default.asp"]`},
		{"date", `addr = 2001-01-01`, `naja.toml:1: addr: this is a date; want HOST:PORT, such as "127.0.0.1:8080"`},
		{"address", `addr = "localhost"`, `naja.toml:1: addr: "localhost" is not an address with a port; want HOST:PORT, such as "127.0.0.1:8080"`},
		{"port", `addr = ":99999"`, `naja.toml:1: addr: ":99999" is not an address with a port; want HOST:PORT, such as "127.0.0.1:8080"`},
		{"format", `log_format = "xml"`, `naja.toml:1: log_format: "xml" is unknown; want "text" or "json"`},
		{"level", `log_level = "loud"`, `naja.toml:1: log_level: "loud" is unknown; want "debug", "info", "warn" or "error"`},
		{"proxy", `trusted_proxies = ["proxy"]`, `naja.toml:1: trusted_proxies: "proxy" is not an address or a network; want a list of addresses or networks, such as ["127.0.0.1", "10.0.0.0/8"]`},
		{"language", "script_language = 'VBScript'", `naja.toml:1: script_language: "VBScript" is unknown; want "JavaScript" or "JScript"`},
		{"h2c beside TLS", "h2c = true\ntls_cert = 'c.pem'\ntls_key = 'k.pem'", "naja.toml:1: h2c: is HTTP/2 without TLS, and there is tls_cert, which has HTTP/2 by itself"},
		{"half of TLS", "tls_key = 'k.pem'", "naja.toml:1: tls_key: needs tls_cert beside it"},

		{"twice", "addr = ':1'\n# between\n\naddr = ':2'", "naja.toml:4: addr: is already set in line 1; keep one of the two"},
		{"twice in a table", "lcid = 1\n" + apps + "root = 'b'", "naja.toml:5: root: is already set in line 4; keep one of the two"},
		{"no quotes", "addr = localhost:80", `naja.toml:1: addr: a text stands in quotes: addr = "localhost:80"`},
		{"no quotes, like a number", "addr = 127.0.0.1:0 # any", `naja.toml:1: addr: a text stands in quotes: addr = "127.0.0.1:0"`},
		{"no quotes, like a date", "addr = 1:2", `naja.toml:1: addr: a text stands in quotes: addr = "1:2"`},
		{"no quotes, like a list", "admin_addr = [::1]:80", `naja.toml:1: admin_addr: a text stands in quotes: admin_addr = "[::1]:80"`},
		{"no quotes, like infinity", "log_level = info", `naja.toml:1: log_level: a text stands in quotes: log_level = "info"`},
		{"no quotes, a duration", "lcid = 1\nscript_timeout = 30s", `naja.toml:2: script_timeout: a text stands in quotes: script_timeout = "30s"`},
		{"no quotes, a path", apps + "error_page = /e.asp", `naja.toml:4: error_page: a text stands in quotes: error_page = "/e.asp"`},
		{"no quotes, in a list", "static_extensions = [.css, png]", `naja.toml:1: static_extensions: a text stands in quotes: static_extensions = [".css", "png"]`},
		{"no quotes, in a list of lines", "static_extensions = [\n  '.html', # pages\n  .css,\n]\nlcid = 1", `naja.toml:3: static_extensions: a text stands in quotes: ".css"`},
		{"no quotes, among others of a line", "methods = [\n  'GET', PUT\n]", `naja.toml:2: methods: a text stands in quotes: "PUT"`},
		{"a list of lines that is wrong otherwise", "methods = [\n  'GET' 'PUT'\n]", `naja.toml:2: methods: expected a comma (',') or array terminator (']'), but got '''`},
		{"no quotes, like times", "recycle_schedule = [03:30]", `naja.toml:1: recycle_schedule: a time in it is no text; want a list of times of day, such as ["03:30"]`},
		{"a list in a list", "methods = [['GET']]", `naja.toml:1: methods: a list in it is no text; want a list of methods, such as ["GET", "POST", "PUT"]`},
		{"no quotes, no list", "default_documents = a.asp", `naja.toml:1: default_documents: a text stands in quotes: default_documents = ["a.asp"]`},
		{"no quotes, in a table", "[session]\nprovider = scs", `naja.toml:2: session.provider: a text stands in quotes: session.provider = "scs"`},
		{"no quotes, a secret", "[session]\nhash_key = secret" + strings.Repeat("h", 32), `naja.toml:2: session.hash_key: a text stands in quotes: session.hash_key = "xxxxx"`},
		{"no quotes, a password", "state = redis://u:secret@h/0", `naja.toml:1: state: a text stands in quotes: state = "redis://u:xxxxx@h/0"`},
		{"no quotes, and wrong", "addr = localhost", `naja.toml:1: addr: "localhost" is not an address with a port; want HOST:PORT, such as "127.0.0.1:8080"; a text stands in quotes`},
		{"no quotes, and unknown", "adr = 1.2.3.4:5", "naja.toml:1: adr: unknown key; did you mean addr?"},
		{"other quotes", "addr = “:80”", `naja.toml:1: addr: a text stands in quotes: addr = ":80"`},
		{"a path of Windows", `tls_cert = "C:\users\c.pem"`, `naja.toml:1: tls_cert: in "…" a \ begins an escape; write it between '…', where it doesn't`},
		{"a colon", `addr: ":80"`, `naja.toml:1: expected '.' or '=', but got ':' instead; a setting is KEY = VALUE`},
		{"a word for a truth", "buffering = yes", `naja.toml:1: buffering: "yes" can't be used; want true or false`},
		{"a unit for a number", "lcid = 1033x", `naja.toml:1: lcid: "1033x" can't be used; want the number of a locale, such as 1033`},
		{"a number for a text", "session_cookie = 123", `naja.toml:1: session_cookie: 123 is a number; want a cookie's name, in quotes`},
		{"no value", "addr =\nlcid = 1", `naja.toml:1: addr: expected value but found '\n' instead; a text stands in quotes`},
		{"two on a line", "lcid = 1 2", `naja.toml:1: lcid: "1 2" can't be used; want the number of a locale, such as 1033`},

		{"single table", "[application]\npath = '/'", "naja.toml:1: application: is one table; write [[application]], once for each"},
		{"application as text", "application = 'a'", "naja.toml:1: application: is not a list of tables; write [[application]], once for each"},
		{"unknown table", "\n[server]\naddr = ':1'", "naja.toml:2: server: unknown table; the server's keys stand at the top, an application's in [[application]]"},
		{"server key below", apps + "addr = ':1'", "naja.toml:4: addr: is a key of the server; write it above the first [[application]]"},
		{"application key above", "root = 'a'\n" + apps, "naja.toml:1: root: is a key of an application; write it in its [[application]] in the file"},
		{"unknown in a table", apps + "rot = 'a'", "naja.toml:4: rot: unknown key; did you mean root?"},
		{"second table", apps + "[[application]]\n\npath = 1", `naja.toml:6: path: 1 is a number; want a URL prefix, such as "/" or "/shop"`},
		{"table in a table", apps + "[application.session]\ntimeout = 1", "naja.toml:5: session.timeout: unknown key; did you mean session_timeout?"},
		{"wrong in an inline table", "application = [\n{path = '/', root = 1}]", "naja.toml:1: root: 1 is a number; want the folder that holds the site, in quotes"},

		{"no root", "[[application]]\npath = '/'", `naja.toml:1: root: is missing in this [[application]]; want root = "the folder that holds the site"`},
		{"no path", "lcid = 1\n[[application]]\nroot = 'a'", `naja.toml:2: path: is missing in this [[application]]; want path = "/" or a prefix such as "/shop"`},
		{"no such root", "[[application]]\npath = '/'\nroot = 'c'", `naja.toml:3: root: "c" is not a folder that exists`},
		{"root is a file", "[[application]]\npath = '/'\nroot = 'naja.toml'", `naja.toml:3: root: "naja.toml" is not a folder that exists`},
		{"relative path", "[[application]]\npath = 'shop'\nroot = 'a'", `naja.toml:2: path: "shop" is not a URL prefix; want a URL prefix, such as "/" or "/shop"`},
		{"path ends in a slash", "[[application]]\npath = '/shop/'\nroot = 'a'", `naja.toml:2: path: "/shop/" is not a URL prefix; want a URL prefix, such as "/" or "/shop"`},
		{"same path", apps + apps, `naja.toml:5: path: "/" is already the path of another [[application]] (naja.toml:2)`},
		{"same cookie", "session_cookie = 'S'\n" + apps + "[[application]]\npath = '/x'\nroot = 'b'", `naja.toml:1: session_cookie: "S" is the cookie of / and of /x below the same path; give each [[application]] one of its own`},

		// What the engine checks is told with its place as well. The words
		// are its own.
		{"engine, top level", "lcid = 1\nscript_timeout_max = '5s'", "naja.toml:2: script_timeout_max: ..."},
		{"engine, own key", apps + "script_timeout_max = '5s'", "naja.toml:4: script_timeout_max: ..."},
		{"engine, extension", "static_extensions = ['.asp']", `naja.toml:1: static_extensions: ".asp" ...`},
		{"state", "state = 'mysql://u:secret@h/'", "naja.toml:1: state: is none that there is; want \"memory\", ..."},
		{"session, unknown key", "[session]\nprovide = 'scs'", "naja.toml:2: session.provide: unknown key; did you mean session.provider?"},
		{"session, unknown provider", "[session]\nprovider = 'redis'", `naja.toml:2: session.provider: "redis" is unknown; want "naja", "scs" or "gorilla"`},
		{"session, no table", "session = 'scs'", "naja.toml:1: session: is a table; write [session] and its keys below"},
		{"session, short key", "[session]\nhash_key = 'hush'", "naja.toml:2: session.hash_key: is too short: it has 4 bytes; want 32 or more, ..."},
		{"session, short hex", "session.hash_key = 'hex:" + strings.Repeat("00", 31) + "'", "naja.toml:1: session.hash_key: is too short: it has 31 bytes; ..."},
		{"session, bad hex", "session.hash_key = 'hex:zz'", "naja.toml:1: session.hash_key: isn't what \"hex:\" ..."},
		{"session, block key", "session = {block_key = '" + strings.Repeat("b", 31) + "'}", "naja.toml:1: session.block_key: has 31 bytes; want 16, 24 or 32, ..."},
		{"session, of an application", apps + "[application.session]\nprovider = 'scs'\nstore = 'cookie'", `naja.toml:6: session.store: "cookie" is for session.provider = "gorilla" alone`},
		{"session, same site", "[session]\nprovider = 'scs'\ncookie_same_site = 'none'", `naja.toml:3: session.cookie_same_site: browsers refuse "none" without session.cookie_secure = true`},
		{"session, an old block key", "[session]\nprovider = 'gorilla'\nhash_key = '" + strings.Repeat("h", 32) + "'\nold_block_key = '" + strings.Repeat("b", 16) + "'", "naja.toml:4: session.old_block_key: needs session.old_hash_key beside it"},
		{"state without a file", "state = 'sqlite:'", "naja.toml:1: state: ..."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, test.file)
			_, err := Load(Options{})
			requireError(t, err, test.want)
		})
	}
}

func TestCommandLineErrors(t *testing.T) {
	set := func(sets ...string) Options { return Options{Sets: sets} }
	tests := []struct {
		name string
		opts Options
		want string
	}{
		{"no value", set("addr"), `--set: "addr" has no value; want KEY=VALUE`},
		{"unknown", set("adr=1"), "--set adr: unknown key; did you mean addr?"},
		{"no key", set("=1"), "--set: unknown key; 'naja config' shows all keys"},
		{"number", set("lcid=abc"), `--set lcid: "abc" can't be used; want the number of a locale, such as 1033`},
		{"two values", set("lcid=1\naddr=':1'"), `--set lcid: "1\naddr=':1'" can't be used; want the number of a locale, such as 1033`},
		{"duration", set("script_timeout=90"), `--set script_timeout: "90" is not a duration; want a duration with its unit, such as "90s"`},
		{"application key", set("root=a"), "--set root: is a key of an application; write it in its [[application]] in the file"},
		{"application", set("application=[]"), "--set application: is a table; write [[application]] in the file"},
		{"engine", set("error_page=x.html"), `--set error_page: "x.html" ...`},
		{"flag", Options{Flags: []Flag{{"--addr", "addr", "x"}}}, `--addr: "x" is not an address with a port; want HOST:PORT, such as "127.0.0.1:8080"`},
		{"isolation", Options{Flags: []Flag{{"--isolation", "isolation", "high"}}}, `--isolation: "high" is unknown; want "in-process" or "process"`},
		{"no file", Options{File: "no.toml"}, "no.toml: no such file or directory"},
		{"no folder", Options{Dir: "c"}, `DIR: "c" is not a folder that exists`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, "")
			_, err := Load(test.opts)
			requireError(t, err, test.want)
		})
	}
}

// requireError compares the whole text, or its start if want ends in "...".
func requireError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", want)
	}
	if _, ok := errors.AsType[*Error](err); !ok {
		t.Errorf("error is a %T, want *Error", err)
	}
	start, open := strings.CutSuffix(want, "...")
	if got := err.Error(); got != want && !(open && strings.HasPrefix(got, start)) || strings.Contains(got, "secret") {
		t.Errorf("error:\n got %s\nwant %s", got, want)
	}
}

// Bad is what a caller reports with: it must find the line again.
func TestBad(t *testing.T) {
	inFolder(t, "admin_addr = ':1'\nisolation = 'process'\n[[application]]\npath = '/'\nroot = 'a'\n[[application]]\npath = '/b'\nroot = 'b'\nisolation = 'process'")
	c := mustLoad(t, Options{})
	requireError(t, c.Bad(0, "isolation", "no."), "naja.toml:2: isolation: no.")
	requireError(t, c.Bad(1, "isolation", "no."), "naja.toml:9: isolation: no.")
	requireError(t, c.BadServer("admin_addr", "no."), "naja.toml:1: admin_addr: no.")
	if !strings.HasPrefix(c.Bad(0, "state", "no.").Error(), "default: state") {
		t.Errorf("a default's error: %v", c.Bad(0, "state", "no."))
	}
}
