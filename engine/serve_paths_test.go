package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// sameAnswer is all of an answer that a client can tell from another's.
func sameAnswer(r *asptest.Response) string {
	r.Header.Del("Date")
	return fmt.Sprint(r.Status, " ", r.Reason, " ", r.Header, " ", r.KeepAlive, " ", string(r.Body))
}

// TestOddNamesAreMissingNames: whether a file is there can't be told from the
// answer to an odd spelling of its name, nor what kind of file it is. Where
// net/http itself, or the rule about what is no text, says 400, it says so
// for what is there and what isn't.
func TestOddNamesAreMissingNames(t *testing.T) {
	f := serveFolder(t, secretSite())
	c := f.dial()
	ask := func(target string) string {
		t.Helper()
		c.Send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n", target)
		r := c.ReadResponse("GET")
		if !r.KeepAlive {
			c = f.dial()
		}
		return sameAnswer(r)
	}
	missing := ask("/missing.asp")
	if !strings.HasPrefix(missing, "404 ") {
		t.Fatalf("a missing page: %s", missing)
	}
	for _, target := range []string{
		"/missing.txt", "/missing", "/missing/", "/none/missing.asp", "/global.asa", "/GLOBAL.ASA", "/Global.Asa", "/inc/db.inc", "/INC/DB.INC", "/inc", "/inc/", "/data/s.db",
		"/naja.toml", "/.git/config", "/.git/", "/.git", "/a.asp.bak", "/a.asp~", "/.a.asp.swp", "/a.aspx", "/dir.asp/", "/dir.asp",
	} {
		if got := ask(target); got != missing {
			t.Errorf("%s: %s", target, got)
		}
	}
	for _, odd := range []string{
		"%s:x", "%s%%3ax", "%s.", "%s%%2e", "%s..", "%s%%20", "%s+", "%s/", "%s/x", "%s%%5c", `%s\`, "%s%%00", "%s%%ff", "%s%%c3x", "%s%%u0061", "%s%%0a", "%s%%7f",
		"%s*", "%s%%3f", "%s%%22", "%s%%3c", "%s%%7c", "%s;x", "%s~1", "x%%2f%s", "x%%5c%s", "%%2e%%2e/%s", "%%2561/%s", "./%s", "x/../%s", "con/%s", "%s/con",
	} {
		there, gone := fmt.Sprintf("/"+odd, "note.txt"), fmt.Sprintf("/"+odd, "none.txt")
		one, two := ask(there), ask(gone)
		if one != two {
			t.Errorf("%s: %s\n%s: %s", there, one, gone, two)
		}
		if !strings.HasPrefix(one, "404 ") && !strings.HasPrefix(one, "400 ") {
			t.Errorf("%s: %s", there, one)
		}
		if strings.HasPrefix(one, "404 ") && one != missing {
			t.Errorf("%s is another 404: %s", there, one)
		}
	}
	for _, short := range []string{"/NOTE~1.TXT", "/note~1.txt", "/com1.asp", "/aux", "/nul.txt", "/prn.txt", "/lpt9", "/conin$"} {
		if got := ask(short); got != missing {
			t.Errorf("%s: %s", short, got)
		}
	}
}

// TestStaticFilesAreOfKnownKindsOnly, and browsers may not guess others.
func TestStaticFilesAreOfKnownKindsOnly(t *testing.T) {
	files := map[string]string{}
	served := []string{"a.txt", "a.html", "a.PNG", "a.js", "a.svg", "x;y.jpg", "a.inc.txt"}
	kept := []string{"a.exe", "a.php", "a.aspx", "a.ashx", "a.cs", "a.go", "a.sh", "a.config", "a.log", "a.sql", "a.key", "a.pem", "a.env", "a.yaml", "a.toml", "a", "a.", "a.txt.bak", "a.html~", ".html", "a.mdb", "a.udl", "a.cdx", "a.cer"}
	for _, name := range append(append([]string{}, served...), kept...) {
		files[name] = "<script>content</script>"
	}
	f := serveFolder(t, files)
	for _, name := range served {
		r := f.get("/" + name)
		if r.Status != 200 || r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", name, r.Status, r.Header)
		}
	}
	missing := sameAnswer(f.get("/missing.txt"))
	for _, name := range kept {
		if got := sameAnswer(f.get("/" + name)); got != missing {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestIncludesAndExecutedNamesAreBounded: names of any length, circles and
// chains end in an error of their page.
func TestIncludesAndExecutedNamesAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 5000)
	files := map[string]string{
		"small.asp":   `<%= 6 * 7 %>`,
		"long.asp":    `<!--#include file="` + long + `.inc"-->`,
		"virtual.asp": `<!--#include virtual="/` + strings.Repeat("a/", 2500) + `x.inc"-->`,
		"up.asp":      `<!--#include file="` + strings.Repeat("../", 40) + `x.inc"-->`,
		"circle.asp":  `<!--#include file="b.inc"-->`,
		"b.inc":       `<!--#include file="c.inc"-->`,
		"c.inc":       `<!--#include file="b.inc"-->`,
		"self.asp":    `<!--#include file="self.asp"-->`,
		"chain.asp":   `<!--#include file="chain1.inc"-->`,
		"wide.asp":    strings.Repeat(`<!--#include file="wide.inc"-->`, 5), // 5 MiB
		"wide.inc":    strings.Repeat(" ", 1<<20),
		"calls.asp": `<% var n = new Array(5001).join("a"), names = [n, "/" + n, n + ".asp", "/" + n + ".asp", new Array(41).join("../") + "x.asp", "\0.asp", ""], out = [];
for (var i = 0; i < names.length; i++) { var calls = [function (x) { Server.Execute(x) }, function (x) { Server.MapPath(x) }, function (x) { require(x) }, function (x) { Server.CreateObject(x) }];
for (var j = 0; j < calls.length; j++) try { calls[j](names[i]) } catch (e) { out.push(1) } } %><%= out.length > 20 %>`,
		"transfer.asp": `<% Server.Transfer(new Array(5001).join("a") + ".asp") %>`,
	}
	for i := 1; i <= 40; i++ {
		files[fmt.Sprintf("chain%d.inc", i)] = fmt.Sprintf(`<!--#include file="chain%d.inc"-->`, i+1)
	}
	s := serveSite(t, files, func(c *Config) { c.Dev = true })
	o := s.watch()
	for target, part := range map[string]string{
		"/long.asp": "ASP 0126", "/virtual.asp": "ASP 0126", "/up.asp": "ASP 0", "/circle.asp": "ASP 01", "/self.asp": "ASP 01", "/chain.asp": "ASP 01", "/wide.asp": "ASP 01", "/transfer.asp": "ASP 0",
	} {
		began := time.Now()
		wantIn(t, s.get(target), 500, part)
		inTime(t, target, began, 2*time.Second)
	}
	want(t, s.get("/calls.asp"), 200, "True")
	o.Stop()
}

