package dialect

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the results of testdata/corpus anew; read the difference before committing it")

// chunk is one case of a file in testdata:
//
//	=== title
//	source
//	--- (what to expect; without this line, the source itself)
//	result
//
// Lines before the first title are remarks. A title that ends in "(broken)"
// says that the parser won't take the result. The expectation
// "--- refused: words" is an error with these words at the mark ¦.
type chunk struct {
	title, source, want, refused string
	broken                       bool
}

func readChunks(t testing.TB, file string) (remarks string, list []chunk) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split("\n"+string(data), "\n=== ")
	for _, part := range parts[1:] {
		title, body, _ := strings.Cut(part, "\n")
		c := chunk{title: title, broken: strings.HasSuffix(title, "(broken)")}
		c.source, c.want, _ = strings.Cut(body, "\n---")
		refused, isRefused := strings.CutPrefix(c.want, " refused: ")
		switch {
		case isRefused:
			c.refused = strings.TrimSpace(refused)
		case strings.Contains(body, "\n---"):
			c.want = strings.TrimPrefix(c.want, "\n")
			c.want = strings.TrimSuffix(c.want, "\n")
		default:
			c.source = strings.TrimSuffix(c.source, "\n")
			c.want = c.source
		}
		list = append(list, c)
	}
	return strings.TrimPrefix(parts[0], "\n"), list
}

func chunkFiles(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/" + dir + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return files
}

func TestCases(t *testing.T) {
	for _, file := range chunkFiles(t, "cases") {
		_, list := readChunks(t, file)
		for _, c := range list {
			t.Run(filepath.Base(file)+"/"+c.title, func(t *testing.T) { c.check(t) })
		}
	}
}

func (c chunk) check(t *testing.T) {
	if c.refused != "" {
		c.checkRefused(t)
		return
	}
	r := rewrite(t, c.source)
	if r.Text != c.want {
		t.Errorf("source:\n%s\ngot:\n%s\nwant:\n%s", c.source, r.Text, c.want)
	}
	checkInvariants(t, c.source, r)
	err := parse(r.Text)
	if c.broken {
		if err == nil {
			t.Error("the parser takes it")
		}
		return
	}
	if err != nil {
		t.Errorf("%s\nparser: %v", r.Text, err)
	}
	checkTokens(t, c.source, r)
}

func (c chunk) checkRefused(t *testing.T) {
	before, after, _ := strings.Cut(c.source, "¦")
	_, err := Rewrite(before+after, testNames)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an Error", err)
	}
	if e.Offset != len(before) || !strings.Contains(e.Message, c.refused) {
		t.Errorf("got %q at %d, want %q at %d", e.Message, e.Offset, c.refused, len(before))
	}
	if !strings.Contains(e.Error(), e.Message) {
		t.Errorf("Error() is %q", e.Error())
	}
}

// TestCorpus compares scripts in the style of real pages with results that
// were read by a human.
func TestCorpus(t *testing.T) {
	total := 0
	for _, file := range chunkFiles(t, "corpus") {
		remarks, list := readChunks(t, file)
		total += len(list)
		if *update {
			writeCorpus(t, file, remarks, list)
			continue
		}
		for _, c := range list {
			t.Run(filepath.Base(file)+"/"+c.title, func(t *testing.T) { c.check(t) })
		}
	}
	if total < 60 {
		t.Errorf("the corpus has %d scripts", total)
	}
}

func writeCorpus(t *testing.T, file, remarks string, list []chunk) {
	var b strings.Builder
	b.WriteString(remarks)
	for _, c := range list {
		b.WriteString("\n=== " + c.title + "\n" + c.source + "\n")
		if r := rewrite(t, c.source); r.Text != c.source {
			b.WriteString("---\n" + r.Text + "\n")
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}
