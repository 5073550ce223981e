package engine

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A routeCache remembers for a while which URLs lead to pages, so that a busy
// page isn't looked for on disk at each request. Only pages are remembered:
// there are few of them, and a static file is opened anyway.
type routeCache struct {
	router *router
	keep   atomic.Int64 // nanoseconds; 0 remembers nothing

	mu    sync.RWMutex
	era   int64                  // grows when all is forgotten
	pages map[string]cachedRoute // by decoded URL path
}

type cachedRoute struct {
	route
	until time.Time
}

// Bounds on what clients can make it remember by spelling URLs in many ways.
const (
	maxCachedRoutes = 4096
	maxCachedPath   = 512 // bytes
)

// newRouteCache takes a Config that went through WithDefaults. What it
// remembers is as old as a page may be, check_interval.
func newRouteCache(r *router, c Config) *routeCache {
	rc := &routeCache{router: r, pages: make(map[string]cachedRoute)}
	rc.reconfigure(&c)
	return rc
}

func (c *routeCache) reconfigure(cfg *Config) {
	keep := max(cfg.CheckInterval, 0)
	if cfg.Dev {
		keep = 0
	}
	c.keep.Store(int64(keep))
}

// route is [router.route].
func (c *routeCache) route(u *url.URL) route {
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
		return cached.route
	}
	found := c.router.route(u)
	if found.kind == routePage && len(u.Path) <= maxCachedPath {
		c.remember(u.Path, cachedRoute{found, now.Add(keep)}, era)
	}
	return found
}

func (c *routeCache) remember(urlPath string, r cachedRoute, era int64) {
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
