package isolate

import (
	"context"
	"slices"
	"time"

	"github.com/najahost/naja/engine"
)

// statusPatience bounds how long a worker is waited for that is asked how it
// is.
const statusPatience = 500 * time.Millisecond

// Status is the current worker's, with the requests of the others, and with
// the numbers of those that were replaced. It is empty where none runs.
func (s *Supervisor) Status() engine.Status {
	settings := s.settings.Load()
	sum := engine.Status{Path: settings.Path, Apartments: settings.ProcessorThreadMax, QueueMax: max(settings.RequestQueueMax, 0)}
	s.mu.Lock()
	current, carried := s.current, s.carried
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), statusPatience)
	defer cancel()
	for _, w := range s.living() {
		var one engine.Status
		if w.channel.call(ctx, "status", nil, &one) != nil {
			continue
		}
		w.globalIDs(&one)
		if w == current {
			one.Running, one.Waiting = append(one.Running, sum.Running...), append(one.Waiting, sum.Waiting...)
			carried.add(&sum)
			sum = one
			continue
		}
		sum.Running, sum.Waiting = append(sum.Running, one.Running...), append(sum.Waiting, one.Waiting...)
		carried.add(&one)
	}
	carried.into(&sum)
	sum.Uptime = engine.Seconds(time.Since(s.started))
	return sum
}

func (w *worker) globalIDs(s *engine.Status) {
	for _, list := range [][]engine.RequestStatus{s.Running, s.Waiting} {
		for i := range list {
			w.globalID(&list[i])
		}
	}
	for i := range s.ApartmentList {
		if id := &s.ApartmentList[i].Request; *id != 0 {
			*id = w.number<<workerShift | *id&inWorkerMask
		}
	}
}

// totals are numbers of workers that have ended.
type totals struct {
	requests, pages, statics, refused, failed, timeouts, flushed, hits, misses, orphans int64
}

func (t *totals) add(s *engine.Status) {
	t.requests += s.Requests
	t.pages += s.PageRequests
	t.statics += s.StaticRequests
	t.refused += s.Refused
	t.failed += s.Failed
	t.timeouts += s.Timeouts
	t.flushed += s.Flushed
	t.hits += s.CacheHits
	t.misses += s.CacheMisses
	t.orphans += s.OrphansEver
}

func (t *totals) into(s *engine.Status) {
	s.Requests += t.requests
	s.PageRequests += t.pages
	s.StaticRequests += t.statics
	s.Refused += t.refused
	s.Failed += t.failed
	s.Timeouts += t.timeouts
	s.Flushed += t.flushed
	s.CacheHits += t.hits
	s.CacheMisses += t.misses
	s.OrphansEver += t.orphans
}

// carry keeps the numbers of a worker that is about to end.
func (s *Supervisor) carry(ctx context.Context, w *worker) {
	var last engine.Status
	if w.channel.call(ctx, "status", nil, &last) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carried.add(&last)
}

// Errors are those of the current worker, and of the others that run.
func (s *Supervisor) Errors() []engine.ErrorGroup {
	ctx, cancel := context.WithTimeout(context.Background(), statusPatience)
	defer cancel()
	all := []engine.ErrorGroup{}
	for _, w := range s.living() {
		var some []engine.ErrorGroup
		if w.channel.call(ctx, "errors", nil, &some) == nil {
			all = append(all, some...)
		}
	}
	slices.SortStableFunc(all, func(a, b engine.ErrorGroup) int { return b.Last.Compare(a.Last) })
	return all[:min(len(all), 100)]
}
