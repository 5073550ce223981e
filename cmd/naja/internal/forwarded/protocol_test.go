package forwarded

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// told is a header of version 2, of a client with TLS or without, or LOCAL.
func told(t *testing.T, client string, over bool) string {
	t.Helper()
	h := &proxyproto.Header{Version: 2, Command: proxyproto.LOCAL, TransportProtocol: proxyproto.UNSPEC}
	if client != "" {
		to := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.80:443"))
		if strings.HasPrefix(client, "[") {
			to = net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[2001:db8::80]:443"))
		}
		h = proxyproto.HeaderProxyFromAddrs(2, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(client)), to)
	}
	ssl := tlvparse.PP2SSL{}
	if over {
		ssl.Client = tlvparse.PP2_BITFIELD_CLIENT_SSL
		ssl.TLV = []proxyproto.TLV{{Type: proxyproto.PP2_SUBTYPE_SSL_VERSION, Value: []byte("TLSv1.3")}} // there must be one
	}
	field, err := ssl.Marshal()
	if err == nil {
		err = h.SetTLVs([]proxyproto.TLV{field})
	}
	b, err2 := h.Format()
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	return string(b)
}

// serveProtocol serves who a request's client is, to peers that are trusted.
func serveProtocol(t *testing.T, trusted, over bool) *httptest.Server {
	t.Helper()
	type key struct{}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "[%s %s]", r.RemoteAddr, SchemeOf(r.Context().Value(key{}).(net.Conn)))
	}))
	s.Listener = Listener(s.Listener, func(netip.Addr) bool { return trusted }, time.Minute)
	s.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, key{}, c) }
	if over {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func TestListener(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	const last = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	trusted, strange := serveProtocol(t, true, false), serveProtocol(t, false, false)
	for _, test := range []struct {
		name, header, want string
	}{
		{"version 1", "PROXY TCP4 198.51.100.7 192.0.2.80 5678 443\r\n", "[198.51.100.7:5678 ]"},
		{"version 1, version 6", "PROXY TCP6 2001:db8::7 2001:db8::80 5678 443\r\n", "[[2001:db8::7]:5678 ]"},
		{"version 1, of nobody", "PROXY UNKNOWN\r\n", "[self ]"},
		{"version 2", told(t, "198.51.100.7:5678", false), "[198.51.100.7:5678 ]"},
		{"version 2, over TLS", told(t, "198.51.100.7:5678", true), "[198.51.100.7:5678 https]"},
		{"version 2, version 6", told(t, "[2001:db8::7]:5678", true), "[[2001:db8::7]:5678 https]"},
		{"version 2, of the proxy itself", told(t, "", true), "[self ]"},
		{"no header", "", ""},
		{"no address", "PROXY TCP4 x y 1 2\r\n", ""},
		{"half a header", "PROXY TCP4 ", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := net.Dial("tcp", trusted.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			io.WriteString(c, test.header+get+last)
			got, _ := io.ReadAll(c) // it may be reset, as it wasn't read
			want := strings.ReplaceAll(test.want, "self", c.LocalAddr().String())
			if n := strings.Count(string(got), want); test.want != "" && n != 2 || test.want == "" && strings.Contains(string(got), "200 OK") {
				t.Errorf("got %q, want twice %s", got, want)
			}
		})
	}
	t.Run("from a stranger", func(t *testing.T) {
		for header, want := range map[string]string{"": "200 OK", "PROXY TCP4 198.51.100.7 192.0.2.80 5678 443\r\n": "400 Bad Request"} {
			c, err := net.Dial("tcp", strange.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			io.WriteString(c, header+last)
			if got, _ := io.ReadAll(c); !strings.Contains(string(got), want) {
				t.Errorf("%q: got %q, want %s", header, got, want)
			}
		}
	})
}

// The header comes before TLS begins, and says what it says all the same.
func TestListenerBelowTLS(t *testing.T) {
	s := serveProtocol(t, true, true)
	raw, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	io.WriteString(raw, told(t, "198.51.100.7:5678", true))
	c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true})
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if got, _ := io.ReadAll(c); !strings.Contains(string(got), "[198.51.100.7:5678 https]") {
		t.Errorf("got %q", got)
	}
}
