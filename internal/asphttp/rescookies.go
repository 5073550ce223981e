package asphttp

import (
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
)

// Bounds of one response; browsers keep far less.
const (
	maxCookies    = 300
	maxCookieKeys = 500
)

// ResponseCookies are the cookies a page sends: one Set-Cookie for each name, in the order in which they were first
// assigned. Names are found without regard to case and sent as first spelled. Name, keys and values are URL-encoded
// in the response's code page, as IIS does: whatever they hold, the line stays one line.
//
// Every setter may return ASP 0156 (header sent), 0184 (no name), 0183 (empty key), 0162 (the session's
// cookie) or 0104 (what can't be sent).
type ResponseCookies struct {
	r    *Response
	list []responseCookie
}

type responseCookie struct {
	name        string
	assigned    bool
	value       string
	keys        []cookieKey // not nil: the cookie has keys and no value of its own
	domain      string
	path        string
	sameSite    string
	expires     time.Time
	maxAge      int
	hasMaxAge   bool
	secure      bool
	httpOnly    bool
	partitioned bool
}

type cookieKey struct{ key, value string }

// Cookies are the cookies this response sends.
func (r *Response) Cookies() *ResponseCookies {
	if r.cookies == nil {
		r.cookies = &ResponseCookies{r: r}
	}
	return r.cookies
}

// change lets f alter a copy of the cookie of that name, under the response's lock. The copy takes the cookie's place
// when f agrees and the header has room for it.
func (c *ResponseCookies) change(name string, f func(*responseCookie) error) error {
	if err := c.r.enterHeader(); err != nil {
		return err
	}
	defer c.r.mu.Unlock()
	if name == "" {
		return asp.New(asp.CodeNoCookieName, "")
	}
	if err := checkText("The name of a cookie", name); err != nil {
		return err
	}
	if reserved := c.r.cfg.Reserved; reserved != "" && (strings.EqualFold(name, reserved) || strings.EqualFold(name, "__Secure-"+reserved) || strings.EqualFold(name, "__Host-"+reserved)) {
		return asp.New(asp.CodeModifyCookie, name)
	}
	old := c.find(name)
	next := responseCookie{name: name}
	if old != nil {
		next = *old
	} else if len(c.list) >= maxCookies {
		return refused("The response has %d cookies already.", maxCookies)
	}
	if err := f(&next); err != nil {
		return err
	}
	if err := c.r.reserve(next.size() - old.size()); err != nil {
		return err
	}
	if old != nil {
		*old = next
	} else {
		c.list = append(c.list, next)
	}
	return nil
}

// size is about what the cookie takes of the header.
func (k *responseCookie) size() int {
	if k == nil {
		return 0
	}
	n := len("Set-Cookie: =\r\n") + len(k.name) + len(k.value) + len(k.domain) + len(k.path)
	for _, key := range k.keys {
		n += len(key.key) + len(key.value) + 2
	}
	return n
}

// values are a cookie's keys as Request.Cookies has them.
func (k *responseCookie) values() *Values {
	v := newValues("", len(k.keys))
	for _, key := range k.keys {
		v.add(key.key, key.value)
	}
	return v
}

func (c *ResponseCookies) find(name string) *responseCookie {
	for i := range c.list {
		if strings.EqualFold(c.list[i].name, name) {
			return &c.list[i]
		}
	}
	return nil
}

// Set gives a cookie a plain value; keys it had are gone.
func (c *ResponseCookies) Set(name, value string) error {
	return c.change(name, func(cookie *responseCookie) error {
		cookie.assigned, cookie.value, cookie.keys = true, value, nil
		return nil
	})
}

// SetKey gives one key of a cookie a value; a plain value it had is gone.
func (c *ResponseCookies) SetKey(name, key, value string) error {
	return c.change(name, func(cookie *responseCookie) error {
		if key == "" {
			return asp.New(asp.CodeEmptyCookieKey, "")
		}
		cookie.assigned, cookie.value = true, ""
		cookie.keys = slices.Clone(cookie.keys) // the cookie we are a copy of keeps its own
		for i, k := range cookie.keys {
			if strings.EqualFold(k.key, key) {
				cookie.keys[i].value = value
				return nil
			}
		}
		if len(cookie.keys) >= maxCookieKeys {
			return refused("The cookie %q has %d keys already.", name, maxCookieKeys)
		}
		cookie.keys = append(cookie.keys, cookieKey{key, value})
		return nil
	})
}

// HasKeys says whether the page gave the cookie keys.
func (c *ResponseCookies) HasKeys(name string) bool {
	cookie := c.find(name)
	return cookie != nil && cookie.keys != nil
}

// Len is the number of cookies.
func (c *ResponseCookies) Len() int { return len(c.list) }

// Key is the name of the i-th cookie, from 1.
func (c *ResponseCookies) Key(i int) (string, bool) {
	if i < 1 || i > len(c.list) {
		return "", false
	}
	return c.list[i-1].name, true
}
