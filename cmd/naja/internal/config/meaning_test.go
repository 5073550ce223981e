package config

import (
	"slices"
	"strings"
	"testing"
)

// always are the keys that mean something whatever stands beside them.
const always = `
addr admin_addr read_header_timeout read_timeout write_stall_timeout idle_timeout max_header_bytes max_connections max_address_connections max_address_requests max_address_bodies shutdown_timeout restart_timeout
tls_cert tls_key h2c trusted_proxies scheme log_format log_level log_buffer
path root buffering buffering_limit methods max_request_entity max_form_fields max_form_field_size max_upload_files upload_max_request_entity
processor_thread_max request_queue_max end_timeout queue_timeout queue_connection_test_time script_timeout script_timeout_max
ignore_vbscript_global_asa slow_log session_state session_timeout session_cookie pinned_session_max application_lock_timeout sending_max memory_limit enable_parent_paths
allow_proxy code_page lcid script_language script_error_sent_to_browser script_error_message error_page error_page_404 error_folder script_file_cache_size check_interval
default_documents static_extensions static_max_age state isolation
preload keepalive_interval hold_timeout hold_queue_max linger_timeout update_source watch
session.provider session.store session.cookie_secure session.cookie_same_site session.cookie_domain session.cookie_partitioned
mail.relay mail.password mail.allow mail.per_minute mail.recipients_max mail.size_max mail.timeout`

const longKey = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

// samples are values of the keys that need something beside them, and what that
// is: as --set has both. A second need is what the key needs as well.
var samples = map[string]struct{ value, need, and string }{
	"admin_account":     {"any", "admin_addr=127.0.0.1:0", ""},
	"admin_users":       {"users", "admin_addr=127.0.0.1:0", ""},
	"forwarded":         {"forwarded", "trusted_proxies=127.0.0.1", ""},
	"proxy_protocol":    {"true", "trusted_proxies=127.0.0.1", ""},
	"admin_show_values": {"true", "admin_addr=127.0.0.1:0", ""},
	"admin_pprof":       {"true", "admin_addr=127.0.0.1:0", ""},
	"public_url":        {"https://www.example.com", "admin_addr=127.0.0.1:0", ""},

	"durable":             {"relaxed", "state=sqlite:x.db", ""},
	"session_queue_max":   {"7", "session.store=server", "session.provider=gorilla"},
	"session_max":         {"7", "session.store=server", "session.provider=gorilla"},
	"session_renew_grace": {"7s", "session.store=server", "session.provider=gorilla"},
	"update_delete":       {"true", "update_source=a", ""},

	"worker_executable": {"x", "isolation=process", ""}, "worker_environment": {`["A=b"]`, "isolation=process", ""},
	"worker_folder": {"a", "isolation=process", ""}, "worker_user": {"nobody", "isolation=process", ""},
	"worker_memory_limit": {"536870912", "isolation=process", ""}, "worker_nice": {"1", "isolation=process", ""},
	"worker_files": {"100", "isolation=process", ""}, "worker_processors": {"1", "isolation=process", ""},
	"worker_start_timeout": {"1s", "isolation=process", ""}, "worker_shutdown_timeout": {"1s", "isolation=process", ""},
	"worker_idle_timeout": {"1m", "isolation=process", ""}, "ping_interval": {"1s", "isolation=process", ""},
	"ping_timeout": {"1s", "isolation=process", "ping_interval=30s"}, "recycle_requests": {"1", "isolation=process", ""},
	"recycle_time": {"1h", "isolation=process", ""}, "recycle_memory": {"536870912", "isolation=process", ""},
	"recycle_schedule": {`["03:30"]`, "isolation=process", ""}, "rapid_fail_crashes": {"1", "isolation=process", ""},
	"rapid_fail_interval": {"1m", "isolation=process", "rapid_fail_crashes=5"}, "rapid_fail_pause": {"1m", "isolation=process", "rapid_fail_crashes=5"},
	"suspect_deaths": {"1", "isolation=process", ""}, "suspect_pause": {"1m", "isolation=process", ""},
	"crash_page": {"/sorry.html", "isolation=process", ""}, "update_program": {"x", "isolation=process", "worker_executable=y"},

	"session.hash_key": {longKey, "session.provider=gorilla", ""}, "session.block_key": {longKey[:16], "session.provider=gorilla", ""},
	"session.old_hash_key": {longKey, "session.provider=gorilla", ""}, "session.old_block_key": {longKey[:16], "session.provider=gorilla", "session.old_hash_key=" + longKey},
	"session.lifetime": {"1h", "session.provider=scs", ""}, "session.cookie_persist": {"true", "session.provider=scs", ""},
	"session.cookie_max_age": {"720h", "session.provider=naja", ""},
	"session.cookie_host":    {"true", "session.provider=naja", ""},
}

// without gives what takes a need away, where leaving it out doesn't.
var without = map[string]string{
	"session.store=server": "session.store=cookie", "session.provider=naja": "session.provider=scs",
	"ping_interval=30s": "ping_interval=0", "rapid_fail_crashes=5": "rapid_fail_crashes=0",
}

