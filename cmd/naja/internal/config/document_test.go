package config

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/internal/setting"
)

var update = flag.Bool("update", false, "write the tables of docs/configuration.md anew")

const (
	root     = "../../../../"
	document = root + "docs/configuration.md"
)

// TestDocument holds the tables of docs/configuration.md to the table of
// settings: the keys with their defaults and what is said of them, below each
// heading; when a change counts; and what keys need.
func TestDocument(t *testing.T) {
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for heading, part := range map[string][]setting.Setting{
		"## Keys of the server": setting.OfServer(), "## Keys of an application": setting.OfPlace(),
		"### Requests": setting.OfRequests(), "### Scripts and sessions": setting.OfScripts(), "### Pages": setting.OfPages(),
		"### Operation": setting.OfOperation(), "### Worker processes": setting.OfWorkers(),
		"### Keepers of sessions and their cookies": setting.OfSessions(), "### Mail": setting.OfMail(),
	} {
		text = withTable(t, text, heading, keysTable(t, part))
	}
	text = withTable(t, text, "### When a change counts", timesTable())
	if *update {
		if err := os.WriteFile(document, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if text != string(data) {
		t.Errorf("docs/configuration.md isn't what internal/setting/table.go says; 'go test ./cmd/naja/internal/config -run TestDocument -update' writes it anew")
	}
	needs := tableBelow(t, text, "### Keys that need others")
	for _, need := range setting.Needs() {
		documentsNeed(t, needs, need)
	}
}

// withTable is text with another first table below a heading.
func withTable(t *testing.T, text, heading, table string) string {
	t.Helper()
	old := tableBelow(t, text, heading)
	before, after, _ := strings.Cut(text, old)
	return before + table + after
}

// tableBelow is the first table below a heading.
func tableBelow(t *testing.T, text, heading string) string {
	t.Helper()
	_, below, found := strings.Cut(text, "\n"+heading+"\n")
	start := strings.Index(below, "\n| ")
	if !found || start < 0 {
		t.Fatalf("there is no table below %q", heading)
	}
	table, _, _ := strings.Cut(below[start+1:], "\n\n")
	return strings.TrimSuffix(table, "\n")
}

func keysTable(t *testing.T, part []setting.Setting) string {
	t.Helper()
	server, app := defaultServer(), must(t, plainApplication)
	lines := []string{"| key | default | meaning |", "|---|---|---|"}
	for _, s := range part {
		shown := s.DefaultIs
		if shown == "" {
			shown = "`" + inForce("", keyOf(s), target{&server, &app}, nil).Value + "`"
		}
		line := fmt.Sprintf("| `%s` | %s | %s |", s.Name, strings.TrimSpace(shown), s.Doc)
		lines = append(lines, strings.ReplaceAll(line, "|  |", "| |"))
	}
	return strings.Join(lines, "\n")
}

func must[T any](t *testing.T, f func() (T, error)) T {
	t.Helper()
	v, err := f()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func timesTable() string {
	const now, loaded, started = "at once", "when the application is loaded again", "when the server is started again"
	names := map[string][]string{}
	for _, s := range setting.All() {
		when := map[setting.When]string{setting.Now: now, setting.Loaded: loaded, setting.Started: started}[s.Counts()]
		names[when] = append(names[when], "`"+s.Name+"`")
	}
	lines := []string{"| counts | keys |", "|---|---|"}
	for _, when := range []string{now, loaded, started} {
		lines = append(lines, fmt.Sprintf("| %s | %s |", when, strings.Join(names[when], ", ")))
	}
	return strings.Join(lines, "\n")
}

// documentsNeed compares the rows of the table of needs that are about one with
// the keys that have it.
func documentsNeed(t *testing.T, table string, need setting.Need) {
	var want, said []string
	for _, s := range setting.All() {
		if slices.Contains(s.Needs, need) {
			want = append(want, s.Name)
		}
	}
	text, _, _ := strings.Cut(string(need), ";")
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 || strings.TrimSpace(strings.ReplaceAll(cells[2], "`", "")) != text {
			continue
		}
		for i, part := range strings.Split(cells[1], "`") {
			if i%2 == 1 {
				said = append(said, part)
			}
		}
		if strings.Contains(cells[1], "all of *Worker processes*") {
			for _, s := range setting.OfWorkers() {
				said = append(said, s.Name)
			}
		}
	}
	said = slices.DeleteFunc(said, func(name string) bool { _, ok := setting.Find(name); return !ok }) // a value of one
	slices.Sort(want)
	slices.Sort(said)
	if !slices.Equal(want, said) {
		t.Errorf("keys that need %s are %v, docs/configuration.md has %v", need, want, said)
	}
}

// TestFields holds the fields that settings fill to the table: each is there, its
// comment names the key, and says the default that the table has.
func TestFields(t *testing.T) {
	comments := map[setting.Owner]map[string]string{}
	for of, at := range map[setting.Owner][2]string{
		setting.Server: {"server.go", "Server"}, setting.Engine: {root + "engine/config.go", "Config"},
		setting.Host: {root + "operate/host/config.go", "Config"}, setting.Worker: {root + "operate/isolate/config.go", "Config"},
		setting.Application: {"applications.go", "Application"}, setting.Session: {"session.go", "Session"},
		setting.Mail: {"mail.go", "Mail"},
	} {
		comments[of] = fieldComments(t, at[0], at[1])
	}
	for _, s := range setting.All() {
		own, ok := comments[s.Of][s.Field]
		switch {
		case !ok:
			t.Errorf("%s: there is no field %s", s.Name, s.Field)
		case s.Of != setting.Host && !strings.Contains(own, s.Name) && !strings.Contains(own, strings.TrimPrefix(s.Name, "session.")):
			t.Errorf("%s: the comment of %s doesn't name it: %s", s.Name, s.Field, own)
		case !strings.Contains(strings.Join(strings.Fields(own), " "), defaultInComment(s)):
			t.Errorf("%s: the comment of %s doesn't say %q: %s", s.Name, s.Field, defaultInComment(s), own)
		}
		if _, ok := comments[setting.Engine][s.Engine]; s.Engine != "" && !ok {
			t.Errorf("%s: engine.Config has no %s", s.Name, s.Engine)
		}
	}
}

// defaultInComment is what a comment says of a default that is a number or a
// time; "" where it has its own words.
func defaultInComment(s setting.Setting) string {
	switch d := s.Default.(type) {
	case int:
		return fmt.Sprint("Default ", d)
	case time.Duration:
		return "Default " + formatDuration(d)
	}
	return ""
}

// fieldComments are the comments of a struct's fields; fields that share one have
// the same.
func fieldComments(t *testing.T, file, name string) map[string]string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != name {
			return true
		}
		last := ""
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			last = cmp.Or(f.Doc.Text(), last)
			for _, id := range f.Names {
				found[id.Name] = last
			}
		}
		return false
	})
	return found
}

