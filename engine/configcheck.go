package engine

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/internal/setting"
)

// A ConfigError says which setting of a [Config] can't be used and why.
type ConfigError struct {
	// Setting is the name as a configuration file spells it: session_timeout.
	Setting string
	// Problem says what is wrong and what would be right.
	Problem string
}

func (e *ConfigError) Error() string { return e.Setting + ": " + e.Problem }

// check reports the first setting that can't be used. It runs after the
// defaults are filled in, so nothing here is zero by omission.
func (c *Config) check() error {
	return cmp.Or(
		c.checkRoot(),
		c.checkTable(),
		c.checkTimes(),
		checkMethods(c.Methods),
		c.checkSession(),
		c.checkPages(),
		c.checkFiles(),
	)
}

// checkTable is what the table of settings says of numbers, times and words.
func (c *Config) checkTable() error {
	if name, problem := setting.Check(setting.Engine, c); name != "" {
		return &ConfigError{name, problem}
	}
	return nil
}

func badSetting(setting, format string, args ...any) error {
	return &ConfigError{Setting: setting, Problem: fmt.Sprintf(format, args...)}
}

func (c *Config) checkRoot() error {
	switch {
	case c.Root == "" && c.FS == nil:
		return badSetting("root", "is missing; name the folder that holds the site")
	case c.Root != "" && c.FS != nil:
		return badSetting("root", "is set to %q and a file system is given too; set one of them", c.Root)
	case c.Path != path.Clean(c.Path) || strings.ContainsAny(c.Path, `\%?#;:`) || site.HasControl(c.Path):
		return badSetting("path", "%q is not a URL prefix like /shop", c.Path)
	}
	return nil
}

func (c *Config) checkTimes() error {
	if c.StaticMaxAge%time.Second != 0 {
		return badSetting("static_max_age", "%v is no whole number of seconds, which browsers are told", c.StaticMaxAge)
	}
	if c.ScriptTimeoutMax < c.ScriptTimeout {
		return badSetting("script_timeout_max", "%v is less than script_timeout, %v", c.ScriptTimeoutMax, c.ScriptTimeout)
	}
	return nil
}

// isToken reports whether s is a token of RFC 9110 section 5.6.2.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 || !isAlphanumeric(byte(r)) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func (c *Config) checkPages() error {
	if cp, ok := codepage.Lookup(c.CodePage); !ok || !cp.ASCIICompatible() {
		return badSetting("code_page", "%d is not a code page that pages can be sent in; 65001 is UTF-8", c.CodePage)
	}
	if f := c.ErrorFolder; f != "" && (!fs.ValidPath(strings.Trim(f, "/")) || strings.Trim(f, "/") == "." || strings.Contains(f, `\`) || site.HasControl(f)) {
		return badSetting("error_folder", "%q is not a folder; name it by its path from the root, such as \"/errors\"", f)
	}
	return cmp.Or(checkPage("error_page", c.ErrorPage), checkPage("error_page_404", c.ErrorPage404))
}

func checkPage(setting, page string) error {
	if page != "" && !strings.EqualFold(path.Ext(page), ".asp") {
		return badSetting(setting, "%q is not a page; name a .asp file by its path from the root", page)
	}
	return nil
}

func (c *Config) checkFiles() error {
	for _, name := range c.DefaultDocuments {
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:`) || site.HasControl(name) {
			return badSetting("default_documents", "%q is not a file name", name)
		}
	}
	for _, ext := range c.StaticExtensions {
		switch {
		case ext == "":
		case len(ext) < 2 || strings.ContainsAny(ext[1:], `./\:`) || site.HasControl(ext):
			return badSetting("static_extensions", "%q is not an extension like .html; \"\" is for files without one", ext)
		case slices.Contains(site.NeverSent(), ext):
			return badSetting("static_extensions", "%q files are sources, databases or copies, which are never sent", ext)
		}
	}
	return nil
}

// checkEmbedded refuses an embed.FS in which the site lies one folder deeper than
// its root. Who wants that folder's name in front of the pages has it in Path.
func checkEmbedded(c Config) error {
	if folder := site.EmbeddedFolder(c.FS, c.StaticExtensions); folder != "" {
		return badSetting("root", "the embed.FS has the site in its folder %q; give the folder alone: fs.Sub(files, %q)", folder, folder)
	}
	return nil
}

// wholeMethods gives each method once, and HEAD to who has GET: it is GET
// without the body (RFC 9110 section 9.3.2), which the engine sees to.
func wholeMethods(methods []string) (whole []string) {
	for _, method := range methods {
		if !slices.Contains(whole, method) {
			whole = append(whole, method)
		}
	}
	if i := slices.Index(whole, http.MethodGet); i >= 0 && !slices.Contains(whole, http.MethodHead) {
		whole = slices.Insert(whole, i+1, http.MethodHead)
	}
	return whole
}

// checkMethods wants tokens (RFC 9110 section 9.1) that a page can answer.
func checkMethods(methods []string) error {
	if len(methods) == 0 {
		return badSetting("methods", "is empty; name one, such as GET")
	}
	for _, method := range methods {
		upper := strings.ToUpper(method)
		switch {
		case !isToken(method):
			return badSetting("methods", "%q is not the name of a method, such as PUT", method)
		case upper == http.MethodTrace:
			return badSetting("methods", "%q is not for pages: its answer is the request itself, with the cookies that scripts must not see", method)
		case upper == http.MethodConnect:
			return badSetting("methods", "%q is not for pages: it asks a proxy for a tunnel, and names no page", method)
		case upper == "PRI":
			return badSetting("methods", "%q is not for pages: it is how connections of HTTP/2 begin", method)
		case upper != method && slices.Contains(wellKnownMethods(), upper):
			return badSetting("methods", "%q is not %s: capitals count in methods", method, upper)
		}
	}
	return nil
}

// wellKnownMethods are those that nobody spells otherwise on purpose.
func wellKnownMethods() []string {
	return []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions,
	}
}

// takes reports whether requests of this method are for pages. Methods are
// compared as they are: "get" isn't GET.
func (c *Config) takes(method string) bool { return slices.Contains(c.Methods, method) }

// allow is what Allow says of a page: what it takes, and OPTIONS, which is
// answered for pages that don't.
func (c *Config) allow() string {
	all := strings.Join(c.Methods, ", ")
	if !c.takes(http.MethodOptions) {
		all += ", " + http.MethodOptions
	}
	return all
}

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
	case c.SessionCookieHost && prefixed:
		return badSetting("session.cookie_host", "sets a prefix, and session_cookie %q has one", c.SessionCookie)
	case c.SessionCookieHost && c.Path != "/":
		return badSetting("session.cookie_host", "browsers refuse __Host- but for the path \"/\"; this one is at %q", c.Path)
	case c.SessionCookieHost && c.SessionCookieDomain != "":
		return badSetting("session.cookie_host", "browsers refuse __Host- with a domain; leave session.cookie_domain out")
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
