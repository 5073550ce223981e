package sessions_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/session"
	"github.com/najahost/naja/store/memory"
)

func TestSessionIsCreatedByFirstTouch(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	v.page(func(h session.Handle) {
		if h.Exists() || h.ID() != "" || h.Key() != "" {
			t.Errorf("a session exists before anybody touched it: %q", h.ID())
		}
		wantErr(t, "Set before Create", h.Set("a", encode(t, 1)), session.ErrNoSession)
		if h.Timeout() != 20*time.Minute || h.LCID() != 1033 || h.CodePage() != 65001 {
			t.Errorf("defaults %v, %d, %d", h.Timeout(), h.LCID(), h.CodePage())
		}
	})
	if c, _ := m.Count(t.Context()); len(v.sent) != 0 || c.Live != 0 {
		t.Fatalf("an untouched session has cookies %q and %d records", v.sent, c.Live)
	}

	var id string
	v.page(func(h session.Handle) {
		set(t, h, "User", "ann")
		must(t, h.Create(t.Context())) // again: nothing
		if !h.Exists() || !h.IsNew() || h.ID() == "" {
			t.Errorf("exists %t, new %t, id %q", h.Exists(), h.IsNew(), h.ID())
		}
		id = h.ID()
	})
	token := v.cookies["NAJASESSIONID"]
	want := "NAJASESSIONID=" + token + "; Path=/; HttpOnly; SameSite=Lax"
	if len(token) != 32 || len(v.sent) != 1 || v.sent[0] != want {
		t.Errorf("sent %q, want %q", v.sent, want)
	}
	v.page(func(h session.Handle) {
		if h.IsNew() || h.ID() != id || get(t, h, "uSER") != "ann" || fmt.Sprint(h.Keys()) != "[User]" {
			t.Errorf("the next page finds new %t, id %q, %v", h.IsNew(), h.ID(), h.Keys())
		}
		if strings.Contains(token, h.ID()) || strings.Contains(h.Key(), token) {
			t.Error("the token shows")
		}
	})
	if len(v.sent) != 0 {
		t.Errorf("the cookie was set again: %q", v.sent)
	}
}

func TestTokensAreRandom(t *testing.T) {
	m := newManager(t, sessions.Config{})
	tokens, ids := map[string]bool{}, map[string]bool{}
	for range 2000 {
		v := newVisitor(t, m)
		v.page(func(h session.Handle) {
			must(t, h.Create(t.Context()))
			ids[h.ID()] = true
		})
		tokens[v.cookies["NAJASESSIONID"]] = true
	}
	if len(tokens) != 2000 || len(ids) != 2000 {
		t.Errorf("%d tokens and %d ids of 2000 sessions", len(tokens), len(ids))
	}
}

// No token that the manager didn't make, or made for another purpose, ever
// names a session.
func TestForeignTokensAreNotAdopted(t *testing.T) {
	store := memory.NewSessions()
	m := newManager(t, sessions.Config{Store: store})
	v := newVisitor(t, m)
	var key, id string
	v.page(func(h session.Handle) {
		set(t, h, "user", "ann")
		key, id = h.Key(), h.ID()
	})
	token := v.cookies["NAJASESSIONID"]
	invented := strings.Repeat("a", 32)
	for _, strange := range []string{
		"", "x", invented, token[:31], token + "A", strings.ToUpper(token), token[:31] + "%", key, id,
		strings.Repeat("A", 31) + "\x7f", strings.Repeat("=", 32), strings.Repeat("A", 100_000),
	} {
		v := newVisitor(t, m)
		v.cookies["NAJASESSIONID"] = strange
		v.page(func(h session.Handle) {
			if h.Exists() {
				t.Errorf("the token %.40q names a session", strange)
			}
			set(t, h, "user", "eve")
		})
		if got := v.cookies["NAJASESSIONID"]; got == strange || len(got) != 32 {
			t.Errorf("the token %.40q was adopted as %q", strange, got)
		}
	}
}

