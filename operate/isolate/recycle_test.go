//go:build unix

package isolate

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store/memory"
)

// under has visitors ask for a page all the time, while f runs; it returns how
// many answers were whole and right, and fails for any other.
func (b *bench) under(path, want string, visitors int, f func()) int64 {
	b.Helper()
	var right atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range visitors {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if a := b.get(path); a.err != nil || a.status != 200 || a.body != want {
					b.Errorf("%s: %d %q %v", path, a.status, clip(a.body, 200), a.err)
					return
				}
				right.Add(1)
			}
		})
	}
	func() {
		defer wg.Wait()
		defer close(stop)
		f()
	}()
	return right.Load()
}

// TestEndByAFreshWorker: the application ends with its events, whoever served
// it, with state in memory and in a file.
func TestEndByAFreshWorker(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"memory": func(c *Config) { c.Backend, c.Engine.StateEnds = memory.New(), true },
		"file":   func(c *Config) { c.State = filepath.Join(t.TempDir(), "state.db") },
	} {
		for _, requests := range []int{0, 1} {
			b := isolated(t, map[string]string{"default.asp": "42", "global.asa": `<script runat=server>
function Application_OnEnd() { console.log("the application has ended"); }
function Session_OnStart() { Session("n") = 1; }
function Session_OnEnd() { console.log("the session has ended"); }
</script>`}, change)
			for range requests {
				b.wants("/", 200, "42")
			}
			if err := errors.Join(b.Recycle(t.Context(), "a test"), b.Shutdown(t.Context())); err != nil {
				t.Error(err)
			}
			if n := strings.Count(b.log.String(), "the application has ended"); n != requests {
				t.Errorf("%s, %d requests: Application_OnEnd ran %d times", name, requests, n)
			}
			if n := strings.Count(b.log.String(), "the session has ended"); name == "memory" && n != requests {
				t.Errorf("%d requests: Session_OnEnd ran %d times", requests, n)
			}
		}
	}
}

// What there is no time for is told as nothing, not as the year 1.
func TestNoTimeIsNull(t *testing.T) {
	b := isolated(t, pages, nil)
	b.wants("/", 200, "42")
	text, err := json.Marshal(b.WorkerStatus())
	if err != nil || !strings.Contains(string(text), `"again":null`) || strings.Contains(string(text), "0001-01") {
		t.Errorf("%s, %v", text, err)
	}
	if text, err := json.Marshal(SuspectInfo{}); err != nil || !strings.Contains(string(text), `"refused":null`) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestNoRecyclingAtTheEnd: the worker that ends the application isn't replaced
// while it does.
func TestNoRecyclingAtTheEnd(t *testing.T) {
	t.Parallel()
	b := isolated(t, map[string]string{"default.asp": "42", "global.asa": `<script runat=server>
function Application_OnEnd() { for (var end = new Date().getTime() + 1800; new Date().getTime() < end;); console.log("it has ended"); }
</script>`}, func(c *Config) { c.RecycleTime = 200 * time.Millisecond })
	b.wants("/", 200, "42")
	if err := b.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(b.log.String(), "it has ended") {
		t.Error("Application_OnEnd didn't come to its end")
	}
}

func TestRecyclingLosesNothing(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.Backend = memory.New() })
	n := b.under("/", "42", 4, func() {
		for range 5 {
			if err := b.Recycle(t.Context(), "test"); err != nil {
				t.Error(err)
			}
		}
	})
	report := b.report()
	if report.Recycled != 5 || report.Crashed != 0 || n == 0 {
		t.Errorf("%d requests, %+v", n, report.counts)
	}
	b.until("the old ones are gone", func() bool { return len(b.report().Workers) == 1 })
	if st := b.Status(); st.Requests != n {
		t.Errorf("%d requests are counted of %d, over all workers", st.Requests, n)
	}
}

func TestRecycleRequests(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.RecycleRequests = 50 })
	n := b.under("/", "42", 4, func() {
		b.until("workers were replaced", func() bool { return b.report().Recycled >= 4 })
	})
	if n < 200 {
		t.Errorf("%d requests for 4 replacements", n)
	}
}

