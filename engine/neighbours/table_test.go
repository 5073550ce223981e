//go:build unix

package neighbours

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// document has the configurations and the tables.
const document = "../../docs/deploying.md"

// A table is one of the document: what was seen, by row and column.
type table struct {
	name    string
	columns []string // the first is that of the rows' names
	rows    []string
	cells   map[[2]string]string // by row and column
}

func marks(name string) (begin, end string) {
	return "<!-- neighbours: " + name + " -->\n", "<!-- /neighbours -->"
}

// readTable reads what the document has.
func readTable(t *testing.T, name string) *table {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := marks(name)
	_, text2, ok := strings.Cut(string(text), begin)
	body, _, closed := strings.Cut(text2, end)
	if !ok || !closed {
		t.Fatalf("%s has no table %q", document, name)
	}
	tb := &table{name: name, cells: map[[2]string]string{}}
	for i, line := range slices.Collect(strings.Lines(strings.TrimSpace(body))) {
		fields := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		switch {
		case i == 0:
			tb.columns = fields
		case i > 1:
			for n, field := range fields[1:] {
				tb.cells[[2]string{fields[0], tb.columns[n+1]}] = field
			}
		}
	}
	return tb
}

// writeTable puts a table into the document. What nobody looked at stays.
func (tb *table) write(t *testing.T) {
	t.Helper()
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(tb.columns)
	b.WriteString("|" + strings.Repeat("---|", len(tb.columns)) + "\n")
	for _, row := range tb.rows {
		cells := []string{row}
		for _, column := range tb.columns[1:] {
			cells = append(cells, tb.cells[[2]string{row, column}])
		}
		line(cells)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := marks(tb.name)
	before, rest, _ := strings.Cut(string(text), begin)
	_, after, _ := strings.Cut(rest, end)
	if err := os.WriteFile(document, []byte(before+begin+b.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// saw compares what was seen with what the document has, or notes it.
func (tb *table) saw(t *testing.T, row, column, seen string) {
	t.Helper()
	cell := [2]string{row, column}
	was := tb.cells[cell]
	if slices.Contains(strings.Split(was, ", or "), seen) {
		return // "413, or no answer" is by chance the one or the other
	}
	if !*update {
		t.Errorf("%s, %s: %s; %s has: %s (go test ./engine/neighbours -update)", column, row, seen, document, was)
	}
	tb.cells[cell] = seen
}