func TestTLSHasItsOwnSession(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	v.tls = true
	v.page(func(h session.Handle) { set(t, h, "where", "tls") })
	token := v.cookies["__Secure-NAJASESSIONID"]
	want := "__Secure-NAJASESSIONID=" + token + "; Path=/; HttpOnly; Secure; SameSite=Lax"
	if len(v.sent) != 1 || v.sent[0] != want {
		t.Fatalf("sent %q, want %q", v.sent, want)
	}
	v.tls = false
	v.cookies["NAJASESSIONID"] = token // carried over by hand
	v.page(func(h session.Handle) {
		if h.Exists() {
			t.Error("a token of TLS is good without")
		}
		set(t, h, "where", "plain")
	})
	plain := v.cookies["NAJASESSIONID"]
	if plain == token {
		t.Error("one token for both")
	}
	v.tls = true
	v.page(func(h session.Handle) {
		if get(t, h, "where") != "tls" {
			t.Errorf("over TLS the session is %v", get(t, h, "where"))
		}
	})
	v.cookies["__Secure-NAJASESSIONID"] = plain
	v.page(func(h session.Handle) {
		if h.Exists() {
			t.Error("a token from without TLS is good with it")
		}
	})
}

func TestSecureBehindAProxy(t *testing.T) {
	m := newManager(t, sessions.Config{
		CookieName: "SID", CookiePath: "/shop",
		Secure: func(r *http.Request) bool { return r.Header.Get("X-Forwarded-Proto") == "https" },
	})
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	h, err := m.Open(t.Context(), r, session.ReadWrite)
	must(t, err)
	must(t, h.Create(t.Context()))
	header := http.Header{}
	must(t, h.Close(t.Context(), header))
	if got := header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Secure-SID=") || !strings.Contains(got, "; Path=/shop; ") {
		t.Errorf("sent %q", got)
	}
}

func TestSeveralCookiesOfTheName(t *testing.T) {
	m := newManager(t, sessions.Config{})
	v := newVisitor(t, m)
	v.page(func(h session.Handle) { set(t, h, "user", "ann") })
	token := v.cookies["NAJASESSIONID"]
	unknown := strings.Repeat("A", 32)

	for _, tt := range []struct {
		name    string
		cookies []string
		finds   bool
	}{
		{"alone", []string{token}, true},
		{"after an unknown one", []string{unknown, token}, true},
		{"after junk", []string{"junk", "", unknown, token}, true},
		{"before an unknown one", []string{token, unknown}, true},
		{"twice", []string{token, token}, true},
		{"unknown ones", []string{unknown, strings.Repeat("B", 32)}, false},
		{"none", nil, false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		for _, c := range tt.cookies {
			r.Header.Add("Cookie", "NAJASESSIONID="+c)
		}
		h, err := m.Open(t.Context(), r, session.ReadWrite)
		must(t, err)
		if h.Exists() != tt.finds {
			t.Errorf("%s: found %t, want %t", tt.name, h.Exists(), tt.finds)
		}
		if key, ok := m.Key(r); ok != (tt.cookies != nil) || h.Exists() && key != h.Key() {
			t.Errorf("%s: the turn's key is %q, %t; the session's %q", tt.name, key, ok, h.Key())
		}
		h.Discard()
	}
	// However many cookies a client invents, few are looked up.
	r := httptest.NewRequest("GET", "/", nil)
	for i := range 1000 {
		r.AddCookie(&http.Cookie{Name: "NAJASESSIONID", Value: fmt.Sprintf("%032d", i)})
	}
	r.AddCookie(&http.Cookie{Name: "NAJASESSIONID", Value: token})
	h, err := m.Open(t.Context(), r, session.ReadWrite)
	must(t, err)
	defer h.Discard()
	if h.Exists() {
		t.Error("a thousand cookies were tried")
	}
}
