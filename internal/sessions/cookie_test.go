package sessions

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/najahost/naja/internal/turn"
)

// FuzzTokenIn: our reading of a Cookie line finds what net/http's finds.
func FuzzTokenIn(f *testing.F) {
	token := "0123456789abcdefghijklmnopqrstuv"
	for _, seed := range []string{
		"", "SID=" + token, "a=b; SID=" + token + "; c=d", `SID="` + token + `"`, "SID=" + token[1:], "sid=" + token,
		" SID =" + token, "SID= " + token, "SID=" + token + " ", "XSID=" + token, "SID=" + token + ",SID=" + token,
		"SID=" + token + ";SID=" + token, ";;=;SID", "SID==" + token, "\tSID=" + token + "\t;\x00",
	} {
		f.Add(seed)
	}
	j, err := newCookieJar(&Config{CookieName: "SID", CookiePath: "/"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Cookie"] = []string{line, "SID=ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"}
		var want []string
		for _, c := range r.CookiesNamed("SID") {
			if id := storeID(c.Value, false); wellFormed(c.Value) && !slices.Contains(want, id) {
				want = append(want, id)
			}
		}
		want = want[:min(len(want), maxCandidates)]
		if got := j.ids(r); !slices.Equal(got, want) {
			t.Errorf("%q: ids %q, want %q", line, got, want)
		}
	})
}

func TestStoreID(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := newToken()
		if !wellFormed(token) {
			t.Fatalf("a new token %q isn't well-formed", token)
		}
		for _, id := range []string{storeID(token, true), storeID(token, false), endID(token), turn.Label(token)} {
			if seen[id] {
				t.Fatalf("%q for two things", id)
			}
			seen[id] = true
		}
		if newSerial() <= 0 {
			t.Fatal("a serial that isn't positive")
		}
	}
	// What is stored by one version is found by the next.
	const want = "390Eph5w3GDnxaWhuRhE09mN"
	if got := storeID("0123456789abcdefghijklmnopqrstuv", false); got != want {
		t.Errorf("storeID is %q, want %q", got, want)
	}
}
