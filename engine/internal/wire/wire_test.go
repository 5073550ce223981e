package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// pieces is a body in several pieces, as a page leaves it.
type pieces [][]byte

func (p pieces) Len() int {
	var n int
	for _, piece := range p {
		n += len(piece)
	}
	return n
}

func (p pieces) WriteTo(w io.Writer) (int64, error) {
	var sent int64
	for _, piece := range p {
		n, err := w.Write(piece)
		sent += int64(n)
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

func text(s string) pieces { return pieces{[]byte(s)} }

// letters is n bytes in pieces of up to size.
func letters(n, size int) pieces {
	var p pieces
	for c := byte('a'); n > 0; c = 'a' + (c-'a'+1)%26 {
		piece := bytes.Repeat([]byte{c}, min(n, size))
		p, n = append(p, piece), n-len(piece)
	}
	return p
}

// servePage serves a page that is a Go function.
func servePage(t *testing.T, stall time.Duration, page func(wr *Wire)) string {
	t.Helper()
	return asptest.Serve(t, &http.Server{Handler: pageHandler(stall, page)})
}

func pageHandler(stall time.Duration, page func(wr *Wire)) http.Handler {
	ws := new(Wires)
	ws.Stall.Store(int64(stall))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { page(ws.New(w, r)) })
}

func htmlHeader() http.Header { return http.Header{"Content-Type": {"text/html"}} }

// flushing is a page that sends each piece by itself.
func flushing(t *testing.T, pieces ...string) func(*Wire) {
	return func(wr *Wire) {
		asptest.Check(t, wr.Start(200, "OK", htmlHeader()))
		for _, piece := range pieces {
			asptest.Check(t, wr.Write([]byte(piece)))
			asptest.Check(t, wr.Flush())
		}
		endPage(wr, true)
	}
}

// endPage is how a handler ends.
func endPage(wr *Wire, whole bool) {
	if !wr.Finish(whole) {
		panic(http.ErrAbortHandler)
	}
}

func promise(n int64) func() (int64, bool) { return func() (int64, bool) { return n, true } }

func TestTenLargePagesOverOneHTTP10Connection(t *testing.T) {
	page := letters(100<<10, 700)
	addr := servePage(t, time.Minute, func(wr *Wire) { asptest.Check(t, wr.Send(200, htmlHeader(), page)) })
	c := asptest.Dial(t, addr)
	for range 10 {
		r := c.Get("HTTP/1.0", "GET", "/", "Connection: keep-alive")
		if r.Framing != asptest.FramedByLength || !r.Whole() || !r.KeepAlive || !bytes.Equal(r.Body, slices.Concat(page...)) {
			t.Fatalf("got %d bytes by %s, whole %v, alive %v", len(r.Body), r.Framing, r.Whole(), r.KeepAlive)
		}
	}
	if r := c.Get("HTTP/1.0", "GET", "/"); !r.Whole() || r.KeepAlive || !c.Closed() {
		t.Errorf("without keep-alive: whole %v, alive %v", r.Whole(), r.KeepAlive)
	}
}

func TestABufferedPageHasItsLengthWhateverItIs(t *testing.T) {
	var page pieces
	addr := servePage(t, time.Minute, func(wr *Wire) { asptest.Check(t, wr.Send(200, htmlHeader(), page)) })
	c := asptest.Dial(t, addr)
	for _, size := range []int{0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20} {
		for _, piece := range []int{1 << 20, 1000, 70000} {
			page = letters(size, piece)
			r := c.Get("HTTP/1.1", "GET", "/")
			if r.Framing != asptest.FramedByLength || !r.KeepAlive || !bytes.Equal(r.Body, slices.Concat(page...)) {
				t.Errorf("%d in pieces of %d: %d bytes by %s, alive %v", size, piece, len(r.Body), r.Framing, r.KeepAlive)
			}
		}
	}
}

func TestAFlushedPageIsChunkedOn11AndClosedOn10(t *testing.T) {
	addr := servePage(t, time.Minute, flushing(t, "one", "", "two", strings.Repeat("x", 100<<10)))
	want := "onetwo" + strings.Repeat("x", 100<<10)
	c := asptest.Dial(t, addr)
	for range 3 {
		if r := c.Get("HTTP/1.1", "GET", "/"); r.Framing != asptest.FramedByChunks || !r.Whole() || !r.KeepAlive || string(r.Body) != want {
			t.Errorf("1.1: %d bytes by %s, whole %v, alive %v", len(r.Body), r.Framing, r.Whole(), r.KeepAlive)
		}
	}
	for _, header := range []string{"X: y", "Connection: keep-alive"} {
		if r := asptest.Dial(t, addr).Get("HTTP/1.0", "GET", "/", header); r.Framing != asptest.FramedByClose || string(r.Body) != want {
			t.Errorf("1.0: %d bytes by %s", len(r.Body), r.Framing)
		}
	}
}

func TestEachFlushArrivesByItself(t *testing.T) {
	next := make(chan struct{})
	addr := servePage(t, time.Minute, func(wr *Wire) {
		asptest.Check(t, wr.Start(200, "", htmlHeader()))
		for range 3 {
			asptest.Check(t, wr.Write([]byte("piece")))
			asptest.Check(t, wr.Flush())
			<-next
		}
	})
	c := asptest.Dial(t, addr)
	c.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	c.ReadHeader()
	for range 3 {
		if chunk, err := c.ReadChunk(); string(chunk) != "piece" || err != nil {
			t.Errorf("got %q, %v", chunk, err)
		}
		next <- struct{}{}
	}
	if chunk, err := c.ReadChunk(); len(chunk) != 0 || err != nil {
		t.Errorf("got %q, %v", chunk, err)
	}
}

func TestHEADAnd204And304HaveNoBody(t *testing.T) {
	status, flushed, promised := 200, false, int64(-1)
	addr := servePage(t, time.Minute, func(wr *Wire) {
		wr.Promise = func() (int64, bool) { return promised, promised >= 0 }
		if !flushed {
			asptest.Check(t, wr.Send(status, htmlHeader(), text("hello")))
			return
		}
		asptest.Check(t, wr.Start(status, "", htmlHeader()))
		asptest.Check(t, wr.Write([]byte("hello")))
		asptest.Check(t, wr.Flush())
		endPage(wr, true)
	})
	tests := []struct {
		method   string
		status   int
		promised int64
		length   string // "" if the header must be missing
	}{
		{"HEAD", 200, -1, "5"}, {"HEAD", 200, 5, "5"}, {"HEAD", 404, -1, "5"},
		{"GET", 204, -1, ""}, {"GET", 304, -1, ""}, {"HEAD", 304, -1, ""}, {"GET", 204, 5, ""},
	}
	c := asptest.Dial(t, addr)
	for _, test := range tests {
		for _, flushed = range []bool{false, true} {
			status, promised = test.status, test.promised
			r := c.Get("HTTP/1.1", test.method, "/")
			want := test.length
			if flushed && promised < 0 {
				want = ""
			}
			if got := r.Header.Get("Content-Length"); r.Status != test.status || got != want {
				t.Errorf("%+v flushed %v: status %d, length %q", test, flushed, r.Status, got)
			}
		}
	}
	// Nothing of a body was left on the connection.
	status, flushed = 200, false
	if r := c.Get("HTTP/1.1", "GET", "/"); string(r.Body) != "hello" {
		t.Errorf("got %q", r.Body)
	}
}

func TestHEADMayHaveALengthWithoutABody(t *testing.T) {
	addr := servePage(t, time.Minute, func(wr *Wire) {
		wr.Promise = promise(12345)
		asptest.Check(t, wr.Send(200, htmlHeader(), text("")))
	})
	if r := asptest.Dial(t, addr).Get("HTTP/1.1", "HEAD", "/"); r.Header.Get("Content-Length") != "12345" {
		t.Errorf("got %v", r.Header)
	}
	// What is sent counts, not what was promised.
	if r := asptest.Dial(t, addr).Get("HTTP/1.1", "GET", "/"); r.Header.Get("Content-Length") != "0" || !r.KeepAlive {
		t.Errorf("got %v", r.Header)
	}
}

func TestPipelinedRequestsAreAnsweredInOrder(t *testing.T) {
	addr := servePage(t, time.Minute, func(wr *Wire) {
		if wr.r.URL.Path == "/flush" {
			flushing(t, "flu", "shed")(wr)
			return
		}
		asptest.Check(t, wr.Send(200, htmlHeader(), text("body of "+wr.r.URL.Path)))
	})
	c := asptest.Dial(t, addr)
	for _, target := range []string{"/1", "/flush", "/2", "/3"} {
		c.Send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n", target)
	}
	for _, want := range []string{"body of /1", "flushed", "body of /2", "body of /3"} {
		if r := c.ReadResponse("GET"); string(r.Body) != want || !r.Whole() {
			t.Errorf("got %q, want %q", r.Body, want)
		}
	}
}

func TestAFailedPageNeverLooksWhole(t *testing.T) {
	failing := func(length int64, pieces ...string) func(*Wire) {
		return func(wr *Wire) {
			if length >= 0 {
				wr.Promise = promise(length)
			}
			asptest.Check(t, wr.Start(200, "", htmlHeader()))
			asptest.Check(t, wr.Flush())
			for _, piece := range pieces {
				asptest.Check(t, wr.Write([]byte(piece)))
				asptest.Check(t, wr.Flush())
			}
			endPage(wr, false)
		}
	}
	for name, page := range map[string]func(*Wire){
		"chunks":                 failing(-1, "some", "thing"),
		"chunks, nothing yet":    failing(-1),
		"length, all written":    failing(9, "some", "thing"),
		"length, one byte":       failing(1, "x"),
		"length, some written":   failing(10, "some"),
		"length, nothing yet":    failing(10),
		"unkept, failed as well": failing(100, "x"),
	} {
		c := asptest.Dial(t, servePage(t, time.Minute, page))
		if r := c.Get("HTTP/1.1", "GET", "/"); r.Whole() || !c.Closed() {
			t.Errorf("%s: got %q, whole", name, r.Body)
		}
	}
}

func TestAPromisedLength(t *testing.T) {
	tests := []struct {
		name   string
		length int64
		pieces []string
		whole  bool
	}{
		{"kept", 9, []string{"some", "thing"}, true},
		{"kept in one", 5, []string{"hello"}, true},
		{"kept byte by byte", 3, []string{"a", "b", "c"}, true},
		{"kept, empty pieces", 3, []string{"", "abc", ""}, true},
		{"kept, nothing", 0, nil, true},
		{"kept, large", 200 << 10, []string{strings.Repeat("x", 200<<10)}, true},
		{"short", 10, []string{"some", "thing"}, false},
		{"nothing written", 10, nil, false},
		{"long", 3, []string{"abcd"}, false},
		{"long after the end", 3, []string{"abc", "d"}, false},
		{"long where nothing was due", 0, []string{"d"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := servePage(t, time.Minute, func(wr *Wire) {
				wr.Promise = promise(test.length)
				asptest.Check(t, wr.Start(200, "", htmlHeader()))
				err := wr.Flush()
				for _, piece := range test.pieces {
					if err = wr.Write([]byte(piece)); err != nil {
						break // so does a page
					}
					asptest.Check(t, wr.Flush())
				}
				endPage(wr, err == nil)
			})
			want := strings.Join(test.pieces, "")
			c := asptest.Dial(t, addr)
			r := c.Get("HTTP/1.1", "GET", "/")
			if r.Framing != asptest.FramedByLength || test.whole && (string(r.Body) != want || !r.Whole()) {
				t.Errorf("got %d bytes by %s, whole %v", len(r.Body), r.Framing, r.Whole())
			}
			// A promise of nothing that isn't kept can only cost the connection.
			if !test.whole && (r.Whole() && test.length > 0 || !c.Closed()) {
				t.Errorf("an unkept promise looks kept: %q", r.Body)
			}
			if test.whole {
				if again := c.Get("HTTP/1.1", "GET", "/"); string(again.Body) != want {
					t.Errorf("the connection died: %q", again.Body)
				}
			}
		})
	}
}

func TestHeadersOfThePageCannotChangeTheFraming(t *testing.T) {
	for _, flush := range []bool{false, true} {
		addr := servePage(t, time.Minute, func(wr *Wire) {
			wr.Header().Set("X-Middleware", "kept")
			h := http.Header{
				"Transfer-Encoding": {"identity"}, "Trailer": {"X-T"}, "Upgrade": {"x"}, "Keep-Alive": {"x"},
				"X-Page": {"a", "b"}, "Content-Length": {"nonsense"},
			}
			if !flush {
				asptest.Check(t, wr.Send(200, h, text("<html>")))
				return
			}
			asptest.Check(t, wr.Start(200, "", h))
			asptest.Check(t, wr.Write([]byte("<html>")))
			endPage(wr, true)
		})
		c := asptest.Dial(t, addr)
		for range 2 {
			r := c.Get("HTTP/1.1", "GET", "/")
			if string(r.Body) != "<html>" || !r.Whole() || !r.KeepAlive || r.Header.Get("X-Middleware") != "kept" || len(r.Header["X-Page"]) != 2 {
				t.Errorf("flush %v: got %q, %v", flush, r.Body, r.Header)
			}
			for _, name := range []string{"Trailer", "Upgrade", "Keep-Alive", "Content-Type"} {
				if _, sent := r.Header[name]; sent {
					t.Errorf("flush %v: %s was sent", flush, name)
				}
			}
		}
	}
}

func TestALengthInTheHeaderIsAPromiseToo(t *testing.T) {
	for header, framing := range map[string]asptest.Framing{
		"5": asptest.FramedByLength, "-5": asptest.FramedByChunks, "5,5": asptest.FramedByChunks, "+5": asptest.FramedByChunks,
	} {
		addr := servePage(t, time.Minute, func(wr *Wire) {
			asptest.Check(t, wr.Start(200, "", http.Header{"Content-Length": {header}}))
			asptest.Check(t, wr.Flush())
			asptest.Check(t, wr.Write([]byte("hello")))
			endPage(wr, true)
		})
		if r := asptest.Dial(t, addr).Get("HTTP/1.1", "GET", "/"); r.Framing != framing || string(r.Body) != "hello" {
			t.Errorf("%q: got %q by %s", header, r.Body, r.Framing)
		}
	}
	for _, values := range [][]string{{"5", "5"}, {"5", "6"}} {
		h := http.Header{"Content-Length": values}
		if got, want := declaredLength(h) >= 0, values[0] == values[1]; got != want || len(h["Content-Length"]) > 1 {
			t.Errorf("%v: %v, left %v", values, got, h)
		}
	}
}

func TestAStatusThatIsNoneIs500(t *testing.T) {
	for _, status := range []int{0, 100, 101, 199, 1000, -1} {
		addr := servePage(t, time.Minute, func(wr *Wire) { asptest.Check(t, wr.Send(status, htmlHeader(), text("x"))) })
		if r := asptest.Dial(t, addr).Get("HTTP/1.1", "GET", "/"); r.Status != 500 {
			t.Errorf("%d became %d", status, r.Status)
		}
	}
}

// A server's own write timeout counts from the request's arrival: a page may
// run longer than that.
func TestAPageMayRunLongerThanTheServersWriteTimeout(t *testing.T) {
	handler := pageHandler(time.Minute, func(wr *Wire) {
		<-time.After(150 * time.Millisecond)
		asptest.Check(t, wr.Send(200, htmlHeader(), text("late")))
	})
	addr := asptest.Serve(t, &http.Server{Handler: handler, WriteTimeout: 50 * time.Millisecond})
	c := asptest.Dial(t, addr)
	for range 2 {
		if r := c.Get("HTTP/1.1", "GET", "/"); string(r.Body) != "late" || !r.Whole() {
			t.Errorf("got %q", r.Body)
		}
	}
}

// A deadline is for writing: between two flushes a page may take its time,
// in HTTP/2 as well, where an idle stream would be reset at it.
func TestAPageMayPauseBetweenFlushes(t *testing.T) {
	t.Parallel()
	const stall = 3 * time.Second // in which any machine writes a few bytes
	server := httptest.NewUnstartedServer(pageHandler(stall, func(wr *Wire) {
		asptest.Check(t, wr.Start(200, "", htmlHeader()))
		for range 2 {
			asptest.Check(t, wr.Write([]byte("piece ")))
			asptest.Check(t, wr.Flush())
			<-time.After(stall + stall/4)
		}
		endPage(wr, true)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	var both sync.WaitGroup
	for _, proto := range []string{"HTTP/1.1", "HTTP/2.0"} {
		both.Go(func() {
			body, err := get(clientFor(server, proto), server.URL)
			if err != nil || body != proto+" piece piece " {
				t.Errorf("%s: got %q, %v", proto, body, err)
			}
		})
	}
	both.Wait()
}

// clientFor makes a client that speaks proto with the server.
func clientFor(server *httptest.Server, proto string) *http.Client {
	client := server.Client()
	transport := client.Transport.(*http.Transport).Clone()
	if proto == "HTTP/1.1" {
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
		transport.ForceAttemptHTTP2 = false
	}
	return &http.Client{Transport: closingTransport{transport}}
}

// closingTransport leaves no idle connection behind.
type closingTransport struct{ *http.Transport }

func (c closingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.Transport.RoundTrip(r)
	if err == nil {
		resp.Body = &closingBody{resp.Body, c.Transport}
	}
	return resp, err
}

type closingBody struct {
	io.ReadCloser
	transport *http.Transport
}

func (b *closingBody) Close() error {
	defer b.transport.CloseIdleConnections()
	return b.ReadCloser.Close()
}

// get returns the protocol and the body.
func get(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.Proto + " " + string(body), err
}

func TestHTTP2(t *testing.T) {
	large := strings.Repeat("x", 300<<10)
	server := httptest.NewUnstartedServer(pageHandler(time.Minute, func(wr *Wire) {
		switch wr.r.URL.Path {
		case "/buffered":
			asptest.Check(t, wr.Send(200, htmlHeader(), text(large)))
		case "/flushed":
			flushing(t, "one ", large)(wr)
		case "/kept":
			wr.Promise = promise(5)
			flushing(t, "he", "llo")(wr)
		case "/short":
			wr.Promise = promise(6)
			flushing(t, "hello")(wr)
		case "/failed":
			asptest.Check(t, wr.Start(200, "", htmlHeader()))
			asptest.Check(t, wr.Write([]byte("some")))
			asptest.Check(t, wr.Flush())
			endPage(wr, false)
		}
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client := clientFor(server, "HTTP/2.0")
	for target, want := range map[string]string{"/buffered": large, "/flushed": "one " + large, "/kept": "hello"} {
		if body, err := get(client, server.URL+target); err != nil || body != "HTTP/2.0 "+want {
			t.Errorf("%s: %d bytes, %v", target, len(body), err)
		}
	}
	for _, target := range []string{"/short", "/failed"} {
		if body, err := get(client, server.URL+target); err == nil {
			t.Errorf("%s: got %q, whole", target, body)
		}
	}
	resp, err := client.Head(server.URL + "/buffered")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.ContentLength != int64(len(large)) {
		t.Errorf("HEAD says %d", resp.ContentLength)
	}
}

// A client that reads nothing costs write_stall_timeout, and then it is gone.
func TestAClientThatDoesNotReadIsGivenUp(t *testing.T) {
	const stall = 100 * time.Millisecond
	pages := map[string]func(*Wire) error{
		"buffered": func(wr *Wire) error { return wr.Send(200, htmlHeader(), letters(32<<20, 1<<20)) },
		"flushed": func(wr *Wire) error {
			err := wr.Start(200, "", htmlHeader())
			for err == nil {
				if err = wr.Write(make([]byte, 1<<20)); err == nil {
					err = wr.Flush()
				}
			}
			if wr.Connected() {
				t.Error("still connected")
			}
			if wr.Finish(true) {
				t.Error("a client that is gone got the whole page")
			}
			return err
		},
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			result := make(chan error, 1)
			addr := servePage(t, stall, func(wr *Wire) { result <- page(wr) })
			c := asptest.Dial(t, addr)
			c.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
			select {
			case err := <-result:
				if !errors.Is(err, ErrClientGone) {
					t.Errorf("got %v", err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the page is still sending")
			}
		})
	}
}

func TestAPageStopsWhenItsClientGoes(t *testing.T) {
	sent, result := make(chan struct{}), make(chan error, 1)
	addr := servePage(t, time.Minute, func(wr *Wire) {
		asptest.Check(t, wr.Start(200, "", htmlHeader()))
		asptest.Check(t, wr.Flush())
		close(sent)
		<-wr.r.Context().Done()
		if wr.Connected() {
			t.Error("still connected")
		}
		var err error
		for err == nil {
			if err = wr.Write([]byte("more")); err == nil {
				err = wr.Flush()
			}
		}
		result <- err
	})
	c := asptest.Dial(t, addr)
	c.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	<-sent
	c.Close()
	if err := <-result; !errors.Is(err, ErrClientGone) {
		t.Errorf("got %v", err)
	}
}

// printf … | nc -N closes its sending side and waits for the answer.
func TestAClientThatOnlyEndedItsSendingGetsItsPage(t *testing.T) {
	addr := servePage(t, time.Minute, func(wr *Wire) {
		<-wr.r.Context().Done()
		if wr.r.URL.Path == "/flush" {
			flushing(t, "one ", "two")(wr)
			return
		}
		asptest.Check(t, wr.Send(200, htmlHeader(), text("one two")))
	})
	for _, target := range []string{"/", "/flush"} {
		c := asptest.Dial(t, addr)
		c.Send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n", target)
		if err := c.Conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if r := c.ReadResponse("GET"); string(r.Body) != "one two" || !r.Whole() {
			t.Errorf("%s: got %q", target, r.Body)
		}
	}
}

// A script that doesn't stop must not hold the handler back, whatever it is
// doing with its client.
func TestCutEndsAWriteThatWaitsForItsClient(t *testing.T) {
	script, handler := make(chan error, 1), make(chan bool, 1)
	addr := servePage(t, time.Hour, func(wr *Wire) {
		writing := make(chan struct{})
		go func() {
			err := wr.Start(200, "", htmlHeader())
			close(writing)
			for err == nil {
				err = wr.Write(make([]byte, 1<<20))
			}
			script <- err
		}()
		<-writing
		wr.Cut()
		if err := wr.Write([]byte("late")); !errors.Is(err, errCut) {
			t.Errorf("a late write: %v", err)
		}
		handler <- wr.Finish(true)
	})
	c := asptest.Dial(t, addr)
	c.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
	asptest.Within(t, 20*time.Second, func() {
		if whole := <-handler; whole {
			t.Error("a cut response counts as whole")
		}
		if err := <-script; err == nil {
			t.Error("the script writes on")
		}
	})
}

func TestAResponseThatWasCutBeforeItsStartIsTheHandlers(t *testing.T) {
	addr := servePage(t, time.Minute, func(wr *Wire) {
		wr.Cut()
		if err := wr.Start(200, "", htmlHeader()); !errors.Is(err, errCut) {
			t.Errorf("a late start: %v", err)
		}
		if err := wr.Flush(); !errors.Is(err, errCut) {
			t.Errorf("a late flush: %v", err)
		}
		asptest.Check(t, wr.Send(500, htmlHeader(), text("timed out")))
		endPage(wr, true)
	})
	c := asptest.Dial(t, addr)
	for range 2 {
		if r := c.Get("HTTP/1.1", "GET", "/"); r.Status != 500 || string(r.Body) != "timed out" || !r.KeepAlive {
			t.Errorf("got %d %q", r.Status, r.Body)
		}
	}
}

// Handlers and scripts meet at a wire: the race detector watches.
func TestCutHammer(t *testing.T) {
	addr := servePage(t, time.Minute, func(wr *Wire) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			cancel()
			if wr.Start(200, "", htmlHeader()) != nil {
				return
			}
			for wr.Write([]byte("more")) == nil && wr.Flush() == nil {
				wr.Connected()
			}
		}()
		<-ctx.Done()
		wr.Cut()
		if !wr.HasStarted() {
			wr.Header().Set("Connection", "close")
			asptest.Check(t, wr.Send(500, htmlHeader(), text("timed out")))
		}
		<-done
		endPage(wr, true)
	})
	for range 200 {
		c := asptest.Dial(t, addr)
		c.Send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
		// Cut before its start it is a 500, cut right after it nothing at all.
		if answer, _ := io.ReadAll(c); strings.HasSuffix(string(answer), "\r\n0\r\n\r\n") {
			t.Fatalf("got %q", answer)
		}
	}
}
