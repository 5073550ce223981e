package answer

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestMoved(t *testing.T) {
	for method, status := range map[string]int{"GET": 301, "HEAD": 301, "POST": 308} {
		w := httptest.NewRecorder()
		Moved(w, httptest.NewRequest(method, "/shop", nil), "/shop/")
		if w.Code != status || w.Header().Get("Location") != "/shop/" || w.Body.Len() != 0 {
			t.Errorf("%s: %d %v", method, w.Code, w.Header())
		}
	}
}

func TestMethod(t *testing.T) {
	for method, want := range map[string]struct {
		status             int
		length, connection string
	}{"OPTIONS": {204, "", ""}, "PUT": {405, "0", ""}, "TRACE": {405, "0", ""}, "CONNECT": {405, "0", "close"}, "PRI": {405, "0", "close"}} {
		w := httptest.NewRecorder()
		status := Method(w, httptest.NewRequest(method, "/", nil), "GET, HEAD")
		h := w.Header()
		if status != want.status || w.Code != status || h.Get("Allow") != "GET, HEAD" || h.Get("Content-Length") != want.length || h.Get("Connection") != want.connection {
			t.Errorf("%s: %d %v", method, w.Code, h)
		}
	}
}

func TestText(t *testing.T) {
	for method, body := range map[string]string{"GET": "hello", "HEAD": ""} {
		w := httptest.NewRecorder()
		n := Text(w, httptest.NewRequest(method, "/", nil), 404, Plain, "hello")
		if w.Code != 404 || w.Body.String() != body || n != int64(len(body)) || w.Header().Get("Content-Length") != "5" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q %v", method, w.Code, w.Body, w.Header())
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "", -1: "", 1: "1", time.Second: "1", 1500 * time.Millisecond: "2", time.Minute: "60"} {
		h := http.Header{}
		RetryAfter(h, wait)
		if got := h.Get("Retry-After"); got != want {
			t.Errorf("%v: %q, want %q", wait, got, want)
		}
	}
}

// Body leaves it to the header who may keep the answer.
func TestBody(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Cache-Control", "no-cache")
	Body(w, httptest.NewRequest("GET", "/", nil), 200, HTML, []byte("hello"))
	if w.Code != 200 || w.Body.String() != "hello" || w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("Content-Type") != HTML {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}
