package config

import (
	"os"
	"reflect"
	"testing"
)

func TestAgain(t *testing.T) {
	inFolder(t, "log_level = 'info'\nscript_timeout = '30s'\n[[application]]\npath = '/'\nroot = 'a'\n[[application]]\npath = '/shop'\nroot = 'b'\n")
	first := mustLoad(t, Options{Sets: []string{"lcid=1031"}})
	write(t, DefaultFile, "log_level = 'warn'\nscript_timeout = '40s'\nlcid = 1036\n[[application]]\npath = '/'\nroot = 'b'\nscript_timeout = '30s'\n"+
		"[[application]]\npath = '/shop'\nroot = 'b'\n[[application]]\npath = '/new'\nroot = 'a'\n")
	next, err := first.Again()
	if err != nil {
		t.Fatal(err)
	}
	server, applications := first.Differences(next)
	want := map[string][]string{"/": {"root"}, "/shop": {"script_timeout"}}
	if !reflect.DeepEqual(server, []string{"log_level"}) || !reflect.DeepEqual(applications, want) {
		t.Errorf("%q, %q", server, applications)
	}
	if server, applications := next.Differences(next); len(server)+len(applications) > 0 {
		t.Errorf("a configuration differs from itself: %q, %q", server, applications)
	}
	if err := os.WriteFile(DefaultFile, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Again(); err == nil {
		t.Error("rubbish is read")
	}
}
