package frame

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// A pair is a client and the worker behind it, which is this process too.
type pair struct {
	client *Client
	stop   context.CancelFunc // of the worker
	ended  chan error
}

// pairOf makes a pair for h that ends with the test.
func pairOf(t testing.TB, h http.Handler) *pair {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &pair{stop: stop, ended: make(chan error, 1)}
	go func() { p.ended <- Serve(ctx, l, h, ServerConfig{}) }()
	p.client = NewClient(ClientConfig{Dial: func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}})
	t.Cleanup(func() {
		if err := p.client.Close(); err != nil {
			t.Error(err)
		}
		stop()
		if err := <-p.ended; err != nil {
			t.Error(err)
		}
	})
	return p
}

// ServeHTTP answers as the server process does.
func (p *pair) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := p.client.Serve(w, r, Meta{ID: 7})
	switch {
	case err == nil:
	case isStarted(err):
		panic(http.ErrAbortHandler)
	default:
		w.Header().Set("Connection", "close")
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func isStarted(err error) bool {
	broken, ok := err.(*BrokenError)
	return err == ErrAborted || ok && broken.Started
}

func TestServe(t *testing.T) {
	p := pairOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		meta, _ := MetaFrom(r.Context())
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, r.Method, " ", r.URL, " ", r.Host, " ", string(body), " ", err, " ", meta.ID)
	}))
	s := httptest.NewServer(p)
	defer s.Close()
	for range 3 {
		res, err := s.Client().Post(s.URL+"/a.asp?b=c", "text/plain", strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		want := "POST /a.asp?b=c " + s.Listener.Addr().String() + " body <nil> 7"
		if err != nil || string(got) != want || res.StatusCode != http.StatusAccepted || res.Header.Get("X-Answer") != "yes" {
			t.Errorf("%d %q, %v", res.StatusCode, got, err)
		}
	}
}
