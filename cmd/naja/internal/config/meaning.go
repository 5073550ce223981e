package config

import (
	"reflect"
	"slices"

	"github.com/najahost/naja/internal/setting"
)

// met says whether an application, beside the server's settings, has what some
// keys need to mean anything. A key without needs always does.
func met(need setting.Need, s *Server, a *Application) bool {
	switch need {
	case setting.AdminAddr:
		return s.AdminAddr != ""
	case setting.Proxies:
		return len(s.TrustedProxies) > 0
	case setting.StateFile:
		return a.State != "memory"
	case setting.ServerKeeps:
		return a.Session.Store != "cookie"
	case setting.UpdateSource:
		return a.Hosting.UpdateSource != ""
	case setting.Process:
		return a.Isolation == "process"
	case setting.Pings:
		return a.Worker.PingInterval > 0
	case setting.RapidFails:
		return a.Worker.RapidFailCrashes > 0
	case setting.Gorilla:
		return a.Session.Provider == "gorilla"
	case setting.SCS:
		return a.Session.Provider == "scs"
	case setting.Library:
		return a.Session.Provider != "naja"
	case setting.Naja:
		return a.Session.Provider == "naja"
	}
	return false
}

// checkMeaning refuses keys that nothing heeds. None is ignored in silence: a
// value that isn't the key's default is refused where a need isn't met, of an application by itself, at
// the top level if it is so for all of them. A file's top level is left alone
// where another application takes the place of those that it is for.
func (c *Config) checkMeaning(replaced bool) error {
	plain, err := plainApplication()
	if err != nil {
		return err
	}
	server := defaultServer()
	base := target{server: &server, app: &plain}
	for _, need := range setting.Needs() {
		for _, k := range keys() {
			if !slices.Contains(k.Needs, need) {
				continue
			}
			if err := c.checkKey(k, need, base, replaced); err != nil {
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

func (c *Config) checkKey(k key, need setting.Need, base target, replaced bool) error {
	heeded := false
	for i := range c.Applications {
		a := &c.Applications[i]
		ok := met(need, &c.Server, a)
		heeded = heeded || ok
		if origin, own := c.own[i][k.name]; own && !ok && !same(k, target{app: a}, base) {
			return meaningless(origin, k, need)
		}
	}
	origin, given := c.top[k.name]
	if !given || heeded || replaced && origin.File != "" || same(k, target{server: &c.Server, app: &c.defaults}, base) {
		return nil
	}
	return meaningless(origin, k, need)
}

func same(k key, a, b target) bool { return reflect.DeepEqual(k.get(a), k.get(b)) }

func meaningless(origin Origin, k key, need setting.Need) error {
	return &Error{origin, k.name, "means nothing here; it is for " + string(need)}
}
