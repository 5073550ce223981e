package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	goruntime "runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/pages"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/runtime"
)

// Loaded is what [Engine.Load] did.
type Loaded struct {
	Pages      int      `json:"pages"`      // that are compiled now
	Broken     []string `json:"broken"`     // pages that don't compile, and why
	Skipped    int      `json:"skipped"`    // pages past script_file_cache_size, compiled when they are asked for
	Apartments int      `json:"apartments"` // that were warmed
	Took       Seconds  `json:"took_seconds"`
}

// Load makes the application ready before its first request: Application_OnStart
// runs, unless it has, every page is compiled, as many as the cache keeps, and
// each idle apartment has its goroutine and has made a script engine once. The
// error says why the application can't serve; pages that don't compile are no
// error.
func (e *Engine) Load(ctx context.Context) (Loaded, error) {
	began := time.Now()
	if _, err := e.life.ready(ctx); err != nil {
		return Loaded{}, fmt.Errorf("starting the application: %w", err)
	}
	var l Loaded
	if err := e.compileAll(ctx, &l); err != nil {
		return l, fmt.Errorf("compiling the pages: %w", err)
	}
	var idle []apartment.State
	for _, a := range e.apartments.Status().Apartments {
		if !a.InUse {
			idle = append(idle, a)
		}
	}
	var err error
	l.Apartments, _, err = e.exercise(ctx, idle)
	l.Took = Seconds(time.Since(began))
	return l, err
}

// compileAll puts every page into the cache that may be asked for.
func (e *Engine) compileAll(ctx context.Context, l *Loaded) error {
	room := e.pages.Room()
	return e.site.Walk(func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case name == ".":
			return err
		case err != nil:
			return nil // nor can it be served
		case site.OddName(path.Base(name)) || site.Hidden(name):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || !strings.EqualFold(path.Ext(name), ".asp"):
			return nil
		case l.Pages+len(l.Broken) >= room:
			l.Skipped++
			return nil
		}
		if _, err := e.pages.Get(name); err != nil {
			l.Broken = append(l.Broken, err.Error())
			return nil
		}
		l.Pages++
		return nil
	})
}

// Refresh looks at all files again now, whatever check_interval says: after
// they were replaced, or when a watcher has seen a change. A global.asa that
// changed ends the application and starts it anew. The error is what is wrong
// with global.asa; pages are looked at when they are asked for.
func (e *Engine) Refresh(ctx context.Context) error {
	e.routes.Forget()
	e.pages.Forget()
	e.modules.Forget()
	if err := e.life.lookNow(ctx, true); err != nil {
		return err
	}
	if problem := e.life.problem(); problem != "" {
		return errors.New(problem)
	}
	return nil
}

// KeptAlive is what [Engine.KeepAlive] did.
type KeptAlive struct {
	Exercised int      `json:"exercised"` // apartments that were idle for more than a minute
	Busy      int      `json:"busy"`      // apartments in use, which need none
	Failed    []string `json:"failed"`    // what didn't answer, and why
	Took      Seconds  `json:"took_seconds"`
}

const (
	keepAliveAfter  = time.Minute     // an apartment is idle so long before it is exercised
	exerciseTimeout = 5 * time.Second // for the empty page
)

// KeepAlive lets every apartment that has run something, and was idle for more
// than a minute since, run an empty page, and looks whether the store of
// sessions answers.
func (e *Engine) KeepAlive(ctx context.Context) (KeptAlive, error) {
	began := time.Now()
	status := e.apartments.Status()
	k := KeptAlive{Busy: status.Busy}
	idle := slices.DeleteFunc(status.Apartments, func(a apartment.State) bool { return a.InUse || a.Hits == 0 || a.Idle <= keepAliveAfter })
	var err error
	k.Exercised, k.Failed, err = e.exercise(ctx, idle)
	if m := e.life.app().manager; m != nil && err == nil {
		if _, err := m.Count(ctx); err != nil {
			k.Failed = append(k.Failed, "the store of sessions: "+err.Error())
		}
	}
	k.Took = Seconds(time.Since(began))
	return k, err
}

// exercise runs an empty page in each of these apartments that is idle still,
// the one used last in the end, so that it stays the first to be taken.
func (e *Engine) exercise(ctx context.Context, idle []apartment.State) (n int, failed []string, err error) {
	empty, err := e.compiler.Compile("keepalive.asp", noText{})
	if err != nil {
		return 0, nil, fmt.Errorf("compiling an empty page: %w", err)
	}
	slices.SortFunc(idle, func(a, b apartment.State) int { return cmp.Compare(b.Idle, a.Idle) })
	for _, s := range idle {
		if ctx.Err() != nil {
			return n, failed, context.Cause(ctx)
		}
		a, ok := e.apartments.TryIdle(s.ID)
		if !ok {
			continue
		}
		n++
		if err := e.runEmpty(ctx, a, empty); err != nil {
			failed = append(failed, fmt.Sprintf("apartment %d: %v", s.ID, err))
		}
	}
	return n, failed, nil
}

