package sessions

import (
	"cmp"
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
)

// A cookieJar knows how this application's tokens travel.
//
// The prefix of the name over TLS makes browsers refuse the cookie from
// anybody who doesn't speak TLS, so that nobody on the way can plant one.
type cookieJar struct {
	plain, secure string      // names
	like          http.Cookie // attributes
	isSecure      func(*http.Request) bool
}

// The prefixes: the second one is refused by browsers with a domain and another path
// than "/" too, so that no other host of a domain can set the cookie.
const (
	securePrefix = "__Secure-"
	hostPrefix   = "__Host-"
)

func newCookieJar(cfg *Config) (cookieJar, error) {
	j := cookieJar{plain: cfg.CookieName, secure: securePrefix + cfg.CookieName, isSecure: cfg.Secure}
	if cfg.CookieHost {
		j.secure = hostPrefix + cfg.CookieName
	}
	if j.isSecure == nil {
		j.isSecure = func(r *http.Request) bool { return r.TLS != nil }
	}
	if prefixed(j.plain) {
		j.secure = j.plain
	}
	always := cfg.Cookie.Secure
	if always {
		j.isSecure = func(*http.Request) bool { return true }
	}
	j.like = http.Cookie{
		Path: cfg.CookiePath, Domain: cfg.Cookie.Domain, MaxAge: max(cfg.Cookie.MaxAge, 0),
		HttpOnly: true, SameSite: cmp.Or(cfg.Cookie.SameSite, http.SameSiteLaxMode), Partitioned: cfg.Cookie.Partitioned,
	}
	if err := j.cookie("x", always).Valid(); err != nil {
		return j, fmt.Errorf("session: cookie %q with path %q: %w", j.plain, cfg.CookiePath, err)
	}
	switch {
	case cfg.CookieHost && (cfg.CookiePath != "/" || cfg.Cookie.Domain != ""):
		return j, fmt.Errorf("session: browsers refuse the cookie %q but for the path \"/\" and no domain", j.secure)
	case cfg.CookiePath[0] != '/':
		return j, fmt.Errorf("session: the cookie path %q doesn't start with a slash", cfg.CookiePath)
	case !always && (j.like.SameSite == http.SameSiteNoneMode || prefixed(j.plain)):
		return j, fmt.Errorf("session: browsers refuse the cookie %q, with its prefix or SameSite=None, unless it is always Secure", j.plain)
	}
	return j, nil
}

// prefixed says that browsers ask something of a cookie with this name: RFC
// 6265bis, "Cookie Name Prefixes". They don't look at its case.
func prefixed(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "__secure-") || strings.HasPrefix(name, "__host-") || strings.HasPrefix(name, "__http-")
}

func (j *cookieJar) cookie(token string, secure bool) *http.Cookie {
	c := j.like
	c.Name, c.Value = j.plain, token
	if secure {
		c.Name, c.Secure = j.secure, true
	}
	return &c
}

// maxCandidates bounds how many cookies of one request are tried.
const maxCandidates = 8

// ids gives the store's ids of the well-formed tokens that r brings. A browser
// sends several cookies of one name when another path or domain has one, the
// most special first.
func (j *cookieJar) ids(r *http.Request) []string {
	secure := j.isSecure(r)
	name := j.plain
	if secure {
		name = j.secure
	}
	var ids []string
	for _, line := range r.Header["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			token, ok := tokenIn(part, name)
			if !ok {
				continue
			}
			if id := storeID(token, secure); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
			if len(ids) == maxCandidates {
				return ids
			}
		}
	}
	return ids
}

// tokenIn gives the token in one "name=value" of a Cookie line. It takes what
// net/http would, and makes no garbage of the cookies that are not ours.
func tokenIn(part, name string) (token string, ok bool) {
	got, token, ok := strings.Cut(textproto.TrimString(part), "=")
	if !ok || textproto.TrimString(got) != name {
		return "", false
	}
	if n := len(token); n > 1 && token[0] == '"' && token[n-1] == '"' {
		token = token[1 : n-1]
	}
	return token, wellFormed(token)
}
