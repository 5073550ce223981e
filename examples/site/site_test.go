// Package site_test runs the demo site as its visitors do, over HTTP.
package site_test

import (
	"context"
	"flag"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write inc/source and testdata/golden anew")

func TestMain(m *testing.M) {
	flag.Parse()
	if *update {
		if err := regenerate(); err != nil {
			log.Fatal(err)
		}
	}
	goleak.VerifyTestMain(m)
}

// TestCheck compiles every page. The one warning is about the component that
// errors.asp misses on purpose.
func TestCheck(t *testing.T) {
	findings, err := engine.Check(engine.Config{Root: "."})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.File != "errors.asp" || !f.Warning {
			t.Errorf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
		}
	}
}

// serve runs the site until the test ends. change may set what differs from
// the defaults.
func serve(t *testing.T, change func(*engine.Config)) *httptest.Server {
	t.Helper()
	cfg := engine.Config{Root: ".", Logger: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	site, err := engine.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := site.Shutdown(ctx); err != nil {
			t.Error(err)
		}
	})
	return server
}

// serveAt runs the site below a path.
func serveAt(t *testing.T, path string) *httptest.Server {
	t.Helper()
	return serve(t, func(c *engine.Config) { c.Path = path })
}

// A visitor is a browser with one cookie jar. It doesn't follow redirects by
// itself.
type visitor struct {
	t    *testing.T
	base string
	http *http.Client
}

func newVisitor(t *testing.T, server *httptest.Server) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, base: server.URL + "/", http: &http.Client{
		Jar: jar, Transport: server.Client().Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// An answer is a response with its whole body.
type answer struct {
	*http.Response
	body string
}

func (v *visitor) do(r *http.Request) answer {
	v.t.Helper()
	res, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer{res, string(body)}
}

// get asks for a page; want is the status that it must have.
func (v *visitor) get(page string, want int) answer {
	v.t.Helper()
	return v.must(http.MethodGet, page, "", strings.NewReader(""), want)
}

// post sends a form.
func (v *visitor) post(page string, form url.Values, want int) answer {
	v.t.Helper()
	return v.must(http.MethodPost, page, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), want)
}

func (v *visitor) must(method, page, contentType string, body io.Reader, want int) answer {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.base+page, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	a := v.do(r)
	if a.StatusCode != want {
		v.t.Fatalf("%s %s: %s, want %d\n%s", method, page, a.Status, want, a.body)
	}
	return a
}

// follow goes where a redirect leads, as a browser does after a form.
func (v *visitor) follow(a answer) answer {
	v.t.Helper()
	to, err := a.Location()
	if err != nil {
		v.t.Fatal(err)
	}
	return v.get(strings.TrimPrefix(to.String(), v.base), http.StatusOK)
}

var tokenField = regexp.MustCompile(`name="token" value="([0-9a-f]{32})"`)

// token is the secret in a page's form.
func (a answer) token(t *testing.T) string {
	t.Helper()
	m := tokenField.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no token in\n%s", a.body)
	}
	return m[1]
}

// output is a page without the listings beside it.
func (a answer) output() string {
	before, _, _ := strings.Cut(a.body, `<aside class="source"`)
	return before
}

func (a answer) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a.output(), text) {
			t.Errorf("%s: no %q in\n%s", a.Request.URL, text, a.output())
		}
	}
}

func (a answer) hasNot(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(a.output(), text) {
		t.Errorf("%s: %q in\n%s", a.Request.URL, text, a.output())
	}
}