// Every key either always means something, or is refused where it doesn't: by
// itself, in a file, in an [[application]], and by --set.
func TestEveryKeyMeansSomething(t *testing.T) {
	all := strings.Fields(always)
	for _, k := range keys() {
		s, conditional := samples[k.name]
		if conditional == slices.Contains(all, k.name) {
			t.Errorf("%s: is it for something, or for everything?", k.name)
		}
		if !conditional {
			continue
		}
		sets := func(needs ...string) []string {
			list := []string{k.name + "=" + s.value}
			for _, need := range needs {
				if need != "" {
					list = append(list, need)
				}
			}
			return list
		}
		inFolder(t, "")
		refused := func(what string, list []string) {
			t.Helper()
			_, err := Load(Options{Sets: list})
			if err == nil || !strings.HasPrefix(err.Error(), "--set "+k.name+": ") {
				t.Errorf("%s %s: %v", k.name, what, err)
			}
		}
		if instead := without[s.need]; instead != "" {
			refused("with "+instead, sets(instead, s.and))
		} else {
			refused("without "+s.need, sets())
		}
		if gone := without[s.and]; gone != "" {
			refused("with "+gone, sets(s.need, gone))
		}
		c, err := Load(Options{Sets: sets(s.need, s.and)})
		if err != nil {
			t.Errorf("%s with %s %s: %v", k.name, s.need, s.and, err)
			continue
		}
		base, err := plainApplication()
		if err != nil {
			t.Fatal(err)
		}
		server := defaultServer()
		if same(k, target{server: &c.Server, app: &c.defaults}, target{server: &server, app: &base}) {
			t.Errorf("%s: %s is its default", k.name, s.value)
		}
	}
}

func TestMeaningByApplication(t *testing.T) {
	const two = "[[application]]\npath = '/'\nroot = 'a'\n"
	for _, test := range []struct{ name, file, want string }{
		{"top level, nobody", "worker_nice = 5\n" + two, "naja.toml:1: worker_nice: means nothing here; it is for isolation = \"process\""},
		{"top level, one of two", "worker_nice = 5\n" + two + "[[application]]\npath = '/x'\nroot = 'b'\nisolation = 'process'", ""},
		{"the other's own", two + "worker_nice = 5\n[[application]]\npath = '/x'\nroot = 'b'\nisolation = 'process'", "naja.toml:4: worker_nice: means nothing here; ..."},
		{"its default", "worker_nice = 0\ndurable = 'strict'\nadmin_pprof = false\nsession.cookie_persist = false", ""},
		{"another provider's", two + "[application.session]\ncookie_persist = true", "naja.toml:5: session.cookie_persist: means nothing here; it is for session.provider = \"scs\" or \"gorilla\"; ..."},
		{"same site", "session.cookie_same_site = 'none'", "naja.toml:1: session.cookie_same_site: browsers refuse \"none\" without session.cookie_secure = true"},
		{"partitioned, of scs", "session = {provider = 'scs', cookie_partitioned = true}", "naja.toml:1: session.cookie_partitioned: browsers refuse it without session.cookie_secure = true"},
		{"public suffix", "session.cookie_domain = 'co.uk'", "naja.toml:1: session.cookie_domain: \"co.uk\" is a public suffix, ..."},
		{"of a host", "session.cookie_domain = '.github.io'", "naja.toml:1: session.cookie_domain: \".github.io\" is a public suffix, ..."},
		{"no domain", "session.cookie_domain = 'localhost'", "naja.toml:1: session.cookie_domain: \"localhost\" is a name without a dot, ..."},
		{"a prefix, of gorilla", "session_cookie = '__Host-s'\nsession = {provider = 'gorilla', hash_key = '" + longKey + "'}", "naja.toml:1: session_cookie: browsers refuse \"__Host-s\" without ..."},
		{"a prefix, over TLS alone", "session_cookie = '__Host-s'\nsession.cookie_secure = true", ""},
		{"an application's", two + "session_cookie = '__Secure-s'\n[application.session]\ncookie_secure = true", ""},
		{"another's, over TLS alone", "session_cookie = '__Host-s'\nsession = {provider = 'scs', cookie_secure = true}", ""},
		{"an address", "session.cookie_domain = '127.0.0.1'", "naja.toml:1: session.cookie_domain: \"127.0.0.1\" is an address, ..."},
		{"age", "session.cookie_max_age = '10000h'", "naja.toml:1: session.cookie_max_age: ..."},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, test.file)
			_, err := Load(Options{})
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			requireError(t, err, test.want)
		})
	}
	inFolder(t, "worker_nice = 5\n"+two+"isolation = 'process'")
	if _, err := Load(Options{Dir: "b"}); err != nil { // whose top level is for others
		t.Error(err)
	}
	_, err := Load(Options{Dir: "b", Sets: []string{"worker_nice=4"}})
	requireError(t, err, "--set worker_nice: means nothing here; ...")
}

// naja's own cookie has the attributes that the file says.
func TestOwnCookie(t *testing.T) {
	inFolder(t, "[session]\ncookie_same_site = 'none'\ncookie_secure = true\ncookie_domain = 'example.com'\ncookie_partitioned = true\ncookie_max_age = '24h'")
	app := mustLoad(t, Options{}).Applications[0]
	if !app.SessionCookieSecure || !app.SessionCookiePartitioned || app.SessionCookieSameSite != app.Session.Site() ||
		app.SessionCookieDomain != "example.com" || app.SessionCookieMaxAge.Hours() != 24 {
		t.Errorf("%+v", app.Config)
	}
	inFolder(t, "session = {provider = 'scs', cookie_same_site = 'strict', cookie_domain = 'example.com'}")
	if app := mustLoad(t, Options{}).Applications[0]; app.SessionCookieDomain != "" { // which the engine would refuse
		t.Errorf("%+v", app.Config)
	}
}
