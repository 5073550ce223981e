package admin

import (
	"net/http"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/operate/host"
)

// A Document is everything that the console knows, at one moment: what
// /status.json and /status.xml say. Its names in JSON are stable; durations
// are numbers of seconds.
type Document struct {
	Server       ServerStatus  `json:"server"`
	Applications []host.Status `json:"applications"`
}

// A ServerStatus is the process.
type ServerStatus struct {
	Version    string         `json:"version"`
	Go         string         `json:"go"`
	PID        int            `json:"pid"`
	Time       time.Time      `json:"time"` // of the look
	Started    time.Time      `json:"started"`
	Uptime     engine.Seconds `json:"uptime_seconds"`
	Ready      bool           `json:"ready"` // what /ready says
	Processors int            `json:"processors"`
	Goroutines int            `json:"goroutines"`
	Memory     uint64         `json:"memory"` // bytes that the process has of the system
	Settings   []Setting      `json:"settings"`
}

// Status takes a snapshot. It waits for nobody for long.
func (c *Console) Status() Document {
	d := Document{Server: c.serverStatus(), Applications: []host.Status{}}
	for _, app := range c.cfg.Applications {
		d.Applications = append(d.Applications, app.Status())
	}
	d.Server.Ready = len(unready(d.Applications)) == 0
	return d
}

func (c *Console) serverStatus() ServerStatus {
	now := c.cfg.now()
	s := ServerStatus{
		Version: c.cfg.Server.Version, Go: goruntime.Version(), PID: os.Getpid(),
		Time: now.UTC(), Started: c.cfg.Server.Started.UTC(), Uptime: engine.Seconds(now.Sub(c.cfg.Server.Started)),
		Processors: goruntime.GOMAXPROCS(0), Goroutines: goruntime.NumGoroutine(), Memory: memoryInUse(),
		Settings: []Setting{},
	}
	if c.cfg.Server.Settings != nil {
		s.Settings = append(s.Settings, c.cfg.Server.Settings()...)
	}
	return s
}

// statusJSON is the document as JSON.
func (c *Console) statusJSON(w http.ResponseWriter, r *http.Request, _ string) {
	write(w, r, http.StatusOK, c.Status())
}

// statusXML is the same as XML.
func (c *Console) statusXML(w http.ResponseWriter, r *http.Request, account string) {
	body, err := toXML("naja", c.Status())
	if err != nil {
		c.refuse(w, r, &denial{status: http.StatusInternalServerError, message: "the status has no XML form", account: account})
		return
	}
	answer.Body(w, r, http.StatusOK, "application/xml; charset=utf-8", body)
}

// buildVersion is the version of the program's main module.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// memoryInUse is how many bytes the process has of the system and not given
// back.
func memoryInUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	if samples[0].Value.Kind() != metrics.KindUint64 || samples[1].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

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
