package asphttp

import (
	"net/http"
	"slices"
	"strings"
)

// Prepare computes the header and fixes it: what would change it afterwards is ASP 0156. A flush calls it by itself;
// the engine calls it at the end of a page that never flushed. Later calls return the same.
//
// Content-Type gets a charset unless it names one or the page set Response.Charset: that of the code page for text/*,
// none for anything else. IIS leaves the browser to guess there; naming what was really written is safer and changes
// nothing for a page that names it too.
func (r *Response) Prepare() (status int, reason string, h http.Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.prepared {
		r.prepare()
	}
	return r.statusCode, r.reason, r.header
}

// Header is what Prepare made; nil before it.
func (r *Response) Header() http.Header { return r.header }

func (r *Response) prepare() {
	r.prepared = true
	h := r.cfg.Header
	if h == nil {
		h = make(http.Header, 4)
	}
	r.header = h
	r.setHeader(h, 0, "Content-Type", r.fullContentType())
	if r.cacheControl != "" && (r.hasCacheControl || !r.hasField("Cache-Control")) {
		r.setHeader(h, 1, "Cache-Control", r.cacheControl)
	}
	if !r.expires.IsZero() {
		r.setHeader(h, 2, "Expires", r.expires.UTC().Format(http.TimeFormat))
	}
	if r.location != "" {
		r.setHeader(h, 3, "Location", r.location)
	}
	for _, f := range r.fields {
		if f.name == "Location" && r.location != "" {
			continue // two targets would be none: Redirect came last
		}
		h[f.name] = append(h[f.name], f.value)
	}
	if len(h["Expires"]) > 1 {
		slices.SortStableFunc(h["Expires"], sooner)
	}
	if r.session != nil {
		if line := r.session.String(); line != "" {
			h["Set-Cookie"] = append(h["Set-Cookie"], line)
		}
	}
	if r.cookies != nil {
		r.cookies.addTo(h)
	}
}

// sooner puts the line first that ends a page's life first: of two, a cache takes the first (RFC 9111 section 4.2.1). What
// is no date is the past (section 5.3).
func sooner(a, b string) int {
	at, _ := http.ParseTime(a)
	bt, _ := http.ParseTime(b)
	return at.Compare(bt)
}

// setHeader sets a header of one value without an allocation for it.
func (r *Response) setHeader(h http.Header, i int, name, value string) {
	r.values[i] = value
	h[name] = r.values[i : i+1 : i+1]
}

func (r *Response) fullContentType() string {
	if r.contentType == "" && !r.hasCharset {
		return r.codePage.HTMLContentType()
	}
	ct := r.ContentType()
	charset := r.charset
	if !r.hasCharset && hasPrefixFold(ct, "text/") {
		charset = r.codePage.Charset()
	}
	if charset == "" || containsFold(ct, "charset=") {
		return ct
	}
	return strings.TrimRight(ct, "; ") + "; charset=" + charset
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func containsFold(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(sub)], sub) {
			return true
		}
	}
	return false
}

// SetSessionCookie gives the response the session's cookie, which is the engine's and needs no page. It comes first
// among the cookies; a second call replaces it, nil removes it. ASP 0156 after the header.
func (r *Response) SetSessionCookie(c *http.Cookie) error {
	if err := r.enterHeader(); err != nil {
		return err
	}
	defer r.mu.Unlock()
	r.session = c
	return nil
}
