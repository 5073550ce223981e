package site

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// serveStatics serves a site's files without regard to routes.
func serveStatics(t *testing.T, root string, fsys fs.FS) string {
	t.Helper()
	s, err := Open(root, fsys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { asptest.Check(t, s.Close()) })
	st := NewStatics(s, defaultOf("static_extensions"), 65001, 0)
	return asptest.Serve(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := st.Send(w, r, strings.TrimPrefix(r.URL.Path, "/")); err != nil {
			http.NotFound(w, r)
		}
	})})
}

func TestStaticFiles(t *testing.T) {
	dir := t.TempDir()
	large := bytes.Repeat([]byte("0123456789"), 50<<10)
	for name, content := range map[string]string{"a.txt": "hello", "large.bin": string(large), "empty.css": "", "fake.png": "<html><script>"} {
		asptest.WriteFile(t, filepath.Join(dir, name), content)
		old := time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	c := asptest.Dial(t, serveStatics(t, dir, nil))

	r := c.Get("HTTP/1.1", "GET", "/a.txt")
	tag := r.Header.Get("Etag")
	if r.Status != 200 || string(r.Body) != "hello" || r.Framing != asptest.FramedByLength || !r.KeepAlive ||
		r.Header.Get("Content-Type") != "text/plain; charset=utf-8" || r.Header.Get("X-Content-Type-Options") != "nosniff" ||
		r.Header.Get("Last-Modified") != "Thu, 02 Jan 2020 03:04:05 GMT" || r.Header.Get("Accept-Ranges") != "bytes" ||
		!strings.HasPrefix(tag, `"`) {
		t.Errorf("got %+v", r)
	}
	if r := c.Get("HTTP/1.1", "GET", "/fake.png"); r.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the content was looked at: %v", r.Header)
	}
	tests := []struct {
		name, proto, method, target, header string
		status                              int
		body, length                        string
	}{
		{"head", "HTTP/1.1", "HEAD", "/a.txt", "", 200, "", "5"},
		{"empty", "HTTP/1.1", "GET", "/empty.css", "", 200, "", "0"},
		{"1.0", "HTTP/1.0", "GET", "/large.bin", "Connection: keep-alive", 200, string(large), "512000"},
		{"same tag", "HTTP/1.1", "GET", "/a.txt", "If-None-Match: " + tag, 304, "", ""},
		{"same tag, head", "HTTP/1.1", "HEAD", "/a.txt", "If-None-Match: " + tag, 304, "", ""},
		{"other tag", "HTTP/1.1", "GET", "/a.txt", `If-None-Match: "x"`, 200, "hello", "5"},
		{"not modified", "HTTP/1.1", "GET", "/a.txt", "If-Modified-Since: Thu, 02 Jan 2020 03:04:05 GMT", 304, "", ""},
		{"range", "HTTP/1.1", "GET", "/a.txt", "Range: bytes=1-3", 206, "ell", "3"},
		{"suffix", "HTTP/1.1", "GET", "/a.txt", "Range: bytes=-2", 206, "lo", "2"},
		{"range if same", "HTTP/1.1", "GET", "/a.txt", "Range: bytes=1-3\r\nIf-Range: " + tag, 206, "ell", "3"},
		{"range if other", "HTTP/1.1", "GET", "/a.txt", "Range: bytes=1-3\r\nIf-Range: \"x\"", 200, "hello", "5"},
		{"range of large", "HTTP/1.1", "GET", "/large.bin", "Range: bytes=100000-399999", 206, string(large[100000:400000]), "300000"},
		{"range too far", "HTTP/1.1", "GET", "/a.txt", "Range: bytes=9-", 416, "invalid range: failed to overlap\n", "33"},
		{"missing", "HTTP/1.1", "GET", "/b.txt", "", 404, "404 page not found\n", "19"},
		{"post", "HTTP/1.1", "POST", "/a.txt", "Content-Length: 0", 405, "", "0"},
		{"options", "HTTP/1.1", "OPTIONS", "/a.txt", "", 204, "", ""},
	}
	for _, test := range tests {
		r := c.Get(test.proto, test.method, test.target, orElse(test.header, "X: y"))
		if r.Status != test.status || string(r.Body) != test.body || r.Header.Get("Content-Length") != test.length || !r.KeepAlive || !r.Whole() {
			t.Errorf("%s: got %d, %d bytes, %v", test.name, r.Status, len(r.Body), r.Header)
		}
	}
	r = c.Get("HTTP/1.1", "GET", "/a.txt", "Range: bytes=0-0,4-4")
	if r.Status != 206 || !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/byteranges") || !r.Whole() {
		t.Errorf("two ranges: %d, %v", r.Status, r.Header)
	}
}

