package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
)

// echoing reads its request's body and says how long it was.
func echoing(w http.ResponseWriter, r *http.Request) {
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		return
	}
	fmt.Fprintf(w, "%d bytes", n)
}

func dial(t *testing.T, srv *server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", srv.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// TestTwoLengths: a request in chunks that has a length too is the last one of its
// connection. Others aren't, whatever came before them and whatever is in them.
func TestTwoLengths(t *testing.T) {
	const (
		chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
		both    = "POST / HTTP/1.1\r\nHost: a\r\nconTENT-length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
		behind  = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
		plain   = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
		get     = "GET / HTTP/1.1\r\nHost: a\r\nX-Content-Length: 3\r\n\r\n"
	)
	srv, stop := start(t, config.Server{}, siteFunc(echoing))
	for _, tt := range []struct {
		sent   []string
		closed bool // after the last of them
	}{
		{[]string{chunked, chunked}, false},
		{[]string{plain, chunked, plain, chunked, get}, false},
		{[]string{both}, true},
		{[]string{behind}, true},
		{[]string{plain, get, chunked, both}, true},
		{[]string{get + both}, true}, // the answer to the first isn't waited for
	} {
		conn := dial(t, srv)
		in := bufio.NewReader(conn)
		for i, text := range tt.sent {
			if _, err := io.WriteString(conn, text); err != nil {
				t.Fatal(err)
			}
			for n := strings.Count(text, " HTTP/1.1\r\n"); n > 0; n-- {
				resp, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Fatalf("%q: %v", tt.sent, err)
				}
				body, err := io.ReadAll(resp.Body)
				if err != nil || resp.StatusCode != 200 || !strings.HasSuffix(string(body), " bytes") {
					t.Errorf("%q: %d %q, %v", text, resp.StatusCode, body, err)
				}
				if want := tt.closed && i == len(tt.sent)-1 && n == 1; resp.Close != want {
					t.Errorf("%q, request %d: closed is %v", tt.sent, i, resp.Close)
				}
			}
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// TestCountingConn finds each line that begins so, however it is cut into pieces.
func TestCountingConn(t *testing.T) {
	const text = "POST / HTTP/1.1\r\nContent-Length: 3\r\nX-Content-Length: 3\r\n\r\ncontent-lengt\ncontent-length\ncontent-length:\n\nContent-Length:\r\nCONTENT-LENGTH:"
	for size := 1; size <= len(text); size++ {
		c := new(countingConn)
		for rest := []byte(text); len(rest) > 0; rest = rest[min(size, len(rest)):] {
			c.look(rest[:min(size, len(rest))])
		}
		if n := c.found.Load(); n != 4 {
			t.Errorf("in pieces of %d: %d", size, n)
		}
	}
}

// holding is a site whose requests wait until it is told.
type holding struct {
	entered chan string
	release chan struct{}
}

func (h *holding) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Connection", "close") // or net/http would wait for a body that isn't read
	h.entered <- r.RemoteAddr
	if r.URL.Path == "/read" {
		_, _ = io.Copy(io.Discard, r.Body)
		h.entered <- "read"
	}
	<-h.release
}

func (h *holding) Shutdown(context.Context) error { return nil }

// ask sends a request over a connection of its own, and gives its answer's status; 0
// where the connection is closed. more sends what is left of it.
func ask(t *testing.T, srv *server, request string) (status <-chan int, more func(string)) {
	conn := dial(t, srv)
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	got := make(chan int, 1)
	go func() {
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			got <- 0
			return
		}
		got <- resp.StatusCode
	}()
	return got, func(text string) { _, _ = io.WriteString(conn, text) }
}

// holds is what is counted; "" when nothing is.
func (b *limits) holds() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.open)+len(b.connections)+len(b.requests)+len(b.bodies) == 0 {
		return ""
	}
	return fmt.Sprint(b.open, b.connections, b.requests, b.bodies)
}

const plainGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

// TestLimits: what is one too many is refused, what isn't is as ever, and one that has
// ended makes room.
func TestLimits(t *testing.T) {
	of := func(client, request string) string {
		return strings.Replace(request, "\r\n", "\r\nX-Forwarded-For: "+client+"\r\n", 1)
	}
	const body = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
	const whole = "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
	here := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	proxy := config.Server{TrustedProxies: here, Forwarded: []string{"x-forwarded-for"}}
	with := func(s config.Server, set func(*config.Server)) config.Server { set(&s); return s }
	for name, tt := range map[string]struct {
		settings config.Server
		held     []string // requests that are let in
		refused  string   // one that isn't then
		status   int      // of that; 0: closed
		let      string   // one that is let in all the same; "": none
	}{
		"connections":                  {config.Server{MaxConnections: 2}, []string{plainGet, plainGet}, plainGet, 0, ""},
		"of an address":                {config.Server{MaxAddressConnections: 1}, []string{plainGet}, plainGet, 0, ""},
		"requests":                     {config.Server{MaxAddressRequests: 2}, []string{plainGet, plainGet}, plainGet, 503, ""},
		"visitors behind a proxy":      {with(proxy, func(s *config.Server) { s.MaxAddressRequests, s.MaxAddressConnections = 1, 1 }), []string{of("192.0.2.1", plainGet)}, of("192.0.2.1", plainGet), 503, of("192.0.2.2", plainGet)},
		"a network of IPv6":            {with(proxy, func(s *config.Server) { s.MaxAddressRequests = 1 }), []string{of("2001:db8::1", plainGet)}, of("2001:db8::2", plainGet), 503, of("2001:db8:0:1::1", plainGet)},
		"bodies, not requests":         {config.Server{MaxAddressBodies: 1}, []string{body}, body, 503, plainGet},
		"a body that was read is over": {config.Server{MaxAddressBodies: 1}, []string{whole, body}, body, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			site := &holding{make(chan string, 16), make(chan struct{})}
			tt.settings.ShutdownTimeout = time.Minute
			srv, stop := start(t, tt.settings, site)
			var all []<-chan int
			var rest []func()
			for _, request := range tt.held {
				status, more := ask(t, srv, request)
				all = append(all, status)
				<-site.entered
				switch request {
				case whole:
					<-site.entered
				case body:
					rest = append(rest, func() { more("abc") })
				}
			}
			status, more := ask(t, srv, tt.refused)
			if got := <-status; got != tt.status {
				t.Errorf("the one too many got %d, want %d", got, tt.status)
			}
			more("abc") // of a body; of another request nobody cares
			if tt.let != "" {
				status, _ := ask(t, srv, tt.let)
				all = append(all, status)
				<-site.entered
			}
			close(site.release)
			for _, send := range rest {
				send()
			}
			for _, status := range all {
				if got := <-status; got != 200 {
					t.Errorf("one that was let in got %d", got)
				}
			}
			http.DefaultClient.CloseIdleConnections()
			if err := stop(); err != nil {
				t.Error(err)
			}
			for until := time.Now().Add(10 * time.Second); srv.limits.holds() != ""; <-time.After(time.Millisecond) { // net/http tells of the end a moment later
				if time.Now().After(until) {
					t.Fatalf("left: %s", srv.limits.holds())
				}
			}
		})
	}
}
