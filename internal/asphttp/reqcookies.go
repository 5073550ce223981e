package asphttp

import (
	"strings"

	"github.com/najahost/naja/internal/codepage"
)

// RequestCookies are the cookies a client sent. Of two with one name the first counts: browsers send the one of the
// deeper path first. Names are found without regard to case.
//
// What the page gave a cookie of its response is what it reads here from then on, as in IIS (KB Q313282); new names
// follow those that were sent.
type RequestCookies struct {
	r    *Request
	sent *Values            // name → the one value, undecoded
	cp   *codepage.CodePage // that sent was read by
}

// parseCookies finds the Cookie headers.
func (r *Request) parseCookies() *RequestCookies {
	c := &RequestCookies{r: r}
	if headers := r.http.Header["Cookie"]; len(headers) > 0 {
		c.sent = lateValues(strings.Join(headers, "; "), c.decode)
	}
	return c
}

// decode reads them, the names by the code page that there is now. It takes what no cookie ought to contain, too: IIS
// does, and old scripts in browsers write such cookies.
func (c *RequestCookies) decode(v *Values) {
	c.cp = c.r.codePage
	v.expect(strings.Count(v.raw, ";") + 1)
	for rest := v.raw; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
		if name = unescape(strings.TrimRight(name, " \t"), c.cp); name == "" || v.Has(name) {
			continue
		}
		v.add(name, strings.TrimLeft(value, " \t"))
	}
}

// Raw is the Cookie header.
func (c *RequestCookies) Raw() string { return c.sent.Raw() }

// Len is the number of cookies.
func (c *RequestCookies) Len() int { return c.sent.Len() + len(c.added()) }

// Key is the name of the i-th cookie, from 1.
func (c *RequestCookies) Key(i int) (string, bool) {
	if name, ok := c.sent.Key(i); ok {
		return name, true
	}
	added := c.added()
	if i -= c.sent.Len(); i < 1 || i > len(added) {
		return "", false
	}
	return added[i-1], true
}

// Has says whether the client sent the cookie, or the page gave it a value.
func (c *RequestCookies) Has(name string) bool { return c.given(name) != nil || c.sent.Has(name) }

// given is the cookie that the page has given a value.
func (c *RequestCookies) given(name string) *responseCookie {
	answer := c.r.answer
	if answer == nil || answer.cookies == nil {
		return nil
	}
	if own := answer.cookies.find(name); own != nil && own.assigned {
		return own
	}
	return nil
}

// added are the names that the page has given a value and the client hasn't sent.
func (c *RequestCookies) added() (names []string) {
	answer := c.r.answer
	if answer == nil || answer.cookies == nil {
		return nil
	}
	for _, own := range answer.cookies.list {
		if own.assigned && !c.sent.Has(own.name) {
			names = append(names, own.name)
		}
	}
	return names
}

// raw is a cookie's value as it was sent.
func (c *RequestCookies) raw(name string) (string, bool) {
	values := c.sent.Get(name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// Get is a cookie's text: its value, or "a=1&b=2" as sent when it has keys. "" when there is no such cookie.
func (c *RequestCookies) Get(name string) string {
	if own := c.given(name); own != nil {
		if own.keys == nil {
			return own.value
		}
		return string(own.appendValue(nil, c.r.answer))
	}
	raw, _ := c.raw(name)
	if strings.IndexByte(raw, '=') >= 0 {
		return raw
	}
	return unescape(raw, c.cp)
}

// HasKeys says whether the cookie has keys: whether there is a '=' in what was sent.
func (c *RequestCookies) HasKeys(name string) bool {
	if own := c.given(name); own != nil {
		return own.keys != nil
	}
	raw, _ := c.raw(name)
	return strings.IndexByte(raw, '=') >= 0
}

// Keys are a cookie's keys and their values; empty for a cookie without keys. They are read anew with each call.
func (c *RequestCookies) Keys(name string) *Values {
	if own := c.given(name); own != nil {
		return own.values()
	}
	if !c.HasKeys(name) {
		return nil
	}
	raw, _ := c.raw(name)
	v, _ := ParseQuery(raw, c.cp, FormLimits{MaxFields: -1, MaxFieldSize: -1}) // the header's own bound holds
	return v
}
