package engine

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// rawSite is what odd requests are sent to: pages that look at all that a client
// sends, and the small one that everybody else asks for.
func rawSite() map[string]string {
	return map[string]string{
		"small.asp":       `<%= 6 * 7 %>`,
		"form.asp":        `<%= Request.Form.Count %>,<%= Request.Form("C").Count %>,<%= Request.QueryString.Count %>,<%= Request.TotalBytes %>`,
		"query.asp":       `<%: Request.QueryString("a") %>|<%: Request.QueryString %>`,
		"cookies.asp":     `<%= Request.Cookies.Count %>`,
		"file.txt":        "a file",
		"sub/default.asp": "sub",
		"404.asp":         `<% Response.Write("nothing at " + Server.HTMLEncode(Server.GetLastError().File)) %>`,
	}
}

// impatient is the engine behind a server like the command's, with less
// patience.
func impatient(t *testing.T, edit ...func(*Config)) *served {
	t.Helper()
	return impatientSite(t, rawSite(), edit...)
}

func impatientSite(t *testing.T, files map[string]string, edit ...func(*Config)) *served {
	t.Helper()
	s := serveSite(t, files, edit...)
	s.addr = asptest.Serve(t, &http.Server{
		Handler: s.Engine, ReadHeaderTimeout: 2 * time.Second, ReadTimeout: 2500 * time.Millisecond, IdleTimeout: 10 * time.Second, MaxHeaderBytes: 16384,
	})
	return s
}

// watch lets a second client use the site while a test does its worst.
func (s *served) watch() *asptest.Oracle {
	s.t.Helper()
	return asptest.Watch(s.t, s.addr, "/small.asp", "42")
}

// What becomes of the connection behind an answer.
const (
	keeps  = false
	closes = true
)

// A rawRow is what a client sends, byte for byte, and what it gets.
type rawRow struct {
	odd     string // what is odd about the request
	request string
	status  int
	end     bool   // keeps or closes
	body    string // the beginning of the answer, where it matters
}

const crlf = "\r\n"

// lines makes a request of its lines.
func lines(list ...string) string { return strings.Join(list, crlf) + crlf + crlf }

// host is the one header that a request must have.
const host = "Host: test"

// formHead is the beginning of a form's request.
func formHead(more ...string) string {
	return lines(append([]string{"POST /form.asp HTTP/1.1", host, "Content-Type: application/x-www-form-urlencoded"}, more...)...)
}

const isChunked = "Transfer-Encoding: chunked"

