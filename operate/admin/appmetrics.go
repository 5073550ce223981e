package admin

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

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
