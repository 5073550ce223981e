package admin

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/najahost/naja/operate/host"
)

// A statusCollector makes metrics of the status, when somebody asks.
type statusCollector struct{ status func() Document }

// Describe describes nothing: what there is depends on what is loaded.
func (*statusCollector) Describe(chan<- *prometheus.Desc) {}

// Collect is called for each look at /metrics.
func (sc *statusCollector) Collect(out chan<- prometheus.Metric) {
	status := sc.status()
	put(out, gauge, "info", "The version, as a label.", 1, "version", status.Server.Version, "go", status.Server.Go)
	put(out, gauge, "uptime_seconds", "Since the process started.", status.Server.Uptime.Duration().Seconds())
	put(out, gauge, "ready", "Whether visitors would be served.", truth(status.Server.Ready))
	for _, app := range status.Applications {
		collectDoor(out, app)
		if app.Loaded {
			collectEngine(out, app)
		}
		if app.Worker != nil {
			collectWorkers(out, app)
		}
	}
}

// collectDoor is what is known of an application whether it is loaded or not.
func collectDoor(out chan<- prometheus.Metric, app host.Status) {
	one := func(name, help string, kind prometheus.ValueType, v float64, more ...string) {
		put(out, kind, name, help, v, append([]string{"application", app.Path}, more...)...)
	}
	one("loaded", "Whether the application is loaded.", gauge, truth(app.Loaded))
	one("held", "Whether requests are held.", gauge, truth(app.Hold != nil))
	one("door_waiting", "Requests that wait because of a hold or a start.", gauge, float64(app.Waiting))
	one("door_refused_total", "Requests that were refused because of a hold or a start.", counterType, float64(app.Refused))
}

func collectEngine(out chan<- prometheus.Metric, app host.Status) {
	e := app.Engine
	one := func(name, help string, v float64, more ...string) {
		put(out, gauge, name, help, v, append([]string{"application", app.Path}, more...)...)
	}
	waiting := map[string]int{}
	for _, r := range e.Waiting {
		waiting[r.WaitsFor]++
	}
	one("apartments", "Apartments.", float64(e.Apartments))
	one("apartments_busy", "Apartments in use.", float64(e.Busy))
	one("turns_waiting", "Requests that wait for their session's turn.", float64(waiting["turn"]))
	one("apartments_waiting", "Requests that wait for an apartment.", float64(waiting["apartment"]))
	one("application_waiting", "Requests that wait for the application to start, or to start again.", float64(waiting["application"]))
	one("orphans", "Scripts that run although they were stopped.", float64(e.Orphans))
	if e.Sessions >= 0 {
		one("sessions", "Sessions alive.", float64(e.Sessions))
	}
	one("sessions_pinned", "Sessions bound to an apartment.", float64(e.Pinned))
	one("application_lock_held", "Whether a page holds Application.Lock.", truth(e.Application.Holder != nil))
	one("application_lock_waiting", "Pages that wait for Application.Lock.", float64(len(e.Application.Waiters)))
	one("application_version", "The number of the last commit to Application.", float64(e.Application.Version))
	one("application_bytes", "Bytes of Application's keys and values.", float64(e.Application.Bytes))
	one("pages_compiled", "Compiled pages that are kept.", float64(e.Pages))
	one("unhealthy", "Whether too many scripts don't stop.", truth(e.Unhealthy))
}

// collectWorkers is what there is to say of worker processes.
func collectWorkers(out chan<- prometheus.Metric, app host.Status) {
	report := readWorkers(app.Worker)
	one := func(kind prometheus.ValueType, name, help string, v int64) {
		put(out, kind, name, help, float64(v), "application", app.Path)
	}
	var memory int64
	for _, w := range report.Workers {
		memory += w.Memory
	}
	one(gauge, "workers", "Worker processes.", int64(len(report.Workers)))
	one(gauge, "worker_memory_bytes", "Memory of the worker processes.", memory)
	one(counterType, "worker_starts_total", "Worker processes that were started.", report.Started)
	one(counterType, "worker_crashes_total", "Worker processes that crashed, or were ended.", report.Crashed)
	one(counterType, "worker_recycles_total", "Worker processes that were replaced.", report.Recycled)
	one(counterType, "worker_requests_lost_total", "Requests that were lost with their worker process.", report.Lost)
}

const (
	gauge       = prometheus.GaugeValue
	counterType = prometheus.CounterValue
)

// put makes one metric; labels are names and values by turns.
func put(out chan<- prometheus.Metric, kind prometheus.ValueType, name, help string, v float64, labels ...string) {
	var names, values []string
	for i := 0; i < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	out <- prometheus.MustNewConstMetric(prometheus.NewDesc("naja_"+name, help, names, nil), kind, v, values...)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