// runEmpty runs the empty page in an apartment, and gives the apartment back.
func (e *Engine) runEmpty(ctx context.Context, a *apartment.Apartment, empty *runtime.Program) error {
	defer e.apartments.Release(a)
	d := newDeadline(exerciseTimeout, 0)
	defer d.stop()
	state := runtime.New(ctx, &runtime.Env{Log: e.cfg.Logger})
	var failed error
	if err := e.supervise(a, state, d, alarm{}, func() { failed = state.RunEvent(empty, "") }); err != nil {
		return err
	}
	return failed
}

// Single lets one apartment run at a time, for work that wants the application
// for itself, or all of them again. What runs then finishes; what comes waits,
// as it does for an apartment, in the order in which it came. It returns when
// no second apartment is in use any more; when ctx ends first, everything is
// as before.
func (e *Engine) Single(ctx context.Context, on bool) error {
	if !on {
		e.apartments.All()
		return nil
	}
	return e.apartments.One(ctx)
}

// Recovered is what [Engine.Recover] did.
type Recovered struct {
	Interrupted []Interrupted `json:"interrupted"` // holders of a lock or a turn that others waited for
	Broken      []string      `json:"broken"`      // whose locks were broken
	Done        []string      `json:"done"`        // all that was done, a sentence each
}

// What Recover takes for stuck.
const (
	// lockStuck is how long somebody must have waited for Application.Lock.
	lockStuck = time.Second
	// turnStuck is how long somebody must have waited for a session's turn.
	// Pages may well run so long; nobody holds a lock for it.
	turnStuck = 10 * time.Second
)

// Recover gets an application going again that waits for itself. Who holds
// Application.Lock while somebody else has waited for it for a second is
// interrupted, as by Interrupt, and so is who has a session's turn while its
// next request has waited for ten. A lock of another process for which somebody
// has waited here for a second is broken: that process may be dead, and if it
// isn't its commit is refused. What was counted counts from 0, and errors are
// forgotten.
func (e *Engine) Recover(ctx context.Context) (Recovered, error) {
	r := Recovered{Interrupted: []Interrupted{}, Broken: []string{}, Done: []string{}}
	var errs []error
	errs = append(errs, e.recoverLock(ctx, &r), e.recoverTurns(ctx, &r))
	e.counts.reset()
	e.errors.clear()
	e.pages.CountAnew()
	r.Done = append(r.Done, "the counters begin at 0 again")
	for _, what := range r.Done {
		e.cfg.Logger.Warn("recovered", "done", what)
	}
	return r, errors.Join(errs...)
}

// recoverLock frees Application.Lock.
func (e *Engine) recoverLock(ctx context.Context, r *Recovered) error {
	state := e.life.app().state
	s := state.Status()
	var waited time.Duration
	for _, w := range s.Waiters {
		waited = max(waited, w.Age)
	}
	switch {
	case s.Holder != nil && waited >= lockStuck:
		return e.recoverFrom(ctx, r, "Application.Lock", waited, func(q RequestStatus) bool { return q.HoldsLock })
	case s.Elsewhere != nil && max(waited, s.Elsewhere.Age) >= lockStuck:
		holder, err := state.Break(ctx)
		if err != nil || holder == "" {
			return err
		}
		r.Broken = append(r.Broken, holder)
		r.Done = append(r.Done, fmt.Sprintf("Application.Lock was taken away from %s, for which %s waited %v", holder, s.Elsewhere.Page, s.Elsewhere.Age.Round(time.Millisecond)))
	}
	return nil
}

// recoverTurns frees the turns of sessions.
func (e *Engine) recoverTurns(ctx context.Context, r *Recovered) error {
	var errs []error
	for _, t := range e.turns.Snapshot() {
		if len(t.Waiting) > 0 && t.Waiting[0] >= turnStuck {
			errs = append(errs, e.recoverFrom(ctx, r, "the turn of session "+t.Session, t.Waiting[0],
				func(q RequestStatus) bool { return q.Turn == t.Session }))
		}
	}
	return errors.Join(errs...)
}

