package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/bench/internal/figures"
)

// Text writes the tables of a run.
func Text(w io.Writer, run *figures.Run) error {
	var b strings.Builder
	for _, t := range tables(run) {
		t.write(&b)
		b.WriteByte('\n')
	}
	fmt.Fprintln(&b, about(run))
	_, err := io.WriteString(w, b.String())
	return err
}

// about is where and for how long a run took place.
func about(run *figures.Run) string {
	m := run.Machine
	text := fmt.Sprintf("%s on %s/%s, %d CPUs; %s, %.0f s", m.Go, m.OS, m.Arch, m.CPUs, run.Started.UTC().Format("2006-01-02 15:04 MST"), float64(run.Took))
	if m.LoadBefore != "" {
		text += fmt.Sprintf("; load average %s before, %s after", m.LoadBefore, m.LoadAfter)
	}
	return text
}

// write writes the table with its columns aligned: words to the left, figures
// to the right.
func (t *table) write(b *strings.Builder) {
	rows := append([][]string{t.Head}, t.Rows...)
	widths := make([]int, len(t.Head))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	fmt.Fprintf(b, "%s\n", t.Title)
	for _, row := range rows {
		for i, text := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			switch {
			case i < 2:
				b.WriteString("  " + text + space)
			default:
				b.WriteString("  " + space + text)
			}
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "  (%s)\n", t.Note)
}
