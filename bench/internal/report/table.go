package report

import (
	"fmt"

	"github.com/najahost/naja/bench/internal/figures"
)

// A table is what is shown, in text and in HTML. The first column is words,
// the others are figures.
type table struct {
	Title string
	Note  string
	Head  []string
	Rows  [][]string
}

// tables are all of a run's: for each group what a visitor feels, and what the
// server and the wire pay for it.
func tables(run *figures.Run) (all []table) {
	for _, group := range []struct {
		group figures.Group
		title string
	}{
		{figures.Page, "Pages that do what pages do"},
		{figures.Waiting, "A page whose parts take time"},
		{figures.Matrix, "Sizes and flushes"},
	} {
		var cells []figures.Cell
		for _, cell := range run.Cells {
			if cell.Group == group.group {
				cells = append(cells, cell)
			}
		}
		if len(cells) > 0 {
			all = append(all,
				cellTable(group.title+": what a visitor feels", noteSpeed, cells, figures.SpeedMetrics()),
				cellTable(group.title+": what it costs", noteCost, cells, figures.CostMetrics()))
		}
	}
	if t := isolatedTable(run); len(t.Rows) > 0 {
		all = append(all, t)
	}
	if len(run.Slow) > 0 {
		all = append(all, slowTable(run.Slow))
	}
	return all
}

const (
	noteSpeed    = "Figures of naja, each with its ratio (×) to those of a plain Go handler that wrote the same bytes. Times: the median, then what 95 % and 99 % of requests stayed within."
	noteCost     = "Chunks and bytes are those of one response, CPU is the server's for one request. Held: apartments in use on average and at most; its ratio is to the plain handlers that ran."
	noteIsolated = "Figures of naja in a worker process, each with its ratio (×) to those of naja in the server's own. CPU is that of both processes for one request."
	noteSlow     = "Held per page: how long a page kept its apartment; its ratio is to how long a plain handler ran. The bystander has a fast line and asks for a small page all the while."
)

func cellTable(title, note string, cells []figures.Cell, metrics []figures.Metric) table {
	t := table{Title: title, Note: note, Head: []string{"page", "HTTP"}}
	for _, m := range metrics {
		t.Head = append(t.Head, m.Title)
	}
	for _, cell := range cells {
		row := []string{name(cell.Case), cell.Line()}
		for _, m := range metrics {
			row = append(row, beside(m.Of(&cell.Naja), m.Unit, cell.Ratios.Get(m.Name)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// isolatedTable is what a worker process costs.
func isolatedTable(run *figures.Run) table {
	var cells []figures.Cell
	for _, cell := range run.Cells {
		if cell.Group == figures.Isolated {
			cells = append(cells, cell)
		}
	}
	metrics := figures.SpeedMetrics()
	for _, m := range figures.CostMetrics() {
		if m.Name == figures.MetricCPU {
			metrics = append(metrics, m)
		}
	}
	note := noteIsolated
	if w := run.Worker; w != nil {
		note += fmt.Sprintf(" A worker is ready after %.0f ms and uses %.0f MB then.", w.Start, w.Memory)
	}
	return cellTable("In a worker process", note, cells, metrics)
}

// name is what a row of the case begins with.
func name(c figures.Case) string {
	if title := c.Title(); title != "" {
		return title + ", " + figures.Flushes(c.Flushes)
	}
	return c.Output()
}

func slowTable(cases []figures.Slow) table {
	t := table{
		Title: "Readers on slow lines", Head: []string{"readers", "apartments"},
		Note: noteSlow,
	}
	for _, m := range figures.SlowMetrics() {
		t.Head = append(t.Head, m.Title)
	}
	for _, s := range cases {
		row := []string{s.String(), fmt.Sprint(s.Apartments)}
		for _, m := range figures.SlowMetrics() {
			row = append(row, beside(m.Of(&s.Naja), m.Unit, s.Ratios.Get(m.Name)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