// TestOutputIsNotScanned: what a page writes is no page, wherever its text
// comes from; nor is what was uploaded.
func TestOutputIsNotScanned(t *testing.T) {
	s := serveSite(t, map[string]string{
		"echo.asp":    `<% Response.Write(Request.QueryString("a")) %><%= Request.QueryString("a") %>`,
		"stored.asp":  `<% Session("a") = String(Request.QueryString("a")); Application("a") = Session("a") %><%= Session("a") %><%= Application("a") %>`,
		"include.asp": `<% var name = String(Request.QueryString("a")) %><!--#include file="part.inc"--><%= name %>`,
		"part.inc":    `part `,
		"upload.asp":  `<%= Request.Files("up").Text() %>`,
	})
	const sent = "<%25=6*7%25><!--%23include%20file=%22part.inc%22--><script%20runat=server>Response.Write(6*7)</script>"
	plain := `<%=6*7%><!--#include file="part.inc"--><script runat=server>Response.Write(6*7)</script>`
	want(t, s.get("/echo.asp?a="+sent), 200, plain+plain)
	want(t, s.get("/stored.asp?a="+sent), 200, plain+plain)
	want(t, s.get("/include.asp?a="+sent), 200, "part "+plain)
	contentType, body := multipart("up@10")
	want(t, s.post("/upload.asp", strings.Replace(body, string(repeated(10)), plain, 1), contentType), 200, plain)
}

// TestLinksOutOfTheSite lead nowhere, by whatever a page or a client names
// them.
func TestLinksOutOfTheSite(t *testing.T) {
	f := serveFolder(t, map[string]string{
		"include.asp": `<!--#include file="link.inc"-->`, "virtual.asp": `<!--#include virtual="/up/x.inc"-->`,
		"execute.asp": `<% Server.Execute("link.asp") %>`, "transfer.asp": `<% Server.Transfer("up/x.asp") %>`, "require.asp": `<% require("./link.js") %>`,
		"script.asp": `<script runat=server src="up/x.inc"></script>`, "small.asp": `<%= 6 * 7 %>`,
	})
	outside := t.TempDir()
	for _, name := range []string{"x.asp", "x.inc", "x.txt", "x.js"} {
		if err := os.WriteFile(filepath.Join(outside, name), []byte(`<% // SECRET %>SECRET`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{
		"link.asp": outside + "/x.asp", "link.inc": outside + "/x.inc", "link.txt": outside + "/x.txt", "link.js": outside + "/x.js", "up": outside,
		"null.txt": "/dev/null", "null.asp": "/dev/null", "loop.asp": "loop.asp", "default.asp": outside + "/x.asp",
	} {
		if err := os.Symlink(to, filepath.Join(f.root, link)); err != nil {
			t.Skip(err)
		}
	}
	for target, status := range map[string]int{
		"/link.asp": 404, "/link.txt": 404, "/link.inc": 404, "/up/x.asp": 404, "/up/x.txt": 404, "/up/": 404, "/null.txt": 404, "/null.asp": 404, "/loop.asp": 404, "/": 404,
		"/include.asp": 500, "/virtual.asp": 500, "/execute.asp": 500, "/transfer.asp": 500, "/require.asp": 500, "/script.asp": 500,
	} {
		r := f.get(target)
		if r.Status != status || strings.Contains(string(r.Body), "SECRET") || strings.Contains(string(r.Body), outside) {
			t.Errorf("%s: %d %s", target, r.Status, clipBody(r.Body))
		}
	}
	want(t, f.get("/small.asp"), 200, "42")
}
