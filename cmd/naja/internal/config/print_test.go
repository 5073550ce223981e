package config

import (
	"reflect"
	"strings"
	"testing"
)

// What is written says the same when it is read.
func TestWriteTOMLReadsBack(t *testing.T) {
	files := map[string]string{
		"defaults": "",
		"all kinds": `
trusted_proxies = ["10.0.0.0/8"]
log_level = "debug"
buffering = false
session_state = false
enable_parent_paths = false
request_queue_max = 0
sending_max = 0
queue_timeout = "0s"
queue_connection_test_time = "0s"
check_interval = "0s"
script_file_cache_size = 0
shutdown_timeout = "0s"
script_timeout = "1.5s"
script_error_message = "a \"b\" \\ \u0001 é"
default_documents = []
`,
		"made of others": "[[application]]\npath = '/'\nroot = 'a'\nscript_timeout = '20m'\nmax_request_entity = 7\n",
		"applications":   "session_timeout = '5m'\n[[application]]\npath = '/'\nroot = 'a'\nbuffering = false\n[[application]]\npath = '/b'\nroot = 'b'\nlcid = 7\nsession_cookie = 'X'\n",
	}
	for name, text := range files {
		t.Run(name, func(t *testing.T) {
			for _, origins := range []bool{false, true} {
				inFolder(t, text)
				before := mustLoad(t, Options{})
				var out strings.Builder
				if err := before.WriteTOML(&out, origins); err != nil {
					t.Fatal(err)
				}
				write(t, "out.toml", out.String())
				after, err := Load(Options{File: "out.toml"})
				if err != nil {
					t.Fatalf("%v\n%s", err, out.String())
				}
				if !reflect.DeepEqual(before.Server, after.Server) {
					t.Errorf("server:\n%+v\n%+v", before.Server, after.Server)
				}
				for i := range before.Applications {
					before.Applications[i].Logger, after.Applications[i].Logger = nil, nil
				}
				if !reflect.DeepEqual(before.Applications, after.Applications) {
					t.Errorf("applications:\n%+v\n%+v", before.Applications, after.Applications)
				}
			}
		})
	}
}

func TestWriteTOML(t *testing.T) {
	inFolder(t, "script_timeout = '100s'\n[[application]]\npath = '/b'\nroot = 'b'\nlcid = 7\n")
	c := mustLoad(t, Options{Sets: []string{"state=redis://u:hush@h/0"}, Flags: []Flag{{"--addr", "addr", ":1"}}})
	var out strings.Builder
	if err := c.WriteTOML(&out, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"addr = \":1\"  # --addr\n",
		"script_timeout = \"100s\"  # naja.toml:1\n",
		"session_timeout = \"20m\"  # default\n",
		"state = \"redis://u:xxxxx@h/0\"  # --set\n",
		"\n[[application]]\npath = \"/b\"  # naja.toml:3\nroot = \"b\"  # naja.toml:4\nsession_cookie = \"NAJASESSIONID_b\"  # default\nlcid = 7  # naja.toml:5\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("missing %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "hush") {
		t.Error("the password is written")
	}
	for _, k := range keys() {
		if !strings.Contains(out.String(), "\n"+k.name+" = ") && !strings.HasPrefix(out.String(), k.name+" = ") {
			t.Errorf("key %s is not written", k.name)
		}
	}
}

func TestMasked(t *testing.T) {
	for state, want := range map[string]string{
		"memory":                        "memory",
		"sqlite:/var/lib/x.db":          "sqlite:/var/lib/x.db",
		"redis://h:6379/0":              "redis://h:6379/0",
		"redis://:hush@h/0":             "redis://:xxxxx@h/0",
		"postgres://u:hush@h/db?a=b":    "postgres://u:xxxxx@h/db?a=b",
		"postgres://h/db?password=hush": "postgres://h/db?password=xxxxx",
		"postgres://u:hu%sh@h/db":       "postgres://xxxxx@h/db",
		"redis://hush%zz":               "redis://xxxxx",
	} {
		if got := Masked(state); got != want {
			t.Errorf("Masked(%q) = %q, want %q", state, got, want)
		}
	}
}
