package admin

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
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

// Restarted is what became of a restart.
type Restarted struct {
	PID int `json:"pid"` // of the process that serves now
}

// restart has another process take the place of this one. It goes on when who asked
// for it leaves.
func restart(ctx context.Context, o *order) (Answer, error) {
	if o.c.cfg.Restart == nil {
		return Answer{}, &problem{http.StatusNotImplemented, errNoRestart.Error()}
	}
	pid, err := o.c.cfg.Restart(context.WithoutCancel(ctx))
	if err != nil {
		return Answer{}, fmt.Errorf("this process serves on: %w", err)
	}
	return Answer{Message: fmt.Sprintf("process %d serves now; this one ends once its requests have", pid), Result: Restarted{pid}}, nil
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

// hold keeps requests out: they wait, or are told to come again.
func hold(ctx context.Context, o *order) (Answer, error) { return holdWith(ctx, o, false) }

// maintHold is hold with a single apartment.
func maintHold(ctx context.Context, o *order) (Answer, error) { return holdWith(ctx, o, true) }

func holdWith(ctx context.Context, o *order, single bool) (Answer, error) {
	mode := o.form.Get("mode")
	if mode == "" {
		mode = "refuse"
	}
	if mode != "refuse" && mode != "park" {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("mode is %q; want refuse or park", clip(mode))}
	}
	if err := o.app.Hold(ctx, host.HoldRequest{Mode: mode, Single: single}); err != nil {
		return Answer{}, err
	}
	message := "held: requests are answered with 503, administrators with a pass are let in"
	if mode == "park" {
		message = "held: requests wait and are served when the hold is released"
	}
	if single {
		message += "; one apartment only"
	}
	return Answer{Message: message}, nil
}

// releaseHold lets requests in again.
func releaseHold(ctx context.Context, o *order) (Answer, error) {
	if err := o.app.ReleaseHold(ctx); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "released"}, nil
}

// maintMode lets one apartment run at a time, or with on=false all again.
func maintMode(ctx context.Context, o *order) (Answer, error) {
	on := true
	if text := o.form.Get("on"); text != "" {
		var err error
		if on, err = strconv.ParseBool(text); err != nil {
			return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("on is %q; want true or false", clip(text))}
		}
	}
	if err := o.app.Maint(ctx, on); err != nil {
		return Answer{}, err
	}
	if on {
		return Answer{Message: "one apartment only"}, nil
	}
	return Answer{Message: "all apartments"}, nil
}

// pass makes a link that lets a browser through a hold.
func pass(_ context.Context, o *order) (Answer, error) {
	passes := o.c.cfg.Passes
	if passes == nil {
		return Answer{}, &problem{http.StatusNotImplemented, "not available: this program lets nobody through a hold"}
	}
	if h := o.app.Status().Hold; h == nil || h.Mode != host.Refuse {
		return Answer{}, &problem{http.StatusConflict, "there is nothing to pass: the application isn't held, or lets requests wait"}
	}
	return Answer{
		Message: "the link works once, within two minutes; the browser passes for an hour",
		Link:    o.c.site(o.r) + passes.link(o.app.Path()),
	}, nil
}

// site is the URL of the sites' listener as the administrator reaches it: one
// that listens on all addresses of the machine is at the console's.
func (c *Console) site(r *http.Request) string {
	site, err := url.Parse(c.cfg.Server.Site)
	if err != nil || site.Host == "" {
		return ""
	}
	if ip, err := netip.ParseAddr(site.Hostname()); err == nil && ip.IsUnspecified() {
		here := r.Host
		if name, _, err := net.SplitHostPort(here); err == nil {
			here = name
		}
		site.Host = net.JoinHostPort(strings.Trim(here, "[]"), site.Port())
	}
	return site.Scheme + "://" + site.Host
}

// recoverDeadLock gets an application going that waits for itself, or ends the
// one request that id names, or the worker process.
func recoverDeadLock(ctx context.Context, o *order) (Answer, error) {
	if text := o.form.Get("worker"); text != "" {
		return o.killWorker(ctx, text)
	}
	if text := o.form.Get("id"); text != "" {
		return o.interrupt(ctx, text)
	}
	found, err := o.app.Recover(ctx)
	if err != nil {
		return Answer{Details: found.Done, Result: found}, err
	}
	message := "nothing was stuck"
	if len(found.Done) > 0 {
		message = strings.Join(found.Done, "; ")
	}
	return Answer{Message: message, Details: found.Done, Result: found}, nil
}

// interrupt ends one request.
func (o *order) interrupt(ctx context.Context, text string) (Answer, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("id is %q; want the number of a request", clip(text))}
	}
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	ended, err := runner.Interrupt(ctx, id)
	if err != nil {
		return Answer{}, err
	}
	message := fmt.Sprintf("request %d (%s %s) was ended", id, ended.Request.Method, ended.Request.URL)
	if !ended.Stopped {
		message += "; its script doesn't stop and was given up"
	}
	return Answer{Message: message, Details: ended.Lost, Result: ended}, nil
}

// endSession ends one session.
func endSession(ctx context.Context, o *order) (Answer, error) {
	id := o.form.Get("id")
	if id == "" {
		return Answer{}, &problem{http.StatusBadRequest, "id is missing; want a session's ID"}
	}
	runner, err := o.runner()
	if err != nil {
		return Answer{}, err
	}
	if err := runner.EndSession(ctx, id); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "session " + clip(id) + " has ended"}, nil
}
