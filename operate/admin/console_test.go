package admin

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"golang.org/x/crypto/bcrypt"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// A desk is a console behind a socket, with the applications that it is for
// behind another, and an administrator in front.
type desk struct {
	*Console
	t    *testing.T
	url  string // the console's
	site string // the applications'
	log  *lines
	apps []*host.Application
}

// site is what the tests' applications serve.
func testSite() fstest.MapFS {
	return fstest.MapFS{
		"default.asp": {Data: []byte(`<% Session("n") = 1; Session("name") = "Ada" %>hello`)},
		"throws.asp":  {Data: []byte("<%\nthrow new Error('no such luck') %>")},
		"deep.asp":    {Data: []byte("<%\nfunction inner() { nothing.at.all }\nfunction outer() { inner() }\nouter() %>")},
		"slow.asp":    {Data: []byte("<%\nfor (;;) Response.IsClientConnected %>")},
		"lock.asp":    {Data: []byte("<% Application.Lock();\nfor (;;) Response.IsClientConnected %>")},
	}
}

const theAccount, thePassword = "ada", "correct horse"

// newDesk opens a console with an account, for applications at / and /shop.
func newDesk(t *testing.T, edit ...func(*Config)) *desk {
	t.Helper()
	d := &desk{t: t, log: &lines{}}
	logger := slog.New(slog.NewJSONHandler(d.log, nil))
	metrics, passes := NewMetrics(), NewPasses()
	sites := http.NewServeMux()
	for _, path := range []string{"/", "/shop"} {
		app, err := host.New(host.Config{Path: path, Logger: logger, Pass: func(r *http.Request) bool { return passes.Holds(path, r) },
			Start: func(_ context.Context, isolation string) (host.Runner, error) {
				if isolation != host.InProcess {
					return nil, host.ErrUnavailable
				}
				return engine.New(engine.Config{FS: testSite(), Path: path, Logger: logger, Observer: metrics})
			}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { app.Shutdown(context.Background()) })
		d.apps = append(d.apps, app)
		sites.Handle(strings.TrimSuffix(path, "/")+"/", passes.Handler(path, app))
	}
	site := httptest.NewServer(sites)
	t.Cleanup(site.Close)
	d.site = site.URL
	cfg := Config{Applications: d.apps, Server: Server{Version: "v0", Site: site.URL}, Account: "any", Users: usersFile(t), Loopback: true,
		Metrics: metrics, Passes: passes, Logger: logger}
	for _, e := range edit {
		e(&cfg)
	}
	d.open(cfg)
	return d
}

func (d *desk) open(cfg Config) {
	d.t.Helper()
	var err error
	if d.Console, err = New(cfg); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(d.Console.Close)
	server := httptest.NewServer(d.Console)
	d.t.Cleanup(server.Close)
	d.url = server.URL
}

// usersFile is a file with ada, whose password is cheap to check.
func usersFile(t *testing.T) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(thePassword), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(name, []byte("# administrators\n"+theAccount+":"+string(hash)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A reply is an answer of the console.
type reply struct {
	status int
	header http.Header
	text   string
	Answer
}

// An asking changes a request before it is sent.
type asking func(*http.Request)

func signedIn(r *http.Request)  { r.SetBasicAuth(theAccount, thePassword) }
func nobody(*http.Request)      {}
func wrongWord(r *http.Request) { r.SetBasicAuth(theAccount, "correct house") }

func with(name, value string) asking { return func(r *http.Request) { r.Header.Set(name, value) } }

// ask sends a request as it is; form is a list of names and values.
func (d *desk) ask(method, path string, form []string, as ...asking) reply {
	d.t.Helper()
	values := url.Values{}
	for i := 0; i < len(form); i += 2 {
		values.Add(form[i], form[i+1])
	}
	var body io.Reader
	target := d.url + path
	if method == http.MethodPost {
		body = strings.NewReader(values.Encode())
	} else if len(values) > 0 {
		target += "?" + values.Encode()
	}
	r, err := http.NewRequest(method, target, body)
	if err != nil {
		d.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, a := range as {
		a(r)
	}
	w, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	got := reply{status: w.StatusCode, header: w.Header, text: string(text)}
	if strings.HasPrefix(w.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &got.Answer); err != nil {
			d.t.Errorf("%s %s: %v in %q", method, path, err, text)
		}
	}
	return got
}

// get is a look by the administrator.
func (d *desk) get(path string, form ...string) reply {
	d.t.Helper()
	return d.ask("GET", path, form, signedIn)
}

// token is one that may be used.
func (d *desk) aToken() string {
	d.t.Helper()
	var said struct{ Token string }
	got := d.get("/token")
	if err := json.Unmarshal([]byte(got.text), &said); err != nil || said.Token == "" || got.header.Get(tokenHeader) != said.Token {
		d.t.Fatalf("no token: %d %s", got.status, got.text)
	}
	return said.Token
}

// post is a change by the administrator.
func (d *desk) post(path string, form ...string) reply {
	d.t.Helper()
	return d.ask("POST", path, form, signedIn, with(tokenHeader, d.aToken()))
}

// visit asks the site.
func (d *desk) visit(path string, as ...asking) (status int, text string) {
	d.t.Helper()
	r, err := http.NewRequest("GET", d.site+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, a := range as {
		a(r)
	}
	w, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer w.Body.Close()
	body, _ := io.ReadAll(w.Body)
	return w.StatusCode, string(body)
}

// lines are what was logged, one record a line.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, string(p))
	return len(p), nil
}

// take gives the lines with this text, and forgets all.
func (l *lines) take(text string) (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.all {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	l.all = nil
	return found
}
