package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestLinks walks over the whole site: whatever a page links to, shows or
// sends a form to is there.
func TestLinks(t *testing.T) {
	v := newVisitor(t, serve(t, nil))
	walker := walker{t: t, v: v, ids: map[string]map[string]bool{}}
	walker.follow("")
	if n := len(walker.ids); n < 60 {
		t.Errorf("only %d addresses: is the site whole?", n)
	}
	for _, link := range walker.fragments {
		if ids := walker.ids[link.Path+query(link)]; ids != nil && !ids[link.Fragment] {
			t.Errorf("%s: nothing there is #%s", link, link.Fragment)
		}
	}
}

// A walker knows where it was, and the ids of each page.
type walker struct {
	t         *testing.T
	v         *visitor
	ids       map[string]map[string]bool
	fragments []*url.URL
}

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.RawQuery
}

// expected is the status of an address. Two of them are there to be wrong.
func expected(page string) int {
	switch page {
	case "parts/fail.asp":
		return http.StatusInternalServerError
	case "inc/broken.inc":
		return http.StatusNotFound
	}
	return http.StatusOK
}

func (w *walker) follow(page string) {
	if _, seen := w.ids[page]; seen {
		return
	}
	w.ids[page] = nil
	if strings.HasPrefix(page, "parts/clock.asp") || strings.HasPrefix(page, "parts/slow") || strings.HasPrefix(page, "parts/report.asp") {
		return // they take their time, and have tests of their own
	}
	a := w.v.get(page, expected(page))
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	all, _ := parse(a.body)
	ids := map[string]bool{}
	w.ids[page] = ids
	for _, e := range all {
		ids[e.attrs["id"]] = true
		for _, name := range []string{"href", "src", "action"} {
			if link, ok := e.attrs[name]; ok {
				w.link(a, link)
			}
		}
	}
}

func (w *walker) link(a answer, link string) {
	to, err := a.Request.URL.Parse(link)
	if err != nil {
		w.t.Errorf("%s: %v", a.Request.URL, err)
		return
	}
	if to.Host != a.Request.URL.Host {
		w.t.Errorf("%s leaves the site for %s", a.Request.URL, to)
		return
	}
	to.Path = strings.TrimPrefix(to.Path, "/")
	if to.Fragment != "" {
		w.fragments = append(w.fragments, to)
	}
	w.follow(to.Path + query(to))
}
