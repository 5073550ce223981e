package asphttp

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func cookieLines(t *testing.T, cfg ResponseConfig, page func(*ResponseCookies) error) []string {
	t.Helper()
	cfg.Buffering = true
	r := NewResponse(cfg)
	must(t, page(r.Cookies()))
	_, _, h := r.Prepare()
	return h["Set-Cookie"]
}

func TestSetCookieLines(t *testing.T) {
	when := time.Date(2026, 6, 30, 11, 40, 53, 0, time.FixedZone("", 3600))
	tests := []struct {
		name string
		page func(*ResponseCookies) error
		want string
	}{
		{"plain", func(c *ResponseCookies) error { return c.Set("a", "b") }, "a=b; path=/"},
		{"encoded", func(c *ResponseCookies) error { return c.Set("my_cookie", "a b-c.d=é") }, "my%5Fcookie=a+b%2Dc%2Ed%3D%C3%A9; path=/"},
		{"empty", func(c *ResponseCookies) error { return c.Set("a", "") }, "a=; path=/"},
		{"keys", func(c *ResponseCookies) error {
			return errors.Join(c.SetKey("mycookie", "type1", "sugar"), c.SetKey("MYCOOKIE", "type2", "ginger snap"))
		}, "mycookie=type1=sugar&type2=ginger+snap; path=/"},
		{"key again", func(c *ResponseCookies) error {
			return errors.Join(c.SetKey("a", "k", "1"), c.SetKey("a", "l", "2"), c.SetKey("a", "K", "3"))
		}, "a=k=3&l=2; path=/"},
		{"key destroys value", func(c *ResponseCookies) error { return errors.Join(c.Set("a", "1"), c.SetKey("a", "k", "2")) }, "a=k=2; path=/"},
		{"value destroys keys", func(c *ResponseCookies) error { return errors.Join(c.SetKey("a", "k", "2"), c.Set("a", "1")) }, "a=1; path=/"},
		{"key text", func(c *ResponseCookies) error { return c.SetKey("a", "k&=", "&=+%") }, "a=k%26%3D=%26%3D%2B%25; path=/"},
		{"attributes", func(c *ResponseCookies) error {
			return errors.Join(c.Set("a", "b"), c.SetPartitioned("A", true), c.SetMaxAge("a", 60), c.SetSameSite("a", "lax"),
				c.SetHttpOnly("a", true), c.SetSecure("a", true), c.SetPath("a", "/x y/é"), c.SetDomain("a", ".example.com"), c.SetExpires("a", when))
		}, "a=b; expires=Tue, 30 Jun 2026 10:40:53 GMT; domain=.example.com; path=/x%20y/%C3%A9; secure; HttpOnly; SameSite=Lax; Max-Age=60; Partitioned"},
		{"attributes taken back", func(c *ResponseCookies) error {
			return errors.Join(c.Set("a", "b"), c.SetSecure("a", true), c.SetSecure("a", false), c.SetSameSite("a", "None"), c.SetSameSite("a", ""),
				c.SetDomain("a", "x"), c.SetDomain("a", ""), c.SetPath("a", "/y"), c.SetPath("a", ""))
		}, "a=b; path=/"},
		{"attribute first", func(c *ResponseCookies) error { return errors.Join(c.SetMaxAge("a", -1), c.Set("a", "b")) }, "a=b; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; Max-Age=0"},
		{"only an attribute", func(c *ResponseCookies) error { return c.SetMaxAge("a", 0) }, "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; Max-Age=0"}, // HTTP::Cookies 6.10 of Perl reads expires alone (findings/lwp-max-age.sh)
		{"prefix", func(c *ResponseCookies) error { return c.Set("__Host-my_id", "x") }, "__Host-my%5Fid=x; path=/"},
	}
	for _, tt := range tests {
		lines := cookieLines(t, ResponseConfig{}, tt.page)
		if len(lines) != 1 || lines[0] != tt.want {
			t.Errorf("%s:\n got  %q\n want %q", tt.name, lines, tt.want)
		}
		if _, err := http.ParseSetCookie(tt.want); err != nil && tt.name != "keys" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestOneSetCookieForEachNameInOrder(t *testing.T) {
	lines := cookieLines(t, ResponseConfig{CookiePath: "/shop"}, func(c *ResponseCookies) error {
		err := errors.Join(c.Set("b", "1"), c.Set("a", "1"), c.Set("B", "2"), c.SetPath("a", "/"))
		if n, ok := c.Key(1); n != "b" || !ok || c.Len() != 2 {
			t.Errorf("%q, %d", n, c.Len())
		}
		if _, ok := c.Key(0); ok {
			t.Error("there is no cookie 0")
		}
		if _, ok := c.Key(3); ok {
			t.Error("there is no cookie 3")
		}
		return err
	})
	if got := strings.Join(lines, "|"); got != "b=2; path=/shop|a=1; path=/" {
		t.Errorf("%q", got)
	}
}

func TestCookiesAreEncodedInTheCodePage(t *testing.T) {
	lines := cookieLines(t, ResponseConfig{CodePage: codePage(t, 1252)}, func(c *ResponseCookies) error { return c.SetKey("é", "ü", "€") })
	if got := strings.Join(lines, "|"); got != "%E9=%FC=%80; path=/" {
		t.Errorf("%q", got)
	}
}

func TestCookieMistakes(t *testing.T) {
	r, _ := buffered()
	c := r.Cookies()
	wantCode(t, "no name", c.Set("", "x"), 184)
	wantCode(t, "no name, keyed", c.SetKey("", "k", "x"), 184)
	wantCode(t, "no name, attribute", c.SetSecure("", true), 184)
	wantCode(t, "empty key", c.SetKey("a", "", "x"), 183)
	wantCode(t, "path", c.SetPath("a", "/;domain=x"), 104)
	wantCode(t, "domain", c.SetDomain("a", "x; secure"), 104)
	wantCode(t, "domain", c.SetDomain("a", "é.com"), 104)
	wantCode(t, "SameSite", c.SetSameSite("a", "strictly"), 104)
	wantCode(t, "year 1", c.SetExpires("a", time.Time{}), 200)
	if _, _, h := r.Prepare(); len(h["Set-Cookie"]) != 0 || c.Len() != 0 {
		t.Errorf("a mistake left %q", h["Set-Cookie"])
	}
}

func TestCookieHasKeys(t *testing.T) {
	r, _ := buffered()
	c := r.Cookies()
	must(t, c.Set("plain", "a=b"), c.SetKey("keyed", "k", ""))
	if c.HasKeys("plain") || !c.HasKeys("KEYED") || c.HasKeys("missing") {
		t.Error("HasKeys")
	}
}

func TestAttributesAloneKeepTheClientsValue(t *testing.T) {
	hr := &http.Request{Header: http.Header{"Cookie": {"user=a+b%3D; prefs=k=1&l=2; odd=a,b; User=second"}}}
	cfg := ResponseConfig{Request: NewRequest(hr, nil, RequestConfig{})}
	lines := cookieLines(t, cfg, func(c *ResponseCookies) error {
		return errors.Join(c.SetMaxAge("USER", 60), c.SetMaxAge("prefs", 60), c.SetMaxAge("odd", 60), c.SetMaxAge("new", 60))
	})
	want := "USER=a+b%3D; path=/; Max-Age=60|prefs=k=1&l=2; path=/; Max-Age=60|odd=; path=/; Max-Age=60|new=; path=/; Max-Age=60"
	if got := strings.Join(lines, "|"); got != want {
		t.Errorf("\n got  %q\n want %q", got, want)
	}
}

func TestThePageCantSetTheSessionsCookie(t *testing.T) {
	r := NewResponse(ResponseConfig{Buffering: true, Reserved: "NAJASESSIONID"})
	wantCode(t, "value", r.Cookies().Set("NajaSessionId", "x"), 162)
	wantCode(t, "attribute", r.Cookies().SetPath("NAJASESSIONID", "/"), 162)
	wantCode(t, "over TLS", r.Cookies().Set("__Secure-NAJASESSIONID", "x"), 162)
	must(t, r.Cookies().Set("other", "x"))
}

func TestSessionCookieComesFirst(t *testing.T) {
	r, _ := buffered()
	must(t, r.Cookies().Set("a", "b"), r.SetSessionCookie(&http.Cookie{Name: "OLD", Value: "1"}),
		r.SetSessionCookie(&http.Cookie{Name: "NAJASESSIONID", Value: "x", Path: "/", HttpOnly: true}))
	_, _, h := r.Prepare()
	if got := strings.Join(h["Set-Cookie"], "|"); got != "NAJASESSIONID=x; Path=/; HttpOnly|a=b; path=/" {
		t.Errorf("%q", got)
	}
	bad, _ := buffered()
	must(t, bad.SetSessionCookie(&http.Cookie{Name: "a b", Value: "1"}))
	if _, _, h := bad.Prepare(); len(h["Set-Cookie"]) != 0 {
		t.Errorf("%q", h["Set-Cookie"])
	}
}
