package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
)

// A livesite is an application on a real server, with a folder that updates
// come from.
type livesite struct {
	*testing.T
	*Application
	root, source string
	url          string
	client       *http.Client
	log          bytes.Buffer
}

// live serves files until the test ends.
func live(t *testing.T, edit func(*Config), files map[string]string) *livesite {
	t.Helper()
	dir := t.TempDir()
	s := &livesite{T: t, root: filepath.Join(dir, "site"), source: filepath.Join(dir, "incoming"), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 300}}}
	s.put(s.root, files)
	if err := os.Mkdir(s.source, 0o755); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Root: s.root, UpdateSource: s.source, Start: s.start, Check: checkSite, Logger: slog.New(slog.NewTextHandler(&s.log, nil))}
	if edit != nil {
		edit(&cfg)
	}
	var err error
	if s.Application, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Application)
	s.url = server.URL
	t.Cleanup(func() {
		server.Close()
		s.client.CloseIdleConnections()
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(s.log.String())
		}
	})
	return s
}

func (s *livesite) start(context.Context, string) (Runner, error) {
	return engine.New(engine.Config{Root: s.root, CheckInterval: time.Hour, Logger: slog.New(slog.DiscardHandler), ScriptErrorSentToBrowser: true})
}

// checkSite is what the command has for Config.Check.
func checkSite(_ context.Context, dir string) error {
	findings, err := engine.Check(engine.Config{Root: dir})
	for _, f := range findings {
		if !f.Warning {
			return fmt.Errorf("%s:%d: %s", f.File, f.Line, f.Message)
		}
	}
	return err
}

func (s *livesite) put(folder string, files map[string]string) {
	s.Helper()
	for name, text := range files {
		name = filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			s.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			s.Fatal(err)
		}
	}
}

// get asks for a page; a status that isn't 200 stands before the body.
func (s *livesite) get(path string) string {
	resp, err := s.client.Get(s.url + path)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	if resp.StatusCode != 200 {
		return fmt.Sprint(resp.StatusCode, " ", string(body))
	}
	return strings.TrimSpace(string(body))
}

func (s *livesite) wants(path, want string) {
	s.Helper()
	if got := s.get(path); got != want {
		s.Errorf("%s: got %q, want %q", path, got, want)
	}
}

// tree is what the site's folder holds, by name.
func (s *livesite) tree() map[string]string {
	s.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(s.root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = os.ReadFile(filepath.Join(s.root, name))
			all[name] = string(text)
		} else if name != "." {
			all[name+"/"] = ""
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return all
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			return false
		}
	}
	return true
}

func TestUpdate(t *testing.T) {
	s := live(t, nil, map[string]string{
		"global.asa":  `<script language=JavaScript runat=server>function Application_OnStart() { Application("n") = 0 }</script>`,
		"default.asp": `one <!--#include file="inc/top.inc"--> <%= ++Application("n") %>`,
		"inc/top.inc": `top one`, "old.asp": `old`, "same.css": `same`,
	})
	s.wants("/", "one top one 1")
	s.put(s.source, map[string]string{
		"default.asp": `two <!--#include file="inc/top.inc"--> <%= ++Application("n") %>`,
		"inc/top.inc": `top two`, "new/deep/page.asp": `<!--#include virtual="/old.asp"--> new`, "same.css": `same`,
		".git/config": `hidden`, ".well-known/x.txt": `known`,
	})
	if err := os.Chmod(filepath.Join(s.source, "default.asp"), 0o640); err != nil {
		t.Fatal(err)
	}
	res, err := s.Update(t.Context())
	if err != nil || !res.OK || res.RolledBack || res.Unchanged != 1 || res.Took <= 0 ||
		!slices.Equal(res.Replaced, []string{"default.asp", "inc/top.inc"}) || !slices.Equal(res.Added, []string{".well-known/x.txt", "new/deep/page.asp"}) {
		t.Errorf("%+v, %v", res, err)
	}
	s.wants("/", "two top two 2") // Application has survived
	s.wants("/new/deep/page.asp", "old new")
	s.wants("/old.asp", "old")
	tree := s.tree()
	if _, ok := tree[".git/config"]; ok || len(tree) != 11 {
		t.Errorf("%v", tree)
	}
	if info, err := os.Stat(filepath.Join(s.root, "default.asp")); err != nil || info.Mode().Perm() != 0o640 {
		t.Error(info, err)
	}
	if st := s.Status(); st.Update == nil || !st.Update.OK || !st.Updates || st.State != "running" {
		t.Errorf("%+v", st)
	}
	if res, err := s.Update(t.Context()); err != nil || !res.OK || len(res.Replaced)+len(res.Added) != 0 {
		t.Errorf("nothing changes: %+v, %v", res, err)
	}
}