// TestTagsOfApache: mod_deflate of Apache 2.4.71 sends "x" on as "x-gzip", and asks
// with "x-gzip" for what it got as "x" (findings/apache-deflate-tag.sh); mod_brotli
// does so with -br.
func TestTagsOfApache(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	asptest.WriteFile(t, filepath.Join(dir, "a.txt"), "hello")
	old := time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)
	if err := os.Chtimes(filepath.Join(dir, "a.txt"), old, old); err != nil {
		t.Fatal(err)
	}
	c := asptest.Dial(t, serveStatics(t, dir, nil))
	tag := c.Get("HTTP/1.1", "GET", "/a.txt").Header.Get("Etag")
	with := func(word string) string { return strings.TrimSuffix(tag, `"`) + word + `"` }
	for _, test := range []struct {
		asked  string
		status int
		tag    string
	}{
		{with("-gzip"), 304, with("-gzip")},
		{with("-br"), 304, with("-br")},
		{"W/" + with("-gzip"), 304, with("-gzip")},
		{`"x", ` + with("-gzip"), 304, with("-gzip")},
		{"\"x\"\r\nIf-None-Match: " + with("-gzip"), 200, tag}, // only the first field is looked at
		{tag, 304, tag},
		{with("-zip"), 200, tag},
		{with("-gzip-gzip"), 200, tag},
		{`"x-gzip"`, 200, tag},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r := c.Get("HTTP/1.1", method, "/a.txt", "If-None-Match: "+test.asked)
			if r.Status != test.status || r.Header.Get("Etag") != test.tag || !r.KeepAlive || !r.Whole() {
				t.Errorf("%s %s: got %d, %v", method, test.asked, r.Status, r.Header)
			}
		}
	}
	// Pieces are put together by the file's own tag alone.
	if r := c.Get("HTTP/1.1", "GET", "/a.txt", "Range: bytes=1-3\r\nIf-Range: "+with("-gzip")); r.Status != 200 || string(r.Body) != "hello" {
		t.Errorf("a range by the other tag: %d %q", r.Status, r.Body)
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func TestAFreshFilesTagIsWeak(t *testing.T) {
	s, dir := newSite(t, map[string]string{"a.txt": "hello"})
	st := NewStatics(s, nil, 65001, 0)
	for age, weak := range map[time.Duration]bool{0: true, time.Hour: false} {
		changed := time.Now().Add(-age)
		if err := os.Chtimes(filepath.Join(dir, "a.txt"), changed, changed); err != nil {
			t.Fatal(err)
		}
		file, err := s.open("a.txt")
		if err != nil {
			t.Fatal(err)
		}
		tag, err := st.tag("a.txt", file)
		if err != nil || strings.HasPrefix(tag, "W/") != weak {
			t.Errorf("%v old: %s, %v", age, tag, err)
		}
		asptest.Check(t, file.Close())
	}
}

func TestFilesWithoutTimesHaveTagsOfTheirContent(t *testing.T) {
	addr := serveStatics(t, "", fstest.MapFS{"a.txt": {Data: []byte("one")}, "b.txt": {Data: []byte("two")}, "c.txt": {Data: []byte("one")}})
	c := asptest.Dial(t, addr)
	tags := make(map[string]string)
	for range 2 {
		for _, target := range []string{"/a.txt", "/b.txt", "/c.txt"} {
			r := c.Get("HTTP/1.1", "GET", target)
			tag := r.Header.Get("Etag")
			if len(r.Body) != 3 || !strings.HasPrefix(tag, `"`) || r.Header.Get("Last-Modified") != "" || tags[target] != "" && tags[target] != tag {
				t.Errorf("%s: %q, %v", target, r.Body, r.Header)
			}
			tags[target] = tag
		}
	}
	if tags["/a.txt"] == tags["/b.txt"] || tags["/a.txt"] != tags["/c.txt"] {
		t.Errorf("got %v", tags)
	}
}

func TestContentTypes(t *testing.T) {
	extensions := defaultOf("static_extensions")
	for ext, typ := range contentTypes(extensions, 65001) {
		if typ == "application/octet-stream" {
			t.Errorf("%s, a default extension, has no type", ext)
		}
	}
	for codePage, want := range map[int]map[string]string{
		65001: {".html": "text/html", ".txt": "text/plain; charset=utf-8", ".svg": "image/svg+xml", ".nobody-knows": "application/octet-stream"},
		1252:  {".html": "text/html", ".txt": "text/plain", ".js": "text/javascript"},
	} {
		types := contentTypes(append(extensions, ".nobody-knows"), codePage)
		for ext, typ := range want {
			if types[ext] != typ {
				t.Errorf("%d: %s is %s", codePage, ext, types[ext])
			}
		}
	}
}
