package admin

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/najahost/naja/operate/host"
)

// load starts the application now.
func load(ctx context.Context, o *order) (Answer, error) {
	loaded, err := o.app.Load(ctx)
	if err != nil {
		return Answer{}, err
	}
	message := fmt.Sprintf("loaded: %d pages are compiled, %d apartments are warm", loaded.Pages, loaded.Apartments)
	if n := len(loaded.Broken); n > 0 {
		message += fmt.Sprintf("; %d pages don't compile", n)
	}
	loaded.Broken = listed(loaded.Broken)
	return Answer{Message: message, Details: loaded.Broken, Result: loaded}, nil
}

// unload ends the application until its next request.
func unload(ctx context.Context, o *order) (Answer, error) {
	if err := o.app.Unload(ctx); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "unloaded: the next request starts it again"}, nil
}

// update puts new content in the place of the old one.
func update(ctx context.Context, o *order) (Answer, error) {
	result, err := o.app.Update(ctx)
	if err != nil {
		return Answer{Result: result}, err
	}
	return Answer{Message: updated(&result), Result: result}, nil
}

// updated says what an update did.
func updated(result *host.UpdateResult) string {
	var done []string
	if len(result.Replaced)+len(result.Added)+len(result.Removed) > 0 {
		done = append(done, fmt.Sprintf("%d files replaced, %d added, %d removed; requests waited %v",
			len(result.Replaced), len(result.Added), len(result.Removed), result.Parked.Duration().Round(time.Millisecond)))
	}
	if p := result.Program; p != nil && p.Replaced {
		done = append(done, strings.TrimSpace("the workers' program is "+p.Hash+" "+p.Version))
	}
	if len(done) == 0 {
		return "nothing differs"
	}
	return "updated: " + strings.Join(done, "; ")
}

// isolation moves the application into this process or out of it.
func isolation(ctx context.Context, o *order) (Answer, error) {
	mode := o.form.Get("mode")
	if mode != "in-process" && mode != "process" {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("mode is %q; want in-process or process", clip(mode))}
	}
	if err := o.app.SetIsolation(ctx, mode); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "isolation is " + mode + " now"}, nil
}

// keepAlive exercises what has been idle.
func keepAlive(ctx context.Context, o *order) (Answer, error) {
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	kept, err := runner.KeepAlive(ctx)
	if err != nil {
		return Answer{Result: kept}, err
	}
	message := fmt.Sprintf("%d idle apartments were exercised, %d are busy", kept.Exercised, kept.Busy)
	if n := len(kept.Failed); n > 0 {
		message += fmt.Sprintf("; %d didn't answer", n)
	}
	kept.Failed = listed(kept.Failed)
	return Answer{Message: message, Details: kept.Failed, Result: kept}, nil
}

// generation begins the generation of the global.asa that is served here again.
func generation(ctx context.Context, o *order) (Answer, error) {
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	r, ok := runner.(host.Generational)
	if !ok {
		return Answer{}, host.ErrUnavailable
	}
	if err := r.BeginGeneration(ctx); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "the global.asa that is served here is in force again: its Application_OnStart has run"}, nil
}

// reloadConfig reads naja.toml again.
func reloadConfig(ctx context.Context, o *order) (Answer, error) {
	if o.c.cfg.Reload == nil {
		return Answer{}, &problem{http.StatusNotImplemented, errNoReload.Error()}
	}
	done, err := o.c.cfg.Reload(ctx)
	if err != nil {
		return Answer{}, fmt.Errorf("nothing has changed: %w", err)
	}
	message := "no setting has changed"
	if len(done.Changed) > 0 {
		message = "changed: " + strings.Join(done.Changed, ", ")
	}
	if len(done.NeedsRestart) > 0 {
		message += "; wait for a restart: " + strings.Join(done.NeedsRestart, ", ")
	}
	done.Changed, done.NeedsRestart = listed(done.Changed), listed(done.NeedsRestart)
	return Answer{Message: message, Result: done}, nil
}

// listed is a list that is one in JSON, too, when nothing is in it.
func listed(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// runner is the application's, which has to be loaded.
func (o *order) runner() (host.Runner, error) {
	runner, ok := o.app.Runner()
	if !ok {
		return nil, host.ErrNotLoaded
	}
	return runner, nil
}
