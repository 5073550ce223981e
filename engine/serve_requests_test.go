package engine

import (
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// multipart makes a multipart form of fields "name=value" and files
// "name@size".
func multipart(parts ...string) (contentType, body string) {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--XX\r\nContent-Disposition: form-data; name=\"")
		if name, size, ok := strings.Cut(p, "@"); ok {
			var n int
			fmt.Sscan(size, &n)
			b.WriteString(name + "\"; filename=\"" + name + ".bin\"\r\nContent-Type: application/octet-stream\r\n\r\n")
			b.Write(repeated(n))
		} else {
			name, value, _ := strings.Cut(p, "=")
			b.WriteString(name + "\"\r\n\r\n" + value)
		}
		b.WriteString("\r\n")
	}
	return "Content-Type: multipart/form-data; boundary=XX", b.String() + "--XX--\r\n"
}

func (s *served) upload(target string, parts ...string) *asptest.Response {
	s.t.Helper()
	contentType, body := multipart(parts...)
	return s.post(target, body, contentType)
}

// chunked is a request with a body in chunks.
func chunked(target string, chunks ...string) string {
	text := "POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, c := range chunks {
		text += fmt.Sprintf("%x\r\n%s\r\n", len(c), c)
	}
	return text + "0\r\n\r\n"
}

func limitSite() map[string]string {
	return map[string]string{
		"form.asp":  `<% Application.Increment("runs") %><%= Request.Form.Count %>,<%= Request.QueryString.Count %>,<%= Request.TotalBytes %>`,
		"files.asp": `<% Application.Increment("runs") %><%= Request.Files.Count %>,<%= Request.Form.Count %>`,
		"runs.asp":  `<%= Application("runs") || 0 %>`,
		"catch.asp": `<% try { Request.Form.Count } catch (e) { %>caught<% } %>`,
		"late.asp":  `text<% Response.Flush(); Request.Form.Count %>`,
	}
}

// fields is n fields.
func fields(n int) string { return strings.TrimSuffix(strings.Repeat("f=1&", n), "&") }

