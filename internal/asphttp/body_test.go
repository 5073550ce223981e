package asphttp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/codepage"
)

func codePageOrUTF8(n int) *codepage.CodePage {
	cp, ok := codepage.Lookup(n)
	if !ok || !cp.ASCIICompatible() {
		return codepage.UTF8
	}
	return cp
}

// post is a request with a body of known length.
func post(contentType, body string) *http.Request {
	r := httptest.NewRequest("POST", "/a.asp", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

// chunked is the same body with its length unknown, in small pieces.
func chunked(contentType, body string) *http.Request {
	r := httptest.NewRequest("POST", "/a.asp", oneByOne{strings.NewReader(body)})
	r.ContentLength = -1
	r.Header.Set("Content-Type", contentType)
	return r
}

type oneByOne struct{ r io.Reader }

func (o oneByOne) Read(p []byte) (int, error) { return o.r.Read(p[:min(len(p), 7)]) }

// emptyDir fails the test when a temporary file is left.
func emptyDir(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestReadBody(t *testing.T) {
	for _, size := range []int{1, 10, 4095, 4096, 4097, 9999, 10000, 10001, 99999, 100000} {
		for name, make := range map[string]func(string, string) *http.Request{"length": post, "chunked": chunked} {
			dir := t.TempDir()
			text := strings.Repeat("0123456789", size/10+1)[:size]
			body, err := ReadBody(t.Context(), make("text/plain", text), BodyLimits{Max: 100000, Memory: 10000, TempDir: dir})
			if err != nil || body.Size() != int64(size) {
				t.Fatalf("%s %d: %d bytes, %v", name, size, body.Size(), err)
			}
			if inMemory := size < 10000; body.InMemory() != inMemory && size != 10000 {
				t.Errorf("%s %d: in memory %v", name, size, body.InMemory())
			}
			for range 2 {
				if got, err := io.ReadAll(body.Reader()); err != nil || string(got) != text {
					t.Errorf("%s %d: %d bytes read, %v", name, size, len(got), err)
				}
			}
			must(t, body.Close(), body.Close())
			emptyDir(t, dir)
		}
	}
}

func TestNoBodyIsNil(t *testing.T) {
	for _, r := range []*http.Request{httptest.NewRequest("GET", "/", nil), httptest.NewRequest("POST", "/", http.NoBody), {Method: "GET"}} {
		body, err := ReadBody(t.Context(), r, BodyLimits{})
		if body != nil || err != nil {
			t.Errorf("%v, %v", body, err)
		}
	}
	var none *Body
	if b, err := io.ReadAll(none.Reader()); len(b) != 0 || err != nil || none.Size() != 0 || !none.InMemory() || none.Close() != nil {
		t.Error("a nil body isn't empty")
	}
	empty, err := ReadBody(t.Context(), chunked("text/plain", ""), BodyLimits{})
	if err != nil || empty.Size() != 0 {
		t.Errorf("an empty chunked body: %v, %v", empty, err)
	}
}

func TestBodyLimits(t *testing.T) {
	const form, upload = "application/x-www-form-urlencoded", "Multipart/Form-Data; boundary=x"
	tests := []struct {
		contentType string
		size        int
		limits      BodyLimits
		setting     string
	}{
		{form, 200000, BodyLimits{}, ""},
		{form, 200001, BodyLimits{}, "max_request_entity"},
		{form, 101, BodyLimits{Max: 100, UploadMax: 1000}, "max_request_entity"},
		{upload, 1000, BodyLimits{Max: 100, UploadMax: 1000}, ""},
		{upload, 1001, BodyLimits{Max: 100, UploadMax: 1000}, "upload_max_request_entity"},
		{upload, 101, BodyLimits{Max: 100}, "max_request_entity"},
		{form, 50000, BodyLimits{Max: 20000, Memory: 5000}, "max_request_entity"},
	}
	for _, tt := range tests {
		for name, make := range map[string]func(string, string) *http.Request{"length": post, "chunked": chunked} {
			tt.limits.TempDir = t.TempDir()
			body, err := ReadBody(t.Context(), make(tt.contentType, strings.Repeat("x", tt.size)), tt.limits)
			limit, ok := errors.AsType[*LimitError](err)
			if tt.setting == "" && err != nil || tt.setting != "" && (!ok || limit.Setting != tt.setting || limit.Status != 413 || body != nil) {
				t.Errorf("%s %d bytes of %s: %v, want %q", name, tt.size, tt.contentType, err, tt.setting)
			}
			must(t, body.Close())
			emptyDir(t, tt.limits.TempDir)
		}
	}
}

// A length that is merely claimed must not be believed: V20, the chunk reserve of 2000.
func TestBodyAllocatesNothingForAClaim(t *testing.T) {
	allocated := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			r := httptest.NewRequest("POST", "/", oneByOne{strings.NewReader("short")})
			r.ContentLength = 100 << 20
			ReadBody(context.Background(), r, BodyLimits{Max: 200 << 20, Memory: 100 << 20})
		}
	}).AllocedBytesPerOp()
	if allocated > 64<<10 {
		t.Errorf("%d bytes were allocated for five", allocated)
	}
}

