package main

import (
	"strings"
	"testing"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// TestBackends: each row is found by a setting of its form, and what isn't in
// the table is refused with what is.
func TestBackends(t *testing.T) {
	for _, row := range backends() {
		setting := strings.Replace(row.form, "PATH", "some.db", 1)
		b, at, ok := backendOf(setting)
		if !ok || b.form != row.form || at != config.PlaceOf(setting) || unavailable(setting) != "" {
			t.Errorf("%s: %+v, %+v, %q", setting, b.form, at, unavailable(setting))
		}
		if b.tend != nil && b.open == nil {
			t.Errorf("%s is looked after but never opened", setting)
		}
	}
	for _, setting := range []string{"redis://:hush@host/0", "postgres://host/db", "memory:", ""} {
		why := unavailable(setting)
		if !strings.HasSuffix(why, ` is not available in this version; want "memory" or "sqlite:PATH"`) || strings.Contains(why, "hush") {
			t.Errorf("%q: %q", setting, why)
		}
	}
}
