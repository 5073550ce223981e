package engine

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/internal/sessions"
)

// The session's cookie has the attributes that the settings say, over TLS and
// without, and a request that brings it is known.
func TestSessionCookieAttributes(t *testing.T) {
	for name, test := range map[string]struct {
		cfg        Config
		plain, tls string // the lines, but for the token
	}{
		"default": {Config{}, "NAJASESSIONID=T; Path=/; HttpOnly; SameSite=Lax", "__Secure-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=Lax"},
		"strict": {Config{SessionCookieSameSite: http.SameSiteStrictMode, Path: "/shop"},
			"NAJASESSIONID_shop=T; Path=/shop; HttpOnly; SameSite=Strict", "__Secure-NAJASESSIONID_shop=T; Path=/shop; HttpOnly; Secure; SameSite=Strict"},
		"domain and age": {Config{SessionCookieDomain: ".example.com", SessionCookieMaxAge: 36 * time.Hour},
			"NAJASESSIONID=T; Path=/; Domain=example.com; Max-Age=129600; HttpOnly; SameSite=Lax",
			"__Secure-NAJASESSIONID=T; Path=/; Domain=example.com; Max-Age=129600; HttpOnly; Secure; SameSite=Lax"},
		"secure": {Config{SessionCookieSecure: true},
			"__Secure-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=Lax", "__Secure-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=Lax"},
		"none, partitioned": {Config{SessionCookieSecure: true, SessionCookieSameSite: http.SameSiteNoneMode, SessionCookiePartitioned: true},
			"__Secure-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=None; Partitioned", "__Secure-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=None; Partitioned"},
		"host": {Config{SessionCookieSecure: true, SessionCookie: "__Host-SID"},
			"__Host-SID=T; Path=/; HttpOnly; Secure; SameSite=Lax", "__Host-SID=T; Path=/; HttpOnly; Secure; SameSite=Lax"},
		"host over TLS": {Config{SessionCookieHost: true}, "NAJASESSIONID=T; Path=/; HttpOnly; SameSite=Lax", "__Host-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=Lax"},
		"host, always secure": {Config{SessionCookieHost: true, SessionCookieSecure: true},
			"__Host-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=Lax", "__Host-NAJASESSIONID=T; Path=/; HttpOnly; Secure; SameSite=Lax"},
		"secure by name": {Config{SessionCookieSecure: true, SessionCookie: "__secure-SID", SessionCookieDomain: "a.example.com"},
			"__secure-SID=T; Path=/; Domain=a.example.com; HttpOnly; Secure; SameSite=Lax", "__secure-SID=T; Path=/; Domain=a.example.com; HttpOnly; Secure; SameSite=Lax"},
	} {
		t.Run(name, func(t *testing.T) {
			pg := play(t, test.cfg, map[string]string{"n.asp": `<% Session("n") = (Session("n") || 0) + 1 %><%= Session("n") %>`})
			for over, want := range map[bool]string{false: test.plain, true: test.tls} {
				ask := func(cookie string) (*http.Response, string) {
					r := httptest.NewRequest("GET", strings.TrimSuffix(test.cfg.Path, "/")+"/n.asp", nil)
					if over {
						r.TLS = &tls.ConnectionState{}
					}
					if cookie != "" {
						r.Header.Set("Cookie", cookie)
					}
					w := httptest.NewRecorder()
					pg.ServeHTTP(w, r)
					return w.Result(), w.Body.String()
				}
				first, _ := ask("")
				if len(first.Cookies()) != 1 {
					t.Fatalf("cookies %q", first.Header["Set-Cookie"])
				}
				c := first.Cookies()[0]
				if got := strings.Replace(first.Header.Get("Set-Cookie"), c.Value, "T", 1); got != want {
					t.Errorf("TLS %v: %q, want %q", over, got, want)
				}
				if again, body := ask(c.Name + "=" + c.Value); body != "2" || len(again.Cookies()) != 0 {
					t.Errorf("TLS %v: he isn't known: %q, %q", over, body, again.Header["Set-Cookie"])
				}
			}
		})
	}
}