func TestBodyWithoutAPlaceForIt(t *testing.T) {
	_, err := ReadBody(t.Context(), chunked("text/plain", strings.Repeat("x", 10000)), BodyLimits{Memory: 1000, TempDir: t.TempDir() + "/missing"})
	if e, ok := errors.AsType[*BodyError](err); !ok || e.Status != 500 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func TestBodyOfACancelledRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	_, err := ReadBody(ctx, chunked("text/plain", strings.Repeat("x", 10000)), BodyLimits{Memory: 100, TempDir: dir})
	if e, ok := errors.AsType[*BodyError](err); !ok || !e.Gone || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	emptyDir(t, dir)
}

// What the network can do to a body, seen through net/http.
func TestBodiesOffTheWire(t *testing.T) {
	tests := []struct {
		name   string
		raw    string
		close  bool // the client leaves after sending
		status int
		gone   bool
	}{
		{"half a body, then silence", "Content-Length: 100\r\n\r\nhalf", false, 408, false},
		{"no chunk, then silence", "Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n", false, 408, false},
		{"half a body, then gone", "Content-Length: 100\r\n\r\nhalf", true, 400, true},
		{"half a chunk, then gone", "Transfer-Encoding: chunked\r\n\r\n5\r\nab", true, 400, true},
		{"a chunk size that is none", "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", false, 400, false},
		{"a chunk size of 17 digits", "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", false, 400, false},
		{"a chunk without its end", "Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n", false, 400, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			result := make(chan error, 1)
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tt.status == 408 { // the header is there, however slow the machine
					_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(50 * time.Millisecond))
				}
				_, err := ReadBody(r.Context(), r, BodyLimits{Memory: 2, TempDir: dir})
				result <- err
			}))
			srv.Start()
			defer srv.Close()
			c, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\n%s", tt.raw)
			if tt.close {
				c.Close()
			}
			err = <-result
			e, ok := errors.AsType[*BodyError](err)
			if !ok || e.Status != tt.status || e.Gone != tt.gone {
				t.Errorf("%v (%+v)", err, e)
			}
			emptyDir(t, dir)
		})
	}
}

func TestChunkedBodyOffTheWireIsStoppedAtTheLimit(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := ReadBody(r.Context(), r, BodyLimits{Max: 1000})
		if limit, ok := errors.AsType[*LimitError](err); ok {
			w.Header().Set("Connection", "close") // the rest of the body never comes
			w.WriteHeader(limit.Status)
			return
		}
		fmt.Fprint(w, err)
	}))
	defer srv.Close()
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
	chunk := append([]byte("800\r\n"), bytes.Repeat([]byte("x"), 0x800)...)
	c.Write(append(chunk, "\r\n"...))
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || resp.StatusCode != 413 {
		t.Errorf("%v %v", resp, err)
	}
}