// recoverFrom interrupts the one that runs and has what others wait for.
func (e *Engine) recoverFrom(ctx context.Context, r *Recovered, what string, waited time.Duration, has func(RequestStatus) bool) error {
	for _, q := range e.Status().Running {
		if !has(q) {
			continue
		}
		got, err := e.Interrupt(ctx, q.ID)
		if errors.Is(err, ErrNoRequest) {
			continue // it has just ended
		}
		if err != nil {
			return err
		}
		r.Interrupted = append(r.Interrupted, got)
		r.Done = append(r.Done, fmt.Sprintf("request %d (%s) was ended: it had %s, for which others waited %v", q.ID, firstOf(q.URL, q.Page), what, waited.Round(time.Millisecond)))
	}
	return nil
}

// Reconfigured is what became of new settings, by their names in a
// configuration file.
type Reconfigured struct {
	Changed      []string `json:"changed"`       // that are in force now
	NeedsRestart []string `json:"needs_restart"` // that differ, and count when the application is loaded again
}

// Reconfigure puts settings in force while requests run; those that began keep
// some of the old ones. It changes what can change so, and names what can't.
// What only Go programs set (Logger, Components, Backend …) stays. A Config that
// isn't right changes nothing: the error is a [*ConfigError]. It doesn't look at
// ctx, which is for runners that are farther away.
func (e *Engine) Reconfigure(_ context.Context, cfg Config) (Reconfigured, error) {
	// What a program set is in the Config already, and isn't asked for again.
	cfg.FS, cfg.Logger, cfg.Dev = e.cfg.FS, e.cfg.Logger, e.cfg.Dev
	if cfg.FS != nil {
		cfg.Root = ""
	}
	cfg, err := cfg.WithDefaults()
	if err != nil {
		return Reconfigured{}, err
	}
	e.reconfiguring.Lock()
	defer e.reconfiguring.Unlock()
	next := *e.live()
	var r Reconfigured
	for _, s := range setting.In(setting.Engine) {
		switch {
		case s.When == setting.Now && s.Take(setting.Engine, &next, &cfg):
			r.Changed = append(r.Changed, s.Name)
		case s.When != setting.Now && s.Take(setting.Engine, &cfg, &e.cfg):
			r.NeedsRestart = append(r.NeedsRestart, s.Name)
		}
	}
	slices.Sort(r.Changed)
	slices.Sort(r.NeedsRestart)
	e.apply(&next)
	return r, nil
}

// apply puts settings in force.
func (e *Engine) apply(c *Config) {
	e.current.Store(c)
	e.lobby.set(c)
	e.memory.limit.Store(c.MemoryLimit)
	e.wires.Stall.Store(int64(c.WriteStallTimeout))
	e.statics.UseFor(clientAge(c))
	e.pages.Reconfigure(keptPages(c))
	e.routes.KeepFor(lookInterval(c))
	e.apartments.SetBounds(poolBounds(c))
	if e.cfg.Sessions == nil {
		e.turns.SetBounds(c.SessionQueueMax, c.RequestQueueMax)
	}
	e.objects.setMax(c.PinnedSessionMax)
	app := e.life.app()
	app.state.SetLockTimeout(c.ApplicationLockTimeout)
	if app.manager != nil {
		app.manager.SetLimits(sessionLimits(c))
	}
}

// sessionLimits are the settings of sessions that can change.
func sessionLimits(c *Config) sessions.Limits {
	return sessions.Limits{
		Timeout: c.SessionTimeout, Max: c.SessionMax, RenewGrace: c.SessionRenewGrace,
		LeaseMax: c.ScriptTimeoutMax + 5*time.Second, OnEndTimeout: c.ScriptTimeoutMax + time.Minute,
	}
}

// setMax changes how many sessions may be pinned; those that are stay so.
func (l *liveObjects) setMax(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.maxPinned = max(n, 0)
}

// poolBounds are the settings of the queue in front of the apartments.
func poolBounds(c *Config) apartment.Bounds {
	return apartment.Bounds{QueueMax: c.RequestQueueMax, Timeout: c.QueueTimeout, TestAfter: c.QueueConnectionTestTime}
}

// lookInterval is how long files aren't looked at again: check_interval, and no
// time at all in development.
func lookInterval(c *Config) time.Duration {
	if c.Dev {
		return 0
	}
	return max(c.CheckInterval, 0)
}

// clientAge is static_max_age. In development every file is asked about.
func clientAge(c *Config) time.Duration {
	if c.Dev {
		return 0
	}
	return c.StaticMaxAge
}

// keptPages are the settings of the cache of pages.
func keptPages(c *Config) pages.Config {
	return pages.Config{Size: max(c.ScriptFileCacheSize, 0), Interval: lookInterval(c), Patience: c.ScriptTimeout}
}

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
