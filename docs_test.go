package naja_test

import (
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/engine"
)

// documents reads every document of the project, by slash path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() && name != "." && (base == "testdata" || base == "node_modules" || base[0] == '.') {
			return filepath.SkipDir
		}
		if entry.IsDir() || path.Ext(base) != ".md" {
			return nil
		}
		text, err := os.ReadFile(name)
		all[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var (
	fence    = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	codeSpan = regexp.MustCompile("``.+?``|`[^`]+`")
	link     = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#+ +(.+)$`)
)

// blocks are the fenced blocks of a document that say they are of a language.
func blocks(text, language string) (list []string) {
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		if m[1] == language {
			list = append(list, m[2])
		}
	}
	return list
}

// prose is a document without what is code.
func prose(text string) string {
	return codeSpan.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
}

// anchors are the names that links within a document can lead to.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		var b strings.Builder
		for _, r := range strings.ToLower(m[1]) {
			switch {
			case r == ' ':
				b.WriteByte('-')
			case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f:
				b.WriteRune(r)
			}
		}
		found[b.String()] = true
	}
	return found
}

// TestLinks fails on a link of a document that leads to nothing.
func TestLinks(t *testing.T) {
	docs := documents(t)
	for name, text := range docs {
		for _, m := range link.FindAllStringSubmatch(prose(text), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if u, err := url.Parse(target); err != nil || u.Scheme != "" {
				continue
			}
			to := name
			if target != "" {
				to = path.Join(path.Dir(name), target)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: %s leads to nothing", name, m[1])
			} else if anchor != "" && !anchors(docs[to])[anchor] {
				t.Errorf("%s: %s leads to no heading", name, m[1])
			}
		}
	}
}

// built is how the tests were built: what is made the same way isn't compiled
// a second time.
func built() (flags []string) {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			flags = append(flags, "-race")
		}
	}
	return flags
}

// buildNaja makes the command for a test.
func buildNaja(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "naja")
	args := slices.Concat([]string{"build"}, built(), []string{"-o", program, "./cmd/naja"})
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return program
}

// naja runs the command and gives what it wrote.
func naja(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0") // the race detector waits for a second at the end
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("naja %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// rows reads the tables of a document whose first two headings are these: the
// first two cells of each row.
func rows(text, first, second string) (list [][2]string) {
	inside := false
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		switch {
		case strings.HasPrefix(line, "|---"):
		case !strings.HasPrefix(line, "|") || len(cells) < 2:
			inside = false
		case strings.Trim(cells[0], "| ") == first && strings.Trim(cells[1], "| ") == second:
			inside = true
		case inside:
			list = append(list, [2]string{cell(cells[0]), cell(cells[1])})
		}
	}
	return list
}

// cell is a table's cell without the marks around it.
func cell(s string) string {
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimSuffix(s, "|"), "|"))
	if inner, ok := strings.CutPrefix(s, "`` "); ok {
		return strings.TrimSuffix(inner, " ``")
	}
	if strings.Count(s, "`") == 2 {
		return strings.Trim(s, "`")
	}
	return s
}

// TestConfiguration compares documents with what the command says of its
// settings.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	program := buildNaja(t)
	t.Run("document", func(t *testing.T) { configurationDocument(t, program) })
	t.Run("examples", func(t *testing.T) { configurationExamples(t, program) })
}

// configurationDocument fails when docs/configuration.md and the command
// don't know the same keys with the same defaults.
func configurationDocument(t *testing.T, program string) {
	text, err := os.ReadFile("docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, row := range rows(string(text), "key", "default") {
		documented[row[0]] = row[1]
	}
	for line := range strings.Lines(naja(t, program, "config")) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			continue
		}
		said, ok := documented[key]
		delete(documented, key)
		if !ok {
			t.Errorf("docs/configuration.md lacks %s", key)
		} else if said != value && !slices.Contains([]string{"processor_thread_max", "upload_max_request_entity", "static_extensions", "path", "root"}, key) {
			t.Errorf("docs/configuration.md says %s = %s, the command %s", key, said, value)
		}
	}
	for key := range documented {
		t.Errorf("docs/configuration.md has %s, which is no key", key)
	}
}

