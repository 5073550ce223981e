package frame

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// A scripted worker says one text for each request, whatever it is, and ends.
type scripted struct {
	path string
	text atomic.Value // what it says on a connection for requests
}

// scriptedWorker greets as a worker does until the test ends.
func scriptedWorker(t testing.TB) (*scripted, *Client) {
	t.Helper()
	s := &scripted{path: filepath.Join(t.TempDir(), "s")}
	s.text.Store("")
	l, err := net.Listen("unix", s.path)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(conn) })
		}
	})
	c := NewClient(ClientConfig{Dial: func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", s.path)
	}})
	t.Cleanup(func() {
		_ = c.Close()
		_ = l.Close()
		all.Wait()
	})
	return s, c
}

func (s *scripted) serve(conn net.Conn) {
	defer conn.Close()
	p, err := readPreface(conn)
	if err != nil {
		return
	}
	if p.kind == kindControl {
		_, _ = conn.Write(note(nil, frameHello, version))
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	if _, _, err := newReader(conn).next(); err == nil {
		_, _ = io.WriteString(conn, s.text.Load().(string))
	}
}

// recorded is what a worker answers to one request.
func recorded(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	here, there := net.Pipe()
	s := &server{handler: h, log: slog.New(slog.DiscardHandler), index: newNameIndex(), conns: map[net.Conn]bool{}, peers: map[uint64]*peer{}}
	s.wg.Go(func() { s.serve(there) })
	defer s.wg.Wait()
	defer here.Close()
	r := httptest.NewRequest("GET", "/", nil)
	b := preface{kindRequests, 1, 1}.append(nil)
	b = newNameIndex().appendRequest(b, head{seq: 1}, r)
	go func() { _, _ = here.Write(b) }()
	var got []byte
	for in := newReader(here); ; {
		kind, payload, err := in.next()
		if err != nil {
			t.Fatal(err)
		}
		got = appendBytes(got, kind, payload)
		if kind == frameEnd {
			return string(got)
		}
	}
}

// A worker that dies in the middle of its answer leaves a client with a 502,
// or with an answer that can be seen not to be whole, wherever it was.
func TestAWorkerThatDiesAnywhere(t *testing.T) {
	whole := recorded(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Own", "1")
		for range 3 {
			fmt.Fprint(w, "piece")
			_ = http.NewResponseController(w).Flush()
		}
	})
	worker, client := scriptedWorker(t)
	p := &pair{client: client}
	s := httptest.NewServer(p)
	defer s.Close()
	for n := range len(whole) + 1 {
		worker.text.Store(whole[:n])
		c := asptest.Dial(t, s.Listener.Addr().String())
		c.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
		text := c.Rest()
		c.Close()
		done := strings.HasSuffix(text, "\r\n0\r\n\r\n")
		answered := strings.HasPrefix(text, "HTTP/1.1 502 ")
		switch {
		case n == len(whole) && !done, n < len(whole) && done, answered && strings.Contains(text, "piece"), n == 0 && !answered:
			t.Errorf("%d bytes of %d: %q", n, len(whole), text)
		}
	}
}

