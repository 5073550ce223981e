package admin

import (
	"net/http"
	"strings"

	"github.com/najahost/naja/engine/host"
)

// live says that the process answers.
func (c *Console) live(w http.ResponseWriter, r *http.Request, _ string) {
	write(w, r, http.StatusOK, Answer{OK: true, Message: "live"})
}

// ready says whether visitors would be served. It says nothing that isn't for
// everybody: how many applications aren't, and why, but not which.
func (c *Console) ready(w http.ResponseWriter, r *http.Request, _ string) {
	var all []host.Status
	for _, app := range c.cfg.Applications {
		all = append(all, app.Status())
	}
	if why := unready(all); len(why) > 0 {
		w.Header().Set("Retry-After", "5")
		write(w, r, http.StatusServiceUnavailable, Answer{Message: "not ready: " + strings.Join(why, ", ")})
		return
	}
	write(w, r, http.StatusOK, Answer{OK: true, Message: "ready"})
}

// unready are the reasons why visitors wouldn't be served, for each
// application that isn't ready. One that starts with its next request is
// ready only when something else is wrong with none: it would have to start
// first.
func unready(all []host.Status) (why []string) {
	for _, s := range all {
		switch {
		case s.State == "shut down":
			why = append(why, "shutting down")
		case s.Hold != nil && s.Hold.Why == "operator":
			why = append(why, "held")
		case s.State == "starting", !s.Loaded:
			why = append(why, "not loaded")
		case s.Engine.Unhealthy:
			why = append(why, "unhealthy: scripts don't stop")
		case s.Engine.Global != "":
			why = append(why, "global.asa doesn't work")
		case s.Engine.State != "":
			why = append(why, "the store doesn't answer")
		}
	}
	return why
}
