package asphttp

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestServerVariables(t *testing.T) {
	hr := post(urlencoded, "a=1")
	hr.Header["Content-Type"] = []string{urlencoded + "; charset=utf-8"}
	hr.Header["X-Forwarded-For"] = []string{"10.0.0.1", "10.0.0.2"}
	hr.Header["Cookie"] = []string{"a=1", "b=2"}
	hr.Header["Method"], hr.Header["Url"], hr.Header["Version"] = []string{"forged"}, []string{"forged"}, []string{"forged"}
	hr.Header["Referer"] = []string{"http://x/"}
	hr.SetBasicAuth("ann", "secret")
	hr.Host = "example.com:8080"
	hr.RemoteAddr = "[::1]:5555"
	hr.RequestURI = "/shop/dir/a%2Easp?x=1%20"
	hr.URL.RawQuery = "x=1%20"
	hr = hr.WithContext(context.WithValue(hr.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8081}))
	r := received(t, hr, RequestConfig{ScriptName: "/shop/dir/a.asp", PhysicalPath: "/srv/shop/dir/a.asp", AppPath: "/shop/",
		AppPhysicalPath: "/srv/shop", ServerSoftware: "naja/1.0"}, BodyLimits{})
	for name, want := range map[string]string{
		"URL": "/shop/dir/a.asp", "SCRIPT_NAME": "/shop/dir/a.asp", "PATH_INFO": "/shop/dir/a.asp", "PATH_TRANSLATED": "/srv/shop/dir/a.asp",
		"APPL_MD_PATH": "/LM/W3SVC/1/ROOT/shop", "APPL_PHYSICAL_PATH": "/srv/shop/", "INSTANCE_ID": "1", "INSTANCE_META_PATH": "/LM/W3SVC/1",
		"AUTH_TYPE": "Basic", "AUTH_USER": "ann", "AUTH_PASSWORD": "secret", "REMOTE_USER": "", "LOGON_USER": "",
		"CONTENT_LENGTH": "3", "CONTENT_TYPE": urlencoded + "; charset=utf-8", "GATEWAY_INTERFACE": "CGI/1.1",
		"HTTPS": "off", "HTTPS_KEYSIZE": "", "SERVER_PORT_SECURE": "0", "LOCAL_ADDR": "127.0.0.1", "QUERY_STRING": "x=1%20",
		"REMOTE_ADDR": "::1", "REMOTE_HOST": "::1", "REMOTE_PORT": "5555", "REQUEST_METHOD": "POST",
		"SERVER_NAME": "example.com", "SERVER_PORT": "8080", "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "naja/1.0",
		"UNENCODED_URL": "/shop/dir/a%2Easp?x=1%20", "HTTP_HOST": "example.com:8080", "HTTP_X_FORWARDED_FOR": "10.0.0.1, 10.0.0.2",
		"HTTP_COOKIE": "a=1; b=2", "HTTP_REFERER": "http://x/", "HEADER_Referer": "http://x/", "http_referer": "http://x/",
		"CERT_SUBJECT": "", "CERT_FLAGS": "", "CERT_COOKIE": "", "CERT_SERIALNUMBER": "", "CERT_ISSUER": "", "CERT_KEYSIZE": "",
		"HTTP_METHOD": "POST", "HTTP_URL": "/shop/dir/a%2Easp?x=1%20", "HTTP_VERSION": "HTTP/1.1", "SCRIPT_TRANSLATED": "/srv/shop/dir/a.asp",
		"URL_PATH_INFO": "/shop/dir/a.asp", "APP_POOL_ID": "/shop/", "CACHE_URL": "http://example.com:8080/shop/dir/a%2Easp?x=1%20", "UNMAPPED_REMOTE_USER": "",
		"SSI_EXEC_DISABLED": "1", "UNICODE_SCRIPT_NAME": "/shop/dir/a.asp", "Unicode_http_referer": "http://x/", "UNICODE_UNICODE_URL": "", "UNICODE_": "",
		"NOPE": "", "HTTP_NOPE": "", "HTTPS_NOPE": "", "CERT_NOPE": "", "AUTH_NOPE": "", "": "", "HTTP_": "",
	} {
		if got := r.ServerVariable(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	all := r.ServerVariable("ALL_HTTP")
	if !strings.Contains(all, "HTTP_HOST:example.com:8080\n") || !strings.Contains(all, "HTTP_X_FORWARDED_FOR:10.0.0.1, 10.0.0.2\n") {
		t.Errorf("ALL_HTTP %q", all)
	}
	if raw := r.ServerVariable("all_raw"); !strings.Contains(raw, "Host: example.com:8080\r\n") || !strings.Contains(raw, "Cookie: a=1; b=2\r\n") {
		t.Errorf("ALL_RAW %q", raw)
	}
}

func TestEveryNamedServerVariableExists(t *testing.T) {
	r := NewRequest(httptest.NewRequest("GET", "https://h/a.asp", nil), nil, RequestConfig{})
	names := r.ServerVariableNames()
	for _, name := range names {
		if _, ok := r.serverVariable(name); !ok {
			t.Errorf("%s is listed and unknown", name)
		}
	}
	if !slices.Contains(names, "HTTP_HOST") || len(names) != len(serverVariableNames)+1 {
		t.Errorf("%v", names)
	}
	if r.ServerVariable("HTTPS") != "on" || r.ServerVariable("SERVER_PORT") != "443" || r.ServerVariable("SERVER_PORT_SECURE") != "1" ||
		r.ServerVariable("CONTENT_LENGTH") != "0" || r.ServerVariable("SERVER_SOFTWARE") != "naja" || r.ServerVariable("URL") != "/a.asp" {
		t.Error("defaults")
	}
}

func TestTheServersCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		r := NewRequest(hr, nil, RequestConfig{})
		for _, prefix := range []string{"HTTPS_", "CERT_"} {
			w.Write([]byte(r.ServerVariable(prefix+"SERVER_SUBJECT") + "|" + r.ServerVariable(prefix+"SERVER_ISSUER") + "|" + r.ServerVariable(prefix+"SECRETKEYSIZE") + "\n"))
		}
	}))
	other := httptest.NewTLSServer(nil) // for its certificate: a server's settings are read as soon as it runs
	other.Close()
	server.Config.TLSConfig = &tls.Config{Certificates: other.TLS.Certificates}
	server.StartTLS()
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	must(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(t, err)
	if want := "O=Acme Co|O=Acme Co|2048\nO=Acme Co|O=Acme Co|2048\n"; string(body) != want {
		t.Errorf("%q, want %q", body, want)
	}
}