// The same without HTTP: what Serve says.
func TestWhatServeSays(t *testing.T) {
	worker, client := scriptedWorker(t)
	head := string(newNameIndex().appendHeader([]byte{200, 1}, http.Header{}))
	frame := func(kind byte, payload string) string { return string(appendBytes(nil, kind, []byte(payload))) }
	started := frame(frameHead, head) + frame(frameData, "x")
	for _, c := range []struct {
		name, text string
		started    bool
		err        error
	}{
		{"nothing", "", false, io.EOF},
		{"half a head", frame(frameHead, head)[:3], false, io.ErrUnexpectedEOF},
		{"half an answer", started, true, io.EOF},
		{"an unknown frame", "?\x00\x00\x00", false, ErrProtocol},
		{"an unknown frame later", started + "?\x00\x00\x00", true, ErrProtocol},
		{"a frame that is too long", "d\xff\xff\xff", false, ErrProtocol},
		{"a body without a head", frame(frameData, "x"), false, ErrProtocol},
		{"an end without a head", frame(frameEnd, ""), false, ErrProtocol},
		{"two heads", started + frame(frameHead, head), true, ErrProtocol},
		{"a damaged head", frame(frameHead, "\xc8\x01\x05"), false, ErrProtocol},
		{"status 100 as an answer", frame(frameHead, "\x64\x00"), false, ErrProtocol},
		{"status 1000", frame(frameHead, "\xe8\x07\x00"), false, ErrProtocol},
		{"a want of nothing", frame(frameWant, "\x00"), false, ErrProtocol},
		{"damaged trailers", started + frame(frameEnd, "\x05"), true, ErrProtocol},
		{"an abort", frame(frameAbort, ""), false, ErrAborted},
		{"an abort later", started + frame(frameAbort, ""), true, ErrAborted},
		{"switching protocols", frame(frameInfo, "\x65\x00"), false, ErrProtocol},
	} {
		worker.text.Store(c.text)
		err := client.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), Meta{})
		broken, ok := errors.AsType[*BrokenError](err)
		if !errors.Is(err, c.err) || ok && broken.Started != c.started || !ok && c.err != ErrAborted {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	worker.text.Store(frame(frameHead, head) + frame(frameEnd, ""))
	if err := client.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), Meta{}); err != nil {
		t.Error("after all that:", err)
	}
}

// A server process that dies in the middle of a request does a worker no harm.
func TestAServerProcessThatDiesAnywhere(t *testing.T) {
	p := pairOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		if r.Header.Get("X-Whole") != "" && err != nil {
			t.Error(err)
		}
	}))
	r := httptest.NewRequest("POST", "/a?b", strings.NewReader("body"))
	b := preface{kindRequests, 9, 1}.append(nil)
	b = newNameIndex().appendRequest(b, head{seq: 1}, r)
	b = appendBytes(b, frameBody, []byte("body"))
	for n := range len(b) {
		conn, err := p.client.cfg.Dial(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write(b[:n])
		_ = conn.Close()
	}
	r = httptest.NewRequest("POST", "/", strings.NewReader("body"))
	r.Header.Set("X-Whole", "1")
	if err := p.client.Serve(httptest.NewRecorder(), r, Meta{}); err != nil {
		t.Error(err)
	}
}

// The end of a worker is known at once, and wakes who reads a slow body for it.
func TestAWorkerThatDiesWhileItsClientSends(t *testing.T) {
	reading := make(chan bool, 1)
	s, p := serverOf(t, func(_ http.ResponseWriter, r *http.Request) {
		reading <- true
		_, _ = io.ReadAll(r.Body)
		panic(http.ErrAbortHandler)
	})
	c := asptest.Dial(t, s.Listener.Addr().String())
	c.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nbody")
	<-reading
	p.stop()
	if r := c.ReadResponse("POST"); r.Status != http.StatusBadGateway {
		t.Errorf("%+v", r)
	}
}

