package engine

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

// A routeKind says what a URL leads to.
type routeKind int

const (
	// routeMissing is 404: nothing is there, or nothing that may be shown.
	// The two look the same from outside.
	routeMissing routeKind = iota
	// routeBad is 400: the path isn't text.
	routeBad
	// routePage runs the page named by route.name.
	routePage
	// routeStatic sends the file named by route.name.
	routeStatic
	// routeSlash sends the client to route.location, the folder's own URL.
	routeSlash
)

// A route is where a URL leads. Its zero value leads nowhere.
type route struct {
	kind     routeKind
	name     string // the file as the site spells it
	location string // for routeSlash: absolute path and query, without a host
}

// A router decides what a URL leads to. It is immutable and may be used from
// any goroutine.
//
// There is one reading of a URL: net/http has decoded it once, the router
// takes it apart at the slashes, and the name it ends up with both decides
// what is done with the file and opens it. What is odd is missing.
//
//   - The last part decides, and its last extension: /dir.asp/readme.txt is a
//     text, and a.asp;.jpg a picture. There is no extra path after a page's
//     name: /a.asp/x is missing. A file without an extension is missing too,
//     unless the settings have it or it is well known (RFC 8615).
//   - Case doesn't matter, neither in extensions nor in names: a link to
//     /Shop/Default.ASP finds shop/default.asp, as it did on Windows. The
//     mount path is compared as it is.
//   - Doubled slashes count as one, as in IIS, and never get into a redirect.
//   - An encoded slash or backslash is missing: a proxy that guards a path may
//     have taken it for a letter.
type router struct {
	site     *site
	mount    string // with a slash at the end: "/" or "/shop/"
	defaults []string
	statics  map[string]bool // lower-case extension with its dot
}

// newRouter takes a Config that went through WithDefaults.
func newRouter(s *site, c Config) *router {
	statics := make(map[string]bool, len(c.StaticExtensions))
	for _, ext := range c.StaticExtensions {
		statics[ext] = true
	}
	return &router{
		site:     s,
		mount:    strings.TrimSuffix(c.Path, "/") + "/",
		defaults: c.DefaultDocuments,
		statics:  statics,
	}
}

// route says where u leads.
func (r *router) route(u *url.URL) route {
	if malformed(u.Path) {
		return route{kind: routeBad}
	}
	inside, ok := r.unmount(u.Path)
	if !ok || encodesSlash(u.RawPath) {
		return route{}
	}
	name, ok := cleanName(inside)
	if !ok {
		return route{}
	}
	name, info, err := r.site.find(name)
	switch {
	case err != nil:
		return route{}
	case info.IsDir():
		return r.routeFolder(name, u)
	case strings.HasSuffix(inside, "/"):
		return route{} // a file isn't a folder
	}
	return r.routeFile(name)
}

// unmount takes the mount path off a URL path. "/shop" itself is the root
// folder without its slash.
func (r *router) unmount(urlPath string) (string, bool) {
	if inside, ok := strings.CutPrefix(urlPath, r.mount); ok {
		return inside, true
	}
	return "", len(urlPath) > 0 && urlPath == r.mount[:len(r.mount)-1]
}

func encodesSlash(rawPath string) bool {
	if rawPath == "" {
		return false // nothing in the path was encoded unusually
	}
	lower := strings.ToLower(rawPath)
	return strings.Contains(lower, "%2f") || strings.Contains(lower, "%5c")
}

// maxPathParts is far above the depth of any site and far below what would
// cost time.
const maxPathParts = 64

// cleanName makes a site's name of a path inside of the mount path. It
// refuses parts that are odd or hidden.
func cleanName(inside string) (string, bool) {
	var parts []string
	for part := range strings.SplitSeq(inside, "/") {
		if part == "" {
			continue
		}
		hidden := hiddenName(part) && (len(parts) > 0 || part != wellKnown)
		if len(parts) == maxPathParts || oddName(part) || hidden {
			return "", false
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ".", true
	}
	return strings.Join(parts, "/"), true
}

// routeFile decides by the name that the file really has: it may differ from
// the one asked for in case.
func (r *router) routeFile(name string) route {
	switch ext := strings.ToLower(path.Ext(name)); {
	case ext == ".asp":
		return route{kind: routePage, name: name}
	case r.statics[ext], ext == "" && isWellKnown(name):
		return route{kind: routeStatic, name: name}
	}
	return route{}
}

// routeFolder looks for a default document. Without one a folder is missing,
// with or without its slash, so that nobody learns which folders exist.
func (r *router) routeFolder(name string, u *url.URL) route {
	for _, document := range r.defaults {
		real, info, err := r.site.find(path.Join(name, document))
		if err != nil || info.IsDir() {
			continue
		}
		found := r.routeFile(real)
		switch {
		case found.kind == routeMissing:
			continue
		case !strings.HasSuffix(u.Path, "/"):
			return route{kind: routeSlash, location: r.folderURL(name, u.RawQuery)}
		}
		return found
	}
	return route{}
}

// folderURL is the one URL of a folder. It is made of the site's own name for
// it, not of what the client sent, and begins with exactly one slash, so that
// it can't lead to another host.
func (r *router) folderURL(name, query string) string {
	u := url.URL{Path: r.mount}
	if name != "." {
		u.Path += name + "/"
	}
	if !hasControl(query) {
		u.RawQuery = query
	}
	return u.String()
}

// redirectToSlash answers a routeSlash. What is a GET stays one; other
// methods are to be repeated as they were. It returns the status.
func redirectToSlash(w http.ResponseWriter, req *http.Request, location string) int {
	h := w.Header()
	h.Set("Location", location)
	h.Set("Content-Length", "0")
	status := http.StatusMovedPermanently
	if !slices.Contains([]string{http.MethodGet, http.MethodHead}, req.Method) {
		status = http.StatusPermanentRedirect
	}
	w.WriteHeader(status)
	return status
}
