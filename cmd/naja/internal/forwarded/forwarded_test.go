package forwarded

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// trusted is what the tests' proxies have for addresses: those of 10.0.0.0/8
// and of fd00::/8.
func trusted(addr netip.Addr) bool {
	return netip.MustParsePrefix("10.0.0.0/8").Contains(addr) || netip.MustParsePrefix("fd00::/8").Contains(addr)
}

// all are the headers that the tests believe, where they say nothing else.
var all = []string{For, Proto, Standard}

// header makes one of lines such as "Forwarded: for=192.0.2.1".
func header(lines ...string) http.Header {
	h := http.Header{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
	return h
}

// said is what an Origin says in a table: "-" for nothing.
func said(o Origin) string {
	text := "-"
	if o.Client.IsValid() {
		text = o.Client.String()
	}
	return strings.TrimSpace(text + " " + o.Scheme)
}

func TestOf(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"nothing", nil, "-"},

		{"address", []string{"X-Forwarded-For: 198.51.100.7"}, "198.51.100.7:0"},
		{"with its port, as Azure sends it", []string{"X-Forwarded-For: 198.51.100.7:5678"}, "198.51.100.7:5678"},
		{"version 6", []string{"X-Forwarded-For: 2001:db8::2"}, "[2001:db8::2]:0"},
		{"version 6 in brackets", []string{"X-Forwarded-For: [2001:db8::2]"}, "[2001:db8::2]:0"},
		{"version 6 with its port", []string{"X-Forwarded-For: [2001:db8::2]:44"}, "[2001:db8::2]:44"},
		{"version 4 in 6", []string{"X-Forwarded-For: [::ffff:198.51.100.7]:44"}, "198.51.100.7:44"},
		{"a zone", []string{"X-Forwarded-For: fe80::1%eth0"}, "[fe80::1]:0"},
		{"a zone that isn't one", []string{`X-Forwarded-For: [fe80::1%<b>"]:44`}, "[fe80::1]:44"},
		{"blanks and empty items", []string{"X-Forwarded-For: , ,\t198.51.100.7 :", "X-Forwarded-For:  198.51.100.7 ,, \t,", "X-Forwarded-For: "}, "198.51.100.7:0"},
		{"nothing but empty items", []string{"X-Forwarded-For: ,, ", "X-Forwarded-Proto: ,"}, "-"},

		{"the client's own invention", []string{"X-Forwarded-For: 1.2.3.4, 198.51.100.7"}, "198.51.100.7:0"},
		{"a chain of proxies", []string{"X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 198.51.100.7:1, 10.2.2.2:2", "X-Forwarded-For: [fd00::3]:3"}, "198.51.100.7:1"},
		{"a proxy in version 6", []string{"X-Forwarded-For: 198.51.100.7, ::ffff:10.2.2.2"}, "198.51.100.7:0"},
		{"a proxy with a zone", []string{"X-Forwarded-For: 198.51.100.7, fd00::1%eth0"}, "198.51.100.7:0"},
		{"proxies only", []string{"X-Forwarded-For: 10.2.2.2, 10.3.3.3"}, "10.2.2.2:0"},
		{"rubbish", []string{"X-Forwarded-For: 198.51.100.7, x"}, "-"},
		{"rubbish before a proxy", []string{"X-Forwarded-For: x, 10.2.2.2"}, "10.2.2.2:0"},
		{"nobody", []string{"X-Forwarded-For: 198.51.100.7, unknown"}, "-"},
		{"a name", []string{"X-Forwarded-For: client.example"}, "-"},
		{"quotes aren't for this one", []string{`X-Forwarded-For: "198.51.100.7"`}, "-"},

		{"scheme", []string{"X-Forwarded-Proto: HTTPS"}, "- https"},
		{"of a WebSocket", []string{"X-Forwarded-Proto: wss"}, "- https"},
		{"no scheme", []string{"X-Forwarded-Proto: gopher"}, "-"},
		{"the nearest scheme", []string{"X-Forwarded-Proto: http, https"}, "- https"},
		{"the client's scheme", []string{"X-Forwarded-For: 198.51.100.7, 10.2.2.2", "X-Forwarded-Proto: https, http"}, "198.51.100.7:0 https"},
		{"an invented scheme", []string{"X-Forwarded-For: 1.2.3.4, 198.51.100.7", "X-Forwarded-Proto: https, http"}, "198.51.100.7:0 http"},
		{"a scheme that was replaced", []string{"X-Forwarded-For: 198.51.100.7, 10.2.2.2", "X-Forwarded-Proto: https"}, "198.51.100.7:0 https"},
		{"more schemes than clients", []string{"X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https, http"}, "198.51.100.7:0 http"},

		{"forwarded", []string{"Forwarded: for=192.0.2.60;proto=http;by=203.0.113.43"}, "192.0.2.60:0 http"},
		{"version 6, quoted", []string{`Forwarded: For="[2001:db8:cafe::17]:4711"`}, "[2001:db8:cafe::17]:4711"},
		{"quoted with a port", []string{`forwarded: FOR="192.0.2.43:47011";Proto="HTTPS"`}, "192.0.2.43:47011 https"},
		{"a hidden port", []string{`Forwarded: for="192.0.2.43:_p1"`}, "192.0.2.43:0"},
		{"escaped", []string{`Forwarded: for="192.0\.2\.43"`}, "192.0.2.43:0"},
		{"without the quotes", []string{"Forwarded: for=[2001:db8::1]:47"}, "[2001:db8::1]:47"},
		{"blanks around", []string{"Forwarded:  for = 192.0.2.43 ;\tproto = https ; "}, "192.0.2.43:0 https"},
		{"empty pairs and items", []string{"Forwarded: ,;for=192.0.2.43;;, ,", "Forwarded: "}, "192.0.2.43:0"},
		{"scheme alone", []string{"Forwarded: proto=https"}, "- https"},
		{"hidden", []string{"Forwarded: for=_hidden;proto=https"}, "- https"},
		{"unknown", []string{"Forwarded: for=192.0.2.43, for=unknown"}, "-"},
		{"unknown with a port", []string{`Forwarded: for="unknown:80"`}, "-"},
		{"hidden behind a proxy", []string{"Forwarded: for=192.0.2.43;proto=http, for=_gazonk;proto=https, for=10.2.2.2;proto=http"}, "10.2.2.2:0 https"},
		{"of a chain", []string{"Forwarded: for=1.2.3.4;proto=http, for=192.0.2.43;proto=https", `Forwarded: for="[fd00::2]";proto=http,for=10.3.3.3`}, "192.0.2.43:0 https"},
		{"commas in quotes", []string{`Forwarded: for=192.0.2.43;secret="a, for=1.2.3.4;\", b"`}, "192.0.2.43:0"},
		{"commas in quotes before", []string{`Forwarded: for=192.0.2.43;secret="a, for=1.2.3.4", for=10.2.2.2`}, "192.0.2.43:0"},
		{"backslashes in quotes", []string{`Forwarded: for=192.0.2.43;secret="\\", for=10.2.2.2;secret="\\\""`}, "192.0.2.43:0"},
		{"after an open quote", []string{`Forwarded: for="1.2.3.4, for=192.0.2.43`}, "192.0.2.43:0"},
		{"quoted after an open quote", []string{`Forwarded: for="1.2.3.4\, for="192.0.2.43:1";proto=https`}, "192.0.2.43:1 https"},
		{"open quote in another field", []string{`Forwarded: for="1.2.3.4`, "Forwarded: for=10.2.2.2"}, "10.2.2.2:0"},
		{"twice the same", []string{"Forwarded: for=1.2.3.4;for=192.0.2.43"}, "-"},
		{"twice in other letters", []string{"Forwarded: for=192.0.2.43;proto=http;PROTO=https"}, "-"},
		{"no value", []string{"Forwarded: for=;proto=https"}, "-"},
		{"no name", []string{"Forwarded: =192.0.2.43"}, "-"},
		{"no pair", []string{"Forwarded: 192.0.2.43"}, "-"},
		{"something behind the quotes", []string{`Forwarded: for="192.0.2.43"x`}, "-"},
		{"an open quote", []string{`Forwarded: for="192.0.2.43`}, "-"},
		{"an open escape", []string{`Forwarded: for="192.0.2.43\"`}, "-"},

		// nginx 1.22.1 with $proxy_add_x_forwarded_for: it passes its client's
		// Forwarded on, and puts an empty item before its own where the client
		// sent an empty list (findings/nginx-passes-forwarded.sh).
		{"nginx, of a client with forwarded", []string{"X-Forwarded-For: 198.51.100.7", "Forwarded: for=192.0.2.1;proto=https"}, "198.51.100.7:0"},
		{"nginx, of a client with an empty list", []string{"X-Forwarded-For: , 198.51.100.7, 10.2.2.2"}, "198.51.100.7:0"},
		{"both", []string{"X-Forwarded-For: 198.51.100.7", "Forwarded: for=1.2.3.4;proto=https"}, "198.51.100.7:0"},
		{"both, and rubbish", []string{"X-Forwarded-For: x", "Forwarded: for=1.2.3.4"}, "-"},
		{"a scheme and forwarded", []string{"X-Forwarded-Proto: http", "Forwarded: for=1.2.3.4;proto=https"}, "- http"},
		{"forwarded and nothing", []string{"X-Forwarded-For: ", "Forwarded: for=192.0.2.43"}, "192.0.2.43:0"},
		{"others don't count", []string{"X-Real-Ip: 1.2.3.4", "X-Forwarded-Host: other.example:80", "X-Forwarded-Port: 443", "Forwarded: host=other.example"}, "-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := said(Of(header(test.lines...), all, trusted)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// A header that isn't believed is as good as none, whatever else comes.
func TestOfTheBelieved(t *testing.T) {
	lines := []string{"X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https", "Forwarded: for=192.0.2.60;proto=http"}
	for _, test := range []struct {
		believed []string
		want     string
	}{
		{nil, "-"},
		{[]string{For}, "198.51.100.7:0"},
		{[]string{Proto}, "- https"},
		{[]string{Standard}, "192.0.2.60:0 http"},
		{[]string{For, Proto}, "198.51.100.7:0 https"},
		{[]string{For, Standard}, "198.51.100.7:0"},
		{all, "198.51.100.7:0 https"},
	} {
		if got := said(Of(header(lines...), test.believed, trusted)); got != test.want {
			t.Errorf("%v: got %s, want %s", test.believed, got, test.want)
		}
	}
}

func TestParseNode(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1": "192.0.2.1:0", "192.0.2.1:0": "192.0.2.1:0", "192.0.2.1:65535": "192.0.2.1:65535", "192.0.2.1:00080": "192.0.2.1:80",
		"::": "[::]:0", "::1": "[::1]:0", "2001:db8::2:44": "[2001:db8::2:44]:0", "[::1]:1": "[::1]:1", "[::1]:_x": "[::1]:0",
	} {
		if got := parseNode(text); got.String() != want {
			t.Errorf("%q is %v, want %s", text, got, want)
		}
	}
	for _, text := range []string{
		"", ":", "::80:", "[", "[]", "[]:1", "[::1", "[::1]1", "[::1]:", "[192.0.2.1]", "[192.0.2.1]:80", "[::1]]:1", "::1]",
		"192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1", "192.0.2.1:000080", "192.0.2.1:x", "192.0.2.1:_", "192.0.2.1:1:2",
		"192.0.2", "192.0.2.01", "1.2.3.4.5", "0x7f.1", "2130706433", "localhost", "localhost:80", "unknown", "_hidden", "_hidden:80", "-", "192.0.2.1/8",
	} {
		if got := parseNode(text); got.IsValid() {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// FuzzOf: whatever a client says before it, what the last proxy says of it
// counts; and nothing but an address comes out.
func FuzzOf(f *testing.F) {
	for _, seed := range []string{
		"", `for="`, `for="x\`, `a="\\", b="\"`, `for=10.1.1.1;proto=http`, "1.2.3.4:80, [::1%x]:5", `for="[::1]:1";by=_x,,;`, `"`, `\"`, "a=b;c=",
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, before, field string) {
		for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"} {
			if o := Of(http.Header{name: {before, field}}, all, trusted); o.Client.Addr().Zone() != "" || o.Client.Addr().Is4In6() || !slices.Contains([]string{"", "http", "https"}, o.Scheme) {
				t.Errorf("%s: %q, %q: %+v", name, before, field, o)
			}
		}
		for added, want := range map[string]string{
			"for=192.0.2.43;proto=https": "192.0.2.43:0 https", `proto=http;for="[2001:db8::1]:47"`: "[2001:db8::1]:47 http",
			`for="\1\9\2.0.2.43:5";x="a,\",b\\"`: "192.0.2.43:5",
		} {
			for _, fields := range [][]string{{before + "," + added}, {before, added}, {before + ", " + added + ",for=10.1.1.1 ,", ""}} {
				if got := said(Of(http.Header{"Forwarded": fields}, all, trusted)); got != want {
					t.Errorf("%q: got %s, want %s", fields, got, want)
				}
			}
		}
		if got := said(Of(http.Header{"X-Forwarded-For": {before + ",192.0.2.43:5", " 10.2.2.2"}}, all, trusted)); got != "192.0.2.43:5" {
			t.Errorf("after %q: got %s", before, got)
		}
	})
}
