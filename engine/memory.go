package engine

import (
	"log/slog"
	goruntime "runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

// A memoryGuard says when the process uses more memory than it should, so that
// no page begins which could make it worse. It is soft: what runs goes on.
// Any goroutine may use it; the zero guard has no limit.
type memoryGuard struct {
	limit atomic.Int64 // bytes; 0: none
	log   *slog.Logger

	mu        sync.Mutex
	read      time.Time // when the memory was looked at
	collected time.Time // when garbage was collected because of the limit
	past      bool
}

const (
	memoryInterval  = 100 * time.Millisecond // between two looks
	collectInterval = time.Second            // between two collections
)

// over reports whether new pages are to be refused.
func (g *memoryGuard) over() bool {
	if g.limit.Load() <= 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := time.Now(); now.Sub(g.read) >= memoryInterval {
		g.look(now)
	}
	return g.past
}

// look reads the memory in use. Garbage counts as used until it is collected,
// and a process that refuses work makes too little of it for a collection:
// one is asked for before pages are refused.
func (g *memoryGuard) look(now time.Time) {
	used := memoryInUse()
	if used > g.limit.Load() && now.Sub(g.collected) >= collectInterval {
		goruntime.GC()
		g.collected = time.Now()
		used = memoryInUse()
	}
	g.read = time.Now()
	if past := used > g.limit.Load(); past != g.past {
		g.past = past
		if past {
			g.log.Warn("memory limit passed: new pages are refused", "used", used, "limit", g.limit.Load())
		} else {
			g.log.Info("memory is below its limit again", "used", used, "limit", g.limit.Load())
		}
	}
}

// memoryInUse is the process's heap and stacks.
func memoryInUse() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	var sum uint64
	for _, s := range samples {
		if s.Value.Kind() == metrics.KindUint64 {
			sum += s.Value.Uint64()
		}
	}
	return int64(sum)
}

// healthy says whether so few scripts don't stop that the processors left
// serve the rest.
func healthy(orphans int) bool { return orphans <= goruntime.GOMAXPROCS(0)/2 }

// Unhealthy says that more than half as many scripts don't stop as there are
// processors, as [Status] does, at no price.
func (e *Engine) Unhealthy() bool { return !healthy(e.apartments.Status().Orphans) }

// reportHealth tells the log once a script more doesn't stop than the process
// can bear.
func (e *Engine) reportHealth() {
	if n := e.apartments.Status().Orphans; !healthy(n) {
		e.cfg.Logger.Error("unhealthy: too many scripts don't stop; restart the process", "orphans", n)
	}
}
