package asphttp

import (
	"net/http"
	"testing"
	"unicode/utf8"
)

func cookiesOf(number int, headers ...string) *RequestCookies {
	hr := &http.Request{Header: http.Header{}}
	if len(headers) > 0 {
		hr.Header["Cookie"] = headers
	}
	return NewRequest(hr, nil, RequestConfig{CodePage: codePageOrUTF8(number)}).Cookies()
}

func TestRequestCookies(t *testing.T) {
	c := cookiesOf(65001, `a=1; B=x+y%21 ; my%5Fcookie=é;A=second;; =noname; bare; q="quoted"; sp = v; prefs=k%26=1&l+l=a%3Db&K%26=2`)
	for name, want := range map[string]string{
		"a": "1", "A": "1", "b": "x y!", "my_cookie": "é", "bare": "", "q": `"quoted"`, "sp": "v",
		"prefs": "k%26=1&l+l=a%3Db&K%26=2", "missing": "", "noname": "",
	} {
		if got := c.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]bool{"a": true, "BARE": true, "": false, "noname": false, "missing": false} {
		if c.Has(name) != want {
			t.Errorf("Has(%q) is %v", name, !want)
		}
	}
	if c.Len() != 7 {
		t.Errorf("%d cookies", c.Len())
	}
	if name, _ := c.Key(3); name != "my_cookie" {
		t.Errorf("the third is %q", name)
	}
	if !c.HasKeys("PREFS") || c.HasKeys("a") || c.HasKeys("missing") {
		t.Error("HasKeys")
	}
	if got := dump(c.Keys("prefs")); got != `k&=["1" "2"] l l=["a=b"]` {
		t.Errorf("keys %s", got)
	}
	if c.Keys("a").Len() != 0 || c.Keys("missing").Len() != 0 {
		t.Error("a cookie without keys has some")
	}
}

func TestTheFirstOfTwoCookiesWins(t *testing.T) {
	// Browsers send the cookie of the deeper path first.
	for _, c := range []*RequestCookies{cookiesOf(65001, "x=deep; x=root"), cookiesOf(65001, "x=deep", "X=root")} {
		if c.Get("X") != "deep" || c.Len() != 1 {
			t.Errorf("%q", c.Get("X"))
		}
	}
	if got := cookiesOf(65001, "a=1", "b=2").Raw(); got != "a=1; b=2" {
		t.Errorf("%q", got)
	}
}

func TestRequestCookiesInACodePage(t *testing.T) {
	c := cookiesOf(1252, "caf%E9=%80; k=%FC=%e9")
	if c.Get("café") != "€" || dump(c.Keys("k")) != `ü=["é"]` {
		t.Errorf("%q, %s", c.Get("café"), dump(c.Keys("k")))
	}
}

func TestNoCookies(t *testing.T) {
	c := cookiesOf(65001)
	if c.Len() != 0 || c.Get("x") != "" || c.Has("x") || c.HasKeys("x") || c.Raw() != "" {
		t.Error("there are cookies")
	}
	if _, ok := c.Key(1); ok {
		t.Error("there is a first one")
	}
}

// What a page sends comes back as it was.
func TestCookiesRoundTrip(t *testing.T) {
	for _, text := range []string{"a b", "é=&;,\"", "x\r\ny", "%41+", "100%"} {
		r, _ := buffered()
		must(t, r.Cookies().Set("a_b", text), r.Cookies().SetKey("k", text, text))
		_, _, h := r.Prepare()
		var lines []string
		for _, line := range h["Set-Cookie"] {
			lines = append(lines, line[:len(line)-len("; path=/")])
		}
		c := cookiesOf(65001, lines...)
		if c.Get("a_b") != text || c.Keys("k").Text(text) != text {
			t.Errorf("%q came back as %q and %q", text, c.Get("a_b"), c.Keys("k").Text(text))
		}
	}
}

func FuzzRequestCookies(f *testing.F) {
	for _, s := range []string{"a=1; b=2", ";;=;", "k=a=1&b=2&a=3", `x="a;b"`, "%u0041=%zz", "a\x00=\xff"} {
		f.Add(s, 65001)
		f.Add(s, 949)
	}
	f.Fuzz(func(t *testing.T, header string, number int) {
		c := cookiesOf(number, header)
		for i := 1; i <= c.Len(); i++ {
			name, ok := c.Key(i)
			if !ok || name == "" || !utf8.ValidString(name) || !c.Has(name) || c.HasKeys(name) != (c.Keys(name).Len() > 0) {
				t.Fatalf("%q: cookie %q", header, name)
			}
			r := NewResponse(ResponseConfig{Buffering: true, Request: NewRequest(&http.Request{Header: http.Header{"Cookie": {header}}}, nil, RequestConfig{})})
			if r.Cookies().SetMaxAge(name, 1) == nil {
				_, _, h := r.Prepare()
				for _, b := range []byte(h["Set-Cookie"][0]) {
					if b < ' ' || b >= 0x7f {
						t.Fatalf("%q made %q", header, h["Set-Cookie"])
					}
				}
			}
		}
	})
}