func TestUpdateDeletes(t *testing.T) {
	s := live(t, func(c *Config) { c.UpdateDelete = true }, map[string]string{
		"default.asp": `one`, "gone.asp": `gone`, "sub/gone.inc": `gone`, "data/state.db": `data`, "data/state.db-wal": `data`, ".htpasswd": `x`, "naja.toml": ``,
		".well-known/acme-challenge/token": `key`,
	})
	s.put(s.source, map[string]string{"default.asp": `two`})
	res, err := s.Update(t.Context())
	if err != nil || !slices.Equal(res.Removed, []string{"gone.asp", "sub/gone.inc"}) {
		t.Errorf("%+v, %v", res, err)
	}
	s.wants("/", "two")
	if got := s.get("/gone.asp"); !strings.HasPrefix(got, "404") {
		t.Error(got)
	}
	if tree := s.tree(); len(tree) != 10 || tree[".well-known/acme-challenge/token"] != "key" || tree["data/state.db"] != "data" || tree["data/state.db-wal"] != "data" {
		t.Errorf("%v", tree)
	}
}

// With hundreds of requests on their way, updates lose none, and each answer is
// of one version of the site.
func TestUpdateUnderLoad(t *testing.T) {
	version := func(n int) map[string]string {
		files := map[string]string{}
		for _, page := range []string{"a.asp", "b/b.asp", "c.asp"} {
			files[page] = fmt.Sprintf(`%d<%% for (var i = 0; i < 3000; i++); %%><!--#include virtual="/inc/v.inc"--><%% Session("n") = 1 %%>`, n)
		}
		files["inc/v.inc"] = fmt.Sprint("-", n)
		files["s.css"] = strings.Repeat(fmt.Sprint(n), 20000)
		return files
	}
	s := live(t, func(c *Config) { c.HoldTimeout = time.Minute }, version(1))
	var requests, bad atomic.Int64
	over := make(chan struct{})
	var clients sync.WaitGroup
	for i := range 200 {
		clients.Go(func() {
			for path := []string{"/a.asp", "/b/b.asp", "/c.asp", "/s.css"}[i%4]; ; {
				select {
				case <-over:
					return
				default:
				}
				got := s.get(path)
				requests.Add(1)
				one := got[:min(1, len(got))]
				if path == "/s.css" && got == strings.Repeat(one, 20000) && one != "" || got == one+"-"+one {
					continue
				}
				if bad.Add(1) < 5 {
					t.Errorf("%s: %.200q", path, got)
				}
			}
		})
	}
	for n := 2; n <= 6; n++ {
		before := requests.Load()
		until(t, "requests are served", func() bool { return requests.Load() > before+200 })
		s.put(s.source, version(n))
		if res, err := s.Update(t.Context()); err != nil || len(res.Replaced) != 5 {
			t.Errorf("%+v, %v", res, err)
		} else {
			t.Logf("update %d took %v, requests waited %v", n, res.Took, res.Parked)
		}
	}
	close(over)
	clients.Wait()
	s.wants("/a.asp", "6-6")
	t.Logf("%d requests, %d failed", requests.Load(), bad.Load())
	if st := s.Status(); st.Refused != 0 {
		t.Errorf("%d were refused", st.Refused)
	}
}

