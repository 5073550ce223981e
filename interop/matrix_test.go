package interop

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/engine"
)

// ways are the rows of the matrix: how an answer ends that did something to its
// session, as a page and as a handler. DO is what it does.
var ways = []struct {
	name   string
	page   string
	goes   func(w http.ResponseWriter, r *http.Request, do func())
	status int
	cookie bool // works with sessions that are in the cookie
}{
	{"buffered", `<% DO %>done`, func(w http.ResponseWriter, r *http.Request, do func()) {
		do()
		fmt.Fprint(w, "done")
	}, 200, true},
	{"flushed", `<% DO; Response.Flush() %>done`, func(w http.ResponseWriter, r *http.Request, do func()) {
		do()
		flush(w)
		fmt.Fprint(w, "done")
	}, 200, true},
	{"after the flush", `<% Response.Write("a"); Response.Flush(); DO %>done`, func(w http.ResponseWriter, r *http.Request, do func()) {
		fmt.Fprint(w, "a")
		flush(w)
		do()
		fmt.Fprint(w, "done")
	}, 200, false},
	{"redirect", `<% DO; Response.Redirect("/elsewhere") %>`, func(w http.ResponseWriter, r *http.Request, do func()) {
		do()
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}, 302, true},
	{"error", `<% DO; throw new Error("it fails") %>`, func(w http.ResponseWriter, r *http.Request, do func()) {
		do()
		http.Error(w, "it fails", http.StatusInternalServerError)
	}, 500, true},
}

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

// A site has a page and a handler for each way and thing to do.
type site struct {
	*testing.T
	library
	url  string
	slow chan bool // a page of /slow.asp is there; it goes on
}

// Wait is for the page.
func (s *site) Wait() {
	s.slow <- true
	<-s.slow
}

func newSite(t *testing.T, lib library) *site {
	t.Helper()
	files := fstest.MapFS{
		"begin.asp": {Data: []byte(`<% Session("begun") = true; Session("n") = Session("n") || 0 %>begun`)},
		"slow.asp":  {Data: []byte(`<% Server.CreateObject("Test.Slow").Wait(); Session("n")++ %>slow`)},
		"out.asp":   {Data: []byte(`<% Session.Abandon() %>out`)},
	}
	mux := http.NewServeMux()
	s := &site{T: t, library: lib, slow: make(chan bool)}
	for i, way := range ways {
		for name, script := range map[string]string{
			"write": `Session("text") = "from the page"; Session("n") = 7; Session("list") = [1, {a: "b"}]`,
			"read": `Session("seen") = [Session("text"), Session("n") + 1, Session("list")[1].a,
				typeof Session("n")].join("|"); Session("n")++`,
			"add": `Session("n")++`,
		} {
			files[fmt.Sprintf("%s%d.asp", name, i)] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(way.page, "DO", script))}
			mux.Handle(fmt.Sprintf("/go/%s%d", name, i), lib.serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				way.goes(w, r, func() { s.do(name, w, r) })
			})))
		}
	}
	mux.Handle("/go/seen", lib.serialize(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%v %T %v", lib.get(r, "seen"), lib.get(r, "n"), lib.get(r, "n"))
	})))
	pages, err := engine.New(engine.Config{FS: files, Sessions: lib.provider, SessionQueueMax: 500, Logger: slog.New(slog.DiscardHandler),
		Components: map[string]engine.Component{"Test.Slow": {Threading: engine.Agile, New: func(context.Context) (any, error) { return s, nil }}}})
	must(t, err)
	mux.Handle("/", pages)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.Close()
		must(t, pages.Shutdown(context.Background()))
	})
	s.url = server.URL
	return s
}

// do is what handlers do to their session.
func (s *site) do(what string, w http.ResponseWriter, r *http.Request) {
	put := func(key string, v any) {
		if err := s.put(w, r, key, v); err != nil {
			s.Errorf("putting %s: %v", key, err)
		}
	}
	switch what {
	case "write":
		put("text", "from Go")
		put("n", int64(7))
		put("list", []any{1, map[string]any{"a": "b"}})
	case "read":
		put("seen", fmt.Sprint(s.get(r, "text"), "|", s.get(r, "n"), "|", s.get(r, "list")))
	case "add":
		switch n := s.get(r, "n").(type) {
		case int:
			put("n", n+1)
		case int64:
			put("n", n+1)
		default:
			s.Errorf("n is %T", n)
		}
	}
}

// A visitor is a browser.
type visitor struct {
	*site
	client *http.Client
}

// in is the site for a part of its test.
func (s *site) in(t *testing.T) *site { return &site{t, s.library, s.url, s.slow} }

func (s *site) visitor() *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{s, &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// get asks for path, which is to be answered with a status and one cookie of
// the session's name at the most.
func (v *visitor) get(path string, status int) string {
	v.Helper()
	resp, err := v.client.Get(v.url + path)
	if err != nil {
		v.Error(err)
		return ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status || len(resp.Header["Set-Cookie"]) > 1 {
		v.Errorf("%s: %d, want %d; %v; cookies %q\n%s", path, resp.StatusCode, status, err, resp.Header["Set-Cookie"], body)
	}
	return string(body)
}

// TestMatrix is what each library's sessions promise, in each way that an
// answer may end: what a handler writes a page reads, and the other way round;
// and increments of parallel requests, pages and handlers in all ways, are
// exact where a turn can be promised.
func TestMatrix(t *testing.T) {
	for _, lib := range libraries {
		t.Run(lib.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, lib.open(t, 0))
			for i, way := range ways {
				if lib.turns || way.cookie {
					t.Run(way.name, func(t *testing.T) { s.interop(t, i) })
				}
			}
			t.Run("increments", func(t *testing.T) { s.increments(t, lib.turns) })
		})
	}
}

// interop has a page read what a handler wrote, and a handler what a page did.
func (s *site) interop(t *testing.T, i int) {
	v := s.in(t).visitor()
	v.get("/begin.asp", 200)
	v.get(fmt.Sprint("/go/write", i), ways[i].status)
	v.get(fmt.Sprint("/read", i, ".asp"), ways[i].status)
	if got, want := v.get("/go/seen", 200), "from Go|8|b|number int64 8"; got != want {
		t.Errorf("of what Go wrote the page saw %q, want %q", got, want)
	}
	v = s.in(t).visitor()
	v.get("/begin.asp", 200)
	v.get(fmt.Sprint("/write", i, ".asp"), ways[i].status)
	v.get(fmt.Sprint("/go/read", i), ways[i].status)
	if got, want := v.get("/go/seen", 200), "from the page|7|[1 map[a:b]] int 7"; got != want {
		t.Errorf("of what the page wrote Go saw %q, want %q", got, want)
	}
}

// increments: 50 in parallel where there are turns, one after the other where
// there can be none.
func (s *site) increments(t *testing.T, turns bool) {
	v := s.in(t).visitor()
	v.get("/begin.asp", 200)
	var wg sync.WaitGroup
	want := 0
	for k := range 50 {
		i := k / 2 % len(ways)
		path := fmt.Sprint("/go/add", i)
		if k%2 == 0 {
			path = fmt.Sprint("/add", i, ".asp")
		}
		switch {
		case turns:
			want++
			wg.Go(func() { v.get(path, ways[i].status) })
		case ways[i].cookie:
			want++
			v.get(path, ways[i].status)
		}
	}
	wg.Wait()
	if got := v.get("/go/seen", 200); !strings.HasSuffix(got, fmt.Sprint(" int ", want)) {
		t.Errorf("after %d increments: %s", want, got)
	}
}
