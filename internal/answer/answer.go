// Package answer writes the small answers that no page makes: a status with a
// short text, or with none. Each has its length, so that the connection stays
// open.
package answer

import (
	"net/http"
	"strconv"
	"time"
)

// HTML and Plain are the types of most texts.
const (
	HTML  = "text/html; charset=utf-8"
	Plain = "text/plain; charset=utf-8"
)

// Text answers with a text, which nobody keeps for later. It returns how many
// bytes of it were sent: none to HEAD.
func Text(w http.ResponseWriter, r *http.Request, status int, contentType, text string) int64 {
	w.Header().Set("Cache-Control", "no-store")
	return Body(w, r, status, contentType, []byte(text))
}

// Body is Text of which the header says already who may keep it.
func Body(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) int64 {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return 0
	}
	n, _ := w.Write(body) // a client that left doesn't want it
	return int64(n)
}

// RetryAfter says when to come again, in whole seconds (RFC 9110 section
// 10.2.3): never too early. Nothing is said of no time.
func RetryAfter(h http.Header, wait time.Duration) {
	if wait > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10))
	}
}

// Empty answers without a body. It returns the status.
func Empty(w http.ResponseWriter, status int) int {
	if status != http.StatusNoContent {
		w.Header().Set("Content-Length", "0")
	}
	w.WriteHeader(status)
	return status
}

// Method answers a method that isn't taken: OPTIONS with 204, anything else
// with 405. One status for WebDAV's methods, TRACE, CONNECT and what nobody
// knows tells the least and is the same in front of every file, existing or
// not. allow is the header of that name. It returns the status.
func Method(w http.ResponseWriter, r *http.Request, allow string) int {
	h := w.Header()
	h.Set("Allow", allow)
	switch r.Method {
	case http.MethodOptions:
		return Empty(w, http.StatusNoContent)
	case http.MethodConnect, "PRI":
		// What follows on the connection is another protocol's.
		h.Set("Connection", "close")
	}
	return Empty(w, http.StatusMethodNotAllowed)
}

// Moved sends the client to another place for good. What is a GET stays one;
// other methods are to be repeated as they were. It returns the status.
func Moved(w http.ResponseWriter, r *http.Request, location string) int {
	w.Header().Set("Location", location)
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return Empty(w, http.StatusMovedPermanently)
	}
	return Empty(w, http.StatusPermanentRedirect)
}
