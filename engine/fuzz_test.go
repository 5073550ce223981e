package engine

import (
	"bufio"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// FuzzServe: whatever a client sends, if net/http takes it for a request, it
// gets an answer that is one: no panic, a status, a body of the length that is
// said, no source.
func FuzzServe(f *testing.F) {
	for _, rows := range [][]rawRow{framingRows(), lineRows(), fieldRows(), multipartRows()} {
		for _, row := range rows {
			if len(row.request) < 2000 {
				f.Add(row.request)
			}
		}
	}
	contentType, body := multipart("up@10", "a=1")
	f.Add(postRequest("/form.asp", body, contentType))
	f.Add(lines("GET /small.asp HTTP/1.1", host, "Cookie: NAJASESSIONID="+strings.Repeat("A", 32)+"; a=b; c", "Range: bytes=0-1", "If-Modified-Since: x"))
	f.Add(lines("GET /file.txt HTTP/1.1", host, "Range: bytes=1-2,3-4,0-", "If-None-Match: W/\"x\", *"))
	dir := f.TempDir()
	files := rawSite()
	files["form.asp"] = `<% for (var k in Request.Form) Response.Write(k) %><%: Request.Files.Count %><%: Request("C") %><%: Request.Cookies %><%: Request.ServerVariables("ALL_RAW") %>`
	files["global.asa"] = `<script runat=server>// SECRET
function Session_OnStart() { Session("x") = 1 }</script>`
	files["part.inc"] = "SECRET"
	for name, text := range files {
		asptest.WriteFile(f, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	e, err := New(Config{Root: dir, Logger: slog.New(slog.DiscardHandler), CheckInterval: time.Hour, ErrorPage404: "/404.asp", SessionTimeout: time.Second})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = e.Shutdown(f.Context()) })
	f.Fuzz(func(t *testing.T, text string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		r.RemoteAddr = "192.0.2.1:1234"
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code < 200 || w.Code > 599 {
			t.Errorf("status %d", w.Code)
		}
		if said := w.Header().Get("Content-Length"); said != "" && r.Method != "HEAD" && w.Code != 304 && said != strconv.Itoa(w.Body.Len()) {
			t.Errorf("Content-Length %s, %d bytes", said, w.Body.Len())
		}
		if strings.Contains(w.Body.String(), "SECRET") && !strings.Contains(text, "SECRET") {
			t.Errorf("a source: %s", w.Body)
		}
	})
}
