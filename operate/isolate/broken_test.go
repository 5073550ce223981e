//go:build unix

package isolate

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// TestABrokenAnswerIsReset: whether a page of the worker's breaks off or its
// worker dies, a client that looks at nothing but the connection's end, as on
// HTTP/1.0, learns that it hasn't got the whole.
func TestABrokenAnswerIsReset(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{
		"fails.asp": `text<% Response.Flush(); nope() %>`,
		"short.asp": `<% Response.AddHeader("Content-Length", "1000") %>text<% Response.Flush() %>`,
		"dies.asp":  `text<% Response.Flush(); for (;;) {} %>`,
		"whole.asp": `text<% Response.Flush() %>`,
	}, func(c *Config) { c.SuspectDeaths = 100 })
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		for page, end := range map[string]error{"fails": syscall.ECONNRESET, "short": syscall.ECONNRESET, "dies": syscall.ECONNRESET, "whole": nil} {
			c := asptest.Dial(t, strings.TrimPrefix(b.url, "http://"))
			c.Send("GET /%s.asp %s\r\nHost: test\r\nConnection: close\r\n\r\n", page, proto)
			begun := make([]byte, 1)
			if _, err := io.ReadFull(c.Conn, begun); err != nil {
				t.Fatalf("%s, %s: %v", page, proto, err)
			}
			if page == "dies" {
				b.killAll()
			}
			if _, err := io.ReadAll(c.Conn); !errors.Is(err, end) {
				t.Errorf("%s, %s: ended by %v, want %v", page, proto, err, end)
			}
		}
	}
}

// TestRefusalsAreRead: a client that sends all of its request's body before it
// reads gets the answer, whether the worker refuses it or the server does.
func TestRefusalsAreRead(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{"default.asp": `<%= Request.TotalBytes %>`}, func(c *Config) {
		c.Engine.MaxRequestEntity, c.Engine.LingerTimeout, c.Engine.ErrorFolder = 1000, time.Minute, "errors"
	})
	own := func(status string) {
		t.Helper()
		asptest.Check(t, os.MkdirAll(filepath.Join(b.root, "errors"), 0o755))
		asptest.Check(t, os.WriteFile(filepath.Join(b.root, "errors", status+".html"), []byte("our "+status), 0o644))
	}
	own("413") // the worker reads it
	own("503") // the server does
	post := func(status int) {
		t.Helper()
		c := asptest.Dial(t, strings.TrimPrefix(b.url, "http://"))
		if r := c.Post("/", 8<<20); r.Status != status || !r.Whole() || string(r.Body) != fmt.Sprintf("our %d", status) {
			t.Errorf("%d %q, %v; want %d", r.Status, r.Body, r.Err, status)
		}
	}
	post(413)
	if err := b.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	post(503)
}

// killAll kills what workers there are.
func (b *bench) killAll() {
	for _, w := range b.report().Workers {
		if w.PID != 0 {
			_ = syscall.Kill(w.PID, syscall.SIGKILL)
		}
	}
}
