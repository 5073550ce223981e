package frame

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// serverOf is an HTTP server whose handler is behind frames.
func serverOf(t testing.TB, h http.HandlerFunc) (*httptest.Server, *pair) {
	p := pairOf(t, h)
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	return s, p
}

// endless is n bytes that never repeat soon.
type endless struct{ n, at int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.at >= e.n {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), e.n-e.at)]
	for i := range p {
		p[i] = byte((e.at + int64(i)) % 251)
	}
	e.at += int64(len(p))
	return len(p), nil
}

// large is how much is streamed: more than there is memory for, if it were kept.
func large(t *testing.T) int64 {
	if testing.Short() || raceEnabled {
		return 32 << 20
	}
	return 256 << 20
}

// heapStays fails the test when more than a little memory is in use.
func heapStays(t *testing.T) func() {
	var before, now goruntime.MemStats
	goruntime.GC()
	goruntime.ReadMemStats(&before)
	return func() {
		t.Helper()
		goruntime.ReadMemStats(&now)
		if now.HeapAlloc > before.HeapAlloc+(24<<20) {
			t.Errorf("%d MB more in use", (now.HeapAlloc-before.HeapAlloc)>>20)
		}
	}
}

func TestALargeUpload(t *testing.T) {
	size := large(t)
	check := heapStays(t)
	s, _ := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		n, err := io.CopyBuffer(sum, struct{ io.Reader }{r.Body}, make([]byte, 32<<10))
		check()
		fmt.Fprintf(w, "%d %x %v", n, sum.Sum(nil), err)
	})
	sum := sha256.New()
	_, _ = io.Copy(sum, &endless{n: size})
	res, err := s.Client().Post(s.URL, "x/y", &endless{n: size})
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if want := fmt.Sprintf("%d %x <nil>", size, sum.Sum(nil)); string(got) != want || err != nil {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

func TestALargeDownload(t *testing.T) {
	size := large(t)
	check := heapStays(t)
	s, _ := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(struct{ io.Writer }{w}, &endless{n: size})
	})
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	want, got := sha256.New(), sha256.New()
	_, _ = io.Copy(want, &endless{n: size})
	n, err := io.Copy(got, res.Body)
	_ = res.Body.Close()
	check()
	if n != size || err != nil || !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
		t.Errorf("%d bytes of %d, %v", n, size, err)
	}
}

// Each flush reaches the client before the handler goes on.
func TestEvents(t *testing.T) {
	next := make(chan bool)
	s, _ := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		rc := http.NewResponseController(w)
		for n := 0; <-next; n++ {
			fmt.Fprintf(w, "data: %d\n\n", n)
			if err := rc.Flush(); err != nil {
				t.Error(err)
			}
		}
	})
	c := asptest.Dial(t, s.Listener.Addr().String())
	c.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	next <- true
	if r := c.ReadHeader(); r.Status != 200 {
		t.Fatal(r)
	}
	for n := range 5 {
		chunk, err := c.ReadChunk()
		if err != nil || string(chunk) != fmt.Sprintf("data: %d\n\n", n) {
			t.Fatalf("%q, %v", chunk, err)
		}
		next <- n < 4
	}
}

// A client that leaves ends the request's context, and writes fail.
func TestTheClientLeaves(t *testing.T) {
	left := make(chan error, 1)
	s, p := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, "still here")
			return
		}
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		for {
			if _, err := w.Write(make([]byte, 100<<10)); err != nil {
				left <- err
				panic(http.ErrAbortHandler)
			}
		}
	})
	for range 20 {
		c := asptest.Dial(t, s.Listener.Addr().String())
		c.Send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
		c.ReadHeader()
		c.Close()
		select {
		case <-left:
		case <-time.After(20 * time.Second):
			t.Fatal("nobody told the handler")
		}
	}
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	p.client.mu.Lock()
	defer p.client.mu.Unlock()
	if n := len(p.client.conns); n > 20 {
		t.Errorf("%d connections are kept", n)
	}
}

// A client that reads nothing is given up after the deadline of the handler,
// who learns of it; one that reads slowly is not, however long it takes.
func TestWriteDeadlines(t *testing.T) {
	const stall = 300 * time.Millisecond
	ended := make(chan error, 1)
	s, _ := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		var err error
		for left := 64 << 20; left > 0 && err == nil; left -= maxData {
			_ = rc.SetWriteDeadline(time.Now().Add(stall))
			_, err = w.Write(make([]byte, maxData))
		}
		ended <- err
	})
	c := asptest.Dial(t, s.Listener.Addr().String())
	c.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	select {
	case err := <-ended:
		if err == nil {
			t.Error("everything was written to a client that reads nothing")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the handler waits for a client that reads nothing")
	}
	c.Close()
}

// A deadline that is over ends a write that waits for its client.
func TestAPastDeadlineEndsAWrite(t *testing.T) {
	ended := make(chan error, 1)
	s, _ := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		stop := time.AfterFunc(300*time.Millisecond, func() { _ = rc.SetWriteDeadline(time.Unix(1, 0)) })
		defer stop.Stop()
		var err error
		for err == nil {
			_, err = w.Write(make([]byte, maxData))
		}
		ended <- err
		panic(http.ErrAbortHandler)
	})
	c := asptest.Dial(t, s.Listener.Addr().String())
	defer c.Close()
	c.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the write goes on")
	}
}