// Every broken update leaves the old site, serves on, and says why.
func TestUpdatesThatAreRefused(t *testing.T) {
	const started = `<script language=JavaScript runat=server>function Application_OnStart() { Application("v") = "one" }</script>`
	tests := map[string]struct {
		files      map[string]string
		prepare    func(s *livesite)
		problem    string
		rolledBack bool
	}{
		"a page doesn't compile":     {map[string]string{"default.asp": "\n<% var %>"}, nil, "default.asp:2", false},
		"an include is missing":      {map[string]string{"new.asp": `<!--#include file="none.inc"-->`}, nil, "none.inc", false},
		"global.asa doesn't compile": {map[string]string{"global.asa": "<script language=JavaScript runat=server>\nfunction (</script>"}, nil, "global.asa:2", false},
		"Application_OnStart fails":  {map[string]string{"global.asa": "<script language=JavaScript runat=server>\nfunction Application_OnStart() { nothing() }</script>", "default.asp": "two", "new/a.asp": "x"}, nil, "global.asa:2", true},
		"a folder where a file is":   {map[string]string{"default.asp/x.asp": "x"}, nil, "default.asp is a folder", false},
		"a file where a folder is":   {map[string]string{"inc": "x"}, nil, "inc is a file", false},
		"the source is gone":         {nil, func(s *livesite) { _ = os.RemoveAll(s.source) }, "no such file", false},
		"a link out of the source":   {map[string]string{"a.asp": "a"}, func(s *livesite) { _ = os.Symlink("/etc/hosts", filepath.Join(s.source, "p.asp")) }, "p.asp", false},
		"a link to a folder":         {map[string]string{"a/a.asp": "a"}, func(s *livesite) { _ = os.Symlink("a", filepath.Join(s.source, "b")) }, "b is no file", false},
		"the source is inside":       {nil, func(s *livesite) { s.nest(filepath.Join(s.root, "inc"), s.root) }, "in each other", false},
		"the source is around":       {nil, func(s *livesite) { s.nest(filepath.Dir(s.root), s.root) }, "in each other", false},
		"the source is the site":     {nil, func(s *livesite) { s.nest(s.root, s.root) }, "in each other", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := live(t, nil, map[string]string{"global.asa": started, "default.asp": `one <%= Application("v") %>`, "inc/a.inc": "a"})
			s.wants("/", "one one")
			before := s.tree()
			s.put(s.source, test.files)
			if test.prepare != nil {
				test.prepare(s)
			}
			res, err := s.Update(t.Context())
			if err == nil || res.OK || !strings.Contains(res.Problem, test.problem) || res.Problem != err.Error() || res.RolledBack != test.rolledBack {
				t.Errorf("%+v, %v", res, err)
			}
			s.wants("/", "one one")
			if after := s.tree(); !equal(before, after) {
				t.Errorf("before %v, after %v", before, after)
			}
			if st := s.Status(); st.Update == nil || st.Update.OK || st.State != "running" || st.Engine.Global != "" {
				t.Errorf("%+v", st)
			}
		})
	}
}

// nest changes where updates come from.
func (s *livesite) nest(source, root string) {
	cfg := *s.settings()
	cfg.UpdateSource, cfg.Root = source, root
	s.live.Store(&cfg)
}

func TestUpdateIsRefusedWhereTheSiteCannotBeWritten(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	s := live(t, nil, map[string]string{"default.asp": "one", "sub/a.asp": "a"})
	s.put(s.source, map[string]string{"sub/a.asp": "b"})
	if err := os.Chmod(filepath.Join(s.root, "sub"), 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(s.root, "sub"), 0o755)
	if _, err := s.Update(t.Context()); err == nil || !strings.Contains(err.Error(), "can't be written") {
		t.Error(err)
	}
	s.wants("/sub/a.asp", "a")
}

