package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documented are the keys of the design, so that none is left out by being
// forgotten in keys.
const documented = `
addr admin_addr admin_account admin_users read_header_timeout read_timeout write_stall_timeout idle_timeout max_header_bytes shutdown_timeout
tls_cert tls_key trusted_proxies log_format log_level
path root buffering buffering_limit methods max_request_entity max_form_fields max_form_field_size max_upload_files upload_max_request_entity
processor_thread_max request_queue_max session_queue_max queue_timeout queue_connection_test_time script_timeout script_timeout_max
session_state session_timeout session_max session_cookie pinned_session_max application_lock_timeout sending_max memory_limit enable_parent_paths
allow_proxy code_page lcid script_language script_error_sent_to_browser script_error_message error_page error_page_404 script_file_cache_size check_interval
default_documents static_extensions state durable isolation`

// badText is what can't be a value of a key, by the type of what it has.
var badText = map[string][]string{
	"string":   {`1`, `1.5`, `true`, `2001-01-01`, `[]`, `["a"]`, `{}`, `{a = 1}`, `inf`, `1979-05-27T07:32:00Z`},
	"int64":    {`"1"`, `""`, `1.5`, `1e3`, `nan`, `inf`, `-inf`, `true`, `"4MB"`, `[1]`, `{}`, `07:32:00`, `-1`, `-9223372036854775808`, `9223372036854775807`, `0x7fffffffffffffff`},
	"duration": {`1`, `0`, `1.5`, `true`, `""`, `"1"`, `"90"`, `"s"`, `"1 s"`, `"1d"`, `"1s2"`, `"-1s"`, `"-1ns"`, `"9999999999h"`, `"2562047h47m16.854775807s"`, `"100000h"`, `"1e3s"`, `"infs"`, `"٣s"`, `["1s"]`, `{}`},
	"bool":     {`"true"`, `1`, `0`, `"yes"`, `""`, `[true]`, `{}`, `1.0`, `2001-01-01`},
	"[]string": {`"a"`, `1`, `true`, `[1]`, `["a", 1]`, `[["a"]]`, `[true]`, `{}`, `[{}]`},
}

// impossible are values of the right type that a key can't have.
var impossible = map[string][]string{
	"addr": {`""`, `"localhost"`, `":http"`, `":65536"`, `":-1"`, `"a:b:1"`}, "admin_addr": {`"localhost"`, `":65536"`}, "log_format": {`""`, `"xml"`}, "log_level": {`""`, `"loud"`},
	"trusted_proxies": {`["10.0.0.0/33"]`, `["x"]`, `[""]`, `["10.0.0.1:80"]`},
	"path":            {`""`, `"shop"`, `"/shop/"`, `"/a/../b"`, `"/a//b"`, `"/a%20"`, `"/a?b"`, `"/a#b"`, `"/a;b"`, `"/a:b"`, `'/a\b'`}, "root": {`""`, `"missing"`, `"a/missing"`},
	"read_header_timeout": {`"0s"`}, "read_timeout": {`"0s"`}, "write_stall_timeout": {`"0s"`}, "idle_timeout": {`"0s"`}, "max_header_bytes": {`0`, `4294967296`},
	"buffering_limit": {`0`}, "max_request_entity": {`0`}, "max_form_fields": {`0`}, "max_form_field_size": {`0`}, "processor_thread_max": {`0`, `100001`, `4294967296`},
	"request_queue_max": {`4294967296`}, "script_timeout": {`"0s"`, `"0"`}, "script_timeout_max": {`"0s"`, `"1s"`}, "session_timeout": {`"0s"`}, "session_max": {`0`},
	"session_cookie": {`""`, `"a b"`, `"a=b"`, `"a;b"`, `"ä"`, `"a\nb"`}, "application_lock_timeout": {`"0s"`}, "code_page": {`0`, `1`, `99999`, `1200`}, "lcid": {`0`, `1048576`},
	"script_language": {`""`, `"VBScript"`, `"Java"`}, "script_error_message": {`""`}, "error_page": {`"/error.html"`, `"/x.inc"`}, "error_page_404": {`"/404.htm"`},
	"methods":           {`[]`, `[""]`, `["GET, POST"]`, `["get"]`, `["Options"]`, `["TRACE"]`, `["connect"]`, `["PRI"]`, `["PUT "]`, `["PÜT"]`, `["A/B"]`, `["GET", "A\nB"]`},
	"default_documents": {`[""]`, `["a/b.asp"]`, `[".."]`, `['a\b']`}, "static_extensions": {`[".asp"]`, `["inc"]`, `[".DB"]`, `["."]`, `["a.b"]`, `["a/b"]`},
	"state": {`""`, `"memory:"`, `"memory://"`, `"sqlite"`, `"sqlite:"`, `"mysql://x"`, `"redis"`}, "durable": {`""`, `"maybe"`}, "isolation": {`""`, `"thread"`},
}