// Every field that could be a setting's is one, or one that only the command
// fills in.
func TestEveryFieldIsInTheTable(t *testing.T) {
	others := map[setting.Owner][]string{
		setting.Host:   {"Path", "Start", "Isolation", "Isolations", "Root", "ErrorFolder", "Program", "Check", "Pass", "Logger"},
		setting.Worker: {"Engine", "Backend", "State", "Args", "TempDir"},
	}
	for of, fields := range map[setting.Owner]reflect.Type{
		setting.Server: reflect.TypeFor[Server](), setting.Session: reflect.TypeFor[Session](), setting.Mail: reflect.TypeFor[Mail](),
		setting.Host: reflect.TypeOf(Application{}.Hosting), setting.Worker: reflect.TypeOf(Application{}.Worker),
	} {
		known := map[string]bool{}
		for _, s := range setting.In(of) {
			known[s.Field] = true
		}
		for _, other := range others[of] {
			known[other] = true
		}
		for i := range fields.NumField() {
			delete(known, fields.Field(i).Name)
			if name := fields.Field(i).Name; !slices.Contains(others[of], name) && !slices.ContainsFunc(setting.In(of), func(s setting.Setting) bool { return s.Field == name }) {
				t.Errorf("%v: no setting fills %s", fields, name)
			}
		}
		for name := range maps.Keys(known) {
			t.Errorf("%v: there is no %s", fields, name)
		}
	}
}