// A crash at any moment of an update leaves nothing but the old site, once the
// application is started again.
func TestACrashInTheMiddle(t *testing.T) {
	for moment := range 8 {
		t.Run(fmt.Sprint(moment), func(t *testing.T) {
			s := live(t, func(c *Config) { c.UpdateDelete = true }, map[string]string{"a.asp": "one", "sub/b.asp": "one", "gone.asp": "gone"})
			before := s.tree()
			s.put(s.source, map[string]string{"a.asp": "two", "sub/b.asp": "two", "new/c.asp": "two", "d.asp": "two"})
			u, err := openUpdate(s.settings())
			if err != nil {
				t.Fatal(err)
			}
			if err := u.stage(t.Context(), &UpdateResult{}); err != nil {
				t.Fatal(err)
			}
			if moment > 0 {
				if err := u.write(); err != nil {
					t.Fatal(err)
				}
			}
			if moment > 1 {
				_ = u.site.Mkdir("new", 0o755)
			}
			for _, c := range u.plan.Changes[:max(0, min(moment-2, len(u.plan.Changes)))] {
				if err := u.swapOne(c); err != nil {
					t.Fatal(err)
				}
			}
			if moment == 4 { // between the two steps of one change
				c := u.plan.Changes[2]
				_ = u.site.MkdirAll(oldFolder, 0o700)
				_ = u.site.Link(c.Name, oldFolder+"/x")
			}
			u.source.Close()
			u.site.Close()
			// The undoing is broken off too.
			if moment > 5 {
				site, _ := os.OpenRoot(s.root)
				_ = undoOne(site, u.plan.Changes[len(u.plan.Changes)-1])
				_ = undoOne(site, u.plan.Changes[len(u.plan.Changes)-2])
				site.Close()
			}
			again, err := New(Config{Root: s.root, Start: s.start, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Shutdown(t.Context())
			if after := s.tree(); !equal(before, after) {
				t.Errorf("before %v, after %v", before, after)
			}
		})
	}
}

// A page that goes on for long doesn't stop an update, unless its application
// ends with it; releasing ends the update, and nothing has changed.
func TestUpdateWhilePagesRun(t *testing.T) {
	s := live(t, func(c *Config) { c.HoldTimeout = 200 * time.Millisecond }, map[string]string{"default.asp": "one", "loop.asp": `<% Server.ScriptTimeout = 60; for (;;) {} %>`})
	s.wants("/", "one")
	looping := make(chan string, 1)
	go func() { looping <- s.get("/loop.asp") }()
	until(t, "it runs", func() bool { return len(s.Status().Engine.Running) == 1 })
	s.put(s.source, map[string]string{"default.asp": "two"})
	if res, err := s.Update(t.Context()); err != nil || res.Overlapped != 1 {
		t.Errorf("%+v, %v", res, err)
	}
	s.wants("/", "two")
	s.put(s.source, map[string]string{"global.asa": "", "default.asp": "three"})
	if res, err := s.Update(t.Context()); !errors.Is(err, ErrConflict) || res.RolledBack {
		t.Errorf("%+v, %v", res, err)
	}
	s.wants("/", "two")
	cfg := *s.settings()
	cfg.HoldTimeout = time.Hour
	s.live.Store(&cfg)
	updated := make(chan error, 1)
	go func() { _, err := s.Update(t.Context()); updated <- err }()
	until(t, "it waits", func() bool { return s.Status().State == "updating" && s.Status().Hold != nil })
	waiting := make(chan string, 1)
	go func() { waiting <- s.get("/") }()
	until(t, "one waits", func() bool { return s.Status().Waiting == 1 })
	if err := s.ReleaseHold(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-updated; !errors.Is(err, errReleased) {
		t.Error(err)
	}
	if got := <-waiting; got != "two" {
		t.Error(got)
	}
	r, _ := s.Runner()
	if _, err := r.Interrupt(t.Context(), s.Status().Engine.Running[0].ID); err != nil {
		t.Error(err)
	}
	<-looping
}

func TestUpdateOfWhatIsNotLoaded(t *testing.T) {
	s := live(t, nil, map[string]string{"default.asp": "one"})
	if err := s.Unload(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.put(s.source, map[string]string{"default.asp": "two"})
	if res, err := s.Update(t.Context()); err != nil || !res.OK || s.Status().Loaded {
		t.Errorf("%+v, %v", res, err)
	}
	s.wants("/", "two")
}

func TestUpdateIsUnavailableWithoutAFolder(t *testing.T) {
	a, _ := newFake(t, Config{})
	if _, err := a.Update(t.Context()); !errors.Is(err, ErrUnavailable) || a.Status().Updates {
		t.Error(err)
	}
}

// Unloading ends sessions and the application, and gives everything back.
func TestUnloadOfAnEngine(t *testing.T) {
	s := live(t, nil, map[string]string{
		"global.asa":  `<script language=JavaScript runat=server>function Application_OnStart() { Application("n") = 0 }</script>`,
		"default.asp": `<%= ++Application("n") %>`,
	})
	s.wants("/", "1")
	s.wants("/", "2")
	if err := s.Unload(t.Context()); err != nil {
		t.Error(err)
	}
	s.wants("/", "1")
	if l, err := s.Load(t.Context()); err != nil || l.Pages != 1 {
		t.Error(l, err)
	}
}