func TestOneRequestEach(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.RecycleRequests = 1; c.Backend = memory.New() })
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() { b.wants("/", 200, "42") })
	}
	wg.Wait()
	for _, w := range b.report().Workers {
		seen[w.Number] = true
		if w.Requests > 1 {
			t.Errorf("worker %d had %d requests", w.Number, w.Requests)
		}
	}
	if started := b.report().Started; started < 10 {
		t.Errorf("%d workers for 10 requests", started)
	}
}

func TestRecycleByMemoryAndTime(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"memory": func(c *Config) { c.RecycleMemory = 1 << 20 },
		"time":   func(c *Config) { c.RecycleTime = time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			b := isolated(t, pages, change)
			b.under("/", "42", 2, func() {
				b.until("a worker was replaced", func() bool { return b.report().Recycled >= 1 })
			})
		})
	}
}

func TestSchedule(t *testing.T) {
	s := &Supervisor{cfg: Config{RecycleSchedule: []string{"03:30", "12:00"}}}
	day := func(hour, minute int) time.Time { return time.Date(2026, 3, 1, hour, minute, 0, 0, time.UTC) }
	for now, want := range map[time.Time]time.Time{
		day(1, 0): day(3, 30), day(3, 30): day(12, 0), day(11, 59): day(12, 0), day(12, 0): day(27, 30), day(23, 0): day(27, 30),
	} {
		if next := s.nextScheduled(now); !next.Equal(want) {
			t.Errorf("after %v comes %v, want %v", now, next, want)
		}
	}
	if s.cfg.RecycleSchedule = nil; !s.nextScheduled(day(1, 0)).IsZero() {
		t.Error("nothing is scheduled")
	}
}

func TestIdleWorkerIsUnloaded(t *testing.T) {
	t.Parallel()
	b := isolated(t, counting, func(c *Config) { c.IdleTimeout = time.Second; c.Backend = memory.New() })
	var cookie string
	b.counts(&cookie, "1 1 1")
	b.until("it is unloaded", func() bool { return len(b.report().Workers) == 0 })
	if st := b.Status(); st.Requests != 1 || st.Path != "/" {
		t.Errorf("%+v", st)
	}
	b.counts(&cookie, "1 2 2")
}

func TestHungWorkerIsReplaced(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.PingInterval, c.PingTimeout = 500*time.Millisecond, 2*time.Second })
	b.wants("/", 200, "42")
	b.kill(syscall.SIGSTOP)
	b.logs("worker died")
	b.wants("/", 200, "42")
	for _, text := range []string{"worker hangs", "goroutine ", "it did not answer within 2s"} {
		if !strings.Contains(b.log.String(), text) {
			t.Errorf("the log doesn't say %q", text)
		}
	}
}

func TestWorkerWithOrphansIsReplaced(t *testing.T) {
	t.Parallel()
	files := map[string]string{"default.asp": `<%= 6 * 7 %>`, "orphan.asp": `<% Server.CreateObject("Test.Worker").Block() %>`}
	b := isolated(t, files, func(c *Config) { c.Engine.ScriptTimeout, c.ShutdownTimeout = 2*time.Second, 2*time.Second })
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { b.wants("/orphan.asp", 500, "error occurred") })
	}
	wg.Wait()
	b.until("it was replaced", func() bool { return b.report().Recycled == 1 })
	b.until("the old one is gone", func() bool { return len(b.report().Workers) == 1 })
	b.wants("/", 200, "42")
}

func TestSignalAsksForReplacement(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, nil)
	b.under("/", "42", 2, func() {
		b.kill(syscall.SIGTERM)
		b.until("it was replaced", func() bool { return b.report().Recycled == 1 })
	})
}

