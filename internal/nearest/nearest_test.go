package nearest

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	names := []string{"Write", "WriteBlock", "Redirect", "serve", "session_timeout", "x", "In", "Int"}
	for text, want := range map[string]string{
		"Wriet": "Write", "wirte": "Write", "WRITE": "Write", "Writ": "Write", "Writee": "Write", "Wrte": "Write",
		"sevre": "serve", "Serv": "serve", "Itn": "Int", "Ni": "In", "redirct": "Redirect", "Rediretc": "Redirect", "sesion_timout": "session_timeout",
		"writeblokc": "WriteBlock", "colour": "", "": "", "y": "", "ab": "", "tireW": "",
		strings.Repeat("x", 41): "",
	} {
		if got := Of(text, names); got != want {
			t.Errorf("%q is taken for %q, not %q", text, got, want)
		}
	}
	if got := Of("a", nil); got != "" {
		t.Errorf("among none: %q", got)
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"ab", "ba", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3}, {"kitten", "sitting", 3}} {
		if got, back := distance(test.a, test.b), distance(test.b, test.a); got != test.want || back != got {
			t.Errorf("%q to %q: %d, and back %d; want %d", test.a, test.b, got, back, test.want)
		}
	}
}
