package asphttp

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/internal/codepage"
)

// addTo puts the Set-Cookie lines into h.
func (c *ResponseCookies) addTo(h http.Header) {
	for i := range c.list {
		h["Set-Cookie"] = append(h["Set-Cookie"], c.list[i].line(c.r))
	}
}

// line is the whole Set-Cookie value. The four attributes of ASP are spelled as IIS spells them.
func (k *responseCookie) line(r *Response) string {
	b := appendCookieName(nil, k.name, r.codePage)
	b = append(b, '=')
	b = k.appendValue(b, r)
	expires := k.expires
	if expires.IsZero() && k.hasMaxAge && k.maxAge <= 0 {
		expires = time.Unix(0, 0) // for clients that know nothing of Max-Age, which would keep the cookie
	}
	if !expires.IsZero() {
		b = append(b, "; expires="...)
		b = expires.UTC().AppendFormat(b, http.TimeFormat)
	}
	if k.domain != "" {
		b = append(append(b, "; domain="...), k.domain...)
	}
	path := k.path
	if path == "" {
		path = r.cfg.CookiePath
	}
	b = append(append(b, "; path="...), path...)
	if k.secure {
		b = append(b, "; secure"...)
	}
	if k.httpOnly {
		b = append(b, "; HttpOnly"...)
	}
	if k.sameSite != "" {
		b = append(append(b, "; SameSite="...), k.sameSite...)
	}
	if k.hasMaxAge {
		b = strconv.AppendInt(append(b, "; Max-Age="...), int64(max(k.maxAge, 0)), 10) // wget 1.21 keeps a cookie with a negative one
	}
	if k.partitioned {
		b = append(b, "; Partitioned"...)
	}
	return string(b)
}

// appendValue writes the value. A cookie of which the page set attributes only keeps the value the client sent:
// setting Expires alone must not empty it.
func (k *responseCookie) appendValue(b []byte, r *Response) []byte {
	if !k.assigned && r.cfg.Request != nil {
		if raw, ok := r.cfg.Request.Cookies().raw(k.name); ok && isCookieText(raw) {
			return append(b, raw...)
		}
	}
	if k.keys == nil {
		return appendURLEncoded(b, k.value, r.codePage)
	}
	for i, key := range k.keys {
		if i > 0 {
			b = append(b, '&')
		}
		b = appendURLEncoded(b, key.key, r.codePage)
		b = append(b, '=')
		b = appendURLEncoded(b, key.value, r.codePage)
	}
	return b
}

// appendCookieName encodes a name, except for the two prefixes that mean something to a browser.
func appendCookieName(b []byte, name string, cp *codepage.CodePage) []byte {
	for _, prefix := range [...]string{"__Host-", "__Secure-"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return appendURLEncoded(append(b, prefix...), rest, cp)
		}
	}
	return appendURLEncoded(b, name, cp)
}

// isCookieText says whether raw may stand in a Set-Cookie line as it is.
func isCookieText(raw string) bool {
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c <= ' ' || c >= 0x7f || c == ';' || c == ',' {
			return false
		}
	}
	return true
}
