package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/operate/admin"
	"github.com/najahost/naja/operate/host"
)

// A reloader reads the settings again while the server runs. Any goroutine may
// use it.
type reloader struct {
	log     *slog.Logger
	apps    []hosted // set before the first reload
	busy    sync.Mutex
	inForce atomic.Pointer[config.Config]

	showing sync.Mutex
	late    map[string]late // what isn't as in inForce, by application
}

// newReloader makes one of the settings that the process was started with.
func newReloader(cfg *config.Config, log *slog.Logger) *reloader {
	r := &reloader{log: log}
	r.inForce.Store(cfg)
	return r
}

// reload reads the settings from where they came from and puts in force what
// can change while the server runs. Settings that can't be used change
// nothing; so does an application that refuses its own.
func (r *reloader) reload(ctx context.Context) (done admin.Reloaded, err error) {
	r.busy.Lock()
	defer r.busy.Unlock()
	was := r.inForce.Load()
	next, err := was.Again()
	if err == nil {
		err = cmp.Or(available(next), next.RequireKeys())
	}
	if err != nil {
		return done, err
	}
	server, applications := was.Differences(next)
	done.NeedsRestart = append(done.NeedsRestart, server...)
	done.NeedsRestart = append(done.NeedsRestart, comeAndGone(was, next)...)
	var undo []func() error
	deferred := map[string][]string{}
	for _, app := range r.apps {
		changed, later, back, err := app.reconfigure(ctx, next, applications[app.Path()])
		if err != nil {
			for _, f := range slices.Backward(undo) {
				err = errors.Join(err, f())
			}
			return admin.Reloaded{}, err
		}
		undo = append(undo, back)
		deferred[app.Path()] = later
		name := func(key string) string { return key }
		if len(r.apps) > 1 {
			name = func(key string) string { return app.Path() + " " + key }
		}
		for _, key := range changed {
			done.Changed = append(done.Changed, name(key))
		}
	}
	for _, app := range r.apps {
		for _, key := range r.keepLate(app, was, next, deferred[app.Path()]) {
			if len(r.apps) > 1 {
				key = app.Path() + " " + key
			}
			done.NeedsRestart = append(done.NeedsRestart, key)
		}
	}
	shown := *next
	shown.Server = was.Server // as long as the process runs
	r.inForce.Store(&shown)
	r.log.Info("settings read again", "changed", done.Changed, "needs_restart", done.NeedsRestart)
	return done, nil
}

// comeAndGone names the applications that only one of two configurations has.
func comeAndGone(a, b *config.Config) (names []string) {
	has := func(c *config.Config, path string) bool {
		return slices.ContainsFunc(c.Applications, func(app config.Application) bool { return app.Path == path })
	}
	for _, app := range a.Applications {
		if !has(b, app.Path) {
			names = append(names, "application "+app.Path)
		}
	}
	for _, app := range b.Applications {
		if !has(a, app.Path) {
			names = append(names, "application "+app.Path)
		}
	}
	return names
}

// reconfigure gives an application its settings of next, which differ in the
// keys. changed are in force now, later those that count when it is loaded
// again; back undoes it.
func (h hosted) reconfigure(ctx context.Context, next *config.Config, keys []string) (changed, later []string, back func() error, err error) {
	i := slices.IndexFunc(next.Applications, func(app config.Application) bool { return app.Path == h.Path() })
	if i < 0 || len(keys) == 0 {
		return nil, nil, func() error { return nil }, nil
	}
	app, before := h.starts.settings(next.Applications[i])
	_, loaded := h.Runner()
	done, err := h.Reconfigure(ctx, withHolds(app).Config, hostConfig(app))
	if err != nil {
		return nil, nil, nil, next.Locate(i, fmt.Errorf("%s: %w", h.Path(), err))
	}
	h.starts.set(app)
	for _, key := range keys {
		// Of what isn't loaded there is nothing that a setting isn't in force for.
		if lasting(key) || loaded && !slices.Contains(done.Changed, key) {
			later = append(later, key)
		} else {
			changed = append(changed, key)
		}
	}
	return changed, later, func() error {
		h.starts.set(before)
		_, err := h.Reconfigure(ctx, withHolds(before).Config, hostConfig(before))
		return err
	}, nil
}

// settings are what the next start is told, and new ones in their place: what
// isn't a setting stays.
func (s *starter) settings(next config.Application) (app, before config.Application) {
	s.mu.Lock()
	defer s.mu.Unlock()
	app, before = next, s.app
	app.Logger, app.Observer, app.Sessions, app.Backend = before.Logger, before.Observer, before.Sessions, before.Backend
	return app, before
}

func (s *starter) set(app config.Application) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.app = app
}

// A late is what is in force of settings that a reload couldn't change: those
// that an application was loaded with, until it is loaded again.
type late struct {
	runner host.Runner // that was loaded with them
	values map[string]config.Setting
}

// lasting are settings that count for as long as the process runs.
func lasting(name string) bool {
	s, _ := setting.Find(name)
	return s.When == setting.Started
}

// holds says that a setting is still in force in an application.
func (l late) holds(name string, h hosted) bool {
	runner, loaded := h.Runner()
	return lasting(name) || loaded && runner == l.runner
}

// keepLate notes what stays in force of the settings of an application that
// differ in the keys, and returns those of the keys whose new value doesn't
// count yet. r.busy is held.
func (r *reloader) keepLate(h hosted, was, next *config.Config, keys []string) (later []string) {
	r.showing.Lock()
	defer r.showing.Unlock()
	before := r.late[h.Path()]
	runner, _ := h.Runner()
	now := late{runner: runner, values: map[string]config.Setting{}}
	for name, s := range before.values {
		if before.holds(name, h) {
			now.values[name] = s
		}
	}
	for _, name := range keys {
		s, ok := now.values[name]
		if !ok {
			s = was.InForce(h.Path(), name)
		}
		if s.Value == next.InForce(h.Path(), name).Value { // as it was before an earlier reload
			delete(now.values, name)
			continue
		}
		now.values[name] = s
		later = append(later, name)
	}
	if r.late == nil {
		r.late = map[string]late{}
	}
	r.late[h.Path()] = now
	return later
}

// settings are those in force, as the console shows them.
func (r *reloader) settings() []admin.Setting {
	list := r.inForce.Load().Settings()
	r.showing.Lock()
	defer r.showing.Unlock()
	for _, h := range r.apps {
		kept := r.late[h.Path()]
		for name, s := range kept.values {
			if kept.holds(name, h) {
				list = r.show(list, h.Path(), s)
			}
		}
	}
	shown := make([]admin.Setting, 0, len(list))
	for _, s := range list {
		shown = append(shown, admin.Setting{Application: s.Application, Name: s.Name, Value: s.Value, Origin: s.Origin})
	}
	return shown
}

// show puts s in the place of what the settings say of an application. What
// stands for all of them is the only one's, or the others' still.
func (r *reloader) show(list []config.Setting, path string, s config.Setting) []config.Setting {
	at := func(application string) int {
		return slices.IndexFunc(list, func(o config.Setting) bool { return o.Application == application && o.Name == s.Name })
	}
	i := at(path)
	if i < 0 && len(r.apps) == 1 {
		i = at("")
	}
	if i < 0 {
		s.Application = path
		return append(list, s)
	}
	s.Application = list[i].Application
	list[i] = s
	return list
}
