package config

import (
	"reflect"
	"strings"
)

// A condition says what some keys need beside them to mean anything. A key that
// isn't in the list of conditions always does.
type condition struct {
	keys  string // by their names
	needs string // what the error says that they are for
	met   func(s *Server, a *Application) bool
}

// conditions lists them. No key is ignored in silence: a value of one of these
// keys that isn't its default is refused where nothing heeds it.
func conditions() []condition {
	own := func(met func(a *Application) bool) func(*Server, *Application) bool {
		return func(_ *Server, a *Application) bool { return met(a) }
	}
	keeps := func(providers ...string) func(*Server, *Application) bool {
		return own(func(a *Application) bool { return oneOf(providers...)(a.Session.Provider) == nil })
	}
	return []condition{
		{"admin_account admin_users admin_show_values admin_pprof public_url", "admin_addr",
			func(s *Server, _ *Application) bool { return s.AdminAddr != "" }},

		{"durable", `state = "sqlite:PATH"`, own(func(a *Application) bool { return a.State != "memory" })},
		{"session_queue_max session_max session_renew_grace", `sessions that the server keeps, not session.store = "cookie"`,
			own(func(a *Application) bool { return a.Session.Store != "cookie" })},
		{"update_delete", "update_source", own(func(a *Application) bool { return a.Hosting.UpdateSource != "" })},

		{"worker_executable worker_environment worker_folder worker_user worker_memory_limit worker_nice worker_files worker_processors " +
			"worker_start_timeout worker_shutdown_timeout worker_idle_timeout ping_interval ping_timeout " +
			"recycle_requests recycle_time recycle_memory recycle_schedule rapid_fail_crashes rapid_fail_interval rapid_fail_pause " +
			"suspect_deaths suspect_pause crash_page update_program", `isolation = "process"`,
			own(func(a *Application) bool { return a.Isolation == "process" })},
		{"ping_timeout", "a ping_interval that isn't 0", own(func(a *Application) bool { return a.Worker.PingInterval > 0 })},
		{"rapid_fail_interval rapid_fail_pause", "rapid_fail_crashes that aren't 0",
			own(func(a *Application) bool { return a.Worker.RapidFailCrashes > 0 })},

		{"session.hash_key session.block_key session.old_hash_key session.old_block_key", `session.provider = "gorilla"`, keeps("gorilla")},
		{"session.lifetime", `session.provider = "scs"`, keeps("scs")},
		{"session.cookie_persist", `session.provider = "scs" or "gorilla"; naja's own sessions have session.cookie_max_age`, keeps("scs", "gorilla")},
		{"session.cookie_max_age", `session.provider = "naja"; the others have session.cookie_persist`, keeps("naja")},
	}
}

// checkMeaning refuses keys that nothing heeds: of an application by itself, at
// the top level if it is so for all of them. A file's top level is left alone
// where another application takes the place of those that it is for.
func (c *Config) checkMeaning(replaced bool) error {
	plain, err := plainApplication()
	if err != nil {
		return err
	}
	server := defaultServer()
	base := target{server: &server, app: &plain}
	known := map[string]key{}
	for _, k := range keys() {
		known[k.name] = k
	}
	for _, cond := range conditions() {
		for _, name := range strings.Fields(cond.keys) {
			if err := c.checkKey(known[name], cond, base, replaced); err != nil {
				return err
			}
		}
	}
	return nil
}

// plainApplication is one that nobody has set anything of.
func plainApplication() (Application, error) {
	app := defaultApplication()
	app.Root, app.Path = ".", "/"
	return newLoader().withDefaults(app, nil)
}

func (c *Config) checkKey(k key, cond condition, base target, replaced bool) error {
	heeded := false
	for i := range c.Applications {
		a := &c.Applications[i]
		met := cond.met(&c.Server, a)
		heeded = heeded || met
		if origin, own := c.own[i][k.name]; own && !met && !same(k, target{app: a}, base) {
			return meaningless(origin, k, cond)
		}
	}
	origin, given := c.top[k.name]
	if !given || heeded || replaced && origin.File != "" || same(k, target{server: &c.Server, app: &c.defaults}, base) {
		return nil
	}
	return meaningless(origin, k, cond)
}

func same(k key, a, b target) bool { return reflect.DeepEqual(k.get(a), k.get(b)) }

func meaningless(origin Origin, k key, cond condition) error {
	return &Error{origin, k.name, "means nothing here; it is for " + cond.needs}
}
