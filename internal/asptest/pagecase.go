package asptest

import (
	"bufio"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Files of a case that aren't the site's.
const (
	caseRequest = "request"
	caseWant    = "want"
	caseHeader  = "header"
	caseLog     = "log"
)

// Site is the case's files without those that say how to run it.
func (c Case) Site() map[string]string {
	site := make(map[string]string, len(c.Files))
	for name, text := range c.Files {
		if !slices.Contains([]string{caseRequest, caseWant, caseHeader, caseLog}, name) {
			site[name] = text
		}
	}
	return site
}

// RawRequest is the case's request as bytes of HTTP/1.1. Its file has the
// method and the target, header lines, a blank line and the body; "GET
// /page.asp" where the case has none. The lines of a multipart body end with
// \r\n, and no other body has a line end at its end.
func (c Case) RawRequest() string {
	text := c.Files[caseRequest]
	if text == "" {
		text = "GET /page.asp"
	}
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	if strings.Contains(head, "multipart/") {
		body = strings.ReplaceAll(body, "\n", "\r\n")
	} else {
		body = strings.TrimRight(body, "\n")
	}
	lines[0] += " HTTP/1.1"
	if !strings.Contains(head, "\nHost:") {
		lines = append(lines, "Host: test")
	}
	if body != "" {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(body)))
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + body
}

// Request is the case's request as a server has it.
func (c Case) Request() *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(c.RawRequest())))
	if err != nil {
		panic(fmt.Sprintf("line %d: the request: %v", c.Line, err))
	}
	r.RemoteAddr = "192.0.2.1:50000"
	return r
}

// A Failure is how a page ended that failed.
type Failure struct {
	File         string
	Line, Column int
	Code         string // "0113", or the eight digits of JScript's number
	Text         string
}

// CompareFailure says how a page's end differs from the case's mark; "" when
// it doesn't. f is nil when the page ended well.
func (c Case) CompareFailure(f *Failure) string {
	if len(c.Wants) == 0 {
		if f != nil {
			return fmt.Sprintf("unexpected error %s at %s:%d:%d: %s", f.Code, f.File, f.Line, f.Column, f.Text)
		}
		return ""
	}
	w := c.Wants[0]
	if f == nil {
		return fmt.Sprintf("no error; want %s at %s:%d:%d", w.Code, w.File, w.Line, w.Column)
	}
	if f.Code != w.Code || f.File != w.File || f.Line != w.Line || w.Column != 0 && f.Column != w.Column || !w.Pattern.MatchString(f.Text) {
		return fmt.Sprintf("got error %s at %s:%d:%d: %s\nwant %s at %s:%d:%d: %v",
			f.Code, f.File, f.Line, f.Column, f.Text, w.Code, w.File, w.Line, w.Column, w.Pattern)
	}
	return ""
}

// An Answer is what a page made.
type Answer struct {
	Status string // "200 OK", or the number alone where the text isn't known
	Header http.Header
	Body   []byte
	Log    string // lines "INFO page.asp:3: text"
}

// HasWant reports whether the case says what the body is.
func (c Case) HasWant() bool { _, ok := c.Files[caseWant]; return ok }

// NeedsHeader reports whether the case is about the header, which a page that
// has flushed can't change any more: whether it has a file of it, maybe an
// empty one.
func (c Case) NeedsHeader() bool { _, ok := c.Files[caseHeader]; return ok }

// CompareAnswer says how an answer differs from what the case wants.
func (c Case) CompareAnswer(a Answer) string {
	if want, ok := c.Files[caseWant]; ok {
		want = strings.TrimRight(want, "\n")
		if got := strings.TrimRight(string(a.Body), "\n"); got != want {
			return fmt.Sprintf("--- got\n%s\n--- want\n%s", got, want)
		}
	}
	for line := range strings.Lines(c.Files[caseHeader]) {
		if msg := compareHeader(strings.TrimRight(line, "\n"), a); msg != "" {
			return msg
		}
	}
	if want, ok := c.Files[caseLog]; ok && a.Log != want {
		return fmt.Sprintf("--- logged\n%s\n--- want\n%s", a.Log, want)
	}
	return ""
}

func compareHeader(line string, a Answer) string {
	if name, ok := strings.CutPrefix(line, "-"); ok {
		if v := a.Header.Values(name); len(v) > 0 {
			return fmt.Sprintf("the header has %s: %q", name, v)
		}
		return ""
	}
	name, value, _ := strings.Cut(line, ": ")
	got := a.Header.Values(name)
	if name == "Status" {
		got = []string{a.Status}
		if !strings.Contains(a.Status, " ") {
			value, _, _ = strings.Cut(value, " ")
		}
	}
	if !slices.Contains(got, value) {
		return fmt.Sprintf("%s is %q, want %q", name, got, value)
	}
	return ""
}
