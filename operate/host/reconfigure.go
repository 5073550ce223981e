package host

import (
	"context"
	"slices"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/setting"
)

// Reconfigure puts settings in force while requests run: those of the Runner,
// as it does, and of cfg those that a file can have (HoldQueueMax, UpdateSource …)
// and Program, the rest of which doesn't count. The Runner's that can't change now
// are named; Config.Start is to use them when it is called again. When the Runner
// refuses, nothing has changed.
func (a *Application) Reconfigure(ctx context.Context, c engine.Config, cfg Config) (engine.Reconfigured, error) {
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
		r, err = runner.Reconfigure(ctx, c)
	} else {
		_, err = c.WithDefaults()
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
	for _, s := range setting.In(setting.Host) {
		if s.Take(setting.Host, &next, cfg) {
			changed = append(changed, s.Name)
		}
	}
	next.Program = cfg.Program // for the next that is loaded
	a.live.Store(&next)
	a.door.set(func() { a.door.max = max(cfg.HoldQueueMax, 0) })
	select {
	case a.retimed <- struct{}{}:
	default:
	}
	return changed
}
