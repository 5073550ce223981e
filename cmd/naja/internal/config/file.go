package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/najahost/naja/internal/nearest"
	"github.com/najahost/naja/internal/setting"
)

// A loader gathers what the file and the command line say.
type loader struct {
	keys  map[string]key
	names []string // of keys, in their order

	file     string
	server   Server
	defaults Application       // top-level application keys; unset is zero
	origins  map[string]Origin // of top-level keys
	tables   []table
	all      bool // the file is that of the folder, and its tables are served
}

func newLoader() *loader {
	l := &loader{keys: map[string]key{}, server: defaultServer(), defaults: defaultApplication(), origins: map[string]Origin{}}
	for _, k := range keys() {
		l.keys[k.name] = k
		l.names = append(l.names, k.name)
	}
	return l
}

// An assignment is one value for one key. Only key names that exist and may
// stand where they do get into one.
type assignment struct {
	origin Origin
	key    string
	value  any // as TOML has it, or bare
}

// apply writes the assignment's value into to.
func (a assignment) apply(k key, to target) error {
	if err := k.set(to, a.fromFolder()); err != nil {
		return &Error{a.origin, a.key, err.Error()}
	}
	return nil
}

// fromFolder is the value, in which the path of a file is relative to the
// folder of the file it was read from.
func (a assignment) fromFolder() any {
	text, ok := a.value.(string)
	if !ok || text == "" || a.origin.File == "" {
		return a.value
	}
	folder := filepath.Dir(a.origin.File)
	if s, _ := setting.Find(a.key); s.Path && !filepath.IsAbs(text) {
		return filepath.Join(folder, text)
	}
	if a.key == "state" {
		return PlaceOf(text).In(folder).String()
	}
	return a.value
}

// A table is one [[application]].
type table struct {
	origin      Origin
	assignments []assignment
}

func (t table) origins() map[string]Origin {
	origins := make(map[string]Origin, len(t.assignments))
	for _, a := range t.assignments {
		origins[a.key] = a.origin
	}
	return origins
}

func (t table) value(key string) any {
	for _, a := range t.assignments {
		if a.key == key {
			return a.fromFolder()
		}
	}
	return nil
}

func (t table) without(keys ...string) []assignment {
	return slices.DeleteFunc(slices.Clone(t.assignments), func(a assignment) bool {
		return slices.Contains(keys, a.key)
	})
}

// assign gives a top-level key its value.
func (l *loader) assign(a assignment) error {
	k, ok := l.keys[a.key]
	switch {
	case isTable(a.key):
		return a.each(l.assign)
	case a.key == "application":
		return &Error{a.origin, a.key, "is a table; write [[application]] in the file"}
	case !ok:
		return l.unknown(a)
	case k.scope == forTable:
		return &Error{a.origin, a.key, "is a key of an application; write it in its [[application]] in the file"}
	}
	l.origins[a.key] = a.origin
	return a.apply(k, target{&l.server, &l.defaults})
}

// assignTable gives a key of the last [[application]] its value.
func (l *loader) assignTable(a assignment) error {
	k, ok := l.keys[a.key]
	switch {
	case isTable(a.key):
		return a.each(l.assignTable)
	case !ok:
		return l.unknown(a)
	case k.scope == forServer:
		return &Error{a.origin, a.key, "is a key of the server; write it above the first [[application]]"}
	}
	t := &l.tables[len(l.tables)-1]
	t.assignments = append(t.assignments, a)
	return a.apply(k, target{app: new(Application)}) // a dry run, for errors in the file's order
}

// isTable says that a key is a table whose keys are settings, such as session.
func isTable(key string) bool {
	return slices.ContainsFunc(setting.All(), func(s setting.Setting) bool {
		table, _, ok := strings.Cut(s.Name, ".")
		return ok && table == key
	})
}

// each hands on the keys of session = {…}.
func (a assignment) each(assign func(assignment) error) error {
	keys, ok := a.value.(map[string]any)
	if !ok {
		return &Error{a.origin, a.key, fmt.Sprintf("is a table; write [%s] and its keys below", a.key)}
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if err := assign(assignment{a.origin, a.key + "." + name, keys[name]}); err != nil {
			return err
		}
	}
	return nil
}

// at2 is the value of a key of one part or two.
func at2(table map[string]any, key string) any {
	first, rest, two := strings.Cut(key, ".")
	if inner, ok := table[first].(map[string]any); ok && two {
		return inner[rest]
	}
	return table[key]
}

func (l *loader) unknown(a assignment) error {
	if near := nearest.Of(a.key, l.names); near != "" {
		return &Error{a.origin, a.key, fmt.Sprintf("unknown key; did you mean %s?", near)}
	}
	return &Error{a.origin, a.key, "unknown key; 'naja config' shows all keys"}
}

// readFile reads the file, or naja.toml where there is one.
func (l *loader) readFile(name string) error {
	named := name != ""
	if !named {
		name = DefaultFile
	}
	data, err := os.ReadFile(name)
	if err != nil {
		if !named && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		var reason *fs.PathError
		if errors.As(err, &reason) {
			err = reason.Err
		}
		return &Error{Origin: Origin{File: name}, Problem: err.Error()}
	}
	l.file = name
	return l.readText(strings.TrimPrefix(string(data), "\ufeff"))
}

// readText reads the file's text in the order of its lines, so that the first
// mistake is the one that is reported.
func (l *loader) readText(text string) error {
	all := statements(text)
	var top map[string]any
	if _, err := toml.Decode(text, &top); err != nil {
		return l.syntaxError(err, text, all)
	}
	applications, _ := top["application"].([]map[string]any)
	for _, st := range all {
		at := Origin{File: l.file, Line: st.line}
		var err error
		switch {
		case st.head && isTable(st.key) && st.table != otherTable:
			// its keys follow
		case st.head && st.table >= 0:
			l.tables = append(l.tables, table{origin: at})
		case st.head && st.key == "application":
			err = &Error{at, st.key, "is one table; write [[application]], once for each"}
		case st.head:
			err = &Error{at, st.key, "unknown table; the server's keys stand at the top, an application's in [[application]]"}
		case st.table >= 0:
			err = l.assignTable(assignment{at, st.key, at2(applications[st.table], st.key)})
		case st.table == topLevel && st.key == "application":
			err = l.inlineTables(at, top[st.key])
		case st.table == topLevel:
			err = l.assign(assignment{at, st.key, at2(top, st.key)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// inlineTables reads application = [{path = "/", root = "site"}].
func (l *loader) inlineTables(at Origin, value any) error {
	list, ok := value.([]any)
	if !ok {
		return &Error{at, "application", "is not a list of tables; write [[application]], once for each"}
	}
	for _, item := range list {
		keys, ok := item.(map[string]any)
		if !ok {
			return &Error{at, "application", "is not a list of tables; write [[application]], once for each"}
		}
		l.tables = append(l.tables, table{origin: at})
		for _, name := range slices.Sorted(maps.Keys(keys)) {
			if err := l.assignTable(assignment{at, name, keys[name]}); err != nil {
				return err
			}
		}
	}
	return nil
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
