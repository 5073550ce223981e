package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// TestUpdate puts new content in place over HTTP, and leaves the old where the
// new doesn't work.
func TestUpdate(t *testing.T) {
	root, source := t.TempDir(), t.TempDir()
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(root, "default.asp", "old")
	app, err := host.New(host.Config{Path: "/", Root: root, UpdateSource: source,
		Start: func(context.Context, string) (host.Runner, error) { return engine.New(engine.Config{Root: root}) },
		Check: func(_ context.Context, dir string) error {
			if findings, err := engine.Check(engine.Config{Root: dir}); err != nil || len(findings) > 0 {
				return errors.New("the new site doesn't compile")
			}
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer app.Shutdown(context.Background())
	d := newDesk(t, func(c *Config) { c.Applications = []*host.Application{app} })
	page := func() string {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		text, _ := io.ReadAll(w.Body)
		return string(text)
	}
	page()
	write(source, "default.asp", "new")
	write(source, "more.asp", "more")
	got := d.post("/update", "source", "/etc", "path", "/etc") // a request doesn't say from where
	d.done(got, "/", "1 files replaced, 1 added, 0 removed")
	var result struct{ Result host.UpdateResult }
	if err := json.Unmarshal([]byte(got.text), &result); err != nil || !result.Result.OK {
		t.Errorf("%v: %s", err, got.text)
	}
	if text := page(); text != "new" {
		t.Errorf("afterwards: %q", text)
	}
	d.done(d.post("/update"), "/", "nothing differs")
	write(source, "default.asp", "<% if ( %>")
	d.failedWith(d.post("/update"), 409, "doesn't compile")
	write(source, "default.asp", "newer")
	write(source, "global.asa", "<script runat=server language=javascript>function Application_OnStart() { throw new Error('not today') }</script>")
	got = d.post("/update")
	d.failedWith(got, 409, "not today")
	if !strings.Contains(got.text, `"rolled_back": true`) || page() != "new" {
		t.Errorf("rolled back? %s, %q", got.text, page())
	}
	if s := d.Status().Applications[0]; s.Update == nil || s.Update.OK || s.State != "running" {
		t.Errorf("the status: %+v", s)
	}
}
