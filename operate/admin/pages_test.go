package admin

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
)

// pagesOf makes pages that show one status, without a console around them.
func pagesOf(t *testing.T, status Document) *pages {
	t.Helper()
	p := &pages{}
	p.start(func() Document { return status })
	t.Cleanup(p.close)
	return p
}

func askPages(t *testing.T, p *pages, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	serve := p.routes()[path]
	if serve == nil {
		t.Fatalf("there is nothing at %s", path)
	}
	serve(w, r, "")
	return w
}

// TestPageHoldsItsFirstStatus has it as data, whatever stands in it.
func TestPageHoldsItsFirstStatus(t *testing.T) {
	markup := `</script><script>alert(1)</script><!-- "'&`
	status := Document{
		Server: ServerStatus{Version: markup},
		Applications: []host.Status{{Path: "/", Engine: engine.Status{
			Running: []engine.RequestStatus{{URL: markup, Page: markup}}, Global: markup,
		}}},
	}
	w := askPages(t, pagesOf(t, status), "/")
	text := w.Body.String()
	if n := strings.Count(text, "<script"); n != 2 {
		t.Errorf("the page has %d script elements, want its own and its data", n)
	}
	if !strings.Contains(text, "Version "+html.EscapeString(markup)) {
		t.Error("the version isn't there as text")
	}
	_, data, _ := strings.Cut(text, `<script type="application/json" id="first">`)
	data, _, _ = strings.Cut(data, "</script>")
	var got Document
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	if got.Applications[0].Engine.Running[0].URL != markup || got.Applications[0].Engine.Global != markup {
		t.Errorf("the data are %s", data)
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy is %q, want %s in it", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
}

// TestAssets sends each file that the page names, with its type, and not again
// to who has it.
func TestAssets(t *testing.T) {
	p := pagesOf(t, Document{})
	named := regexp.MustCompile(`(?:href|src)="(/web/[^"]+)"`).FindAllStringSubmatch(askPages(t, p, "/").Body.String(), -1)
	if len(named) < 4 {
		t.Fatalf("the page names %q", named)
	}
	imports := regexp.MustCompile(`from "\./([^"]+)"`)
	for path, a := range p.assets {
		for _, m := range imports.FindAllStringSubmatch(string(a.content), -1) {
			named = append(named, []string{path, "/web/" + m[1]})
		}
	}
	for _, m := range named {
		w := askPages(t, p, m[1])
		kind := w.Header().Get("Content-Type")
		if w.Code != http.StatusOK || kind != assetType(m[1]) || kind == "" || w.Body.Len() == 0 {
			t.Errorf("%s: %d, %q, %d bytes", m[1], w.Code, kind, w.Body.Len())
		}
		again := askPages(t, p, m[1], "If-None-Match", w.Header().Get("Etag"))
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%s again: %d, %d bytes", m[1], again.Code, again.Body.Len())
		}
	}
	if p.routes()["/web/index.html"] != nil {
		t.Error("the template is sent as it stands")
	}
}

// TestAssetsStayHere finds nothing in the console's files that a browser would
// fetch elsewhere, and no script or style that its policy would refuse.
func TestAssetsStayHere(t *testing.T) {
	files, err := web.ReadDir("web")
	if err != nil {
		t.Fatal(err)
	}
	refused := regexp.MustCompile(`(?i)https?://|//[a-z0-9-]+\.[a-z]|@import|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\son[a-z]+="|\sstyle="|<style`)
	for _, file := range files {
		text, err := web.ReadFile("web/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range refused.FindAllString(strings.ReplaceAll(string(text), "http://www.w3.org/2000/svg", ""), -1) {
			t.Errorf("web/%s: %s", file.Name(), found)
		}
	}
}

// TestModelNames finds every name that the page reads from the status in the
// status: a name that changes there is noticed here.
func TestModelNames(t *testing.T) {
	known := map[string]bool{}
	collect(reflect.TypeFor[Document](), known)
	text, err := web.ReadFile("web/model.js")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\b[aehrstu]\.([a-z][a-z_]*)\b`).FindAllStringSubmatch(string(text), -1)
	if len(names) < 50 {
		t.Fatalf("%d names are found", len(names))
	}
	for _, m := range names {
		if name := m[1]; !known[name] && name != "length" {
			t.Errorf("model.js reads %s, which no status has", m[0])
		}
	}
}

// collect gathers the names that a type has in JSON.
func collect(t reflect.Type, names map[string]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		collect(t.Elem(), names)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				names[name] = true
				collect(f.Type, names)
			} else if f.Anonymous {
				collect(f.Type, names)
			}
		}
	}
}
