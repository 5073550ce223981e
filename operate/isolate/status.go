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
		carried.Add(one.Counts)
		if w == current {
			one.Running, one.Waiting = append(one.Running, sum.Running...), append(one.Waiting, sum.Waiting...)
			sum = one
			continue
		}
		sum.Running, sum.Waiting = append(sum.Running, one.Running...), append(sum.Waiting, one.Waiting...)
	}
	sum.Counts = carried
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

// carry keeps the numbers of a worker that is about to end.
func (s *Supervisor) carry(ctx context.Context, w *worker) {
	var last engine.Status
	if w.channel.call(ctx, "status", nil, &last) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.carried.Add(last.Counts)
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

// A WorkerReport is what there is to say of the workers of an application.
type WorkerReport struct {
	Workers []WorkerInfo `json:"workers"`
	// Stopped is why no worker is started, "" when one may be; Again is when
	// one may be again, nil where that is now.
	Stopped  string        `json:"stopped"`
	Again    *time.Time    `json:"again"`
	Deaths   []Death       `json:"deaths"` // the last ones, the last first
	Suspects []SuspectInfo `json:"suspects"`
	counts
}

// A WorkerInfo is one worker.
type WorkerInfo struct {
	Number   int64          `json:"number"`
	PID      int            `json:"pid"`
	Role     string         `json:"role"` // "current", "starting", "leaving", "suspects"
	Uptime   engine.Seconds `json:"uptime_seconds"`
	Requests int64          `json:"requests"` // given to it
	Inside   int            `json:"inside"`   // of them, now
	Memory   int64          `json:"memory"`   // bytes; 0 where it isn't known
	Program  string         `json:"program"`  // the path of what it was started from
	Version  string         `json:"version"`  // that the program says it has; "" before it is ready
	Hash     string         `json:"hash"`     // the first digits of its SHA-256; "" where it isn't known
}

// WorkerStatus is a [WorkerReport].
func (s *Supervisor) WorkerStatus() any {
	report := WorkerReport{Suspects: s.suspects.list(), Workers: []WorkerInfo{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	report.counts = s.counts
	report.Deaths = []Death{}
	for _, d := range slices.Backward(s.deaths) {
		told := d.Death
		told.Lost = d.of.lost
		report.Deaths = append(report.Deaths, told)
	}
	if stopped := s.stopped; time.Now().Before(stopped) {
		report.Stopped, report.Again = "too many workers crashed", &stopped
	}
	for _, w := range s.all {
		info := WorkerInfo{
			Number: w.number, Role: s.roleOf(w), Uptime: engine.Seconds(time.Since(w.began)), Requests: w.assigned, Inside: w.inside,
		}
		info.PID, info.Memory = w.process()
		info.Program, info.Version, info.Hash = w.identity()
		report.Workers = append(report.Workers, info)
	}
	return report
}

func (s *Supervisor) roleOf(w *worker) string {
	switch {
	case w == s.current:
		return "current"
	case w.retiring:
		return "leaving"
	case w.spare:
		return "suspects"
	}
	return "starting"
}

// process is the worker's number for the system, and its memory.
func (w *worker) process() (pid int, memory int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.child == nil {
		return 0, 0
	}
	pid = w.child.cmd.Process.Pid
	if memory, err := residentMemory(pid); err == nil {
		return pid, memory
	}
	return pid, w.rss
}
