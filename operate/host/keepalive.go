package host

import (
	"context"
	"time"
)

// keepAlive exercises the Runner at intervals, until Shutdown.
func (a *Application) keepAlive() {
	for {
		var tick <-chan time.Time
		every := a.settings().KeepAliveInterval
		if every > 0 {
			tick = time.After(every)
		}
		select {
		case <-a.life.Done():
			return
		case <-a.retimed:
		case <-tick:
			a.exercise(every)
		}
	}
}

// exercise is one KeepAlive that nobody asked for.
func (a *Application) exercise(patience time.Duration) {
	ctx, cancel := context.WithTimeout(a.life, patience)
	defer cancel()
	r, ok := a.Runner()
	if !ok {
		return
	}
	kept, err := r.KeepAlive(ctx)
	for _, what := range kept.Failed {
		a.cfg.Logger.Warn("keep alive", "failed", what)
	}
	if err != nil && a.life.Err() == nil {
		a.cfg.Logger.Warn("keep alive", "error", err.Error())
	}
}
