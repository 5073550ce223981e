package config

import (
	"path/filepath"
	"testing"
)

func TestPlace(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for state, want := range map[string]struct{ scheme, in, absolute string }{
		"memory":              {"memory", "memory", "memory"},
		"sqlite:a.db":         {"sqlite", "sqlite:" + filepath.Join("conf", "a.db"), "sqlite:" + filepath.Join(here, "a.db")},
		"sqlite:../a:b.db":    {"sqlite", "sqlite:" + "a:b.db", "sqlite:" + filepath.Join(here, "..", "a:b.db")},
		"sqlite:/var/a.db":    {"sqlite", "sqlite:/var/a.db", "sqlite:/var/a.db"},
		"redis://:pw@h:1/0":   {"redis", "redis://:pw@h:1/0", "redis://:pw@h:1/0"},
		"postgresql://h/d?a=": {"postgresql", "postgresql://h/d?a=", "postgresql://h/d?a="},
	} {
		p := PlaceOf(state)
		absolute, err := p.Absolute()
		if err != nil || checkState(state) != nil || p.String() != state || p.Scheme != want.scheme || p.In("conf").String() != want.in || absolute.String() != want.absolute {
			t.Errorf("%s: %+v, in a folder %s, absolute %s, %v", state, p, p.In("conf"), absolute, err)
		}
	}
	for _, state := range []string{"", "memory:", "memory://", "Memory", "sqlite", "sqlite:", "redis:x", "redis", "postgres:/x", "file:a.db", ":"} {
		if checkState(state) == nil {
			t.Errorf("%q is taken", state)
		}
	}
}