// typeOf is the type of a key's value.
func typeOf(t *testing.T, k key, c *Config) string {
	t.Helper()
	v := k.get(target{server: &c.Server, app: &c.Applications[0]})
	if text, ok := v.(string); ok {
		if regexp.MustCompile(`^(\d+h)?(\d+m)?[\d.]+(h|m|s|ms|µs|ns)$`).MatchString(text) {
			return "duration"
		}
	}
	return fmt.Sprintf("%T", v)
}

// settings are the keys that take one value each, by name.
func settings(t *testing.T) map[string]key {
	t.Helper()
	all := map[string]key{}
	for _, k := range keys() {
		if slices.Contains(strings.Fields(documented), k.name) {
			all[k.name] = k
		}
	}
	for _, name := range strings.Fields(documented) {
		if _, ok := all[name]; !ok {
			t.Errorf("there is no key %s", name)
		}
	}
	return all
}

// file is a configuration in which a line stands where its key may; the line
// is its fifth, or the ninth of an application's.
func (s scope) file(line string) (text string, at int) {
	const application = "[[application]]\npath = '/'\nroot = 'a'\n"
	if s == forTable {
		rest := map[bool]string{true: "root = 'b'", false: "path = '/b'"}[strings.HasPrefix(line, "path")]
		return "# one\n# two\n" + application + "[[application]]\n" + rest + "\n" + line + "\n", 8
	}
	return "# one\n# two\n# three\n\n" + line + "\n" + application, 5
}

// TestEveryKeyRefusesWhatItCannotBe: each wrong type, and each value that is
// impossible, with the file, the line, the key and what would be right.
func TestEveryKeyRefusesWhatItCannotBe(t *testing.T) {
	inFolder(t, "")
	defaults := mustLoad(t, Options{})
	tried := 0
	for name, k := range settings(t) {
		kind := typeOf(t, k, defaults)
		if len(badText[kind]) == 0 {
			t.Errorf("%s has values of type %s", name, kind)
		}
		for _, value := range append(slices.Clone(badText[kind]), impossible[name]...) {
			if value == `""` && kind == "string" && !slices.Contains(impossible[name], value) {
				continue
			}
			tried++
			text, at := k.scope.file(name + " = " + value)
			refuses(t, text, at, name, value)
			if k.scope == forBoth { // in an application of its own, too
				refuses(t, "[[application]]\npath = '/'\nroot = 'a'\n"+name+" = "+value+"\n", 4, name, value)
			}
		}
	}
	t.Logf("%d values refused", tried)
}

// refuses checks that the file is refused at a line for a key.
func refuses(t *testing.T, text string, at int, name, value string) {
	t.Helper()
	write(t, DefaultFile, text)
	c, err := Load(Options{})
	if err == nil {
		t.Errorf("%s = %s is taken: %+v", name, value, c.Applications[0])
		return
	}
	got := err.Error()
	where := fmt.Sprintf("naja.toml:%d: %s: ", at, name)
	if !strings.HasPrefix(got, where) || strings.Contains(got, "\n") || len(got) < len(where)+8 {
		t.Errorf("%s = %s: %s; want %s…", name, value, got, where)
	}
}

// TestEveryKeyOnceOnly: a key that is given twice is refused with both lines,
// and so is one that stands where it can't.
func TestEveryKeyOnceOnly(t *testing.T) {
	inFolder(t, "")
	defaults := mustLoad(t, Options{})
	for name, k := range settings(t) {
		good := map[string]string{"string": `"x"`, "int64": `7`, "duration": `"7s"`, "bool": `true`, "[]string": `["a"]`}[typeOf(t, k, defaults)]
		text, at := k.scope.file(name + " = " + good + "\n" + name + " = " + good)
		write(t, DefaultFile, text)
		_, err := Load(Options{})
		if want := fmt.Sprintf("naja.toml:%d: %s: is already set in line %d; keep one of the two", at+1, name, at); err == nil || err.Error() != want {
			t.Errorf("twice: %v; want %s", err, want)
		}
		if k.scope == forServer {
			refuses(t, "[[application]]\npath = '/'\nroot = 'a'\n"+name+" = "+good+"\n", 4, name, good)
		}
		if k.scope == forTable {
			refuses(t, name+" = "+good+"\n", 1, name, good)
		}
		misspelt := name[:1] + "_" + name[1:]
		text, at = k.scope.file(misspelt + " = " + good)
		refuses(t, text, at, misspelt, good)
		for _, odd := range []string{strings.ToUpper(name), name + "2", `"` + name + ` "`, name + ".x"} {
			text, at := k.scope.file(odd + " = " + good)
			write(t, DefaultFile, text)
			if _, err := Load(Options{}); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("naja.toml:%d: ", at)) {
				t.Errorf("%s: %v", odd, err)
			}
		}
		if _, err := Load(Options{Sets: []string{name + "2=" + good}}); err == nil {
			t.Errorf("--set %s2 is taken", name)
		}
	}
}
