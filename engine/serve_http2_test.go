package engine

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// An http2Server is a site over HTTP/2 alone, with TLS or without (h2c).
type http2Server struct {
	url    string
	client *http.Client
	ended  atomic.Int64 // connections
}

func serveHTTP2(t *testing.T, s *served, cleartext bool) *http2Server {
	t.Helper()
	h := new(http2Server)
	server := httptest.NewUnstartedServer(s.Engine)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			h.ended.Add(1)
		}
	}
	if cleartext {
		both, only := new(http.Protocols), new(http.Protocols)
		both.SetHTTP1(true)
		both.SetUnencryptedHTTP2(true)
		only.SetUnencryptedHTTP2(true)
		server.Config.Protocols = both
		server.Start()
		transport := &http.Transport{Protocols: only}
		t.Cleanup(transport.CloseIdleConnections)
		h.client = &http.Client{Transport: transport}
	} else {
		server.EnableHTTP2 = true
		server.StartTLS()
		h.client = server.Client()
	}
	t.Cleanup(server.Close)
	h.url = server.URL
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return h
}

// ask returns the answer and its body; err is of either.
func (h *http2Server) ask(method, target, cookie string) (resp *http.Response, body string, err error) {
	r, err := http.NewRequest(method, h.url+target, nil)
	if err != nil {
		return nil, "", err
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	resp, err = h.client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

func bothHTTP2(t *testing.T, test func(t *testing.T, cleartext bool)) {
	for name, cleartext := range map[string]bool{"TLS": false, "h2c": true} {
		t.Run(name, func(t *testing.T) { test(t, cleartext) })
	}
}

// What an answer over HTTP/2 says of its length, where it isn't a number.
const (
	anyLength = -1 - iota // there is one
	noLength              // there is none, since the page flushed
	noBody                // there is none, and no body
)

// TestHTTP2KeepsTheConnection has the rows of HTTP/1's: what is known of a length is
// said, what has no body has none, and no connection ends, whatever is asked for,
// broken answers among it.
func TestHTTP2KeepsTheConnection(t *testing.T) {
	bothHTTP2(t, func(t *testing.T, cleartext bool) {
		site := framingSite()
		site["short.asp"] = `<% Response.AddHeader("Content-Length", "1000") %>text<% Response.Flush() %>`
		h := serveHTTP2(t, serveSite(t, site), cleartext)
		for range 2 {
			for target, row := range map[string]struct{ status, length int }{
				"/big.asp": {200, 100 << 10}, "/small.asp": {200, 5}, "/empty.asp": {200, 0}, "/file.txt": {200, 13},
				"/redirect.asp": {302, anyLength}, "/none.asp": {404, anyLength}, "/error.asp": {500, anyLength},
				"/broken.asp": {500, anyLength}, "/a%00b": {400, anyLength}, "/status.asp?s=503": {503, 4},
				"/flushed.asp": {200, noLength}, "/pieces.asp": {200, noLength}, "/unbuffered.asp": {200, noLength},
				"/204.asp": {204, noBody}, "/204f.asp": {204, noBody}, "/304.asp": {304, noBody}, "/304f.asp": {304, noBody},
				"/205.asp": {205, 0}, "/205f.asp": {205, 0},
			} {
				for _, method := range []string{"GET", "HEAD"} {
					h.wants(t, method, target, row.status, row.length)
				}
			}
			for _, target := range []string{"/late.asp", "/short.asp"} {
				if _, body, err := h.ask("GET", target, ""); body != "text"[:len(body)] || err == nil {
					t.Errorf("%s: %q looks whole", target, body)
				}
			}
		}
		if n := h.ended.Load(); n != 0 { // the client may open another by itself
			t.Errorf("%d connections have ended", n)
		}
	})
}

// wants asks for something and looks at its framing.
func (h *http2Server) wants(t *testing.T, method, target string, status, length int) {
	t.Helper()
	resp, body, err := h.ask(method, target, "")
	if err != nil {
		t.Errorf("%s %s: %v", method, target, err)
		return
	}
	said, right := resp.Header.Get("Content-Length"), false
	switch length {
	case anyLength:
		right = said != "" && (method == "HEAD" || said == strconv.Itoa(len(body)))
	case noLength:
		right = said == "" && (method == "HEAD" || body != "")
	case noBody:
		right = said == "" && body == ""
	default:
		right = said == strconv.Itoa(length) && (method == "HEAD" || len(body) == length)
	}
	if !right || resp.ProtoMajor != 2 || resp.StatusCode != status || method == "HEAD" && body != "" {
		t.Errorf("%s %s: %s %d, Content-Length %q, %d bytes", method, target, resp.Proto, resp.StatusCode, said, len(body))
	}
}

// TestHTTP2OfOneSession: a hundred streams of one connection, all of one session,
// stand in its line like others: one runs, session_queue_max wait, and the rest is
// refused at once, while other visitors' are served.
func TestHTTP2OfOneSession(t *testing.T) {
	bothHTTP2(t, func(t *testing.T, cleartext bool) {
		const streams, waiting = 100, 7
		gate := make(chan struct{})
		s := serveSite(t, map[string]string{
			"begin.asp": `<% Session("n") = 0 %>begun`,
			"count.asp": `<% Server.CreateObject("Test.Gate").Wait(); Session("n") = Session("n") + 1; %><%= Session("n") %>`,
			"other.asp": `other`,
		}, func(c *Config) {
			c.SessionQueueMax, c.QueueTimeout = waiting, time.Hour
			c.Components = map[string]Component{"Test.Gate": {Threading: Agile, New: func(context.Context) (any, error) { return waiter(gate), nil }}}
		})
		h := serveHTTP2(t, s, cleartext)
		resp, _, err := h.ask("GET", "/begin.asp", "")
		if err != nil {
			t.Fatal(err)
		}
		cookie, _, _ := strings.Cut(resp.Header.Get("Set-Cookie"), ";")
		served := make(chan string, streams)
		var refused atomic.Int64
		var all sync.WaitGroup
		open := sync.OnceFunc(func() { close(gate) })
		defer open()
		for range streams {
			all.Go(func() {
				resp, body, err := h.ask("GET", "/count.asp", cookie)
				switch {
				case err != nil:
					t.Error(err)
				case resp.StatusCode == 503 && resp.Header.Get("Retry-After") != "":
					if refused.Add(1) == streams-waiting-1 {
						if _, body, err := h.ask("GET", "/other.asp", ""); body != "other" || err != nil {
							t.Errorf("another visitor: %q %v", body, err)
						}
						open() // all others are in line
					}
				default:
					served <- body
				}
			})
		}
		all.Wait()
		close(served)
		seen := map[string]bool{}
		for n := range served {
			seen[n] = true
		}
		if len(seen) != waiting+1 || !seen["1"] || !seen["8"] || refused.Load() != streams-waiting-1 {
			t.Errorf("served %v, refused %d", seen, refused.Load())
		}
		if n := h.ended.Load(); n != 0 { // the client may open another by itself
			t.Errorf("%d connections have ended", n)
		}
	})
}

// A waiter has pages wait for a channel.
type waiter <-chan struct{}

// Wait is for pages.
func (w waiter) Wait() { <-w }
