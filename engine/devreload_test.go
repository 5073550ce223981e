package engine

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReload: in development a browser's document listens for changes, and
// hears of them; nobody else's answer is touched.
func TestReload(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "default.asp")
	if err := os.WriteFile(file, []byte("<html><body>one</body></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := New(Config{Root: root, Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Shutdown(t.Context())
	srv := httptest.NewServer(e)
	defer srv.Close()

	get := func(dest string) string {
		req, _ := http.NewRequest("GET", srv.URL+"/", nil)
		if dest != "" {
			req.Header.Set("Sec-Fetch-Dest", dest)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		if int64(len(b)) != res.ContentLength {
			t.Errorf("Content-Length %d of %d bytes", res.ContentLength, len(b))
		}
		return string(b)
	}
	if got := get(""); got != "<html><body>one</body></html>" {
		t.Errorf("without a browser: %q", got)
	}
	if got := get("document"); !strings.Contains(got, `<script src="/.naja/reload.js?`) || !strings.HasSuffix(got, "</script>\n</body></html>") {
		t.Errorf("to a browser: %q", got)
	}

	res, err := http.Get(srv.URL + "/.naja/reload")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Scan() // the first beat: the files have been looked at
	if err := os.WriteFile(file, []byte("<html><body>two, longer</body></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	requireChange(t, lines)

	// What changes before the browser listens is told as soon as it does.
	_, seen, _ := strings.Cut(get("document"), "reload.js?")
	seen, _, _ = strings.Cut(seen, `"`)
	if err := os.WriteFile(file, []byte("<html><body>three, of another length</body></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	late, err := http.Get(srv.URL + "/.naja/reload?" + seen)
	if err != nil {
		t.Fatal(err)
	}
	defer late.Body.Close()
	requireChange(t, bufio.NewScanner(late.Body))

	if err := os.WriteFile(file, []byte("<html><body><% = = %></body></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := get("document"); !strings.Contains(got, "Page error") || !strings.Contains(got, "reload.js?") {
		t.Errorf("a page that doesn't compile: %q", got)
	}
}

func requireChange(t *testing.T, lines *bufio.Scanner) {
	t.Helper()
	for lines.Scan() {
		if lines.Text() == "data: changed" {
			return
		}
	}
	t.Error("the change was not told")
}
