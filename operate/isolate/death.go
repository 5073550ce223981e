package isolate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/najahost/naja/engine"
)

// A Death is how a worker ended that nobody had told to end.
type Death struct {
	Worker int64          `json:"worker"` // its number
	PID    int            `json:"pid"`
	Time   time.Time      `json:"time"`
	Reason string         `json:"reason"` // "stack overflow", "signal 9: killed" …
	Exit   string         `json:"exit"`   // what the system says: an exit code, a signal
	Pages  []string       `json:"pages"`  // that ran
	Lost   int            `json:"lost"`   // requests that went with it
	Uptime engine.Seconds `json:"uptime_seconds"`
	Alone  bool           `json:"alone"` // it was the worker for suspects
}

// A deathOf is a death and whose it was: what was lost with it isn't known at
// once.
type deathOf struct {
	Death
	of *worker
}

// maxDeaths is how many are remembered.
const maxDeaths = 20

// died sees to what follows from a worker's end.
func (s *Supervisor) died(w *worker, exit string, err error) {
	if err != nil {
		exit += ", " + err.Error()
	}
	doomed, expected := w.fate()
	reason := cmp.Or(doomed, w.words.reason(), exit)
	if w.child.outOfMemory() {
		reason = fmt.Sprintf("out of memory: worker_memory_limit is %d", s.cfg.MemoryLimit)
	}
	if w.notUp(reason) || expected && doomed == "" {
		w.log.Info("worker ended", "number", w.number, "exit", exit)
		return
	}
	pages := w.child.box.running()
	d := Death{
		Worker: w.number, PID: w.child.cmd.Process.Pid, Time: time.Now(), Reason: reason, Exit: exit,
		Pages: named(pages), Uptime: engine.Seconds(time.Since(w.began)), Alone: w.spare,
	}
	s.note(w, d)
	w.log.Error("worker died", "number", w.number, "reason", reason, "exit", exit, "pages", strings.Join(d.Pages, " "),
		"uptime", time.Since(w.began).Round(time.Millisecond))
	if doomed != killedByOperator {
		s.judge(w, pages)
	}
}

// killedByOperator is a death that is nobody's fault.
const killedByOperator = "an operator ended it"

// notUp settles that a worker that wasn't ready yet won't be.
func (w *worker) notUp(reason string) bool {
	w.ready(fmt.Errorf("the worker ended before it was ready: %s", reason))
	return w.err != nil
}

// named are the pages, each once.
func named(pages []runningPage) []string {
	names := []string{}
	for _, p := range pages {
		if !slices.Contains(names, p.page) {
			names = append(names, p.page)
		}
	}
	slices.Sort(names)
	return names
}

// note takes the death down.
func (s *Supervisor) note(w *worker, d Death) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaths = append(s.deaths, deathOf{d, w})
	if len(s.deaths) > maxDeaths {
		s.deaths = slices.Delete(s.deaths, 0, 1)
	}
	s.counts.Crashed++
	if w.served == 0 {
		s.fruitless++
	}
	if !w.spare && d.Reason != killedByOperator {
		s.noteCrash()
	}
}

// judge makes suspects of the pages that ran, or punishes the one that was
// one already.
func (s *Supervisor) judge(w *worker, pages []runningPage) {
	pages = slices.DeleteFunc(pages, func(p runningPage) bool { return p.url == "" }) // events
	if len(pages) == 0 {
		pages = s.inFlight(w) // perhaps it died before any of them ran
	}
	if !w.spare {
		s.suspects.accuse(pages)
		if len(pages) > 0 {
			s.log.Warn("pages under suspicion run alone from now on", "pages", strings.Join(named(pages), " "))
		}
		s.tellSuspects()
		return
	}
	for _, name := range named(pages) {
		if s.suspects.struck(name) {
			s.log.Error("page refused: it ended its worker again and again", "page", name, "for", s.cfg.SuspectPause)
		}
	}
}

// maxInFlight is how many requests are suspects where nothing is known but
// that they were there.
const maxInFlight = 16

// inFlight are the requests in a worker, as pages that are named by their URL;
// a suspect's keep its name.
func (s *Supervisor) inFlight(w *worker) (pages []runningPage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range w.running {
		if len(pages) == maxInFlight {
			break
		}
		page, _, ok := s.suspects.of(f.url)
		if !ok {
			page = strings.ToLower(f.url)
		}
		pages = append(pages, runningPage{page, f.url})
	}
	return pages
}

// noteCrash counts a crash, and stops the application after too many. mu is
// held.
func (s *Supervisor) noteCrash() {
	now := time.Now()
	s.crashes = slices.DeleteFunc(append(s.crashes, now), func(at time.Time) bool {
		return now.Sub(at) > s.cfg.RapidFailInterval
	})
	if s.cfg.RapidFailCrashes < 0 || len(s.crashes) < s.cfg.RapidFailCrashes {
		return
	}
	s.stopped, s.crashes = now.Add(s.cfg.RapidFailPause), nil
	s.log.Error("application stopped: too many workers crashed", "crashes", s.cfg.RapidFailCrashes,
		"within", s.cfg.RapidFailInterval, "for", s.cfg.RapidFailPause)
}

// backOff is the pause before the next worker is started: none, unless those
// before it died without having answered anything. mu is held.
func (s *Supervisor) backOff() time.Duration {
	if s.fruitless < 2 {
		return 0
	}
	return min(50*time.Millisecond<<min(s.fruitless-2, 10), 5*time.Second)
}

func (s *Supervisor) isStopped() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Before(s.stopped)
}
