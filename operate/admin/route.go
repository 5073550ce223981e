package admin

import (
	"net/http"
	"strings"
)

// A route is one path of the console.
type route struct {
	open   bool // for everybody: nothing secret, nothing changes
	method string
	do     func(c *Console, w http.ResponseWriter, r *http.Request, account string)
	change change // for POST: what it does to an application
	server bool   // it isn't about an application
}

// newRoutes is the contract: what there is, and how it is asked for.
func (c *Console) newRoutes() map[string]route {
	get := func(do func(*Console, http.ResponseWriter, *http.Request, string)) route {
		return route{method: http.MethodGet, do: do}
	}
	post := func(do change) route { return route{method: http.MethodPost, change: do} }
	routes := map[string]route{
		"/status.json":   get((*Console).statusJSON),
		"/status.xml":    get((*Console).statusXML),
		"/errors.json":   get((*Console).errorsJSON),
		"/errors.txt":    get((*Console).errorsText),
		"/sessions.json": get((*Console).sessionsJSON),
		"/token":         get((*Console).token),
		"/metrics":       get(func(c *Console, w http.ResponseWriter, r *http.Request, _ string) { c.metrics.ServeHTTP(w, r) }),
		"/live":          {open: true, method: http.MethodGet, do: (*Console).live},
		"/ready":         {open: true, method: http.MethodGet, do: (*Console).ready},

		"/hold":          post(hold),
		"/release-hold":  post(releaseHold),
		"/maint-mode":    post(maintMode),
		"/maint-hold":    post(maintHold),
		"/load":          post(load),
		"/unload":        post(unload),
		"/update":        post(update),
		"/worker/start":  post(startWorker),
		"/recover":       post(recoverDeadLock),
		"/keepalive":     post(keepAlive),
		"/isolation":     post(isolation),
		"/generation":    post(generation),
		"/sessions/end":  post(endSession),
		"/pass":          post(pass),
		"/reload-config": {method: http.MethodPost, change: reloadConfig, server: true},
		"/restart":       {method: http.MethodPost, change: restart, server: true},
	}
	if c.cfg.Pprof {
		routes[profilePath] = get(profiles)
	}
	for path, do := range c.pages.routes() {
		routes[path] = get(func(_ *Console, w http.ResponseWriter, r *http.Request, account string) { do(w, r, account) })
	}
	return routes
}

// find is the route of a path.
func (c *Console) find(path string) (route, bool) {
	if strings.HasPrefix(path, profilePath) {
		path = profilePath
	}
	to, ok := c.routes[path]
	return to, ok
}

// serve answers a request that may be heard.
func (to route) serve(c *Console, w http.ResponseWriter, r *http.Request, account string) {
	allowed := to.method
	if to.method == http.MethodGet {
		allowed = "GET, HEAD"
	}
	if r.Method != to.method && (r.Method != http.MethodHead || to.method != http.MethodGet) {
		w.Header().Set("Allow", allowed)
		c.refuse(w, r, &denial{status: http.StatusMethodNotAllowed, message: r.URL.Path + " wants " + allowed, account: account})
		return
	}
	if to.change == nil {
		to.do(c, w, r, account)
		return
	}
	c.changeBy(w, r, account, to)
}
