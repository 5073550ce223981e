package setting_test

import (
	"slices"
	"testing"
	"time"

	"github.com/najahost/naja/internal/setting"
)

// TestTable: each line says what it has to, and nothing that goes against
// another part of it.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range setting.All() {
		if seen[s.Name] || s.Name == "" || s.Field == "" || s.Doc == "" {
			t.Errorf("%+v is there twice, or lacks something", s)
		}
		seen[s.Name] = true
		if found, ok := setting.Find(s.Name); !ok || found.Field != s.Field {
			t.Errorf("%s isn't found", s.Name)
		}
		if text, ok := s.Default.(string); ok && !s.Knows(text) {
			t.Errorf("%s can't be its default, %q", s.Name, text)
		}
		if n, ok := s.Default.(int); ok && s.Problem(int64(n), "") != "" {
			t.Errorf("%s can't be its default: %s", s.Name, s.Problem(int64(n), ""))
		}
		if _, isTime := s.Default.(time.Duration); isTime && s.Such != "" {
			t.Errorf("%s has an example that nobody sees", s.Name)
		}
		for _, need := range s.Needs {
			if !slices.Contains(setting.Needs(), need) {
				t.Errorf("%s needs %q, which nobody looks at", s.Name, need)
			}
		}
	}
	if _, ok := setting.Find("colour"); ok {
		t.Error("there is a setting colour")
	}
}
