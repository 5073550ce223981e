package bridge

import (
	"net/http"
	"slices"
	"strings"
)

// PutHeader adds the lines of from to h: cookies in the place of those of the
// same name, of other lines those that aren't there yet.
func PutHeader(h, from http.Header) {
	for name, lines := range from {
		for _, line := range lines {
			if name == "Set-Cookie" {
				h[name] = slices.DeleteFunc(h[name], func(old string) bool { return cookieName(old) == cookieName(line) })
			} else if slices.Contains(h[name], line) {
				continue
			}
			h[name] = append(h[name], line)
		}
	}
}

// NoCookie takes all Set-Cookie lines of the name out of h.
func NoCookie(h http.Header, name string) {
	h["Set-Cookie"] = slices.DeleteFunc(h["Set-Cookie"], func(line string) bool { return cookieName(line) == name })
	if len(h["Set-Cookie"]) == 0 {
		h.Del("Set-Cookie")
	}
}

// OneCookie takes out of h all Set-Cookie lines of the name but the last, and
// other lines that are there twice.
func OneCookie(h http.Header, name string) {
	lines := h["Set-Cookie"]
	for i := len(lines) - 1; i >= 0; i-- {
		if cookieName(lines[i]) != name {
			continue
		}
		last := lines[i]
		lines = slices.DeleteFunc(lines, func(line string) bool { return cookieName(line) == name })
		h["Set-Cookie"] = append(lines, last)
		break
	}
	for _, other := range []string{"Vary", "Cache-Control"} {
		var kept []string
		for _, line := range h[other] {
			if !slices.Contains(kept, line) {
				kept = append(kept, line)
			}
		}
		if len(kept) < len(h[other]) {
			h[other] = kept
		}
	}
}

// cookieName is the name in a Set-Cookie line.
func cookieName(line string) string {
	name, _, _ := strings.Cut(line, "=")
	return strings.TrimSpace(name)
}

// A Recorder is an http.ResponseWriter that keeps the header and nothing else.
type Recorder http.Header

// Header is the header so far.
func (r Recorder) Header() http.Header { return http.Header(r) }

// Write takes p and forgets it.
func (r Recorder) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader does nothing.
func (r Recorder) WriteHeader(int) {}
