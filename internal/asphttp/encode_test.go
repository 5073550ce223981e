package asphttp

import (
	"strings"
	"testing"
)

func TestHTMLEncode(t *testing.T) {
	tests := []struct {
		number   int
		in, want string
	}{
		{65001, `a<b> & "c" 'd'`, `a&lt;b&gt; &amp; &quot;c&quot; 'd'`},
		{65001, "é€😀", "é€😀"},
		{1252, "é€😀", "&#233;&#8364;&#128512;"},
		{1252, "é<", "&#233;&lt;"},
		{932, "日<", "日&lt;"},
		{1251, "plain", "plain"},
		{65001, "", ""},
		{65001, "\xff<", "\xff&lt;"},
	}
	for _, tt := range tests {
		if got := HTMLEncode(tt.in, codePage(t, tt.number)); got != tt.want {
			t.Errorf("%d %q: %q, want %q", tt.number, tt.in, got, tt.want)
		}
	}
	if got := HTMLEncode("<é", nil); got != "&lt;é" {
		t.Errorf("%q", got)
	}
}

func TestURLEncode(t *testing.T) {
	tests := []struct {
		number   int
		in, want string
	}{
		{65001, "aZ09", "aZ09"},
		{65001, "a b-c_d.e~f", "a+b%2Dc%5Fd%2Ee%7Ef"},
		{65001, "é&=+%/?#", "%C3%A9%26%3D%2B%25%2F%3F%23"},
		{1252, "é€", "%E9%80"},
		{949, "한", "%C7%D1"},
		{65001, "\x00\r\n", "%00%0D%0A"},
		{65001, "", ""},
	}
	for _, tt := range tests {
		if got := URLEncode(tt.in, codePage(t, tt.number)); got != tt.want {
			t.Errorf("%d %q: %q, want %q", tt.number, tt.in, got, tt.want)
		}
	}
}

func TestURLPathEncode(t *testing.T) {
	for in, want := range map[string]string{
		"/a b/é.asp":        "/a%20b/%C3%A9.asp",
		"/a%b":              "/a%25b",
		"/x(1)~'!*.htm":     "/x(1)~'!*.htm",
		"/p<>?q=a b&c=<é>":  "/p%3C%3E?q=a b&c=<é>",
		"/a#b":              "/a%23b",
		"/a\r\nb":           "/a%0D%0Ab",
		"http://h:80/a;b,c": "http://h:80/a;b,c",
		"":                  "",
	} {
		if got := URLPathEncode(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// What URLEncode writes, the parser of queries reads back.
func FuzzURLEncodeRoundTrip(f *testing.F) {
	for _, s := range []string{"a b", "é%u0041", "+&=;%", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		v, err := ParseQuery("k="+URLEncode(s, nil), nil, FormLimits{MaxFieldSize: -1})
		if err != nil || v.Get("k")[0] != s {
			t.Fatalf("%q came back as %q, %v", s, v.Get("k"), err)
		}
	})
}