// framingRows are about where a request ends.
func framingRows() []rawRow {
	small := lines("GET /small.asp HTTP/1.1", host)
	return []rawRow{
		{"length with a sign", formHead("Content-Length: +3") + "a=1", 400, closes, ""},
		{"length below zero", formHead("Content-Length: -1") + "a=1", 400, closes, ""},
		{"length in hex", formHead("Content-Length: 0x3") + "a=1", 400, closes, ""},
		{"length as a list", formHead("Content-Length: 3,3") + "a=1", 400, closes, ""},
		{"length of no number", formHead("Content-Length: 10000000000000000000"), 400, closes, ""},
		{"empty length", formHead("Content-Length:") + "a=1", 400, closes, ""},
		{"two lengths", formHead("Content-Length: 3", "Content-Length: 4") + "a=1", 400, closes, ""},
		{"one length twice", formHead("Content-Length: 3", "Content-Length: 3") + "a=1", 200, keeps, "1,"},
		{"length and chunks", formHead("Content-Length: 3", isChunked) + "5\r\na=123\r\n0\r\n\r\n", 200, keeps, "1,0,0,5"},
		{"chunks twice", formHead("Transfer-Encoding: chunked, chunked"), 501, closes, ""},
		{"chunks in two lines", formHead(isChunked, isChunked), 501, closes, ""},
		{"gzip and chunks", formHead("Transfer-Encoding: gzip, chunked"), 501, closes, ""},
		{"identity", formHead("Transfer-Encoding: identity"), 501, closes, ""},
		{"control character before chunked", formHead("Transfer-Encoding: \x0bchunked"), 400, closes, ""},
		{"blank before the colon", formHead("Transfer-Encoding : chunked"), 400, closes, ""},
		{"chunks on HTTP/1.0", strings.Replace(formHead(isChunked), "1.1", "1.0", 1) + "3\r\na=1\r\n0\r\n\r\n", 200, closes, "0,0,0,0"},
		{"chunk size with blank", formHead(isChunked) + "3 \r\na=1\r\n0\r\n\r\n", 200, keeps, "1,0,0,3"},
		{"chunk with extension", formHead(isChunked) + "3;x=y\r\na=1\r\n0\r\n\r\n", 200, keeps, "1,0,0,3"},
		{"chunk extension of 5 KB", formHead(isChunked) + "3;" + strings.Repeat("x", 5000) + "\r\na=1\r\n0\r\n\r\n", 400, closes, ""},
		{"chunk sizes of leading zeros", formHead(isChunked) + strings.Repeat("0", 17) + "3\r\na=1\r\n0\r\n\r\n", 400, closes, ""},
		{"chunk of 17 digits", formHead(isChunked) + "FFFFFFFFFFFFFFFFF\r\n", 400, closes, ""},
		{"chunk of 16 digits", formHead(isChunked) + "FFFFFFFFFFFFFFFF\r\na=1\r\n", 408, closes, ""},
		{"chunk below zero", formHead(isChunked) + "-3\r\na=1\r\n0\r\n\r\n", 400, closes, ""},
		{"chunk in hex prefix", formHead(isChunked) + "0x3\r\na=1\r\n0\r\n\r\n", 400, closes, ""},
		{"empty chunk size", formHead(isChunked) + "\r\na=1\r\n0\r\n\r\n", 400, closes, ""},
		{"bare LF behind a chunk's size", formHead(isChunked) + "3\na=1\r\n0\r\n\r\n", 400, closes, ""},
		{"bare LF behind a chunk", formHead(isChunked) + "3\r\na=1\n0\r\n\r\n", 400, closes, ""},
		{"chunk that is too long", formHead(isChunked) + "3\r\na=12\r\n0\r\n\r\n", 400, closes, ""},
		{"trailer", formHead(isChunked) + "3\r\na=1\r\n0\r\nX-Late: 1\r\n\r\n", 200, keeps, "1,0,0,3"},
		{"trailer that changes the length", formHead(isChunked, "Trailer: Content-Length") + "3\r\na=1\r\n0\r\nContent-Length: 9\r\n\r\n", 400, closes, ""},
		{"trailer of 100 KB", formHead(isChunked) + "3\r\na=1\r\n0\r\nX-Late: " + strings.Repeat("x", 100<<10) + "\r\n\r\n", 400, closes, ""},
		{"body in front of a file", lines("POST /file.txt HTTP/1.1", host, "Content-Length: 3") + "a=1", 405, keeps, ""},
		{"body in front of nothing", lines("POST /none.asp HTTP/1.1", host, isChunked) + "3\r\na=1\r\n0\r\n\r\n", 404, keeps, ""},
		{"body of a GET", lines("GET /form.asp HTTP/1.1", host, "Content-Length: 3") + "a=1", 200, keeps, "0,0,0,3"},
		{"request in a body", lines("GET /small.asp HTTP/1.1", host, fmt.Sprint("Content-Length: ", len(small))) + small, 200, keeps, "42"},
		{"expectation", formHead("Content-Length: 3", "Expect: 100-continue") + "a=1", 200, keeps, "1,"},
		{"expectation in vain", lines("POST /none.asp HTTP/1.1", host, "Content-Length: 3", "Expect: 100-continue"), 404, closes, ""},
		{"other expectation", formHead("Content-Length: 3", "Expect: miracles") + "a=1", 417, closes, ""},
	}
}

