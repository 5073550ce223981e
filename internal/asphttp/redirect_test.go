package asphttp

import (
	"strings"
	"testing"
)

func TestRedirect(t *testing.T) {
	tests := []struct{ url, want string }{
		{"login.asp", "login.asp"},
		{" /a b?q=é&x=%20+ ", "/a%20b?q=%C3%A9&x=%20+"},
		{"https://example.com/?a=1;b=[2]#f", "https://example.com/?a=1;b=[2]#f"},
		{`/<script>"x"`, "/%3Cscript%3E%22x%22"},
		{`sub\page.asp`, `sub\page.asp`},
		{"/\xff", "/%FF"},
		{"//host/x", "//host/x"},
	}
	for _, tt := range tests {
		r, s := buffered()
		must(t, r.WriteString("dropped"), r.AddHeader("X-A", "1"), r.AddHeader("Location", "/other"), r.AddHeader("Content-Length", "7"),
			r.SetContentType("image/gif"), r.Cookies().Set("c", "1"))
		must(t, r.Redirect(tt.url))
		status, reason, h := r.Prepare()
		if status != 302 || reason != "Object moved" || h.Get("X-A") != "1" || h.Get("Set-Cookie") == "" {
			t.Errorf("%q: %d %s %v", tt.url, status, reason, h)
		}
		if got := strings.Join(h["Location"], "|"); got != tt.want {
			t.Errorf("%q: Location %q, want %q", tt.url, got, tt.want)
		}
		if h.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%q: %q", tt.url, h.Get("Content-Type"))
		}
		body := string(r.Body())
		if strings.Contains(body, "dropped") || !strings.Contains(body, `<a href="`+HTMLEncode(tt.want, nil)+`">here</a>`) {
			t.Errorf("%q: body %q", tt.url, body)
		}
		if _, ok := r.DeclaredLength(); ok {
			t.Error("the promised length was of another body")
		}
		s.check(t)
	}
}

func TestRedirectMistakes(t *testing.T) {
	r, _ := buffered()
	wantCode(t, "empty", r.Redirect(""), 158)
	wantCode(t, "blank", r.Redirect("  "), 158)
	wantCode(t, "tab", r.Redirect("/\tx"), 104)
	wantCode(t, "long", r.Redirect("/"+strings.Repeat("é", maxURL)), 104)
	must(t, r.WriteString("page"))
	if status, _, h := r.Prepare(); status != 200 || h.Get("Location") != "" || string(r.Body()) != "page" {
		t.Errorf("%d %v %q", status, h, r.Body())
	}
	wantCode(t, "late", r.Redirect("/x"), 156)
}

func TestRedirectWithoutBufferingIsStillWhole(t *testing.T) {
	s := &recorder{}
	r := NewResponse(ResponseConfig{Sink: s})
	must(t, r.Redirect("/x"))
	s.check(t)
	if r.Flushed() || r.Finish().Len() == 0 {
		t.Error("the redirect went out in pieces")
	}
}

func FuzzRedirect(f *testing.F) {
	for _, s := range []string{"/a b", "/\r\nX: y", "é", `"><script>`, "\u010a", "javascript:x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, url string) {
		r, _ := buffered()
		if r.Redirect(url) != nil {
			return
		}
		_, _, h := r.Prepare()
		for i := 0; i < len(h["Location"][0]); i++ {
			if c := h["Location"][0][i]; c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' {
				t.Fatalf("%q became %q", url, h["Location"][0])
			}
		}
		if body := string(r.Body()); strings.Count(body, "<") != 12 || strings.Count(body, `"`) != 2 {
			t.Fatalf("%q made the body %q", url, body)
		}
	})
}
