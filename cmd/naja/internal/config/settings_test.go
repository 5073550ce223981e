package config

import (
	"strings"
	"testing"
)

// TestSettings: what the console shows is what 'naja config' writes.
func TestSettings(t *testing.T) {
	inFolder(t, "script_timeout = '30s'\nstate = 'redis://u:hush@host/0'\nadmin_pprof = true\nadmin_addr = ':0'\n"+
		"[[application]]\npath = '/shop'\nroot = 'a'\nlcid = 1031\n")
	cfg := mustLoad(t, Options{})
	var text strings.Builder
	if err := cfg.WriteTOML(&text, false); err != nil {
		t.Fatal(err)
	}
	all := cfg.Settings()
	for _, s := range all {
		if line := s.Name + " = " + s.Value + "\n"; !strings.Contains(text.String(), line) {
			t.Errorf("%+v isn't what is written", s)
		}
		if strings.Contains(s.Value, "hush") {
			t.Errorf("%+v shows a secret", s)
		}
	}
	if lines := strings.Count(text.String(), " = "); lines != len(all) {
		t.Errorf("%d settings, %d are written", len(all), lines)
	}
	want := map[string]string{"script_timeout": `"30s"`, "admin_pprof": "true", "lcid": "1031"}
	for _, s := range all {
		if s.Value == want[s.Name] && s.Origin != "" && (s.Application == "/shop") == (s.Name == "lcid") {
			delete(want, s.Name)
		}
	}
	if len(want) > 0 {
		t.Errorf("%v aren't there with their origin", want)
	}
}