// lineRows are about the first line and the header.
func lineRows() []rawRow {
	get := func(target string, more ...string) string {
		return lines(append([]string{"GET " + target + " HTTP/1.1", host}, more...)...)
	}
	method := func(m string) string { return lines(m+" /small.asp HTTP/1.1", host) }
	return []rawRow{
		{"small letters", method("get"), 405, keeps, ""},
		{"unknown method", method("FOO"), 405, keeps, ""},
		{"odd method", method("G(T"), 400, closes, ""},
		{"TRACE", lines("TRACE /small.asp HTTP/1.1", host, "X-Secret: 1"), 405, keeps, ""},
		{"PROPFIND", lines("PROPFIND / HTTP/1.1", host, "Depth: 1", "Content-Length: 3") + "<a>", 405, keeps, ""},
		{"PUT of a page", lines("PUT /new.asp HTTP/1.1", host, "Content-Length: 3") + "<a>", 405, keeps, ""},
		{"MOVE", lines("MOVE /small.asp HTTP/1.1", host, "Destination: /small.txt"), 405, keeps, ""},
		{"CONNECT", lines("CONNECT test:443 HTTP/1.1", host), 405, closes, ""},
		{"CONNECT of a path", lines("CONNECT /small.asp HTTP/1.1", host), 405, closes, ""},
		{"preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 405, closes, ""},
		{"OPTIONS *", lines("OPTIONS * HTTP/1.1", host), 200, keeps, ""},
		{"HTTP/1.2", lines("GET /small.asp HTTP/1.2", host), 200, keeps, "42"},
		{"HTTP/2.0", lines("GET /small.asp HTTP/2.0", host), 505, closes, ""},
		{"HTTP/0.9", "GET /small.asp\r\n\r\n", 400, closes, ""},
		{"HTTP of nonsense", lines("GET /small.asp HTTP/x.y", host), 400, closes, ""},
		{"blank line in front", crlf + get("/small.asp"), 400, closes, ""},
		{"two blanks", lines("GET  /small.asp HTTP/1.1", host), 400, closes, ""},
		{"noise", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, closes, ""},
		{"no host", "GET /small.asp HTTP/1.1\r\n\r\n", 400, closes, ""},
		{"two hosts", get("/small.asp", "Host: other"), 400, closes, ""},
		{"bad host", lines("GET /small.asp HTTP/1.1", "Host: te st/"), 400, closes, ""},
		{"blank in a name", get("/small.asp", "X y: 1"), 400, closes, ""},
		{"blank before the colon", lines("GET /small.asp HTTP/1.1", "Host : test"), 400, closes, ""},
		{"control character in a name", get("/small.asp", "X\x0b: y"), 400, closes, ""},
		{"no colon", get("/small.asp", "nonsense"), 400, closes, ""},
		{"NUL in a value", get("/small.asp", "X: a\x00b"), 400, closes, ""},
		{"bare CR in a value", get("/small.asp", "X: a\rb"), 400, closes, ""},
		{"folded line", get("/small.asp", "X: a", " b"), 200, keeps, "42"},
		{"lines that end in LF", "GET /small.asp HTTP/1.1\nHost: test\n\n", 200, keeps, "42"},
		{"backslash at the end", get(`/small.asp%5c`), 404, keeps, ""},
		{"bad escape", get("/%3p"), 400, closes, ""},
		{"bad escape", get("/%zz"), 400, closes, ""},
		{"%u", get("/%u0061"), 400, closes, ""},
		{"%u", get("/%u0041.asp"), 400, closes, ""},
		{"bad escape in a query", get("/query.asp?a=%zz%"), 200, keeps, "%zz%|"},
		{"%u in a query", get("/query.asp?a=%u0041"), 200, keeps, "A|"},
		{"NUL in the target", get("/small.asp\x00"), 400, closes, ""},
		{"query of ASP", get("/query.asp?a=1;b=2&A=3&a=+%2B"), 200, keeps, "1;b=2, 3,  +|a=1;b=2"},
		{"long name", get("/" + strings.Repeat("a", 300) + ".asp"), 404, keeps, ""},
		{"target of 20,000 bytes", get("/" + strings.Repeat("a", 21000)), 431, closes, ""},
		{"query of 21,000 bytes", get("/query.asp?a=" + strings.Repeat("a", 21000)), 431, closes, ""},
		{"header of 21,000 bytes", get("/small.asp", "X: "+strings.Repeat("a", 21000)), 431, closes, ""},
		{"4000 headers", get("/small.asp", strings.Split(strings.Repeat("X: 1,Y: 2,", 2000)+"Z: 3", ",")...), 431, closes, ""},
		{"16 KB of cookies", get("/cookies.asp", "Cookie: "+strings.Repeat("a=b; ", 2500)+"c=d"), 200, keeps, "2"},
		{"16 KB of different cookies", get("/cookies.asp", "Cookie: "+manyNames(1500, "%d=1; ")+"c=d"), 200, keeps, "1501"},
		{"dots", get("/sub/../small.asp"), 404, keeps, ""},
		{"folder without a host", "GET /sub HTTP/1.0\r\n\r\n", 301, closes, ""},
		{"folder of another host", lines("GET http://other.example/sub HTTP/1.1", host), 301, keeps, ""},
	}
}

// manyNames is n pieces with a number in each.
func manyNames(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// fieldRows are about many fields, and long ones.
func fieldRows() []rawRow {
	form := func(method, body string) string {
		return strings.Replace(formHead(fmt.Sprint("Content-Length: ", len(body))), "POST", method, 1) + body
	}
	return []rawRow{
		{"1001 times C=1 in a HEAD", form("HEAD", strings.Repeat("C=1&", 1001)), 413, keeps, ""},
		{"1001 times C=1", form("POST", strings.Repeat("C=1&", 1001)), 413, keeps, ""},
		{"1000 times C=1", form("POST", strings.Repeat("C=1&", 1000)), 200, keeps, "1,1000,"},
		{"1000 names", form("POST", manyNames(1000, "n%d=1&")), 200, keeps, "1000,"},
		{"1001 names", form("POST", manyNames(1001, "n%d=1&")), 413, keeps, ""},
		{"1001 names in a query", lines("GET /query.asp?"+manyNames(1001, "n%d=1&")+" HTTP/1.1", host), 413, keeps, ""},
		{"150,000 empty fields", form("POST", strings.Repeat("&", 150000)), 200, keeps, "0,0,0,150000"},
		{"field of 102,401 bytes", form("POST", "a="+strings.Repeat("x", 102401)), 413, keeps, ""},
		{"name of 190,000 bytes", form("POST", strings.Repeat("x", 190000)+"=1"), 200, keeps, "1,"},
		{"190,000 percent signs", form("POST", "a=1&"+strings.Repeat("%", 190000)), 200, keeps, "2,"},
		{"form past the limit", form("POST", strings.Repeat("x", 200001)), 413, closes, ""},
		{"form of 1 GB, said", formHead("Content-Length: 1000000000"), 413, closes, ""},
	}
}

// multipartRows are about forms in parts.
func multipartRows() []rawRow {
	form := func(body string) string {
		return lines("POST /form.asp HTTP/1.1", host, "Content-Type: multipart/form-data; boundary=XX", fmt.Sprint("Content-Length: ", len(body))) + body
	}
	part := func(header, content string) string {
		return "--XX\r\nContent-Disposition: form-data; " + header + "\r\n\r\n" + content + "\r\n"
	}
	const end = "--XX--\r\n"
	long := strings.Repeat("X", 5000)
	return []rawRow{
		{"1000 fields", form(strings.Repeat(part("name=C", ""), 1000) + end), 200, keeps, "1,1000,"},
		{"1001 fields", form(strings.Repeat(part("name=C", ""), 1001) + end), 413, keeps, ""},
		{"100 files", form(strings.Repeat(part("name=C; filename=f", "x"), 100) + end), 200, keeps, "0,0,"},
		{"101 files", form(strings.Repeat(part("name=C; filename=f", "x"), 101) + end), 413, keeps, ""},
		{"1101 parts without a name", form(strings.Repeat("--XX\r\n\r\n\r\n", 1101) + end), 413, keeps, ""},
		{"field of 102,401 bytes", form(part("name=C", strings.Repeat("x", 102401)) + end), 413, keeps, ""},
		{"part with 2000 header lines", form("--XX\r\n" + manyNames(2000, "X-%d: y\r\n") + "\r\nx\r\n" + end), 400, keeps, ""},
		{"part with a header of 150 KB", form(part("name=C; x="+strings.Repeat("x", 150_000), "x") + end), 200, keeps, "1,"},
		{"cut off in a boundary", form(part("name=C", "x") + "--X"), 400, keeps, ""},
		{"cut off behind a boundary", form(part("name=C", "x") + "--XX"), 400, keeps, ""},
		{"cut off in a header", form("--XX\r\nContent-Disposi"), 400, keeps, ""},
		{"cut off in a file", form("--XX\r\nContent-Disposition: form-data; name=C; filename=f\r\n\r\nxxx"), 400, keeps, ""},
		{"nothing but an end", form(end), 200, keeps, "0,0,0,"},
		{"190 KB in front", form(strings.Repeat("x", 190_000) + "\r\n" + part("name=C", "x") + end), 400, keeps, ""}, // one line
		{"190 KB behind", form(part("name=C", "x") + end + strings.Repeat("x", 190_000)), 200, keeps, "1,1,"},
		{"190 KB of line ends", form(strings.Repeat("\r\n", 95_000) + part("name=C", "x") + end), 200, keeps, "1,1,"},
		{"190 KB of half boundaries", form(strings.Repeat("\r\n--X", 38_000) + "\r\n" + part("name=C", "x") + end), 200, keeps, "1,1,"},
		{"parts in a part", form("--XX\r\nContent-Disposition: form-data; name=C\r\nContent-Type: multipart/mixed; boundary=YY\r\n\r\n--YY\r\n\r\nx\r\n--YY--\r\n" + end), 200, keeps, "1,1,"},
		{"boundary of 5000 letters", strings.Replace(form("--"+long+"\r\n\r\nx\r\n--"+long+"--\r\n"), "=XX", "="+long, 1), 400, keeps, ""},
		{"no boundary", strings.Replace(form(part("name=C", "x")+end), "; boundary=XX", "", 1), 400, keeps, ""},
		{"NUL in a name", form(part("name=\"a\x00b\"; filename=\"f\"", "x") + end), 400, keeps, ""},
		{"said to be zipped", strings.Replace(form(part("name=C", "x")+end), "Host:", "Content-Encoding: gzip\r\nHost:", 1), 200, keeps, "1,1,"},
	}
}

// TestRawRequests: each row gets its answer, and after it the connection is in
// step: it serves the next request, or it is closed with nothing more sent.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	s := impatient(t)
	o := s.watch()
	t.Run("rows", func(t *testing.T) {
		for name, rows := range map[string][]rawRow{"framing": framingRows(), "lines": lineRows(), "fields": fieldRows(), "multipart": multipartRows()} {
			t.Run(name, func(t *testing.T) {
				t.Parallel() // some wait for the server's patience to end
				for _, row := range rows {
					t.Run(row.odd, func(t *testing.T) { s.checkRow(t, row) })
				}
			})
		}
	})
	o.Stop()
	t.Logf("another client's %d requests took %v at most", o.Asked(), o.Worst())
	if st := s.Status(); st.Failed != 0 || st.Busy != 0 {
		t.Errorf("%+v", st)
	}
}

func (s *served) checkRow(t *testing.T, row rawRow) {
	began := time.Now()
	c := asptest.Dial(t, s.addr)
	defer c.Close()
	c.SendAnyway(row.request)
	method, _, _ := strings.Cut(row.request, " ")
	r := c.ReadResponse(method)
	if r.Status != row.status || !strings.HasPrefix(string(r.Body), row.body) || r.Err != nil {
		t.Errorf("got %d %.200q, %v; want %d %q", r.Status, r.Body, r.Err, row.status, row.body)
	}
	for _, secret := range []string{"other.example", ".go:", "goroutine"} {
		if strings.Contains(fmt.Sprint(r.Header, string(r.Body)), secret) {
			t.Errorf("the answer holds %q: %v", secret, r.Header)
		}
	}
	if r.KeepAlive == row.end {
		t.Errorf("the connection is kept: %v", r.KeepAlive)
	}
	if r.KeepAlive {
		want(t, c.Get("HTTP/1.1", "GET", "/small.asp"), 200, "42")
	} else if rest := c.Rest(); rest != "" {
		t.Errorf("after its end the connection says %.200q", rest)
	}
	inTime(t, row.odd, began, 2*time.Second)
}

// silentRows begin and never go on. Their clients hold nothing but a
// connection, and not for long.
func silentRows() map[string]string {
	return map[string]string{
		"nothing":                        "",
		"half a line":                    "GET /small.a",
		"header without end":             "GET /small.asp HTTP/1.1\r\nHost: test\r\nX: ",
		"body that never comes":          formHead("Content-Length: 100"),
		"half a body":                    formHead("Content-Length: 100") + "a=1",
		"chunk that never comes":         formHead(isChunked) + "FFFFFFF0\r\n",
		"chunk that begins":              formHead(isChunked) + "FFFFFFF0\r\n" + strings.Repeat("a", 1000),
		"chunks without the last":        formHead(isChunked) + "3\r\na=1\r\n",
		"trailer without end":            formHead(isChunked) + "3\r\na=1\r\n0\r\nX: ",
		"multipart without end":          lines("POST /form.asp HTTP/1.1", host, "Content-Type: multipart/form-data; boundary=XX", "Content-Length: 9999") + "--XX\r\n",
		"expectation, and then nothing":  formHead("Content-Length: 100", "Expect: 100-continue"),
		"body in front of a file":        lines("POST /file.txt HTTP/1.1", host, "Content-Length: 100"),
		"body in front of nothing":       lines("POST /none.asp HTTP/1.1", host, isChunked) + "FFFFFFF0\r\n",
		"body of half the limit, silent": formHead("Content-Length: 190000") + strings.Repeat("x", 100000),
	}
}

// TestSilentClients: dozens of each kind, all at once. Each is told off or
// closed within the server's patience, none costs more than what it sent, and
// nobody else notices.
func TestSilentClients(t *testing.T) {
	const each = 20
	s := impatient(t, workers(2, 16))
	_, before, _ := base()
	o := s.watch()
	began := time.Now()
	conns := map[string][]*asptest.Conn{}
	for name, text := range silentRows() {
		for range each {
			c := s.dial()
			c.Send("%s", text)
			conns[name] = append(conns[name], c)
		}
	}
	eventually(t, "the requests are there", func() bool { return s.counts.requests.Load() > 5 })
	if _, now, _ := base(); now-before > int64(each*len(conns)+1)*(64<<10)+64*100_000 {
		t.Errorf("%d clients that send nothing hold %d bytes", each*len(conns), now-before)
	}
	for name, list := range conns {
		for _, c := range list {
			rest := c.Rest()
			status, _, _ := strings.Cut(rest, crlf)
			if status != "" && !strings.Contains(status, " 40") && !strings.Contains(status, " 100 ") {
				t.Errorf("%s: %q", name, status)
			}
			if strings.Contains(name, "body") && !strings.Contains(rest, " 40") {
				t.Errorf("%s: no answer but %q", name, rest)
			}
		}
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("they are gone after %v", took)
	}
	o.Stop()
	t.Logf("%d silent clients, gone after %v; another client's %d requests took %v at most", each*len(conns), time.Since(began).Round(time.Millisecond), o.Asked(), o.Worst())
	if st := s.Status(); st.Failed != 0 || st.Busy != 0 || len(st.Waiting) != 0 {
		t.Errorf("%+v", st)
	}
}

// TestTrickles: a byte now and then doesn't buy time.
func TestTrickles(t *testing.T) {
	t.Parallel()
	s := impatient(t)
	o := s.watch()
	for name, text := range map[string]string{
		"header":  "GET /small.asp HTTP/1.1\r\nHost: test\r\nX: " + strings.Repeat("x", 4000),
		"body":    formHead("Content-Length: 4000") + strings.Repeat("x", 4000),
		"chunked": formHead(isChunked) + strings.Repeat("1\r\nx\r\n", 700),
	} {
		began := time.Now()
		c := s.dial()
		tick := time.NewTicker(20 * time.Millisecond)
		for i := 0; i < len(text); i++ {
			if _, err := io.WriteString(c.Conn, text[i:i+1]); err != nil {
				break
			}
			if i > len(text)-4000+20 {
				<-tick.C
			}
			if time.Since(began) > 30*time.Second {
				t.Fatalf("%s: still read", name)
			}
		}
		tick.Stop()
		c.Rest()
		inTime(t, name, began, 3*time.Second)
	}
	o.Stop()
}

// TestBodiesNobodyWaitsFor: a client that goes on sending what was refused
// isn't listened to for long, and its bytes are kept nowhere.
func TestBodiesNobodyWaitsFor(t *testing.T) {
	s := impatient(t)
	o := s.watch()
	_, before, _ := base()
	piece := strings.Repeat("x", 64<<10)
	for name, head := range map[string]string{
		"length": formHead("Content-Length: 1000000000"), "chunks": formHead(isChunked) + "3B9ACA00\r\n",
		"missing": lines("POST /none.asp HTTP/1.1", host, "Content-Length: 1000000000"), "file": lines("POST /file.txt HTTP/1.1", host, "Content-Length: 1000000000"),
	} {
		began := time.Now()
		c := s.dial()
		c.Send("%s", head)
		sent := 0
		for ; sent < 1_000_000_000; sent += len(piece) {
			_ = c.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if _, err := io.WriteString(c.Conn, piece); err != nil {
				break
			}
		}
		if sent > 100<<20 {
			t.Errorf("%s: took %d MB", name, sent>>20)
		}
		inTime(t, name, began, 2*time.Second)
		c.Close()
	}
	o.Stop()
	if _, now, _ := base(); now-before > 8<<20 {
		t.Errorf("%d bytes more in use", now-before)
	}
}

// TestClientsThatClose in every state of a request leave nothing.
func TestClientsThatClose(t *testing.T) {
	files := rawSite()
	files["slow.asp"] = `<% setTimeout(function () { Response.Write("slow") }, 50) %>`
	files["big.asp"] = string(repeated(1 << 20))
	s := impatientSite(t, files, workers(2, 16))
	o := s.watch()
	goroutines, _, open := base()
	for range 20 {
		for _, text := range []string{
			"", "G", "GET /small.asp HTTP/1.1\r\n", lines("GET /small.asp HTTP/1.1", host), lines("GET /slow.asp HTTP/1.1", host), lines("GET /big.asp HTTP/1.1", host),
			formHead("Content-Length: 100"), formHead(isChunked) + "ff\r\n", strings.Repeat(lines("GET /small.asp HTTP/1.1", host), 5),
		} {
			for _, how := range []string{"close", "half", "reset"} {
				c := asptest.Dial(t, s.addr)
				c.SendAnyway(text)
				tcp := c.Conn.(*net.TCPConn)
				switch how {
				case "half":
					_ = tcp.CloseWrite()
					c.Rest()
				case "reset":
					_ = tcp.SetLinger(0)
				}
				c.Close()
			}
		}
	}
	o.Stop()
	eventually(t, "all is as before", func() bool {
		g, _, n := base()
		st := s.Status()
		return st.Busy == 0 && len(st.Waiting) == 0 && g <= goroutines+2 && n <= open+2
	})
	if st := s.Status(); st.Failed != 0 || st.Orphans != 0 {
		t.Errorf("%+v", st)
	}
}

// TestALongPipelineIsServedInOrder: a thousand requests in one breath.
func TestALongPipelineIsServedInOrder(t *testing.T) {
	s := impatient(t)
	o := s.watch()
	const requests = 1000
	c := s.dial()
	go c.SendAnyway(manyNames(requests, "GET /query.asp?a=%d HTTP/1.1\r\nHost: test\r\n\r\n"))
	for i := range requests {
		want(t, c.ReadResponse("GET"), 200, fmt.Sprintf("%d|a=%d", i, i))
	}
	o.Stop()
}
