package isolate

import (
	"slices"
	"time"

	"github.com/najahost/naja/engine"
)

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