// Whoever sends an Authorization header is not yet the user it names.
func TestOnlyTheServersUserIsTheRemoteUser(t *testing.T) {
	hr := httptest.NewRequest("GET", "/", nil)
	hr.SetBasicAuth("admin", "guess")
	r := NewRequest(hr, nil, RequestConfig{User: "ann", AuthType: "Negotiate"})
	for name, want := range map[string]string{"REMOTE_USER": "ann", "LOGON_USER": "ann", "AUTH_USER": "ann", "AUTH_TYPE": "Negotiate", "AUTH_PASSWORD": ""} {
		if got := r.ServerVariable(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestAddressesTheServerDecides(t *testing.T) {
	hr := httptest.NewRequest("GET", "/", nil)
	hr.Host = ""
	for _, tt := range []struct{ remote, local, wantRemote, wantName, wantPort string }{
		{"192.0.2.7", "10.0.0.1:81", "192.0.2.7", "10.0.0.1", "81"},
		{"192.0.2.7:99", "[fe80::1]:443", "192.0.2.7", "fe80::1", "443"},
		{"[2001:db8::1]", "10.0.0.1", "2001:db8::1", "10.0.0.1", "443"},
	} {
		r := NewRequest(hr, nil, RequestConfig{RemoteAddr: tt.remote, LocalAddr: tt.local, Secure: true})
		if r.ServerVariable("REMOTE_ADDR") != tt.wantRemote || r.ServerVariable("SERVER_NAME") != tt.wantName || r.ServerVariable("SERVER_PORT") != tt.wantPort {
			t.Errorf("%+v: %s %s %s", tt, r.ServerVariable("REMOTE_ADDR"), r.ServerVariable("SERVER_NAME"), r.ServerVariable("SERVER_PORT"))
		}
	}
}

func TestKeySize(t *testing.T) {
	for suite, want := range map[uint16]string{
		tls.TLS_AES_128_GCM_SHA256: "128", tls.TLS_AES_256_GCM_SHA384: "256", tls.TLS_CHACHA20_POLY1305_SHA256: "256", 0xFFFF: "",
	} {
		hr := httptest.NewRequest("GET", "/", nil)
		hr.TLS = &tls.ConnectionState{CipherSuite: suite}
		if got := NewRequest(hr, nil, RequestConfig{}).ServerVariable("HTTPS_KEYSIZE"); got != want {
			t.Errorf("%x: %q", suite, got)
		}
	}
}
