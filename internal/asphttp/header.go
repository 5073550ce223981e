package asphttp

import (
	"fmt"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/najahost/naja/asp"
)

// maxHeaderBytes bounds what one page may put into headers and cookies together: a loop must not fill the memory,
// and no client takes more.
const maxHeaderBytes = 64 << 10

// headerField is one header a page added, in the order of the page.
type headerField struct{ name, value string }

// refused is the error for what must not stand in a header: the script can catch it, and nothing was added.
func refused(format string, args ...any) *asp.Error {
	e := asp.New(asp.CodeNotAllowed, fmt.Sprintf(format, args...))
	e.Category = asp.CategoryResponse
	return e
}

// checkText refuses the characters that would end a header or confuse what reads it: controls except the tab.
func checkText(what, s string) error {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < ' ' && c != '\t') || c == 0x7f {
			return refused("%s contains the control character 0x%02X at position %d.", what, c, i+1)
		}
	}
	return nil
}

// checkPlain is checkText that refuses everything beyond ASCII too.
func checkPlain(what, s string) error {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x7f {
			return refused("%s contains a character beyond ASCII at position %d.", what, i+1)
		}
	}
	return checkText(what, s)
}

// checkToken wants a token of RFC 9110 §5.6.2.
func checkToken(what, s string) error {
	if s == "" {
		return refused("%s is empty.", what)
	}
	for i := 0; i < len(s); i++ {
		if !isTokenByte(s[i]) {
			return refused("%s contains the character %q at position %d.", what, s[i:i+1], i+1)
		}
	}
	return nil
}

func isTokenByte(c byte) bool {
	return isAlnum(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// AddHeader adds a header; it never replaces one, so that a name may repeat. Some names are decided elsewhere:
//
//   - Content-Type is SetContentType.
//   - Content-Length is the page's promise of how much it will write, see DeclaredLength.
//   - Transfer-Encoding, Connection and the other hop-by-hop headers are the server's business and refused.
//
// A value beyond ASCII is written in the response's code page. A page that adds Cache-Control itself does not get the
// default one besides, but what it gave to SetCacheControl and SetExpires. Errors: ASP 0156 after the headers were sent, ASP 0104 for a name or value that can't be sent.
func (r *Response) AddHeader(name, value string) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	if err := checkToken("The name of a header", name); err != nil {
		return err
	}
	name = textproto.CanonicalMIMEHeaderKey(name)
	if err := checkText("The header "+name, value); err != nil {
		return err
	}
	value = strings.Trim(value, " \t")
	switch name {
	case "Content-Type":
		return r.setContentType(value)
	case "Content-Length":
		return r.declareLength(value)
	case "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "Te", "Trailer", "Http2-Settings":
		return refused("The header %s belongs to the connection; the server sets it.", name)
	}
	if !isASCII(value) {
		value = string(r.codePage.Encode(nil, value))
	}
	if err := r.reserve(len(name) + len(value) + 4); err != nil {
		return err
	}
	r.fields = append(r.fields, headerField{name, value})
	return nil
}

// reserve counts n more bytes of headers.
func (r *Response) reserve(n int) error {
	if r.headerBytes+n > maxHeaderBytes {
		return refused("The headers of this response would be more than %d bytes.", maxHeaderBytes)
	}
	r.headerBytes += n
	return nil
}

func (r *Response) declareLength(value string) error {
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil || value[0] == '+' {
		return refused("Content-Length must be a number of bytes, not %q.", value)
	}
	if r.declared >= 0 && r.declared != int64(n) {
		return refused("Content-Length is %d already.", r.declared)
	}
	r.declared = int64(n)
	return nil
}

// DeclaredLength is the Content-Length the page promised, where it did. Prepare does not put it into the header:
// who frames the response decides whether the promise is kept.
func (r *Response) DeclaredLength() (n int64, ok bool) {
	return max(r.declared, 0), r.declared >= 0
}

// PICS adds a PICS-Label header.
func (r *Response) PICS(label string) error { return r.AddHeader("PICS-Label", label) }

func (r *Response) hasField(name string) bool {
	for _, f := range r.fields {
		if f.name == name {
			return true
		}
	}
	return false
}
