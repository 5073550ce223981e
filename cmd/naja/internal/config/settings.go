package config

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// A Setting is one that is in force, as a file would have it.
type Setting struct {
	Application string // its path; "" for a top-level key
	Name        string
	Value       string // as in TOML; secrets are masked
	Origin      string // where it was given; "" for a default
}

// Settings lists what is in force, in the order of [Config.WriteTOML].
func (c *Config) Settings() (list []Setting) {
	top := target{server: &c.Server, app: &c.defaults}
	for _, k := range keys() {
		if k.scope != forTable {
			list = append(list, inForce("", k, top, c.top))
		}
	}
	for i := range c.Applications {
		own := target{app: &c.Applications[i]}
		for _, k := range keys() {
			if _, given := c.own[i][k.name]; given || c.derived(i, k) {
				list = append(list, inForce(c.Applications[i].Path, k, own, c.own[i]))
			}
		}
	}
	return list
}

// InForce is one setting of an application, whether it was given there or for
// all; the zero Setting where there is no such application or setting.
func (c *Config) InForce(path, name string) Setting {
	for i := range c.Applications {
		if c.Applications[i].Path != path {
			continue
		}
		for _, k := range keys() {
			if k.name != name || k.scope == forServer {
				continue
			}
			origins := c.own[i]
			if _, given := origins[name]; !given {
				origins = c.top
			}
			return inForce(path, k, target{app: &c.Applications[i]}, origins)
		}
	}
	return Setting{}
}

func inForce(application string, k key, from target, origins map[string]Origin) Setting {
	s := Setting{Application: application, Name: k.name}
	if origin, given := origins[k.name]; given {
		s.Origin = origin.String()
	}
	line, err := toml.Marshal(map[string]any{"value": k.get(from)})
	if err != nil {
		s.Value = fmt.Sprint(k.get(from)) // a key of a type that TOML doesn't have: none
		return s
	}
	s.Value = strings.TrimPrefix(string(bytes.TrimSpace(line)), "value = ")
	return s
}
