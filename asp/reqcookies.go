package asp

import (
	"strings"

	"github.com/najahost/naja/internal/codepage"
)

// RequestCookies are the cookies a client sent. Of two with one name the first counts: browsers send the one of the
// deeper path first. Names are found without regard to case.
type RequestCookies struct {
	values *Values // name → the one value, undecoded
	cp     *codepage.CodePage
}

// parseCookies reads the Cookie headers. It takes what no cookie ought to contain, too: IIS does, and old scripts in
// browsers write such cookies.
func parseCookies(headers []string, cp *codepage.CodePage) *RequestCookies {
	if len(headers) == 0 {
		return &RequestCookies{}
	}
	raw := headers[0]
	if len(headers) > 1 {
		raw = strings.Join(headers, "; ")
	}
	v := newValues(raw, strings.Count(raw, ";")+1)
	for rest := raw; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, ";")
		name, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
		if name = unescape(strings.TrimRight(name, " \t"), cp); name == "" || v.Has(name) {
			continue
		}
		v.add(name, strings.TrimLeft(value, " \t"))
	}
	return &RequestCookies{values: v, cp: cp}
}

// Raw is the Cookie header.
func (c *RequestCookies) Raw() string { return c.values.Raw() }

// Len is the number of cookies.
func (c *RequestCookies) Len() int { return c.values.Len() }

// Key is the name of the i-th cookie, from 1.
func (c *RequestCookies) Key(i int) (string, bool) { return c.values.Key(i) }

// Has says whether the client sent the cookie.
func (c *RequestCookies) Has(name string) bool { return c.values.Has(name) }

// raw is a cookie's value as it was sent.
func (c *RequestCookies) raw(name string) (string, bool) {
	values := c.values.Get(name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// Get is a cookie's text: its value, or "a=1&b=2" as sent when it has keys. "" when the client didn't send it.
func (c *RequestCookies) Get(name string) string {
	raw, _ := c.raw(name)
	if strings.IndexByte(raw, '=') >= 0 {
		return raw
	}
	return unescape(raw, c.cp)
}

// HasKeys says whether the cookie has keys: whether there is a '=' in what was sent.
func (c *RequestCookies) HasKeys(name string) bool {
	raw, _ := c.raw(name)
	return strings.IndexByte(raw, '=') >= 0
}

// Keys are a cookie's keys and their values; empty for a cookie without keys. They are read anew with each call.
func (c *RequestCookies) Keys(name string) *Values {
	if !c.HasKeys(name) {
		return nil
	}
	raw, _ := c.raw(name)
	v, _ := ParseQuery(raw, c.cp, FormLimits{MaxFields: -1, MaxFieldSize: -1}) // the header's own bound holds
	return v
}
