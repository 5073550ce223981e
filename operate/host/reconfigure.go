package host

import (
	"context"
	"slices"

	"github.com/najahost/naja/engine"
)

// Reconfigure puts settings in force while requests run: those of the Runner,
// as it does, and of cfg HoldQueueMax, HoldTimeout, KeepAliveInterval, Preload,
// UpdateSource, UpdateProgram, Program and UpdateDelete, the rest of which doesn't count. The Runner's
// that can't change now are named; Config.Start is to use them when it is called
// again. When the Runner refuses, nothing has changed.
func (a *Application) Reconfigure(ctx context.Context, settings engine.Config, cfg Config) (engine.Reconfigured, error) {
	var r engine.Reconfigured
	cfg.Start = a.cfg.Start
	cfg, err := cfg.withDefaults()
	if err != nil {
		return r, err
	}
	ctx, done, err := a.begin(ctx, "")
	if err != nil {
		return r, err
	}
	defer done()
	if runner, ok := a.Runner(); ok {
		r, err = runner.Reconfigure(ctx, settings)
	} else {
		_, err = settings.WithDefaults()
	}
	if err != nil {
		return engine.Reconfigured{}, err
	}
	r.Changed = append(r.Changed, a.apply(&cfg)...)
	slices.Sort(r.Changed)
	r.Changed = slices.Compact(r.Changed) // some settings are the Runner's too
	return r, nil
}

// apply puts the settings of cfg in force that can change, and names those that
// did.
func (a *Application) apply(cfg *Config) (changed []string) {
	next := *a.settings()
	note := func(name string, differs bool) {
		if differs {
			changed = append(changed, name)
		}
	}
	note("hold_queue_max", next.HoldQueueMax != cfg.HoldQueueMax)
	note("hold_timeout", next.HoldTimeout != cfg.HoldTimeout)
	note("keepalive_interval", next.KeepAliveInterval != cfg.KeepAliveInterval)
	note("preload", next.Preload != cfg.Preload)
	note("update_source", next.UpdateSource != cfg.UpdateSource)
	note("update_program", next.UpdateProgram != cfg.UpdateProgram)
	note("update_delete", next.UpdateDelete != cfg.UpdateDelete)
	next.HoldQueueMax, next.HoldTimeout, next.KeepAliveInterval = cfg.HoldQueueMax, cfg.HoldTimeout, cfg.KeepAliveInterval
	next.Preload, next.UpdateSource, next.UpdateDelete = cfg.Preload, cfg.UpdateSource, cfg.UpdateDelete
	next.UpdateProgram, next.Program = cfg.UpdateProgram, cfg.Program // the latter for the next that is loaded
	a.live.Store(&next)
	a.door.set(func() { a.door.max = max(cfg.HoldQueueMax, 0) })
	select {
	case a.retimed <- struct{}{}:
	default:
	}
	return changed
}
