package bridge

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// Whichever way the header leaves, the session comes first, once.
func TestWriterStoresFirst(t *testing.T) {
	for name, do := range map[string]func(w *Writer){
		"Write":       func(w *Writer) { _, _ = w.Write([]byte("x")); _, _ = w.Write([]byte("y")) },
		"WriteHeader": func(w *Writer) { w.WriteHeader(204) },
		"ReadFrom":    func(w *Writer) { _, _ = w.ReadFrom(strings.NewReader("x")) },
		"Flush":       func(w *Writer) { w.Flush(); _, _ = w.Write([]byte("x")) },
		"controller":  func(w *Writer) { _ = http.NewResponseController(w).Flush() },
		"nothing":     func(w *Writer) { w.Finish(); w.Finish() },
		"103":         func(w *Writer) { w.WriteHeader(103); w.Header().Set("Late", "1"); w.WriteHeader(200) },
		"no Hijacker": func(w *Writer) { _, _, _ = w.Hijack() },
	} {
		rec := httptest.NewRecorder()
		calls := 0
		w := NewWriter(rec, func(h http.Header) error {
			calls++
			h.Set("Set-Cookie", "a=b")
			return nil
		}, nil)
		do(w)
		if rec.Result().Header.Get("Set-Cookie") != "a=b" && name != "103" || calls != 1 || !w.Away() {
			t.Errorf("%s: %d calls, header %v", name, calls, rec.Result().Header)
		}
	}
}

// A session that can't be stored takes the handler's answer with it.
func TestWriterFails(t *testing.T) {
	lost := errors.New("lost")
	for name, do := range map[string]func(w *Writer) error{
		"Write":       func(w *Writer) error { _, err := w.Write([]byte("page")); return err },
		"ReadFrom":    func(w *Writer) error { _, err := w.ReadFrom(strings.NewReader("page")); return err },
		"Flush":       func(w *Writer) error { return w.FlushError() },
		"Hijack":      func(w *Writer) error { _, _, err := w.Hijack(); return err },
		"WriteHeader": func(w *Writer) error { w.WriteHeader(200); _, err := w.Write([]byte("page")); return err },
	} {
		rec := httptest.NewRecorder()
		w := NewWriter(rec, func(http.Header) error { return lost }, func(w http.ResponseWriter, err error) {
			http.Error(w, err.Error(), 500)
		})
		if err := do(w); !errors.Is(err, errBroken) || rec.Code != 500 || rec.Body.String() != "lost\n" {
			t.Errorf("%s: %v, %d %q", name, err, rec.Code, rec.Body)
		}
	}
}

func TestHeaders(t *testing.T) {
	h := http.Header{"Set-Cookie": {"a=1", "s=old; Path=/", "s=older", "b=2"}, "Vary": {"Cookie", "Accept", "Cookie"}}
	OneCookie(h, "s")
	if !slices.Equal(h["Set-Cookie"], []string{"a=1", "b=2", "s=older"}) || !slices.Equal(h["Vary"], []string{"Cookie", "Accept"}) {
		t.Errorf("%v", h)
	}
	PutHeader(h, http.Header{"Set-Cookie": {"s=new"}, "Vary": {"Cookie"}, "Cache-Control": {"no-store"}})
	if !slices.Equal(h["Set-Cookie"], []string{"a=1", "b=2", "s=new"}) || len(h["Vary"]) != 2 || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
}
