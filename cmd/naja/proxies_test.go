package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestBehindProxies(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fe80::/10")}
	tests := []struct {
		name, peer string
		forwarded  []string
		proto      string
		want       string
	}{
		{"stranger's headers", "192.0.2.1:5", []string{"198.51.100.7"}, "https", "192.0.2.1:5 http"},
		{"no headers", "10.1.1.1:5", nil, "", "10.1.1.1:5 http"},
		{"client", "10.1.1.1:5", []string{"198.51.100.7"}, "https", "198.51.100.7:0 https"},
		{"client's own invention", "10.1.1.1:5", []string{"1.2.3.4, 198.51.100.7"}, "", "198.51.100.7:0 http"},
		{"chain of proxies", "10.1.1.1:5", []string{"1.2.3.4", "198.51.100.7, 10.2.2.2", "10.3.3.3"}, "", "198.51.100.7:0 http"},
		{"proxies only", "10.1.1.1:5", []string{"10.2.2.2, 10.3.3.3"}, "", "10.2.2.2:0 http"},
		{"rubbish", "10.1.1.1:5", []string{"198.51.100.7, x"}, "", "10.1.1.1:5 http"},
		{"rubbish before a proxy", "10.1.1.1:5", []string{"x, 10.2.2.2"}, "", "10.2.2.2:0 http"},
		{"version 6", "[::1]:5", []string{"2001:db8::1"}, "HTTPS", "[2001:db8::1]:0 https"},
		{"version 4 in 6", "[::ffff:10.1.1.1]:5", []string{"::ffff:198.51.100.7"}, "", "198.51.100.7:0 http"},
		{"with a port", "10.1.1.1:5", []string{"198.51.100.7:5678"}, "", "198.51.100.7:5678 http"},
		{"a proxy with a zone", "[fe80::1%eth0]:5", []string{"198.51.100.7"}, "", "198.51.100.7:0 http"},
		{"nearest scheme", "10.1.1.1:5", nil, "http, https", "10.1.1.1:5 https"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = test.peer
			for _, line := range test.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			if test.proto != "" {
				r.Header.Set("X-Forwarded-Proto", test.proto)
			}
			var got string
			handler := behindProxies(trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				scheme := "http"
				if r.TLS != nil {
					scheme = "https"
				}
				got = fmt.Sprint(r.RemoteAddr, " ", scheme)
			}))
			handler.ServeHTTP(nil, r)
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if r.RemoteAddr != test.peer || r.TLS != nil {
				t.Error("the caller's request was changed")
			}
		})
	}
}
