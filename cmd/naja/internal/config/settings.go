package config

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/najahost/naja/internal/setting"
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

// WriteTOML writes what is in force as a file that says the same, except for
// secrets, which are masked: every top-level key, then each application's
// path, root and own keys. With origins each line ends in a comment that says
// where its value came from.
func (c *Config) WriteTOML(w io.Writer, origins bool) error {
	var out bytes.Buffer
	top := target{server: &c.Server, app: &c.defaults}
	for _, k := range keys() {
		if k.scope == forTable {
			continue
		}
		if err := writeKey(&out, k, top, c.top[k.name], origins); err != nil {
			return err
		}
	}
	for i := range c.Applications {
		out.WriteString("\n[[application]]\n")
		own := target{app: &c.Applications[i]}
		for _, k := range keys() {
			origin, given := c.own[i][k.name]
			if !given && !c.derived(i, k) {
				continue
			}
			if err := writeKey(&out, k, own, origin, origins); err != nil {
				return err
			}
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// derived reports whether a setting of the application, which isn't its own, isn't
// the top level's either, but made of its path, of its other settings, of the
// environment or of the server's.
func (c *Config) derived(application int, k key) bool {
	return k.scope != forServer && !same(k, target{app: &c.Applications[application]}, target{app: &c.defaults})
}

func writeKey(out *bytes.Buffer, k key, from target, origin Origin, origins bool) error {
	table, name, ok := strings.Cut(k.name, ".")
	if !ok {
		table, name = "", k.name
	}
	line, err := toml.Marshal(map[string]any{name: k.get(from)})
	if err != nil {
		return fmt.Errorf("write %s: %w", k.name, err)
	}
	line = bytes.TrimRight(line, "\n")
	if table != "" {
		line = append([]byte(table+"."), line...)
	}
	out.Write(line)
	if origins {
		fmt.Fprintf(out, "  # %s", origin)
	}
	out.WriteByte('\n')
	return nil
}

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

// Explain says in a few lines what a setting means, its default, and when a
// change of it counts. The error is an [Error] for a name that there isn't.
func Explain(name string) (string, error) {
	l := newLoader()
	k, ok := l.keys[name]
	if !ok {
		return "", l.unknown(assignment{Origin{Flag: "--explain"}, name, nil})
	}
	app, err := plainApplication()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	if k.scope == forTable {
		fmt.Fprintf(&text, "%s, in [[application]] only\n", name)
	} else if shown := k.DefaultIs; shown != "" {
		fmt.Fprintf(&text, "%s (default: %s)\n", name, plainText(shown))
	} else {
		fmt.Fprintf(&text, "%s = %s\n", name, inForce("", k, target{&l.server, &app}, nil).Value)
	}
	fmt.Fprintf(&text, "  %s\n", plainText(k.Doc))
	for _, need := range k.Needs {
		fmt.Fprintf(&text, "  it is for %s\n", need)
	}
	when := map[setting.When]string{
		setting.Now: "at once", setting.Loaded: "when the application is loaded again", setting.Started: "when the server is started again",
	}[k.Counts()]
	fmt.Fprintf(&text, "  a change counts %s\n", when)
	return text.String(), nil
}

// plainText is Markdown without its marks and links.
func plainText(markdown string) string {
	text := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(markdown, "$1")
	return strings.ReplaceAll(text, "`", "")
}
