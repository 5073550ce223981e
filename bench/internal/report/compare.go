package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/najahost/naja/bench/internal/figures"
)

// Comparison writes what changed from run a to run b.
func Comparison(w io.Writer, a, b *figures.Run) error {
	changes, onlyA, onlyB := figures.Compare(a, b)
	var text strings.Builder
	fmt.Fprintf(&text, "A: %s\nB: %s\n\n", about(a), about(b))
	if len(changes) > 0 {
		t := changeTable(changes)
		t.write(&text)
		text.WriteByte('\n')
	}
	if slow := figures.CompareSlow(a, b); len(slow) > 0 {
		t := slowChangeTable(slow)
		t.write(&text)
		text.WriteByte('\n')
	}
	fmt.Fprintln(&text, summary(changes, onlyA, onlyB))
	_, err := io.WriteString(w, text.String())
	return err
}

func changeTable(changes []figures.Change) table {
	t := table{
		Title: "Ratios to the plain handler, A → B",
		Note:  "change: of the ratio of requests a second; faster and slower are said where no round of one run is among the rounds of the other",
		Head:  []string{"page", "HTTP", "requests/s", "change", "", "last byte", "p99", "CPU"},
	}
	for _, c := range changes {
		arrow := func(metric string) string {
			return ratio(c.A.Ratios.Get(metric)) + " → " + ratio(c.B.Ratios.Get(metric))
		}
		t.Rows = append(t.Rows, []string{
			name(c.Case), c.Case.Line(), arrow(figures.MetricRate), percent(c.Ratio), string(c.Kind),
			arrow(figures.MetricLastP50), arrow(figures.MetricLastP99), arrow(figures.MetricCPU),
		})
	}
	return t
}

func slowChangeTable(changes []figures.SlowChange) table {
	t := table{
		Title: "Readers on slow lines, naja, A → B",
		Note:  noteSlow,
		Head:  []string{"readers", "apartments", "held per page", "bystander's longest"},
	}
	for _, c := range changes {
		t.Rows = append(t.Rows, []string{
			c.A.String(), fmt.Sprint(c.A.Apartments),
			value(c.A.Naja.HeldPerPage, figures.InSeconds) + " → " + value(c.B.Naja.HeldPerPage, figures.InSeconds),
			value(c.A.Naja.Longest, figures.Milliseconds) + " → " + value(c.B.Naja.Longest, figures.Milliseconds),
		})
	}
	return t
}

// percent writes how much more or less a ratio is than 1.
func percent(r figures.Ratio) string {
	if !r.Known() {
		return "–"
	}
	return fmt.Sprintf("%+.0f %%", (float64(r)-1)*100)
}

func summary(changes []figures.Change, onlyA, onlyB int) string {
	counts := map[figures.Verdict]int{}
	for _, c := range changes {
		counts[c.Kind]++
	}
	text := fmt.Sprintf("%d cases: %d faster, %d slower, %d alike", len(changes), counts[figures.Faster], counts[figures.Slower], counts[figures.Same])
	if onlyA+onlyB > 0 {
		text += fmt.Sprintf("; %d are in A alone, %d in B alone", onlyA, onlyB)
	}
	return text
}
