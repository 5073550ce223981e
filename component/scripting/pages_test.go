package scripting_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/component/files"
	"github.com/najahost/naja/component/scripting"
	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/asptest"
)

// prelude are the short names of pages' tests: E gives the low word of an error's
// number, or "ok".
const prelude = `<% function E(f) { try { f(); return "ok" } catch (e) { return e.number & 0xFFFF } }
function O(id) { return Server.CreateObject(id) } function D() { return O("Scripting.Dictionary") } function X(p, flags) { var x = O("VBScript.RegExp"); x.Pattern = p; x.Global = /g/.test(flags || ""); x.IgnoreCase = /i/.test(flags || ""); x.Multiline = /m/.test(flags || ""); return x }
var W = function (v) { Response.Write(String(v)) } %>`

// site is an engine with these components.
func site(t *testing.T, cfg engine.Config, files map[string]string) *engine.Engine {
	t.Helper()
	if cfg.Root != "" {
		cfg.Dev, cfg.Logger = true, slog.New(slog.DiscardHandler)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		if strings.HasSuffix(name, ".asp") {
			text = prelude + text
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if cfg.Root == "" {
		cfg.FS, cfg.Dev, cfg.Logger = fsys, true, slog.New(slog.DiscardHandler)
	}
	if cfg.Components == nil {
		cfg.Components = scripting.Components(scripting.Config{})
	}
	e, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e
}

// TestPages runs testdata: a file for each object, a case for each rule.
func TestPages(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.asp")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, p := range paths {
		for _, c := range asptest.Read(t, p) {
			t.Run(filepath.Base(p)+"/"+c.Name, func(t *testing.T) {
				t.Parallel()
				w := httptest.NewRecorder()
				cfg, files := engine.Config{}, c.Site()
				if filepath.Base(p) == "files.asp" {
					cfg, files = onDisk(t, files)
				}
				site(t, cfg, files).ServeHTTP(w, c.Request())
				if msg := c.CompareAnswer(asptest.Answer{Status: fmt.Sprint(w.Code), Header: w.Header(), Body: w.Body.Bytes()}); msg != "" {
					t.Errorf("%s:%d: %s", p, c.Line, msg)
				}
			})
		}
	}
}

// onDisk is a site of real files with a folder that pages may write to, and another
// file beside the root.
func onDisk(t *testing.T, pages map[string]string) (engine.Config, map[string]string) {
	t.Helper()
	dir := t.TempDir()
	root := filepath.Join(dir, "deep", "site")
	all := map[string]string{"deep/site/page.txt": "hello", "deep/site/naja.toml": "", "deep/site/.hidden/a": "", "outside.txt": "secret", "deep/outside.txt": "secret"}
	for name, text := range pages {
		all["deep/site/"+name] = prelude + `<% var f = O("Scripting.FileSystemObject"), F = Server.MapPath("/data") %>` + text
		if i := strings.Index(text, "%>"); strings.HasPrefix(text, "<%@") { // which has to come first
			all["deep/site/"+name] = text[:i+2] + prelude + `<% var f = O("Scripting.FileSystemObject"), F = Server.MapPath("/data") %>` + text[i+2:]
		}
	}
	for name, text := range all {
		asptest.WriteFile(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	if err := os.Mkdir(filepath.Join(root, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	door, err := files.Open(files.Config{Root: root, Folders: map[string]files.Folder{"data": {Path: "data", Write: true}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = door.Close() })
	return engine.Config{Root: root, Components: scripting.Components(scripting.Config{Files: door})}, nil
}

// get is what a visitor sees, who brings a cookie.
func get(e *engine.Engine, target, cookie string) (body, set string) {
	r := httptest.NewRequest("GET", target, nil)
	r.Header.Set("Cookie", cookie)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	set, _, _ = strings.Cut(w.Header().Get("Set-Cookie"), ";")
	return strings.TrimSpace(w.Body.String()), set
}

// TestKeptDictionary: Session and Application keep one, with plain values; what was
// a script's has ended with its request.
func TestKeptDictionary(t *testing.T) {
	e := site(t, engine.Config{}, map[string]string{
		"begin.asp": `<% var d = D(); d("n") = 1; d("f") = function () { return 7 }; d("o") = {a: 1}; Session("cart") = d; Application("all") = d; W(d("f")() + d("o").a) %>`,
		"next.asp":  `<% var d = Session("cart"); d("n") = d("n") + 1; W([d("n"), typeof d("f"), typeof d("o"), d.Count, E(function () { d("g") = {} }), E(function () { d.Add({}, 1) }), Application("all") === d]) %>`,
	})
	if body, cookie := get(e, "/begin.asp", ""); body != "8" {
		t.Errorf("%q", body)
	} else if body, _ := get(e, "/next.asp", cookie); body != "2,undefined,undefined,3,5,5,true" {
		t.Errorf("%q", body)
	}
}

// TestSharedDictionary: many pages at once write into one of Application's.
func TestSharedDictionary(t *testing.T) {
	e := site(t, engine.Config{}, map[string]string{
		"global.asa": `<object runat="server" scope="application" id="all" progid="Scripting.Dictionary"></object>`,
		"add.asp":    `<%@ EnableSessionState=False %><% for (var i = 0; i < 50; i++) { all("k" + Request("n") + "_" + i) = i; if (i % 7 == 0) all.Remove("k" + Request("n") + "_" + i); for (var w = new Enumerator(all), n = 0; !w.atEnd() && n < 5; w.moveNext(), n++) all.Exists(w.item()) } %>`,
		"count.asp":  `<%@ EnableSessionState=False %><% W(all.Count) %>`,
	})
	var visitors sync.WaitGroup
	for n := range 12 {
		visitors.Go(func() {
			if body, _ := get(e, fmt.Sprint("/add.asp?n=", n), ""); body != "" {
				t.Errorf("%d: %s", n, body)
			}
		})
	}
	visitors.Wait()
	if body, _ := get(e, "/count.asp", ""); body != fmt.Sprint(12*(50-8)) {
		t.Error(body)
	}
}

// TestAnExpressionIsStopped with its page: one that would go on for ages.
func TestAnExpressionIsStopped(t *testing.T) {
	e := site(t, engine.Config{ScriptTimeout: time.Second}, map[string]string{
		"slow.asp": `<% W(X("^(a|aa)+$").Test("a".repeat(60) + "b")) %>`,
	})
	body, _ := get(e, "/slow.asp", "")
	if !strings.Contains(body, "ASP 0113") || e.Status().Orphans != 0 {
		t.Errorf("%q, %d orphans", body, e.Status().Orphans)
	}
}
