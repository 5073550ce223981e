package admin

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A counted is a metric that requests make, a line of the table.
type counted struct {
	name, help string
	result     string // of the label of that name; "" has none
	seconds    bool   // a histogram of times, else a counter
	// of is what a request adds; ok is false where it isn't one of these.
	of func(s *engine.Sample) (v float64, ok bool)
}

// ofRequests are the metrics that requests make, by application, beside those by
// kind of answer. A new one is a line here, and one in docs/operations.md.
func ofRequests() []counted {
	took := func(d time.Duration, ok bool) (float64, bool) { return d.Seconds(), ok }
	one := func(ok bool) (float64, bool) { return 1, ok }
	return []counted{
		{name: "queue_wait_seconds", help: "Waiting for a turn and an apartment, by each page.", seconds: true,
			of: func(s *engine.Sample) (float64, bool) { return took(s.Queued, s.Script > 0) }},
		{name: "script_seconds", help: "The script of a page, in its apartment.", seconds: true,
			of: func(s *engine.Sample) (float64, bool) { return took(s.Script, s.Script > 0) }},
		{name: "send_seconds", help: "Sending a page after its script.", seconds: true,
			of: func(s *engine.Sample) (float64, bool) { return took(s.Send, s.Script > 0) }},
		{name: "lock_wait_seconds", help: "Waiting for Application.Lock, by each page that took it.", seconds: true,
			of: func(s *engine.Sample) (float64, bool) { return took(s.LockWait, s.LockWait > 0) }},
		{name: "session_commit_seconds", help: "Storing the session of a page; its count is that of the pages that stored one.", seconds: true,
			of: func(s *engine.Sample) (float64, bool) { return took(s.Commit, s.Commits > 0) }},
		{name: "compile_seconds", help: "Compiling a page, as the request that asked for it waited.", seconds: true,
			of: func(s *engine.Sample) (float64, bool) { return took(s.Compile, s.Page && s.Compiled) }},
		{name: "page_cache_total", help: "Looks for a compiled page, by result: hit or miss.", result: "hit",
			of: func(s *engine.Sample) (float64, bool) { return one(s.Page && !s.Compiled) }},
		{name: "page_cache_total", help: "Looks for a compiled page, by result: hit or miss.", result: "miss",
			of: func(s *engine.Sample) (float64, bool) { return one(s.Page && s.Compiled) }},
		{name: "response_bytes_total", help: "Bytes of bodies that were sent.",
			of: func(s *engine.Sample) (float64, bool) { return float64(s.Bytes), s.Bytes > 0 }},
		{name: "script_timeouts_total", help: "Pages that were stopped at their script timeout.",
			of: func(s *engine.Sample) (float64, bool) { return one(s.Timeout) }},
		{name: "script_errors_total", help: "Pages that failed, or don't compile.",
			of: func(s *engine.Sample) (float64, bool) { return one(s.Failed) }},
		{name: "script_orphans_total", help: "Scripts that didn't stop.",
			of: func(s *engine.Sample) (float64, bool) { return one(s.Orphan) }},
	}
}

// A shown is a metric of what an application's status tells when somebody asks, a
// line of the table.
type shown struct {
	name, help string
	kind       prometheus.ValueType
	// of is its value; ok is false where the application has none.
	of func(app *host.Status) (v float64, ok bool)
}

