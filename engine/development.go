package engine

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/engine/internal/wire"
	"github.com/najahost/naja/internal/answer"
)

// In development a browser shows a page anew when a file of the site changes.
// A browser's own navigation gets a line of script at the end of its document
// (tag); nobody else's answer is touched. The script asks, again and again
// while its page is seen, whether anything changed. No connection stands between
// two questions: a browser has six for a host, for all its tabs together, and
// pages need them.

// These names are below the application's path, and hidden like every name
// that begins with a dot: the question, and the script that asks it. The script
// has an address so that a page may forbid scripts that stand in it
// (Content-Security-Policy) and is shown anew nevertheless.
const (
	reloadName   = ".naja/reload"
	reloadScript = ".naja/reload.js"
)

//go:embed devreload.js
var reloadSource string

// answersReload answers the script in the pages of a developer's browser, and
// says whether the request was its. These questions are nobody's visit: they wait
// for nothing, and neither the log nor the counters know of them.
func (e *Engine) answersReload(w http.ResponseWriter, r *http.Request) bool {
	if !e.cfg.Dev || r.Method != http.MethodGet {
		return false
	}
	var text string
	switch r.URL.Path {
	default:
		return false
	case e.paths.URLPath(reloadScript):
		text = reloadSource
	case e.paths.URLPath(reloadName):
		text = "export default " + strconv.FormatBool(e.changedSince(r.URL.RawQuery)) + ";\n"
	}
	answer.Text(w, r, http.StatusOK, "text/javascript; charset=utf-8", text)
	return true
}

// changedSince says whether the site's files differ from those of a fingerprint,
// which is the query's first part. An engine that ends has nothing to say.
func (e *Engine) changedSince(query string) bool {
	seen, _, _ := strings.Cut(query, "&")
	if seen == "" || e.closed.Load() {
		return false
	}
	now := e.lookout.Lately()
	return now != "" && now != seen
}

// navigates says that the request is a browser's own navigation, which alone asks
// for a document: in development the document gets the script. Browsers say so in
// Sec-Fetch-Dest where they trust the connection, that is over TLS and to this
// machine, and a phone that looks at this machine doesn't; but what asks for a
// document has Upgrade-Insecure-Requests, in a frame too, where the script does
// nothing.
func (x *exchange) navigates() bool {
	h := x.r.Header
	if !x.e.cfg.Dev || x.r.Method != http.MethodGet && x.r.Method != http.MethodPost {
		return false
	}
	if dest := h.Get("Sec-Fetch-Dest"); dest != "" {
		return dest == "document"
	}
	return h.Get("Upgrade-Insecure-Requests") == "1" && strings.Contains(h.Get("Accept"), "text/html")
}

// takesTag says that an answer is a document that a browser shows, in which a
// line may be put after its end.
func takesTag(status int, h http.Header) bool {
	if status < 200 || status == http.StatusNoContent || status == http.StatusResetContent || status >= 300 && status < 400 {
		return false
	}
	// Nothing may stand after the end of XHTML.
	return strings.EqualFold(firstPart(h.Get("Content-Type")), "text/html") && plain(h.Get("Content-Encoding")) &&
		!strings.EqualFold(firstPart(h.Get("Content-Disposition")), "attachment")
}

// firstPart is a header's value without its parameters.
func firstPart(value string) string {
	first, _, _ := strings.Cut(value, ";")
	return strings.TrimSpace(first)
}

// plain says that a body isn't compressed.
func plain(encoding string) bool { return encoding == "" || strings.EqualFold(encoding, "identity") }

// tag is the line of script for the answer; "" if the answer gets none. The
// browser may keep no older copy by what the page said of itself: its line would
// ask for changes since then, again and again.
func (x *exchange) tag(status int, h http.Header) string {
	if !x.navigates() || !takesTag(status, h) {
		return ""
	}
	seen := x.e.lookout.Now()
	if seen == "" {
		return ""
	}
	h.Del("Etag")
	h.Del("Last-Modified")
	posted, nonce := "", nonceOf(h)
	if x.r.Method == http.MethodPost {
		posted = " data-posted"
	}
	if nonce != "" {
		nonce = fmt.Sprintf(` nonce="%s"`, html.EscapeString(nonce))
	}
	src := html.EscapeString(x.e.paths.URLPath(reloadScript) + "?" + seen)
	return fmt.Sprintf("\n<script src=\"%s\"%s%s></script>\n", src, posted, nonce)
}

