package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/internal/asptest"
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
			proxies := newProxies(config.Server{TrustedProxies: trusted, Forwarded: []string{"x-forwarded-for", "x-forwarded-proto"}, Scheme: "auto"}, slog.New(slog.DiscardHandler))
			handler := proxies.before(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
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

// What is fixed is nobody's to say; a header that isn't believed says nothing.
func TestSchemes(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, test := range []struct {
		scheme, believed, header string
		tls                      bool
		want                     string
	}{
		{"auto", "x-forwarded-proto", "https", false, "https"},
		{"auto", "x-forwarded-proto", "http", true, "http"},
		{"auto", "x-forwarded-for", "https", false, "http"},
		{"auto", "x-forwarded-for", "http", true, "https"},
		{"https", "x-forwarded-proto", "http", false, "https"},
		{"https", "x-forwarded-for", "", false, "https"},
		{"http", "x-forwarded-proto", "https", false, "http"},
	} {
		for peer, who := range map[string]string{"10.1.1.1:5": "a proxy", "192.0.2.1:5": "a stranger"} {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = peer
			if test.tls {
				r.TLS = &tls.ConnectionState{}
			}
			if test.header != "" {
				r.Header.Set("X-Forwarded-Proto", test.header)
			}
			want := test.want
			if who == "a stranger" && test.scheme == "auto" {
				want = map[bool]string{true: "https", false: "http"}[test.tls]
			}
			proxies := newProxies(config.Server{TrustedProxies: trusted, Forwarded: []string{test.believed}, Scheme: test.scheme}, slog.New(slog.DiscardHandler))
			proxies.before(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if got := map[bool]string{true: "https", false: "http"}[r.TLS != nil]; got != want {
					t.Errorf("%+v, from %s: %s, want %s", test, who, got, want)
				}
			})).ServeHTTP(nil, r)
		}
	}
}

// A proxy that passes its clients' own headers on is told of, once.
func TestProxiesThatPassOn(t *testing.T) {
	var log asptest.Log
	proxies := newProxies(config.Server{
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Scheme: "auto",
		Forwarded: []string{"x-forwarded-for", "x-forwarded-proto"},
	}, slog.New(slog.NewTextHandler(&log, nil)))
	handler := proxies.before(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for range 100 {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = "10.1.1.1:5"
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		handler.ServeHTTP(nil, r)
	}
	if text := log.String(); strings.Count(text, "level=WARN") != 1 || !strings.Contains(text, "proxy=10.1.1.1 headers=x-forwarded-proto") {
		t.Errorf("the log says %q", text)
	}
}
