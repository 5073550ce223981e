package engine

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/najahost/naja/internal/setting"
)

// checkSession refuses cookies that browsers would refuse: see RFC 6265bis.
func (c *Config) checkSession() error {
	if c.Sessions != nil {
		return c.checkOtherSessions()
	}
	if !isToken(c.SessionCookie) {
		return badSetting("session_cookie", "%q is not a cookie name; use letters, digits, - and _", c.SessionCookie)
	}
	switch c.SessionCookieSameSite {
	case http.SameSiteLaxMode, http.SameSiteStrictMode, http.SameSiteNoneMode:
	default:
		return badSetting("session.cookie_same_site", "%d is not one of Lax, Strict, None", c.SessionCookieSameSite)
	}
	if err := c.checkCookieSecure(); err != nil {
		return err
	}
	if problem := domainProblem(c.SessionCookieDomain); problem != "" {
		return badSetting("session.cookie_domain", "%q %s", c.SessionCookieDomain, problem)
	}
	if age := c.SessionCookieMaxAge; age != 0 && (age < time.Second || age > maxCookieAge) {
		return badSetting("session.cookie_max_age", "%v is not from 1s to 9600h, which is as long as browsers keep one", age)
	}
	return nil
}

// maxCookieAge is the longest that browsers keep a cookie: RFC 6265bis,
// "Cookie Lifetime Limits".
const maxCookieAge = 400 * 24 * time.Hour

// checkOtherSessions: whoever keeps the sessions has cookies of his own.
func (c *Config) checkOtherSessions() error {
	none := Config{SessionCookieSameSite: http.SameSiteLaxMode}
	for _, s := range setting.In(setting.Engine) {
		if s.Of == setting.Session && s.Take(setting.Engine, &none, c) {
			return badSetting(s.Name, "is for the engine's own sessions; those of Config.Sessions have cookies of their own")
		}
	}
	return nil
}

// checkCookieSecure checks what is only taken over TLS.
func (c *Config) checkCookieSecure() error {
	name := strings.ToLower(c.SessionCookie)
	host := strings.HasPrefix(name, "__host-")
	switch prefixed := host || strings.HasPrefix(name, "__secure-") || strings.HasPrefix(name, "__http-"); {
	case prefixed && !c.SessionCookieSecure:
		return badSetting("session_cookie", "browsers refuse %q without session.cookie_secure = true; over TLS __Secure- comes by itself", c.SessionCookie)
	case host && c.Path != "/":
		return badSetting("session_cookie", "browsers refuse %q but for the path \"/\"; this one is at %q", c.SessionCookie, c.Path)
	case host && c.SessionCookieDomain != "":
		return badSetting("session.cookie_domain", "browsers refuse %q with a domain", c.SessionCookie)
	case c.SessionCookieSecure && c.SessionCookiePartitioned && c.SessionCookieSameSite != http.SameSiteNoneMode:
		// It is for frames of other sites, where browsers neither store nor send
		// any other: RFC 6265bis, "Storage Model" and "Retrieval Model".
		return badSetting("session.cookie_partitioned", `means nothing without session.cookie_same_site = "none": browsers keep no other cookie in another site's frame`)
	case c.SessionCookieSecure:
		return nil
	case c.SessionCookieSameSite == http.SameSiteNoneMode:
		return badSetting("session.cookie_same_site", `browsers refuse "none" without session.cookie_secure = true`)
	case c.SessionCookiePartitioned:
		return badSetting("session.cookie_partitioned", "browsers refuse it without session.cookie_secure = true")
	}
	return nil
}

// domainProblem says why a cookie can't be for a domain.
func domainProblem(domain string) string {
	domain = strings.TrimPrefix(domain, ".") // which browsers don't heed
	if domain == "" {
		return ""
	}
	if _, err := netip.ParseAddr(strings.Trim(domain, "[]")); err == nil {
		return "is an address, and cookies with a domain are for names; leave it out"
	}
	if len(domain) > 253 || strings.ContainsFunc(domain, func(r rune) bool { return r >= 0x80 }) {
		return `is not a domain; write other than English letters as "xn--..."`
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !isAlphanumeric(byte(r)) }) {
			return "is not a domain such as \"example.com\""
		}
	}
	if len(labels) == 1 {
		return "is a name without a dot, for which browsers take no cookies with a domain; leave it out"
	}
	return ""
}

// sessionCookie are the attributes of the session's cookie.
func (c *Config) sessionCookie() http.Cookie {
	return http.Cookie{
		Secure: c.SessionCookieSecure, SameSite: c.SessionCookieSameSite, Domain: strings.TrimPrefix(c.SessionCookieDomain, "."),
		Partitioned: c.SessionCookiePartitioned, MaxAge: int((c.SessionCookieMaxAge + time.Second - 1) / time.Second),
	}
}
