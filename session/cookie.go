package session

import (
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
	plain, secure string // names
	path          string
	isSecure      func(*http.Request) bool
}

const securePrefix = "__Secure-"

func newCookieJar(name, path string, isSecure func(*http.Request) bool) (cookieJar, error) {
	if isSecure == nil {
		isSecure = func(r *http.Request) bool { return r.TLS != nil }
	}
	j := cookieJar{plain: name, secure: securePrefix + name, path: path, isSecure: isSecure}
	if err := j.cookie("x", false).Valid(); err != nil {
		return j, fmt.Errorf("session: cookie %q with path %q: %w", name, path, err)
	}
	if path[0] != '/' {
		return j, fmt.Errorf("session: the cookie path %q doesn't start with a slash", path)
	}
	return j, nil
}

func (j *cookieJar) cookie(token string, secure bool) *http.Cookie {
	c := &http.Cookie{Name: j.plain, Value: token, Path: j.path, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if secure {
		c.Name, c.Secure = j.secure, true
	}
	return c
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
