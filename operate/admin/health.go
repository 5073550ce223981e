package admin

import (
	"net/http"
	"strings"

	"github.com/najahost/naja/operate/host"
)

// live says that the process answers.
func (c *Console) live(w http.ResponseWriter, r *http.Request, _ string) {
	write(w, r, http.StatusOK, Answer{OK: true, Message: "live"})
}

// ready says whether visitors would be served, by the application that is
// asked for or by all. It says nothing that isn't for everybody: why they
// wouldn't, but not which application it is about.
func (c *Console) ready(w http.ResponseWriter, r *http.Request, account string) {
	apps := c.cfg.Applications
	if r.FormValue("application") != "" {
		app, err := c.asked(r)
		if err != nil {
			c.fail(w, r, account, err)
			return
		}
		apps = []*host.Application{app}
	}
	var all []host.Status
	for _, app := range apps {
		all = append(all, app.Status())
	}
	if why := unready(all); len(why) > 0 {
		w.Header().Set("Retry-After", "5")
		write(w, r, http.StatusServiceUnavailable, Answer{Message: "not ready: " + strings.Join(why, ", ")})
		return
	}
	write(w, r, http.StatusOK, Answer{OK: true, Message: "ready"})
}

// unready are the reasons why visitors wouldn't be served, one for each
// application that isn't ready. One that isn't loaded isn't: its next visitor
// would have to wait for its start.
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