func TestRapidFailure(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.RapidFailCrashes, c.RapidFailPause = 3, 4*time.Second })
	for range 3 {
		b.wants("/", 200, "42")
		b.kill(syscall.SIGKILL)
		b.until("it is dead", func() bool { return b.pid() == 0 })
	}
	a := b.wants("/", 503, "stopped")
	if after := a.header.Get("Retry-After"); after < "1" || after > "4" { // what is left of it
		t.Errorf("Retry-After is %q", after)
	}
	if report := b.report(); report.Stopped == "" {
		t.Errorf("%+v", report)
	}
	if _, err := b.Sessions(t.Context(), "", 1); err == nil {
		t.Error("a stopped application answers operators")
	}
	b.until("it may try again", func() bool { return b.get("/").status == 200 })
}

func TestOperatorStartsAStoppedApplication(t *testing.T) {
	t.Parallel()
	b := isolated(t, pages, func(c *Config) { c.RapidFailCrashes, c.RapidFailPause = 1, time.Hour })
	b.kill(syscall.SIGKILL)
	b.until("it is dead", func() bool { return b.pid() == 0 })
	b.wants("/", 503, "stopped")
	if loaded, err := b.Load(t.Context()); err != nil || loaded.Pages == 0 {
		t.Errorf("%+v %v", loaded, err)
	}
	b.wants("/", 200, "42")
}

func TestOperators(t *testing.T) {
	t.Parallel()
	b := isolated(t, counting, func(c *Config) { c.Backend = memory.New() })
	var cookie string
	b.counts(&cookie, "1 1 1")
	list, err := b.Sessions(t.Context(), "", 10)
	if err != nil || len(list.Sessions) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	if detail, err := b.Session(t.Context(), list.Sessions[0].ID, true); err != nil || len(detail.Values) != 1 {
		t.Errorf("%+v %v", detail, err)
	}
	answers := make(chan answered, 1)
	go func() { answers <- b.getAs("/stuck.asp", cookie) }()
	b.until("it runs", func() bool { return len(b.Status().Running) == 1 })
	request := b.Status().Running[0].ID
	if request>>workerShift != 1 {
		t.Errorf("request %d isn't one of worker 1", request)
	}
	if got, err := b.Interrupt(t.Context(), request); err != nil || got.Request.ID != request {
		t.Errorf("%+v %v", got, err)
	}
	if a := <-answers; a.status != 503 {
		t.Errorf("%v", a)
	}
	if _, err := b.Interrupt(t.Context(), request); err != engine.ErrNoRequest && fmt.Sprint(err) != engine.ErrNoRequest.Error() {
		t.Errorf("%v", err)
	}
	if err := b.EndSession(t.Context(), list.Sessions[0].ID); err != nil {
		t.Error(err)
	}
	b.counts(&cookie, "1 2 1")
	if _, err := b.KeepAlive(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := b.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if err := b.Refresh(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestReconfigure(t *testing.T) {
	t.Parallel()
	b := isolated(t, counting, func(c *Config) { c.Backend = memory.New() })
	var cookie string
	b.counts(&cookie, "1 1 1")
	next := *b.settings.Load()
	next.ProcessorThreadMax, next.ScriptTimeout = 3, 7*time.Second
	done, err := b.Reconfigure(t.Context(), next)
	if err != nil || len(done.NeedsRestart) > 0 {
		t.Errorf("%+v %v", done, err)
	}
	if n := b.Status().Apartments; n != 3 {
		t.Errorf("%d apartments", n)
	}
	b.counts(&cookie, "1 2 2")
	next.ScriptTimeout = -1
	if _, err := b.Reconfigure(t.Context(), next); err == nil {
		t.Error("a bad setting was taken")
	}
	b.counts(&cookie, "1 3 3")
}

func TestKill(t *testing.T) {
	b := isolated(t, pages, nil)
	answers := make(chan answered, 1)
	go func() { answers <- b.get("/wait.asp") }()
	b.until("it runs", func() bool { return len(b.Status().Running) == 1 })
	if err := b.Kill(t.Context(), 1); err != nil {
		t.Error(err)
	}
	report := b.report()
	if a := <-answers; a.status != 502 || len(report.Suspects) > 0 || report.Deaths[0].Lost != 1 {
		t.Errorf("%v %+v", a, report)
	}
	if err := b.Kill(t.Context(), 1); err != ErrNoWorker {
		t.Errorf("%v", err)
	}
}
