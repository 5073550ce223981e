package config

import (
	"reflect"
	"slices"
)

// Again reads the configuration from where this one came from.
func (c *Config) Again() (*Config, error) { return Load(c.options) }

// Differences lists the settings in which next differs: those of the server,
// and those of each application that both have, by its path. Applications that
// only one of the two has are listed in neither.
func (c *Config) Differences(next *Config) (server []string, applications map[string][]string) {
	server = differences(target{server: &c.Server}, target{server: &next.Server}, true)
	applications = make(map[string][]string)
	for i := range c.Applications {
		was := &c.Applications[i]
		j := slices.IndexFunc(next.Applications, func(a Application) bool { return a.Path == was.Path })
		if j < 0 {
			continue
		}
		if names := differences(target{app: was}, target{app: &next.Applications[j]}, false); len(names) > 0 {
			applications[was.Path] = names
		}
	}
	return server, applications
}

// differences compares what can be shown of two servers or applications.
func differences(a, b target, ofServer bool) (names []string) {
	for _, k := range keys() {
		if (k.scope == forServer) == ofServer && !reflect.DeepEqual(k.get(a), k.get(b)) {
			names = append(names, k.name)
		}
	}
	return names
}
