package site

import (
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Kind says what a URL leads to.
type Kind int

const (
	// Missing is 404: nothing is there, or nothing that may be shown.
	// The two look the same from outside.
	Missing Kind = iota
	// Bad is 400: the path isn't text.
	Bad
	// Page runs the page named by Route.Name.
	Page
	// Static sends the file named by Route.Name.
	Static
	// Slash sends the client to Route.Location, the folder's own URL.
	Slash
)

// A Route is where a URL leads. Its zero value leads nowhere.
type Route struct {
	Kind     Kind
	Name     string // the file as the site spells it
	Location string // for routeSlash: absolute path and query, without a host
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
	site     *Site
	mount    string // with a slash at the end: "/" or "/shop/"
	defaults []string
	statics  map[string]bool // lower-case extension with its dot
}

// Rules are what a router goes by.
type Rules struct {
	Mount     string   // the URL prefix of the site, with or without a slash at its end
	Documents []string // tried in a folder, in their order
	Statics   []string // lower-case extensions with their dot, "" for files without one
}

func newRouter(s *Site, r Rules) *router {
	statics := make(map[string]bool, len(r.Statics))
	for _, ext := range r.Statics {
		statics[ext] = true
	}
	return &router{site: s, mount: strings.TrimSuffix(r.Mount, "/") + "/", defaults: r.Documents, statics: statics}
}

// route says where u leads.
func (r *router) route(u *url.URL) Route {
	if malformed(u.Path) {
		return Route{Kind: Bad}
	}
	inside, ok := r.unmount(u.Path)
	if !ok || encodesSlash(u.RawPath) {
		return Route{}
	}
	name, ok := cleanName(inside)
	if !ok {
		return Route{}
	}
	name, info, err := r.site.Find(name)
	switch {
	case err != nil:
		return Route{}
	case info.IsDir():
		return r.routeFolder(name, u)
	case strings.HasSuffix(inside, "/"):
		return Route{} // a file isn't a folder
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
		hidden := hiddenName(part) && (len(parts) > 0 || part != WellKnown)
		if len(parts) == maxPathParts || OddName(part) || hidden {
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
func (r *router) routeFile(name string) Route {
	switch ext := strings.ToLower(path.Ext(name)); {
	case ext == ".asp":
		return Route{Kind: Page, Name: name}
	case r.statics[ext], ext == "" && isWellKnown(name):
		return Route{Kind: Static, Name: name}
	}
	return Route{}
}

// routeFolder looks for a default document. Without one a folder is missing,
// with or without its slash, so that nobody learns which folders exist.
func (r *router) routeFolder(name string, u *url.URL) Route {
	for _, document := range r.defaults {
		real, info, err := r.site.Find(path.Join(name, document))
		if err != nil || info.IsDir() {
			continue
		}
		found := r.routeFile(real)
		switch {
		case found.Kind == Missing:
			continue
		case !strings.HasSuffix(u.Path, "/"):
			return Route{Kind: Slash, Location: r.folderURL(name, u.RawQuery)}
		}
		return found
	}
	return Route{}
}

// folderURL is the one URL of a folder. It is made of the site's own name for
// it, not of what the client sent, and begins with exactly one slash, so that
// it can't lead to another host.
func (r *router) folderURL(name, query string) string {
	u := url.URL{Path: r.mount}
	if name != "." {
		u.Path += name + "/"
	}
	if !HasControl(query) {
		u.RawQuery = query
	}
	return u.String()
}

// A Routes remembers for a while which URLs lead to pages, so that a busy
// page isn't looked for on disk at each request. Only pages are remembered:
// there are few of them, and a static file is opened anyway.
type Routes struct {
	router *router
	keep   atomic.Int64 // nanoseconds; 0 remembers nothing

	mu    sync.RWMutex
	era   int64                  // grows when all is forgotten
	pages map[string]cachedRoute // by decoded URL path
}

type cachedRoute struct {
	Route
	until time.Time
}

// Bounds on what clients can make it remember by spelling URLs in many ways.
const (
	maxCachedRoutes = 4096
	maxCachedPath   = 512 // bytes
)

// NewRoutes makes the routes of a site, which are remembered for so long.
func NewRoutes(s *Site, r Rules, keep time.Duration) *Routes {
	rc := &Routes{router: newRouter(s, r), pages: make(map[string]cachedRoute)}
	rc.KeepFor(keep)
	return rc
}

// KeepFor changes how long a route is remembered; 0 remembers nothing.
func (c *Routes) KeepFor(keep time.Duration) { c.keep.Store(int64(keep)) }

// Route is [router.route].
func (c *Routes) Route(u *url.URL) Route {
	keep := time.Duration(c.keep.Load())
	if keep == 0 || u.RawPath != "" {
		return c.router.route(u) // RawPath says more than the key
	}
	now := time.Now()
	c.mu.RLock()
	cached, ok := c.pages[u.Path]
	era := c.era
	c.mu.RUnlock()
	if ok && now.Before(cached.until) {
		return cached.Route
	}
	found := c.router.route(u)
	if found.Kind == Page && len(u.Path) <= maxCachedPath {
		c.remember(u.Path, cachedRoute{found, now.Add(keep)}, era)
	}
	return found
}

func (c *Routes) remember(urlPath string, r cachedRoute, era int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if era != c.era {
		return // it may be of before all was forgotten
	}
	if len(c.pages) >= maxCachedRoutes {
		clear(c.pages)
	}
	// A copy: the path is a piece of the request's first line.
	c.pages[strings.Clone(urlPath)] = r
}

// Forget has every URL looked for.
func (c *Routes) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era++
	clear(c.pages)
}
