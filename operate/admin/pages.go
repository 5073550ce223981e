package admin

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"path"

	"github.com/najahost/naja/internal/answer"
)

//go:embed web/index.html web/*.js web/*.css web/*.svg
var web embed.FS

// pagePolicy lets the page use its own files and nothing else: no script and
// no style that stands in the page, no markup made of text, no frame around it.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// pages are the console's page, its files and its stream of changes. Any
// goroutine may use them.
type pages struct {
	status  func() Document
	index   *template.Template
	assets  map[string]asset // by path
	sampler *sampler
}

// An asset is one embedded file.
type asset struct {
	content           []byte
	contentType, etag string
}

// init prepares the pages of a console.
func (p *pages) init(c *Console) { p.start(c.Status) }

// start reads the embedded files, which the build has checked, and starts the
// sampler.
func (p *pages) start(status func() Document) {
	p.status = status
	p.index = template.Must(template.ParseFS(web, "web/index.html"))
	p.assets = make(map[string]asset)
	files, err := web.ReadDir("web")
	if err != nil {
		panic("admin: " + err.Error())
	}
	for _, file := range files {
		kind := assetType(file.Name())
		if kind == "" {
			continue
		}
		content, err := web.ReadFile("web/" + file.Name())
		if err != nil {
			panic("admin: " + err.Error())
		}
		sum := sha256.Sum256(content)
		p.assets["/web/"+file.Name()] = asset{content, kind, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	}
	p.sampler = newSampler(p.status)
}

// close ends the streams and the sampler's goroutine.
func (p *pages) close() { p.sampler.Close() }

// routes are what the page adds to the console's paths.
func (p *pages) routes() map[string]func(http.ResponseWriter, *http.Request, string) {
	routes := map[string]func(http.ResponseWriter, *http.Request, string){
		"/":       func(w http.ResponseWriter, r *http.Request, _ string) { p.page(w, r) },
		"/events": func(w http.ResponseWriter, r *http.Request, _ string) { p.sampler.ServeHTTP(w, r) },
	}
	for path, a := range p.assets {
		routes[path] = func(w http.ResponseWriter, r *http.Request, _ string) { a.serve(w, r) }
	}
	return routes
}

// assetType is by extension alone; "" is for what isn't sent as it stands.
func assetType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}

// page answers GET /: the page, with the status that it shows first.
func (p *pages) page(w http.ResponseWriter, r *http.Request) {
	first := p.status()
	var text bytes.Buffer
	if err := p.index.Execute(&text, struct {
		Version string
		First   Document
	}{first.Server.Version, first}); err != nil {
		http.Error(w, "the page failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy)
	answer.Body(w, r, http.StatusOK, answer.HTML, text.Bytes())
}

// serve answers with the file, or says that the client has it.
func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache") // may be kept, but ask each time
	w.Header().Set("Etag", a.etag)
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	answer.Body(w, r, http.StatusOK, a.contentType, a.content)
}
