package main

import (
	"slices"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/internal/setting"
	"github.com/najahost/naja/operate/admin"
	"github.com/najahost/naja/operate/host"
)

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
