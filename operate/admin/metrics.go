package admin

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/operate/host"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics count the requests of applications whose Observer they are, for
// [Config] Metrics. They have a registry of their own. Any goroutine may use
// them; nothing has to be closed.
type Metrics struct {
	registry *prometheus.Registry

	requests                           *prometheus.CounterVec // application, status, mode
	took                               *prometheus.HistogramVec
	queue, script, send, lock, compile *prometheus.HistogramVec // application
	commit                             *prometheus.HistogramVec
	cache                              *prometheus.CounterVec // application, result
	bytes, timeouts, failures, orphans *prometheus.CounterVec // application

	mu   sync.RWMutex
	apps map[string]*appMetrics
}

// NewMetrics makes them, before the applications.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), apps: make(map[string]*appMetrics)}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "naja", Name: name, Help: help}, append([]string{"application"}, labels...))
		m.registry.MustRegister(v)
		return v
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "naja", Name: name, Help: help, Buckets: buckets()},
			append([]string{"application"}, labels...))
		m.registry.MustRegister(v)
		return v
	}
	m.requests = counter("requests_total", "Requests that were answered, by status and by how: a page buffered or flushed, a static file, or refused.", "status", "mode")
	m.took = histogram("request_seconds", "From the first look at a request to the last byte of its answer.", "mode")
	m.queue = histogram("queue_wait_seconds", "Waiting for a turn and an apartment, by each page.")
	m.script = histogram("script_seconds", "The script of a page, in its apartment.")
	m.send = histogram("send_seconds", "Sending a page after its script.")
	m.lock = histogram("lock_wait_seconds", "Waiting for Application.Lock, by each page that took it.")
	m.commit = histogram("session_commit_seconds", "Storing the session of a page; its count is that of the pages that stored one.")
	m.compile = histogram("compile_seconds", "Compiling a page, as the request that asked for it waited.")
	m.cache = counter("page_cache_total", "Looks for a compiled page, by result: hit or miss.", "result")
	m.bytes = counter("response_bytes_total", "Bytes of bodies that were sent.")
	m.timeouts = counter("script_timeouts_total", "Pages that were stopped at their script timeout.")
	m.failures = counter("script_errors_total", "Pages that failed, or don't compile.")
	m.orphans = counter("script_orphans_total", "Scripts that didn't stop.")
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
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
	a.bytes.Add(float64(max(s.Bytes, 0)))
	if s.Page && s.Compiled {
		a.misses.Inc()
		a.compile.Observe(s.Compile.Seconds())
	} else if s.Page {
		a.hits.Inc()
	}
	if s.Script > 0 {
		a.queue.Observe(s.Queued.Seconds())
		a.script.Observe(s.Script.Seconds())
		a.send.Observe(s.Send.Seconds())
	}
	if s.LockWait > 0 {
		a.lock.Observe(s.LockWait.Seconds())
	}
	if s.Commits > 0 {
		a.commit.Observe(s.Commit.Seconds())
	}
	count(a.timeouts, s.Timeout)
	count(a.failures, s.Failed)
	count(a.orphans, s.Orphan)
}

func count(c prometheus.Counter, happened bool) {
	if happened {
		c.Inc()
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
	now.MustRegister(&statusCollector{c.Status})
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
	path                                       string
	queue, script, send, lock, compile, commit prometheus.Observer
	hits, misses, bytes                        prometheus.Counter
	timeouts, failures, orphans                prometheus.Counter

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
	a = &appMetrics{
		path: path, answers: make(map[answerKind]answerMetrics),
		queue: m.queue.WithLabelValues(path), script: m.script.WithLabelValues(path), send: m.send.WithLabelValues(path),
		lock: m.lock.WithLabelValues(path), compile: m.compile.WithLabelValues(path), commit: m.commit.WithLabelValues(path),
		hits: m.cache.WithLabelValues(path, "hit"), misses: m.cache.WithLabelValues(path, "miss"), bytes: m.bytes.WithLabelValues(path),
		timeouts: m.timeouts.WithLabelValues(path), failures: m.failures.WithLabelValues(path), orphans: m.orphans.WithLabelValues(path),
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