// 100 Continue is sent when the handler reads, and not before.
func TestExpectContinue(t *testing.T) {
	read := make(chan bool)
	s, _ := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		if !<-read {
			w.WriteHeader(http.StatusExpectationFailed)
			return
		}
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %v", body, err)
	})
	c := asptest.Dial(t, s.Listener.Addr().String())
	c.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Error("an answer before anybody has read")
	}
	_ = c.SetReadDeadline(time.Time{})
	read <- true
	if r := c.ReadHeader(); r.Status != 100 {
		t.Errorf("%+v", r)
	}
	c.Send("body")
	if r := c.ReadResponse("POST"); r.Status != 200 || string(r.Body) != "body <nil>" {
		t.Errorf("%+v", r)
	}
	c = asptest.Dial(t, s.Listener.Addr().String())
	c.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
	read <- false
	if r := c.ReadResponse("POST"); r.Status != 417 {
		t.Errorf("%+v", r)
	}
}

// Both directions at once, over HTTP/1 with EnableFullDuplex and over HTTP/2.
func TestFullDuplex(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if err := rc.EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		lines := bufio.NewScanner(r.Body)
		for lines.Scan() {
			fmt.Fprintln(w, "echo", lines.Text())
			if err := rc.Flush(); err != nil {
				t.Error(err)
			}
		}
		fmt.Fprintln(w, r.TLS != nil, r.ProtoMajor)
	})
	for _, http2 := range []bool{false, true} {
		s := httptest.NewUnstartedServer(pairOf(t, h))
		s.EnableHTTP2 = http2
		s.StartTLS()
		body, send := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(send, "first\n") }()
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(res.Body)
		for _, text := range []string{"second\n", "third\n", ""} {
			got, err := in.ReadString('\n')
			if err != nil || !strings.HasPrefix(got, "echo ") {
				t.Errorf("%q, %v", got, err)
			}
			if text == "" {
				_ = send.Close()
				break
			}
			_, _ = io.WriteString(send, text)
		}
		rest, err := io.ReadAll(in)
		if want := fmt.Sprintf("true %d\n", res.ProtoMajor); string(rest) != want || err != nil {
			t.Errorf("%q, %v; want %q", rest, err, want)
		}
		_ = res.Body.Close()
		s.Close()
	}
}

// What the TLS connection is like reaches the handler, certificates included.
func TestTLS(t *testing.T) {
	var here *tls.ConnectionState
	got := make(chan *tls.ConnectionState, 1)
	p := pairOf(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.TLS }))
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here = r.TLS
		p.ServeHTTP(w, r)
	}))
	s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	s.StartTLS()
	defer s.Close()
	client := s.Client()
	client.Transport.(*http.Transport).TLSClientConfig.Certificates = s.TLS.Certificates
	res, err := client.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	there := <-got
	if there == nil || there.CipherSuite != here.CipherSuite || there.Version != here.Version || there.ServerName != here.ServerName ||
		len(there.PeerCertificates) != 1 || !there.PeerCertificates[0].Equal(here.PeerCertificates[0]) || there.VerifiedChains != nil {
		t.Errorf("%+v; want %+v", there, here)
	}
}

// What can't be handed over says so.
func TestHijack(t *testing.T) {
	s, _ := serverOf(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _, err := http.NewResponseController(w).Hijack()
		fmt.Fprint(w, err)
	})
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if string(got) != http.ErrNotSupported.Error() {
		t.Errorf("%s", got)
	}
}

// A deadline for reads ends a Read that waits, and one in the past at once.
func TestReadDeadlines(t *testing.T) {
	s, _ := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if r.URL.Path == "/past" {
			time.AfterFunc(100*time.Millisecond, func() { _ = rc.SetReadDeadline(time.Unix(1, 0)) })
		} else {
			_ = rc.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		}
		_, err := io.ReadAll(r.Body)
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, errors.Is(err, os.ErrDeadlineExceeded))
	})
	for _, path := range []string{"/past", "/later"} {
		c := asptest.Dial(t, s.Listener.Addr().String())
		c.Send("POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nbody", path)
		if r := c.ReadResponse("POST"); string(r.Body) != "true" {
			t.Errorf("%s: %+v", path, r)
		}
	}
}

// What a handler keeps of an answer does nothing to the next one on the same
// connection.
func TestAnAnswerThatIsOver(t *testing.T) {
	var old http.ResponseWriter
	var oldBody io.Reader
	s, _ := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		if old == nil {
			old, oldBody = w, r.Body
			return
		}
		rc := http.NewResponseController(old)
		_ = rc.SetWriteDeadline(time.Unix(1, 0))
		_ = rc.SetReadDeadline(time.Unix(1, 0))
		old.WriteHeader(500)
		if _, err := io.WriteString(old, "late"); err == nil {
			t.Error("a write after the end")
		}
		if rc.Flush() == nil {
			t.Error("a flush after the end")
		}
		if _, err := io.ReadAll(oldBody); !errors.Is(err, http.ErrBodyReadAfterClose) {
			t.Error(err)
		}
		body, err := io.ReadAll(r.Body)
		fmt.Fprint(w, string(body), err)
	})
	for _, want := range []string{"", "body<nil>"} {
		res, err := s.Client().Post(s.URL, "x/y", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if string(got) != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}
