package config

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/BurntSushi/toml"
)

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
