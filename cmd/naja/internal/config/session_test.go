package config

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestSession(t *testing.T) {
	long := strings.Repeat("k", 32)
	load := func(t *testing.T, file string, sets ...string) *Config {
		t.Helper()
		inFolder(t, file)
		c, err := Load(Options{Sets: sets})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	t.Run("default", func(t *testing.T) {
		if s := load(t, "").Applications[0].Session; s != (Session{Provider: "naja", Store: "server", Lifetime: 24 * time.Hour, SameSite: "lax"}) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("set", func(t *testing.T) {
		s := load(t, "", "session.provider=gorilla", "session.hash_key="+long, "session.block_key=base64:AAAAAAAAAAAAAAAAAAAAAA==", "session.store=cookie").Applications[0].Session
		block, err := s.BlockKey.Bytes()
		if s.Provider != "gorilla" || s.Store != "cookie" || string(s.HashKey) != long || len(block) != 16 || err != nil {
			t.Errorf("%+v", s)
		}
	})
	t.Run("environment", func(t *testing.T) {
		t.Setenv(hashKeyVariable, long)
		if s := load(t, "session.provider = 'gorilla'").Applications[0].Session; string(s.HashKey) != long {
			t.Errorf("%+v", s)
		}
		var out bytes.Buffer
		if err := load(t, "session.provider = 'gorilla'").WriteTOML(&out, false); err != nil || !strings.Contains(out.String(), "[[application]]") ||
			!strings.Contains(out.String(), `session.hash_key = "xxxxx"`) {
			t.Errorf("%v\n%s", err, out.String())
		}
		t.Setenv(hashKeyVariable, "")
		c := load(t, "[session]\nprovider = 'gorilla'") // which 'naja state' can do without a key
		requireError(t, c.RequireKeys(), "naja.toml:2: session.hash_key: is missing, and so is NAJA_SESSION_HASH_KEY in the environment; want 32 bytes or more ...")
		t.Setenv(hashKeyVariable, "short")
		inFolder(t, "session.provider = 'gorilla'")
		_, err := Load(Options{})
		requireError(t, err, "NAJA_SESSION_HASH_KEY: is too short: it has 5 bytes; ...")
	})
	t.Run("by application, masked", func(t *testing.T) {
		c := load(t, "[session]\nprovider = 'scs'\nhash_key = '"+long+"'\n\n[[application]]\npath = '/'\nroot = '.'\n"+
			"[[application]]\npath = '/a'\nroot = '.'\n[application.session]\nprovider = 'gorilla'\ncookie_secure = true")
		one, two := c.Applications[0].Session, c.Applications[1].Session
		if one.Provider != "scs" || two.Provider != "gorilla" || string(two.HashKey) != long || one.Secure || !two.Secure {
			t.Errorf("%+v, %+v", one, two)
		}
		var out bytes.Buffer
		if err := c.WriteTOML(&out, true); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		for _, want := range []string{`session.provider = "scs"  # naja.toml:2`, `session.hash_key = "xxxxx"`, `session.block_key = ""`, `session.provider = "gorilla"  # naja.toml:`} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is missing in\n%s", want, text)
			}
		}
		if strings.Contains(text, long) {
			t.Errorf("the key is shown:\n%s", text)
		}
		again := load(t, strings.ReplaceAll(text, `"xxxxx"`, `"`+long+`"`))
		if a, b := again.Applications[0].Session, again.Applications[1].Session; a != one || b != two {
			t.Errorf("read again: %+v, %+v", a, b)
		}
	})
}
