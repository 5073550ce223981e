package engine

import "net/http"

// pageMethods and staticMethods are what Allow says of a page and of a file.
const (
	pageMethods   = "GET, HEAD, POST, OPTIONS"
	staticMethods = "GET, HEAD, OPTIONS"
)

// methodAllowed reports whether a request of this method may go on to its
// page. Methods are compared as they are: "get" isn't GET.
func methodAllowed(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return true
	}
	return false
}

// answerMethod answers what isn't for a page: OPTIONS with 204, anything else
// with 405. One status for WebDAV's methods, TRACE, CONNECT and what nobody
// knows tells the least and is the same in front of every file, existing or
// not. It returns the status.
func answerMethod(w http.ResponseWriter, r *http.Request, allow string) int {
	h := w.Header()
	h.Set("Allow", allow)
	status := http.StatusMethodNotAllowed
	switch r.Method {
	case http.MethodOptions:
		status = http.StatusNoContent
	case http.MethodConnect, "PRI":
		// What follows on the connection is another protocol's.
		h.Set("Connection", "close")
	}
	if status != http.StatusNoContent {
		h.Set("Content-Length", "0")
	}
	w.WriteHeader(status)
	return status
}
