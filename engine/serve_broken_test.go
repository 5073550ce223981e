package engine

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
)

// brokenSite has a page for each way in which an answer can break off.
func brokenSite() map[string]string {
	length := `<% Response.AddHeader("Content-Length", "1000") %>`
	return map[string]string{
		"fails.asp":       `text<% Response.Flush(); nope() %>`,
		"time.asp":        `text<% Response.Flush();` + outOfTime + ` for (;;) {} %>`,
		"short.asp":       length + `text<% Response.Flush() %>`,
		"long.asp":        `<% Response.AddHeader("Content-Length", "5") %>text<% Response.Flush() %>more than that`,
		"fails-short.asp": length + `text<% Response.Flush(); nope() %>`,
		"store.asp":       `<% Session("x") = 1 %>text<% Response.Flush(); Session("x") = 2 %>, all of it`,
		"buffer.asp":      `text<% Response.Flush(); for (var i = 0; i < 2000; i++) Response.Write("0123456789") %>`,
		"whole.asp":       `text<% Response.Flush() %>`,
		"small.asp":       `text`,
	}
}

// A fullBackend has no room for what a session stores at the end of a request.
type fullBackend struct{ *memory.DB }

func (b fullBackend) Sessions() store.Sessions { return fullStore{b.DB.Sessions()} }

type fullStore struct{ store.Sessions }

func (s fullStore) Commit(ctx context.Context, id string, token int64, c store.Commit) error {
	if c.Lease == 0 && c.Data != nil {
		return errors.New("the disk is full")
	}
	return s.Sessions.Commit(ctx, id, token, c)
}

// serveBroken serves brokenSite, with what makes it break.
func serveBroken(t *testing.T) *served {
	return serveSite(t, brokenSite(), func(c *Config) {
		c.BufferingLimit, c.Backend = 1000, fullBackend{memory.New()}
	})
}

// broken are the pages of brokenSite whose answers break off.
func broken() (names []string) {
	for name := range brokenSite() {
		if name != "whole.asp" && name != "small.asp" {
			names = append(names, name)
		}
	}
	return names
}

// TestABrokenAnswerIsReset: a client that looks at nothing but the connection's
// end learns that it hasn't got the whole, on HTTP/1.0, where a body without
// length has no other end, and on 1.1, where some clients don't look for the
// last chunk or count what they got.
func TestABrokenAnswerIsReset(t *testing.T) {
	s := serveBroken(t)
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		for _, name := range broken() {
			r := s.dial().Get(proto, "GET", "/"+name)
			if r.Status != 200 || !strings.HasPrefix("text", string(r.Body)) || !errors.Is(r.Err, syscall.ECONNRESET) {
				t.Errorf("%s, %s: %d %q, ended by %v", name, proto, r.Status, r.Body, r.Err)
			}
		}
		for _, name := range []string{"whole.asp", "small.asp"} {
			c := s.dial()
			want(t, c.Get(proto, "GET", "/"+name, "Connection: close"), 200, "text")
			if _, err := c.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("%s, %s: a whole answer ends with %v", name, proto, err)
			}
		}
	}
}

// TestABrokenAnswerIsResetBelowTLS: no close_notify says that all was sent.
func TestABrokenAnswerIsResetBelowTLS(t *testing.T) {
	s := serveBroken(t)
	server := httptest.NewUnstartedServer(s.Engine)
	server.StartTLS()
	defer server.Close()
	ask := func(proto, name string) (answer []byte, end error) {
		conn, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /%s %s\r\nHost: test\r\nConnection: close\r\n\r\n", name, proto)
		return io.ReadAll(conn)
	}
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		for _, name := range broken() {
			if answer, err := ask(proto, name); !bytes.Contains(answer, []byte(" 200 OK\r\n")) || !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%s, %s: %q, ended by %v", name, proto, answer, err)
			}
		}
		if answer, err := ask(proto, "whole.asp"); !bytes.Contains(answer, []byte("text")) || err != nil {
			t.Errorf("%s: %q, ended by %v", proto, answer, err)
		}
	}
}

// TestABrokenAnswerResetsItsStream: on HTTP/2 the stream ends with RST_STREAM, and
// the connection goes on.
func TestABrokenAnswerResetsItsStream(t *testing.T) {
	s := serveBroken(t)
	server := httptest.NewUnstartedServer(s.Engine)
	server.EnableHTTP2 = true
	var ended atomic.Int64
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			ended.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	for _, name := range append(broken(), "whole.asp") {
		resp, err := server.Client().Get(server.URL + "/" + name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if whole := name == "whole.asp"; resp.ProtoMajor != 2 || (err == nil) != whole || !whole && !strings.Contains(err.Error(), "stream error") {
			t.Errorf("%s: %s %q, ended by %v", name, resp.Proto, body, err)
		}
	}
	if n := ended.Load(); n != 0 {
		t.Errorf("%d connections have ended", n)
	}
}

// TestABrokenAnswerWhereTheConnectionIsOutOfReach: what stands before the engine
// hides the connection, so that net/http closes it, without a last chunk.
func TestABrokenAnswerWhereTheConnectionIsOutOfReach(t *testing.T) {
	s := serveBroken(t)
	addr := asptest.Serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(struct {
			http.ResponseWriter
			http.Flusher
		}{w, w.(http.Flusher)}, r)
	})})
	for _, name := range broken() {
		if r := asptest.Dial(t, addr).Get("HTTP/1.1", "GET", "/"+name); r.Err != io.ErrUnexpectedEOF {
			t.Errorf("%s: %d %q, ended by %v", name, r.Status, r.Body, r.Err)
		}
	}
}

// TestAFileThatIsCutOff is one that becomes shorter while it is sent.
func TestAFileThatIsCutOff(t *testing.T) {
	root := t.TempDir()
	name := filepath.Join(root, "large.txt")
	asptest.WriteFile(t, name, strings.Repeat("x", 64<<20))
	s := newServed(t, Config{Root: root})
	s.addr = asptest.Serve(t, &http.Server{Handler: s.Engine})
	c := s.dial()
	c.Send("GET /large.txt HTTP/1.0\r\n\r\n")
	c.ReadHeader()
	if err := os.Truncate(name, 1000); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, c); n >= 64<<20 || !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %d bytes, ended by %v", n, err)
	}
}
