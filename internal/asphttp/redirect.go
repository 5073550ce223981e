package asphttp

import (
	"net/http"
	"strings"

	"github.com/najahost/naja/asp"
)

// maxURL bounds a redirect's target: no client takes a longer one.
const maxURL = 8 << 10

// Redirect answers with 302 and a small page in place of what was buffered. Headers and cookies stay. The target is
// sent as given, relative or not, with blanks, quotes and characters beyond ASCII escaped; the server adds no host of
// its own. The caller ends the page.
//
// Errors: ASP 0156 after the header was sent, 0158 without a target, 0104 for control characters in it.
func (r *Response) Redirect(url string) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	url = strings.Trim(url, " ")
	if url == "" {
		return asp.New(asp.CodeMissingURL, "")
	}
	for i := 0; i < len(url); i++ {
		if url[i] < ' ' || url[i] == 0x7f {
			return refused("The URL contains the control character 0x%02X at position %d.", url[i], i+1)
		}
	}
	target := encodeLocation(url)
	if len(target) > maxURL {
		return refused("The URL is longer than %d bytes.", maxURL)
	}
	r.location = target
	r.statusCode, r.reason = http.StatusFound, "Object moved"
	r.contentType, r.charset, r.hasCharset = "", "", false
	r.declared = -1
	r.buf.reset()
	copyIn(&r.buf, "<html><head><title>Object moved</title></head>\n<body><h1>Object Moved</h1>This object may be found <a href=\"")
	copyIn(&r.buf, strings.ReplaceAll(HTMLEncode(target, nil), "'", "&#39;"))
	copyIn(&r.buf, "\">here</a>.</body></html>\n")
	r.buffered.Store(int64(r.buf.n))
	return nil
}