// Nothing was sent where nobody is, and the body is untouched.
func TestNobodyThere(t *testing.T) {
	p := pairOf(t, http.NotFoundHandler())
	s := httptest.NewServer(p)
	defer s.Close()
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	p.stop()
	p.ended <- <-p.ended
	body := strings.NewReader("body")
	for range 3 {
		err := p.client.Serve(httptest.NewRecorder(), httptest.NewRequest("POST", "/", body), Meta{})
		if _, broken := errors.AsType[*BrokenError](err); err == nil || !broken && !errors.Is(err, ErrNotSent) || body.Len() != 4 {
			t.Errorf("%v, %d bytes left", err, body.Len())
		}
	}
	if err := p.client.Serve(httptest.NewRecorder(), httptest.NewRequest("POST", "/", body), Meta{}); !errors.Is(err, ErrNotSent) {
		t.Error(err)
	}
	_ = p.client.Close()
	if err := p.client.Serve(httptest.NewRecorder(), httptest.NewRequest("POST", "/", body), Meta{}); !errors.Is(err, ErrNotSent) || !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	if err := p.client.Connect(t.Context()); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// A handler that panics aborts its own answer; the next one is fine.
func TestAPanic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/panic" {
				panic("a mistake")
			}
		}), ServerConfig{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	}()
	c := NewClient(ClientConfig{Dial: func(ctx context.Context) (net.Conn, error) { return net.Dial("unix", path) }})
	if err := c.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/panic", nil), Meta{}); err != ErrAborted {
		t.Error(err)
	}
	if err := c.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), Meta{}); err != nil {
		t.Error(err)
	}
	_ = c.Close()
	stop()
	if err := <-ended; err != nil || !strings.Contains(log.String(), "a mistake") || !strings.Contains(log.String(), "broken_test.go") {
		t.Error(err, log.String())
	}
}

// Requests of every kind at once, clients that leave, read slowly or send
// slowly, and workers whose connections are cut: every answer is whole and
// right, or can be seen not to be.
func TestHammer(t *testing.T) {
	var conns sync.Map
	p := pairOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprintf(w, "%s %d ", r.URL.Path, len(body))
		if r.URL.Query().Has("flush") {
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = io.WriteString(w, strings.Repeat("x", len(r.URL.RawQuery)*100))
	}))
	dial := p.client.cfg.Dial
	p.client.cfg.Dial = func(ctx context.Context) (net.Conn, error) {
		conn, err := dial(ctx)
		if err == nil {
			conns.Store(conn, true)
		}
		return conn, err
	}
	s := httptest.NewServer(p)
	defer s.Close()
	stop := make(chan bool)
	var cutter, visitors sync.WaitGroup
	cutter.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(3 * time.Millisecond):
			}
			conns.Range(func(conn, _ any) bool {
				conns.Delete(conn)
				_ = conn.(net.Conn).Close()
				return rand.IntN(3) > 0
			})
		}
	})
	var right, seen atomic.Int64
	for v := range 16 {
		visitors.Go(func() {
			for n := range 60 {
				if visit(t, s, fmt.Sprintf("/%d-%d", v, n), n) {
					right.Add(1)
				} else {
					seen.Add(1)
				}
			}
		})
	}
	visitors.Wait()
	close(stop)
	cutter.Wait()
	t.Logf("%d right, %d cut", right.Load(), seen.Load())
	if right.Load() == 0 || seen.Load() == 0 {
		t.Errorf("%d right, %d cut: nothing was tried", right.Load(), seen.Load())
	}
}

// visit asks once; true: the answer was whole and right.
func visit(t *testing.T, s *httptest.Server, path string, n int) bool {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if n%11 == 0 {
		time.AfterFunc(time.Duration(n)*50*time.Microsecond, cancel)
	}
	query := strings.Repeat("q", n*3)
	if n%2 == 0 {
		query = "flush&" + query
	}
	body := strings.Repeat("b", n*n*20)
	r, err := http.NewRequestWithContext(ctx, "POST", s.URL+path+"?"+query, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return false
	}
	res, err := s.Client().Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode == http.StatusBadGateway {
		return false
	}
	if want := fmt.Sprintf("%s %d %s", path, len(body), strings.Repeat("x", len(query)*100)); string(got) != want || res.StatusCode != 200 {
		t.Errorf("%s: %d, %.60q (%d bytes)", path, res.StatusCode, got, len(got))
	}
	return true
}

// appendBytes appends a frame whose payload is p.
func appendBytes(b []byte, kind byte, p []byte) []byte {
	b, start := begin(b, kind)
	b = append(b, p...)
	return end(b, start)
}
