package admin

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/najahost/naja/engine"
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
