package engine

import (
	"context"
	"slices"
	"time"

	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/engine/internal/pages"
	"github.com/najahost/naja/internal/sessions"
	"github.com/najahost/naja/internal/setting"
)

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