// What browsers would refuse is refused here, with the setting.
func TestSessionCookieRefused(t *testing.T) {
	for name, test := range map[string]struct {
		cfg     Config
		setting string
	}{
		"none without secure":        {Config{SessionCookieSameSite: http.SameSiteNoneMode}, "session.cookie_same_site"},
		"no such same site":          {Config{SessionCookieSameSite: 9}, "session.cookie_same_site"},
		"partitioned without secure": {Config{SessionCookiePartitioned: true}, "session.cookie_partitioned"},
		"partitioned, lax":           {Config{SessionCookiePartitioned: true, SessionCookieSecure: true}, "session.cookie_partitioned"},
		"partitioned, strict":        {Config{SessionCookiePartitioned: true, SessionCookieSecure: true, SessionCookieSameSite: http.SameSiteStrictMode}, "session.cookie_partitioned"},
		"host without secure":        {Config{SessionCookie: "__Host-S"}, "session_cookie"},
		"secure without secure":      {Config{SessionCookie: "__SECURE-S"}, "session_cookie"},
		"http without secure":        {Config{SessionCookie: "__Http-S"}, "session_cookie"},
		"host below a path":          {Config{SessionCookie: "__host-S", SessionCookieSecure: true, Path: "/a"}, "session_cookie"},
		"host with a domain":         {Config{SessionCookie: "__Host-S", SessionCookieSecure: true, SessionCookieDomain: "example.com"}, "session.cookie_domain"},
		"host setting below a path":  {Config{SessionCookieHost: true, Path: "/a"}, "session.cookie_host"},
		"host setting, domain":       {Config{SessionCookieHost: true, SessionCookieDomain: "example.com"}, "session.cookie_host"},
		"host setting, prefix":       {Config{SessionCookieHost: true, SessionCookie: "__Secure-S", SessionCookieSecure: true}, "session.cookie_host"},
		"too short":                  {Config{SessionCookieMaxAge: time.Millisecond}, "session.cookie_max_age"},
		"below zero":                 {Config{SessionCookieMaxAge: -1}, "session.cookie_max_age"},
		"too long":                   {Config{SessionCookieMaxAge: 401 * 24 * time.Hour}, "session.cookie_max_age"},
		"not the engine's":           {Config{Sessions: new(sessions.Manager), SessionCookieSecure: true}, "session.cookie_secure"},
		"not the engine's either":    {Config{Sessions: new(sessions.Manager), SessionCookieSameSite: http.SameSiteStrictMode}, "session.cookie_same_site"},
	} {
		test.cfg.FS = fstest.MapFS{}
		_, err := test.cfg.WithDefaults()
		if bad, ok := errors.AsType[*ConfigError](err); !ok || bad.Setting != test.setting {
			t.Errorf("%s: %v, want one about %s", name, err, test.setting)
		}
	}
	for _, domain := range []string{
		"localhost", "com", "127.0.0.1", "::1", "[::1]", "exa mple.com", "example..com", "example.com.", "-a.com", "a-.com", "münchen.de",
		"a.com:80", "http://a.com", "a.com/b", "a;b.com", "a_b.com", strings.Repeat("a", 64) + ".com", strings.Repeat("a.", 130) + "com", "..a.com", "*.a.com",
	} {
		_, err := Config{FS: fstest.MapFS{}, SessionCookieDomain: domain}.WithDefaults()
		if bad, ok := errors.AsType[*ConfigError](err); !ok || bad.Setting != "session.cookie_domain" {
			t.Errorf("the domain %q: %v", domain, err)
		}
	}
	for _, domain := range []string{"example.com", ".example.com", "a.b-c.example", "xn--mnchen-3ya.de", "1.example.com", "EXAMPLE.com"} {
		if _, err := (Config{FS: fstest.MapFS{}, SessionCookieDomain: domain}).WithDefaults(); err != nil {
			t.Errorf("the domain %q: %v", domain, err)
		}
	}
}