// ofStatus are the metrics of an application's status. A new one is a line here,
// and one in docs/operations.md.
func ofStatus() []shown {
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	always := func(of func(app *host.Status) float64) func(*host.Status) (float64, bool) {
		return func(app *host.Status) (float64, bool) { return of(app), true }
	}
	loaded := func(of func(e *engine.Status) float64) func(*host.Status) (float64, bool) {
		return func(app *host.Status) (float64, bool) {
			if !app.Loaded {
				return 0, false
			}
			return of(&app.Engine), true
		}
	}
	waits := func(what string) func(*host.Status) (float64, bool) {
		return loaded(func(e *engine.Status) (n float64) {
			for _, r := range e.Waiting {
				n += truth(r.WaitsFor == what)
			}
			return n
		})
	}
	isolated := func(of func(r *workerReport) int64) func(*host.Status) (float64, bool) {
		return func(app *host.Status) (float64, bool) {
			if app.Worker == nil {
				return 0, false
			}
			report := readWorkers(app.Worker)
			return float64(of(&report)), true
		}
	}
	return []shown{
		{"loaded", "Whether the application is loaded.", gauge, always(func(app *host.Status) float64 { return truth(app.Loaded) })},
		{"held", "Whether requests are held.", gauge, always(func(app *host.Status) float64 { return truth(app.Hold != nil) })},
		{"door_waiting", "Requests that wait because of a hold or a start.", gauge, always(func(app *host.Status) float64 { return float64(app.Waiting) })},
		{"door_refused_total", "Requests that were refused because of a hold or a start.", counter, always(func(app *host.Status) float64 { return float64(app.Refused) })},

		{"apartments", "Apartments.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Apartments) })},
		{"apartments_busy", "Apartments in use.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Busy) })},
		{"turns_waiting", "Requests that wait for their session's turn.", gauge, waits("turn")},
		{"apartments_waiting", "Requests that wait for an apartment.", gauge, waits("apartment")},
		{"application_waiting", "Requests that wait for the application to start, or to start again.", gauge, waits("application")},
		{"orphans", "Scripts that run although they were stopped.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Orphans) })},
		{"sessions", "Sessions alive.", gauge, func(app *host.Status) (float64, bool) {
			return float64(app.Engine.Sessions), app.Loaded && app.Engine.Sessions >= 0 // below 0 nobody knows
		}},
		{"sessions_pinned", "Sessions bound to an apartment.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Pinned) })},
		{"application_lock_held", "Whether a page holds Application.Lock.", gauge, loaded(func(e *engine.Status) float64 { return truth(e.Application.Holder != nil) })},
		{"application_lock_waiting", "Pages that wait for Application.Lock.", gauge, loaded(func(e *engine.Status) float64 { return float64(len(e.Application.Waiters)) })},
		{"application_version", "The number of the last commit to Application.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Application.Version) })},
		{"application_bytes", "Bytes of Application's keys and values.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Application.Bytes) })},
		{"pages_compiled", "Compiled pages that are kept.", gauge, loaded(func(e *engine.Status) float64 { return float64(e.Pages) })},
		{"unhealthy", "Whether too many scripts don't stop.", gauge, loaded(func(e *engine.Status) float64 { return truth(e.Unhealthy) })},

		{"workers", "Worker processes.", gauge, isolated(func(r *workerReport) int64 { return int64(len(r.Workers)) })},
		{"worker_memory_bytes", "Memory of the worker processes.", gauge, isolated(func(r *workerReport) (n int64) {
			for _, w := range r.Workers {
				n += w.Memory
			}
			return n
		})},
		{"worker_starts_total", "Worker processes that were started.", counter, isolated(func(r *workerReport) int64 { return r.Started })},
		{"worker_crashes_total", "Worker processes that crashed, or were ended.", counter, isolated(func(r *workerReport) int64 { return r.Crashed })},
		{"worker_recycles_total", "Worker processes that were replaced.", counter, isolated(func(r *workerReport) int64 { return r.Recycled })},
		{"worker_requests_lost_total", "Requests that were lost with their worker process.", counter, isolated(func(r *workerReport) int64 { return r.Lost })},
	}
}

// Metrics count the requests of applications whose Observer they are, for
// [Config] Metrics. They have a registry of their own. Any goroutine may use
// them; nothing has to be closed.
type Metrics struct {
	registry *prometheus.Registry

	requests *prometheus.CounterVec   // application, status, mode
	took     *prometheus.HistogramVec // application, mode
	counted  []counted
	adders   []func(application string) func(float64) // for each of counted

	mu   sync.RWMutex
	apps map[string]*appMetrics
}

// NewMetrics makes them, before the applications.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), apps: make(map[string]*appMetrics), counted: ofRequests()}
	m.requests = m.counter("requests_total", "Requests that were answered, by status and by how: a page buffered or flushed, a static file, or refused.", "status", "mode")
	m.took = m.histogram("request_seconds", "From the first look at a request to the last byte of its answer.", "mode")
	for _, c := range m.counted {
		m.adders = append(m.adders, m.adder(c))
	}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// adder gives what adds to a metric, by application.
func (m *Metrics) adder(c counted) func(application string) func(float64) {
	switch {
	case c.seconds:
		vec := m.histogram(c.name, c.help)
		return func(application string) func(float64) { return vec.WithLabelValues(application).Observe }
	case c.result != "":
		vec := m.counter(c.name, c.help, "result")
		return func(application string) func(float64) { return vec.WithLabelValues(application, c.result).Add }
	}
	vec := m.counter(c.name, c.help)
	return func(application string) func(float64) { return vec.WithLabelValues(application).Add }
}

// counter is a counter, the same one at each call for a name.
func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "naja", Name: name, Help: help}, append([]string{"application"}, labels...))
	return registered(m.registry, v)
}

func (m *Metrics) histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "naja", Name: name, Help: help, Buckets: buckets()}, append([]string{"application"}, labels...))
	return registered(m.registry, v)
}