// configurationExamples reads every TOML file of the documents as the command
// would. Folders that they name are made for it.
func configurationExamples(t *testing.T, program string) {
	root := regexp.MustCompile(`(?m)^root *= *"([^"]+)"`)
	for name, text := range documents(t) {
		for i, block := range blocks(text, "toml") {
			dir := t.TempDir()
			for _, m := range root.FindAllStringSubmatch(block, -1) {
				if err := os.MkdirAll(filepath.Join(dir, m[1]), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join(dir, "naja.toml")
			if err := os.WriteFile(file, []byte(block), 0o644); err != nil {
				t.Fatal(err)
			}
			t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) { naja(t, program, "config", "--config", file) })
		}
	}
}

// TestPageExamples compiles every page of the documents.
func TestPageExamples(t *testing.T) {
	for name, text := range documents(t) {
		for _, block := range blocks(text, "asp") {
			file := "page.asp"
			if strings.Contains(block, "_On") {
				file = "global.asa"
			}
			findings, err := engine.Check(engine.Config{FS: fstest.MapFS{
				file: {Data: []byte(block)}, "lib/dates.js": {}, "inc/top.inc": {}, "inc/bottom.inc": {},
			}})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if !f.Warning {
					t.Errorf("%s: %s in the page\n%s", name, f.Message, block)
				}
			}
		}
	}
}

// TestGoExamples compiles the complete Go programs of the documents.
func TestGoExamples(t *testing.T) {
	t.Parallel()
	for name, text := range documents(t) {
		for i, block := range blocks(text, "go") {
			if !strings.HasPrefix(block, "package main") {
				continue
			}
			t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "main.go")
				if err := os.WriteFile(file, []byte(block), 0o644); err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command("go", slices.Concat([]string{"vet"}, built(), []string{file})...).CombinedOutput(); err != nil {
					t.Errorf("%v\n%s\n%s", err, out, block)
				}
			})
		}
	}
}

// expressionPage evaluates one expression and shows what it gives, in the
// form of docs/dialect.md.
const expressionPage = `<%
try {
  var v = (EXPRESSION);
  Response.Write(typeof v == "string" ? JSON.stringify(v) : "" + String(v));
} catch (e) {
  var code = /ASP \d{4}/.exec(e.description);
  Response.Write("throws " + (code ? code[0] : e.number & 0xFFFF));
}
%>`

// TestDialectDocument evaluates the tables of docs/dialect.md that say what
// an expression gives.
func TestDialectDocument(t *testing.T) {
	text, err := os.ReadFile("docs/dialect.md")
	if err != nil {
		t.Fatal(err)
	}
	site := fstest.MapFS{}
	table := rows(string(text), "expression", "gives")
	for i, row := range table {
		page := strings.Replace(expressionPage, "EXPRESSION", row[0], 1)
		site[fmt.Sprintf("%d.asp", i)] = &fstest.MapFile{Data: []byte(page)}
	}
	e, err := engine.New(engine.Config{FS: site, ScriptErrorSentToBrowser: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Shutdown(t.Context())
	if len(table) < 100 {
		t.Errorf("only %d rows were found", len(table))
	}
	for i, row := range table {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/%d.asp?a=1&t=x&t=y", i), nil)
		r.Header.Set("Cookie", "old=%D6%D0")
		e.ServeHTTP(w, r)
		got, _ := io.ReadAll(w.Body)
		if string(got) != row[1] {
			t.Errorf("%s gives %s, docs/dialect.md says %s", row[0], got, row[1])
		}
	}
}

// TestHouseDocuments fails when ARCHITECTURE.md lacks a folder of the lattice,
// or RATIONALE.md a module that go.mod requires directly.
func TestHouseDocuments(t *testing.T) {
	docs := documents(t)
	_, order := rules(t, lattice)
	for _, folder := range order {
		whole, _, _ := strings.Cut(folder, "/internal/") // its user may speak for it
		if !strings.Contains(docs["ARCHITECTURE.md"], "`"+folder+"`") && !strings.Contains(docs["ARCHITECTURE.md"], "`"+whole+"`") {
			t.Errorf("ARCHITECTURE.md doesn't say what `%s` is for", folder)
		}
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && strings.HasPrefix(line, "\t") && !strings.Contains(docs["RATIONALE.md"], "`"+fields[0]+"`") {
			t.Errorf("RATIONALE.md doesn't say why there is `%s`", fields[0])
		}
	}
}