// nonceOf is the first nonce of a Content-Security-Policy, by which the page lets
// its own scripts run.
func nonceOf(h http.Header) string {
	for _, policy := range h.Values("Content-Security-Policy") {
		for source := range strings.FieldsFuncSeq(policy, func(r rune) bool { return strings.ContainsRune(" \t;,", r) }) {
			if nonce, ok := strings.CutPrefix(strings.ToLower(source), "'nonce-"); ok && strings.HasSuffix(nonce, "'") {
				return source[len("'nonce-") : len(source)-1]
			}
		}
	}
	return ""
}

// withReload gives a document that goes out in one piece its line of script.
func (x *exchange) withReload(status int, h http.Header, b wire.Body) wire.Body {
	tag := x.tag(status, h)
	if tag == "" {
		return b
	}
	var page bytes.Buffer
	_, _ = b.WriteTo(&page)
	if at := beforeFrames(page.Bytes()); at >= 0 {
		return &framed{page.Bytes()[:at], []byte(tag), page.Bytes()[at:]}
	}
	return &framed{page.Bytes(), []byte(tag)}
}

// framed is a body in pieces.
type framed [][]byte

// Len is the number of bytes.
func (f *framed) Len() (n int) {
	for _, piece := range *f {
		n += len(piece)
	}
	return n
}

// WriteTo writes everything to w.
func (f *framed) WriteTo(w io.Writer) (sent int64, err error) {
	for _, piece := range *f {
		n, err := w.Write(piece)
		if sent += int64(n); err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// tagged gives a document of the engine's own its line of script.
func (x *exchange) tagged(status int, page string) string {
	return page + x.tag(status, http.Header{"Content-Type": {"text/html"}})
}

// beforeFrames is where the frameset of a document begins, -1 if it has none.
// After one nothing runs, so that the script has to stand before it.
func beforeFrames(page []byte) int {
	lower := bytes.ToLower(page)
	for at := 0; at < len(lower); {
		next := bytes.IndexByte(lower[at:], '<')
		if next < 0 {
			return -1
		}
		at += next
		rest := lower[at:]
		switch {
		case bytes.HasPrefix(rest, []byte("<frameset")):
			return at
		case bytes.HasPrefix(rest, []byte("<body")):
			return -1
		}
		at += markup(rest)
	}
	return -1
}

// markup is the length of what begins with < and may hold another <: a comment, or
// an element of text.
func markup(rest []byte) int {
	for _, m := range [...]struct{ begin, end string }{
		{"<!--", "-->"}, {"<script", "</script"}, {"<style", "</style"}, {"<title", "</title"}, {"<noscript", "</noscript"},
	} {
		if bytes.HasPrefix(rest, []byte(m.begin)) {
			if end := bytes.Index(rest, []byte(m.end)); end >= 0 {
				return end + len(m.end)
			}
			return len(rest)
		}
	}
	return 1
}

// document answers a navigation to a file of HTML, which gets its line of script
// as a page does. It returns false if it hasn't.
func (x *exchange) document(name string) bool {
	st := x.e.statics
	typ := st.TypeOf(name)
	if !x.navigates() || x.r.Method != http.MethodGet || firstPart(typ) != "text/html" {
		return false
	}
	page, _, err := x.e.site.Read(name, site.MaxSourceFile)
	if err != nil || wide(page) {
		return false
	}
	h := x.w.Header()
	st.Describe(h, typ)
	x.log.sent, x.wire = sentStatic, x.e.wires.New(x.w, x.r)
	x.log.err = x.wire.Send(http.StatusOK, h, x.withReload(http.StatusOK, h, &framed{page}))
	return true
}

// wide says that a text is UTF-16, by its mark: a line in ASCII would spoil it.
func wide(page []byte) bool {
	return bytes.HasPrefix(page, []byte("\xff\xfe")) || bytes.HasPrefix(page, []byte("\xfe\xff"))
}
