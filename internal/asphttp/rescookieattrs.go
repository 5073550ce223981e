package asphttp

import (
	"strings"
	"time"
)

// SetExpires sets the time at which the browser forgets the cookie; ASP 0200 for a time no header can name.
func (c *ResponseCookies) SetExpires(name string, t time.Time) error {
	return c.change(name, func(cookie *responseCookie) error {
		if err := checkTime(t); err != nil {
			return err
		}
		cookie.expires = t
		return nil
	})
}

// SetMaxAge sets the same in seconds from now; 0 and less remove the cookie.
func (c *ResponseCookies) SetMaxAge(name string, seconds int) error {
	return c.change(name, func(cookie *responseCookie) error {
		cookie.maxAge, cookie.hasMaxAge = seconds, true
		return nil
	})
}

// SetDomain sets the domain the cookie goes to; "" is this host alone.
func (c *ResponseCookies) SetDomain(name, domain string) error {
	return c.change(name, func(cookie *responseCookie) error {
		for i := 0; i < len(domain); i++ {
			if b := domain[i]; !isAlnum(b) && b != '.' && b != '-' && b != '_' {
				return refused("The domain of the cookie contains the character %q at position %d.", domain[i:i+1], i+1)
			}
		}
		cookie.domain = domain
		return nil
	})
}

// SetPath sets the path the cookie goes to; "" is the application's.
func (c *ResponseCookies) SetPath(name, path string) error {
	return c.change(name, func(cookie *responseCookie) error {
		if err := checkText("The path of the cookie", path); err != nil {
			return err
		}
		if strings.ContainsAny(path, ";\t") {
			return refused("The path of the cookie contains a semicolon or a tab.")
		}
		cookie.path = encodeLocation(strings.Trim(path, " "))
		return nil
	})
}

// SetSameSite takes Strict, Lax or None, in any case; "" sends none.
func (c *ResponseCookies) SetSameSite(name, mode string) error {
	return c.change(name, func(cookie *responseCookie) error {
		for _, m := range [...]string{"", "Strict", "Lax", "None"} {
			if strings.EqualFold(m, mode) {
				cookie.sameSite = m
				return nil
			}
		}
		return refused("SameSite must be Strict, Lax or None, not %q.", mode)
	})
}

// SetSecure makes the browser send the cookie over HTTPS alone.
func (c *ResponseCookies) SetSecure(name string, on bool) error {
	return c.change(name, func(cookie *responseCookie) error { cookie.secure = on; return nil })
}

// SetHttpOnly hides the cookie from scripts in the browser.
func (c *ResponseCookies) SetHttpOnly(name string, on bool) error {
	return c.change(name, func(cookie *responseCookie) error { cookie.httpOnly = on; return nil })
}

// SetPartitioned keeps a jar of its own for each embedding site.
func (c *ResponseCookies) SetPartitioned(name string, on bool) error {
	return c.change(name, func(cookie *responseCookie) error { cookie.partitioned = on; return nil })
}