// TestRequestLimits: what is too large is 413, before it costs anything, and
// what is just not too large is served.
func TestRequestLimits(t *testing.T) {
	s := serveSite(t, limitSite(), func(c *Config) {
		c.MaxRequestEntity, c.UploadMaxRequestEntity, c.MaxFormFields, c.MaxFormFieldSize, c.MaxUploadFiles = 1000, 5000, 20, 300, 3
	})
	long := func(n int) string { return string(repeated(n)) }
	runs := func() string { return string(s.get("/runs.asp").Body) }

	want(t, s.post("/form.asp", "a="+long(300)+"&b="+long(300)+"&c="+long(300)+"&d="+long(89)), 200, "4,0,1000")
	want(t, s.post("/form.asp?"+fields(20), fields(20)), 200, "1,1,79")
	want(t, s.upload("/files.asp", "a@1000", "b@1000", "c@1000", "f="+long(300)), 200, "3,1")
	before := runs()
	for name, request := range map[string]string{
		"entity":              postRequest("/form.asp", "a="+long(250)+"&b="+long(250)+"&c="+long(250)+"&d="+long(243)),
		"entity in chunks":    chunked("/form.asp", "a="+long(200), "&b="+long(300), "&c="+long(300), "&d="+long(300)),
		"entity of no form":   postRequest("/form.asp", long(1001), "Content-Type: text/plain"),
		"claimed entity":      "POST /form.asp HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999\r\n\r\n",
		"fields":              postRequest("/form.asp", fields(21)),
		"fields of the query": "GET /form.asp?" + fields(21) + " HTTP/1.1\r\nHost: test\r\n\r\n",
		"field size":          postRequest("/form.asp", "a="+long(301)),
		"field of the query":  "GET /form.asp?a=" + long(301) + " HTTP/1.1\r\nHost: test\r\n\r\n",
		"fields of a HEAD":    strings.Replace(postRequest("/form.asp", fields(21)), "POST", "HEAD", 1),
	} {
		c := s.dial()
		c.Send("%s", request)
		r := c.ReadResponse(request[:4])
		if r.Status != 413 || r.Framing == asptest.FramedByClose {
			t.Errorf("%s: %d, framed by %s", name, r.Status, r.Framing)
		}
		// A body that was read to its end leaves the connection usable.
		if read := strings.HasPrefix(name, "field"); read != r.KeepAlive {
			t.Errorf("%s: keep-alive %v", name, r.KeepAlive)
		}
	}
	many := make([]string, 21)
	for i := range many {
		many[i] = "f=1"
	}
	for name, r := range map[string]*asptest.Response{
		"entity of an upload": s.upload("/files.asp", "a@5000"),
		"fields of an upload": s.upload("/form.asp", many...),
		"field of an upload":  s.upload("/form.asp", "f="+long(301)),
		"files":               s.upload("/files.asp", "a@1", "b@1", "c@1", "d@1"),
	} {
		if r.Status != 413 {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if after := runs(); after != before {
		t.Errorf("pages ran: %s, %s", before, after)
	}
	// A form that can't be read is refused when the page wants it.
	contentType, broken := multipart("a=1")
	broken = strings.TrimSuffix(broken, "--XX--\r\n")
	want(t, s.post("/catch.asp", broken, contentType), 200, "caught")
	if r := s.post("/late.asp", broken, contentType); r.Status != 200 || r.Err == nil {
		t.Errorf("after a flush: %d, %v", r.Status, r.Err)
	}
	none := serveSite(t, limitSite(), func(c *Config) { c.MaxUploadFiles = None })
	if r := none.upload("/files.asp", "a@1"); r.Status != 413 {
		t.Errorf("files where there may be none: %d", r.Status)
	}
}

// TestBadBodies are the client's fault, and nobody else's.
func TestBadBodies(t *testing.T) {
	s := serveSite(t, limitSite())
	for name, request := range map[string]string{
		"bad chunk":            "POST /form.asp HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"chunk past 64 bits":   "POST /form.asp HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
		"negative length":      "POST /form.asp HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n",
		"multipart cut off":    postRequest("/form.asp", "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nval", "Content-Type: multipart/form-data; boundary=XX"),
		"multipart without":    postRequest("/form.asp", "--XX--\r\n", "Content-Type: multipart/form-data"),
		"multipart of nothing": postRequest("/form.asp", "garbage", "Content-Type: multipart/form-data; boundary=XX"),
	} {
		c := s.dial()
		c.Send("%s", request)
		if r := c.ReadResponse("POST"); r.Status != 400 {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	// A client that leaves in the middle of its body.
	c := s.dial()
	c.Send("POST /form.asp HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nabc")
	c.Close()
	want(t, s.post("/form.asp", "a=1"), 200, "1,0,3")
	if st := s.Status(); st.Failed != 0 {
		t.Errorf("%d pages failed", st.Failed)
	}
}

// openTempFiles counts the temporary files of bodies that this process has
// open: they have no names to be seen by.
func openTempFiles(t *testing.T) (n int) {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system doesn't tell of open files")
	}
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.Contains(to, "naja-body-") {
			n++
		}
	}
	return n
}

// TestUploadsLeaveNothing: the temporary files of large bodies and uploads are
// gone on every way out of a request.
func TestUploadsLeaveNothing(t *testing.T) {
	s := serveUploads(t)
	for target, status := range map[string]int{
		"/ok.asp": 200, "/unread.asp": 200, "/binary.asp": 200, "/end.asp": 200, "/redirect.asp": 302, "/error.asp": 500, "/panic.asp": 500, "/timeout.asp": 500,
		"/flush.asp": 200, "/execute.asp": 200, "/transfer.asp": 200, "/broken.asp": 500, "/none.asp": 404,
	} {
		r := s.upload(target, fmt.Sprint("up@", uploadSize), "a=1")
		if r.Status != status {
			t.Errorf("%s: %d %s", target, r.Status, clipBody(r.Body))
		}
		if target == "/ok.asp" || target == "/execute.asp" || target == "/transfer.asp" {
			want(t, r, 200, fmt.Sprint(uploadSize, ",10,1"))
		}
		s.nothing(target)
	}
	if r := s.upload("/ok.asp", "up@2200000"); r.Status != 413 {
		t.Errorf("got %d", r.Status)
	}
	s.nothing("a body that is too large")
}

// Nor do those of requests that run, wait, are turned away or are given up.
func TestUploadsUnderWayLeaveNothing(t *testing.T) {
	s := serveUploads(t)
	// While a page runs there is one, and nobody else can find it.
	contentType, body := multipart(fmt.Sprint("up@", uploadSize))
	running, queued := s.dial(), s.dial()
	running.Send("%s", postRequest("/wait.asp", body, contentType))
	s.gate.arrived(t, 1)
	if left, _ := os.ReadDir(s.dir); len(left) > 0 || openTempFiles(t) == 0 {
		t.Errorf("%d open, %v to be seen", openTempFiles(t), left)
	}
	// One that waits leaves, one is turned away.
	queued.Send("%s", postRequest("/wait.asp", body, contentType))
	eventually(t, "it waits", func() bool { return s.waiting() == 1 })
	if r := s.post("/wait.asp", body, contentType); r.Status != 503 {
		t.Errorf("got %d", r.Status)
	}
	queued.Close()
	eventually(t, "it is gone", func() bool { return s.waiting() == 0 })
	s.gate.open("wait")
	want(t, running.ReadResponse("POST"), 200, "done")
	s.nothing("requests that ran, waited and were turned away")

	// An orphan may read what it has; then it is closed.
	orphan := s.dial()
	orphan.Send("%s", postRequest("/orphan.asp", body, contentType))
	s.gate.arrived(t, 1)
	s.time.Out("/orphan.asp")
	if r := orphan.ReadResponse("POST"); r.Status != 500 {
		t.Errorf("got %d", r.Status)
	}
	s.gate.open("orphan")
	eventually(t, "the orphan ended", func() bool { return s.Status().Orphans == 0 })
	s.nothing("an orphan")

	// A client that leaves in the middle.
	c := s.dial()
	c.Send("%s", postRequest("/ok.asp", body, contentType)[:uploadSize/2])
	eventually(t, "half of it is there", func() bool { return openTempFiles(t) > 0 })
	c.Close()
	s.nothing("half an upload")
}

// uploadSize is that of a body that doesn't stay in memory.
const uploadSize = 600 << 10

// uploads are a site that takes them.
type uploads struct {
	*served
	dir  string // where files of theirs would be seen
	gate *testGate
}

// serveUploads has one apartment, and room for one request that waits.
func serveUploads(t *testing.T) *uploads {
	t.Helper()
	u := &uploads{dir: t.TempDir()}
	t.Setenv("TMPDIR", u.dir)
	gate, gated := withGate(t)
	u.gate, u.served = gate, serveSite(t, map[string]string{
		"ok.asp":       `<% var f = Request.Files("up") %><%= f.Size %>,<%= f.Read(10).length %>,<%= Request.Form("a") %>`,
		"unread.asp":   `unread`,
		"binary.asp":   `<%= Request.BinaryRead(10).length %>`,
		"end.asp":      `<% Request.Files.Count; Response.End() %>`,
		"redirect.asp": `<% Request.Files.Count; Response.Redirect("/x") %>`,
		"error.asp":    `<% Request.Files.Count; nope() %>`,
		"panic.asp":    `<% Request.Files.Count; console.log("the log panics") %>`,
		"timeout.asp":  `<% Request.Files.Count;` + outOfTime + `for (;;) ; %>`,
		"flush.asp":    `<% Request.Files.Count; Response.Flush(); nope() %>`,
		"execute.asp":  `<% Server.Execute("ok.asp") %>`,
		"transfer.asp": `<% Server.Transfer("ok.asp") %>`,
		"broken.asp":   `<% if ( %>`,
		"wait.asp":     `<% Request.Files.Count; Server.CreateObject("Test.Gate").Pass("wait") %>done`,
		"orphan.asp":   `<% Request.Files.Count; Server.CreateObject("Test.Gate").Pass("orphan"); Request.Files(1).Read() %>`,
	}, gated, func(c *Config) {
		c.ProcessorThreadMax, c.RequestQueueMax, c.MaxRequestEntity = 1, 1, 2<<20
	})
	return u
}

// nothing is left: no open file and none to be seen.
func (u *uploads) nothing(after string) {
	u.t.Helper()
	eventually(u.t, "no open file after "+after, func() bool { return openTempFiles(u.t) == 0 })
	if left, _ := os.ReadDir(u.dir); len(left) > 0 {
		u.t.Errorf("%s leaves %v", after, left)
	}
}

// TestACrowdOfBodiesKeepsLittleInMemory: the more requests have one, the
// sooner a body goes to a file.
func TestACrowdOfBodiesKeepsLittleInMemory(t *testing.T) {
	for bodies, want := range map[int64]int{0: 256 << 10, 1: 256 << 10, 256: 256 << 10, 512: 128 << 10, 4096: 16 << 10, 1_000_000: 4 << 10} {
		if got := bodyMemory(bodies); got != want {
			t.Errorf("%d bodies: %d bytes", bodies, got)
		}
	}
	gate, gated := withGate(t)
	s := serveSite(t, map[string]string{"wait.asp": `<% Server.CreateObject("Test.Gate").Pass(String(Request.QueryString("at"))) %><%= String(Request.Form("a")).length %>`}, gated)
	body := "a=" + string(repeated(100_000))
	for crowd, files := range map[int64]int{0: 0, 4000: 1} {
		s.bodies.Add(crowd)
		c := s.dial()
		point := fmt.Sprint(crowd) // a gate once opened stays so
		c.Send("%s", postRequest("/wait.asp?at="+point, body))
		gate.arrived(t, 1)
		if n := openTempFiles(t); n != files || s.bodies.Load() != crowd+1 {
			t.Errorf("%d others: %d files, %d bodies", crowd, n, s.bodies.Load())
		}
		gate.open(point)
		want(t, c.ReadResponse("POST"), 200, "100000")
		eventually(t, "the body is gone", func() bool { return openTempFiles(t) == 0 && s.bodies.Load() == crowd })
		s.bodies.Add(-crowd)
	}
	for _, request := range []string{formHead("Content-Length: 999999999"), formHead(isChunked) + "zz\r\n", postRequest("/none.asp", "a=1"), lines("GET /wait.asp?at=0 HTTP/1.1", host), postRequest("/wait.asp?at=0", fields(1001))} {
		c := s.dial()
		c.Send("%s", request)
		c.ReadResponse("POST")
	}
	eventually(t, "nobody has a body", func() bool { return s.bodies.Load() == 0 })
}

// TestMethods: four are allowed, anything else is 405 whatever is asked for.
func TestServedMethods(t *testing.T) {
	s := serveSite(t, framingSite())
	for _, target := range []string{"/small.asp", "/none.asp", "/global.asa", "/file.txt", "/"} {
		for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "FOO"} {
			r := s.dial().Get("HTTP/1.1", method, target)
			if r.Status != 405 || !strings.Contains(r.Header.Get("Allow"), "GET, HEAD") || !r.KeepAlive {
				t.Errorf("%s %s: %d, Allow %q, keep-alive %v", method, target, r.Status, r.Header.Get("Allow"), r.KeepAlive)
			}
		}
		if r := s.dial().Get("HTTP/1.1", "OPTIONS", target); r.Status != 204 || r.Header.Get("Allow") == "" {
			t.Errorf("OPTIONS %s: %d", target, r.Status)
		}
	}
	want(t, s.post("/small.asp", ""), 200, "small")
}

// secretSite holds a word in every source that must never be seen.
func secretSite() map[string]string {
	return map[string]string{
		"a.asp": `<% // SECRET %>page`, "B.ASP": `<% // SECRET %>upper`, "global.asa": `<script runat=server>// SECRET</script>`, "inc/db.inc": `SECRET`, "naja.toml": `SECRET`,
		".git/config": `SECRET`, "data/s.db": `SECRET`, "a.asp.bak": `SECRET`, "a.asp~": `SECRET`, ".a.asp.swp": `SECRET`, "x;y.jpg": `<% SECRET %>`, "note.txt": `text`, "dir.asp/readme.txt": `text`, "a.aspx": `SECRET`,
	}
}

// TestSourcesAreNeverSent: whatever leads to a source, it is run or missing.
func TestSourcesAreNeverSent(t *testing.T) {
	f := serveFolder(t, secretSite())
	outside := t.TempDir()
	if err := os.WriteFile(outside+"/o.asp", []byte(`<% // SECRET %>outside`), 0o644); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link.asp": outside + "/o.asp", "link.txt": f.root + "/a.asp", "up": outside, "plain.txt": "inc/db.inc"} {
		if err := os.Symlink(to, f.root+"/"+link); err != nil {
			t.Skip(err)
		}
	}
	executed := map[string]string{"/a.asp": "page", "/a%2easp": "page", "/A.ASP": "page", "/a.AsP": "page", "/b.asp": "upper", "//a.asp": "page", "/a.asp?x.txt": "page", "/dir.asp/readme.txt": "text"}
	for target, body := range executed {
		if r := f.get(target); r.Status != 200 || string(r.Body) != body {
			t.Errorf("%s: %d %s", target, r.Status, r.Body)
		}
	}
	for _, target := range []string{
		"/global.asa", "/GLOBAL.ASA", "/inc/db.inc", "/naja.toml", "/.git/config", "/data/s.db", "/a.asp~", "/a.asp.bak", "/.a.asp.swp", "/a.aspx", "/a.asp/", "/a.asp/x",
		"/link.asp", "/link.txt", "/up/o.asp", "/plain.txt", "/../o.asp", "/" + strings.Repeat("../", 20) + "o.asp", "/inc", "/inc/",
	} {
		began := time.Now()
		c := f.dial()
		c.Send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n", target)
		r := c.ReadResponse("GET")
		inTime(t, target, began, 0)
		if r.Status != 404 || strings.Contains(string(r.Body), "SECRET") {
			t.Errorf("%.60s: %d %s", target, r.Status, clipBody(r.Body))
		}
	}
	if r := f.get("/x;y.jpg"); strings.Contains(r.Header.Get("Content-Type"), "html") || r.Status == 200 && r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v", r.Status, r.Header)
	}
}