// registered is v, or what is there already of its name and labels.
func registered[T prometheus.Collector](registry *prometheus.Registry, v T) T {
	err := registry.Register(v)
	if there, ok := err.(prometheus.AlreadyRegisteredError); ok {
		return there.ExistingCollector.(T)
	}
	if err != nil {
		panic(err) // two lines of the table that don't go together
	}
	return v
}

// buckets are from a tenth of a millisecond to a minute.
func buckets() []float64 {
	return []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
}

// Served is [engine.Observer].
func (m *Metrics) Served(s engine.Sample) {
	a := m.application(s.Application)
	one := a.answer(m, s.Status, s.Sent)
	one.count.Inc()
	one.took.Observe(s.Took.Seconds())
	for i := range m.counted {
		if v, ok := m.counted[i].of(&s); ok {
			a.add[i](v)
		}
	}
}

// statusLabel is a status as it is, if it has a meaning: a page may invent as
// many as there are numbers, and each would be kept for ever.
func statusLabel(status int) string {
	switch {
	case http.StatusText(status) != "":
		return strconv.Itoa(status)
	case status >= 100 && status < 600:
		return strconv.Itoa(status/100) + "xx"
	}
	return "other"
}

// metricsHandler answers GET /metrics: what the status tells at this moment,
// and what Metrics has counted.
func (c *Console) metricsHandler() http.Handler {
	now := prometheus.NewRegistry()
	now.MustRegister(&statusCollector{c.Status, ofStatus()})
	all := prometheus.Gatherers{now}
	if c.cfg.Metrics != nil {
		for _, app := range c.cfg.Applications {
			c.cfg.Metrics.application(app.Path()) // from 0, so that rates have a beginning
		}
		all = append(all, c.cfg.Metrics.registry)
	}
	return promhttp.HandlerFor(all, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError})
}

var _ engine.Observer = (*Metrics)(nil)

// appMetrics are those of one application, found once: to look each up by its
// labels at every request would cost as much as a small page.
type appMetrics struct {
	path string
	add  []func(float64) // for each of Metrics.counted

	mu      sync.RWMutex
	answers map[answerKind]answerMetrics
}

// An answerKind is what requests are counted by.
type answerKind struct {
	status int
	sent   string
}

type answerMetrics struct {
	count prometheus.Counter
	took  prometheus.Observer
}

// application finds or makes those of an application.
func (m *Metrics) application(path string) *appMetrics {
	m.mu.RLock()
	a := m.apps[path]
	m.mu.RUnlock()
	if a != nil {
		return a
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if a := m.apps[path]; a != nil {
		return a
	}
	a = &appMetrics{path: path, answers: make(map[answerKind]answerMetrics)}
	for _, of := range m.adders {
		a.add = append(a.add, of(path))
	}
	m.apps[path] = a
	return a
}

// answer finds or makes what counts answers of a kind. There are as many as
// statuses that a page may invent, and each stands for one of a few.
func (a *appMetrics) answer(m *Metrics, status int, sent string) answerMetrics {
	if status < 0 || status > 999 {
		status = 0
	}
	kind := answerKind{status, sent}
	a.mu.RLock()
	one, ok := a.answers[kind]
	a.mu.RUnlock()
	if ok {
		return one
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	one = answerMetrics{m.requests.WithLabelValues(a.path, statusLabel(status), sent), m.took.WithLabelValues(a.path, sent)}
	a.answers[kind] = one
	return one
}

// A statusCollector makes metrics of the status, when somebody asks.
type statusCollector struct {
	status func() Document
	shown  []shown
}

// Describe describes nothing: what there is depends on what is loaded.
func (*statusCollector) Describe(chan<- *prometheus.Desc) {}

// Collect is called for each look at /metrics.
func (sc *statusCollector) Collect(out chan<- prometheus.Metric) {
	const gauge = prometheus.GaugeValue
	status := sc.status()
	put(out, gauge, "info", "The version, as a label.", 1, "version", status.Server.Version, "go", status.Server.Go)
	put(out, gauge, "uptime_seconds", "Since the process started.", status.Server.Uptime.Duration().Seconds())
	put(out, gauge, "ready", "Whether visitors would be served.", truth(status.Server.Ready))
	for i := range status.Applications {
		app := &status.Applications[i]
		for _, s := range sc.shown {
			if v, ok := s.of(app); ok {
				put(out, s.kind, s.name, s.help, v, "application", app.Path)
			}
		}
	}
}

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
