package forwarded

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestHabits(t *testing.T) {
	const x, p, f = "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https", "Forwarded: for=192.0.2.60"
	for name, test := range map[string]struct {
		believed []string
		often    [][]string // one header after the other, again and again
		want     string
	}{
		"both, always":           {[]string{For, Proto}, [][]string{{x, p}}, ""},
		"one that never comes":   {[]string{For, Proto}, [][]string{{x}}, "[X-Forwarded-Proto]"},
		"one of some clients":    {[]string{For, Proto}, [][]string{{x}, {x, p}}, "[X-Forwarded-Proto]"},
		"the other kind":         {all, [][]string{{x, p}, {x, p, f}}, "[Forwarded]"},
		"questions of its own":   {[]string{For, Proto}, [][]string{{x, p}, nil}, ""},
		"believed in one alone":  {[]string{For}, [][]string{{x}, {p}, {x, f}}, ""},
		"nothing that it's sure": {[]string{For, Proto}, [][]string{{x}, {p}}, ""},
		"nothing at all":         {all, [][]string{nil}, ""},
	} {
		var h Habits
		got, times := "", 0
		for i := range 10 * enough {
			if lacking := h.Saw(netip.MustParseAddr("10.0.0.1"), header(test.often[i%len(test.often)]...), test.believed); lacking != nil {
				got, times = fmt.Sprint(lacking), times+1
			}
		}
		if got != test.want || times > 1 {
			t.Errorf("%s: told %d times of %s, want %s", name, times, got, test.want)
		}
	}
}

// Each proxy is told of, and a crowd of them is no load.
func TestHabitsOfMany(t *testing.T) {
	var h Habits
	told := 0
	for range enough {
		for i := range 2 * maxPeers {
			proxy := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
			if h.Saw(proxy, header("X-Forwarded-For: 198.51.100.7"), all) != nil {
				told++
			}
		}
	}
	if told != maxPeers || len(h.peers) != maxPeers {
		t.Errorf("told of %d, knows %d, want %d", told, len(h.peers), maxPeers)
	}
}