// TestSlowBodiesHoldNothing: while a client sends its body it has no place.
func TestSlowBodiesHoldNothing(t *testing.T) {
	s := serveSite(t, limitSite(), workers(1, 1))
	var slow []*asptest.Conn
	for range 5 {
		c := s.dial()
		c.Send("POST /form.asp HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na")
		slow = append(slow, c)
	}
	want(t, s.post("/form.asp", "a=1"), 200, "1,0,3")
	for _, c := range slow {
		c.Send("=1")
		want(t, c.ReadResponse("POST"), 200, "1,0,3")
	}
}

// TestTheUnreadRestOfABodyIsNotTheNextRequest: a body that was refused must
// not be taken for what follows it.
func TestTheUnreadRestOfABodyIsNotTheNextRequest(t *testing.T) {
	s := serveSite(t, map[string]string{"a.asp": "a", "b.asp": "the second page"}, func(c *Config) { c.MaxRequestEntity = 10 })
	c := s.dial()
	inner := "GET /b.asp HTTP/1.1\r\nHost: test\r\n\r\n"
	c.Send("POST /a.asp HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s", len(inner), inner)
	r := c.ReadResponse("POST")
	_ = c.Conn.(*net.TCPConn).CloseWrite()
	rest, _ := io.ReadAll(c)
	if r.Status != 413 || strings.Contains(string(rest), "the second page") {
		t.Errorf("%d, then %q", r.Status, rest)
	}
}
