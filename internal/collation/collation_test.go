package collation

import "testing"

func TestCompare(t *testing.T) {
	for _, tt := range []struct {
		tag, a, b string
		o         Options
		want      int
	}{
		{"de-DE", "ä", "z", Options{}, -1},
		{"sv-SE", "ä", "z", Options{}, 1},
		{"da-DK", "ø", "z", Options{}, 1},
		{"xx", "a", "b", Options{}, -1},
		{"", "a", "a", Options{}, 0},
		{"en-US", "a", "A", Options{}, -1},
		{"en-US", "a", "A", Options{IgnoreCase: true}, 0},
		{"en-US", "a", "á", Options{IgnoreCase: true}, -1},
		{"en-US", "a", "Á", Options{IgnoreCase: true, IgnoreAccents: true}, 0},
		{"en-US", "a10", "a9", Options{}, -1},
		{"en-US", "a10", "a9", Options{Numeric: true}, 1},
		{"en-US", "\u00e9", "e\u0301", Options{}, 0},
	} {
		if got := New(tt.tag, tt.o).Compare(tt.a, tt.b); got != tt.want {
			t.Errorf("%s %q %q %+v: %d, want %d", tt.tag, tt.a, tt.b, tt.o, got, tt.want)
		}
	}
}
