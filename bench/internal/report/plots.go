package report

import (
	"fmt"
	"slices"

	"github.com/najahost/naja/bench/internal/figures"
)

// plots draws what a run has figures for.
func plots(run *figures.Run) []plot {
	d := newDigest(run)
	all := []plot{d.price(), d.held(), d.bystander(), d.waiting(), d.lines(), d.visitors(), d.cpu(), d.ratios(), d.pages()}
	return slices.DeleteFunc(all, func(p plot) bool { return len(p.groups) == 0 || len(p.series) == 0 })
}

// A digest finds cells of a run.
type digest struct {
	run            *figures.Run
	matrix         map[figures.Case]figures.Cell // by case, without a name
	sizes, flushes []int
	crowds         []int
	usual          figures.Case // the line of a plot about something else
	size           int          // the size of a plot about something else
}

func newDigest(run *figures.Run) *digest {
	d := &digest{run: run, matrix: map[figures.Case]figures.Cell{}}
	for _, cell := range run.Cells {
		if cell.Group != figures.Matrix {
			continue
		}
		c := cell.Case
		c.Name = ""
		d.matrix[c] = cell
		d.sizes, d.flushes, d.crowds = with(d.sizes, c.Size), with(d.flushes, c.Flushes), with(d.crowds, c.Concurrency)
		if d.usual.HTTP == "" {
			d.usual = c
		}
	}
	if len(d.crowds) > 0 {
		d.usual.Concurrency = d.crowds[len(d.crowds)/2]
		d.size = d.sizes[(len(d.sizes)-1)/2]
	}
	return d
}

// with is a sorted list with n in it.
func with(list []int, n int) []int {
	if i, found := slices.BinarySearch(list, n); !found {
		return slices.Insert(list, i, n)
	}
	return list
}

// at is a cell of the matrix on the usual line.
func (d *digest) at(size, flushes int) (figures.Cell, bool) {
	c := d.usual
	c.Size, c.Flushes = size, flushes
	cell, ok := d.matrix[c]
	return cell, ok
}

// bySize has the sizes as groups and the flushes as series; a series that
// lacks a value is left out.
func (d *digest) bySize(p plot, value func(figures.Cell) (float64, bool)) plot {
	for _, size := range d.sizes {
		p.groups = append(p.groups, figures.Size(size))
	}
	for _, flushes := range d.flushes {
		s := series{name: figures.Flushes(flushes)}
		for _, size := range d.sizes {
			if cell, ok := d.at(size, flushes); ok {
				if v, ok := value(cell); ok {
					s.values = append(s.values, v)
				}
			}
		}
		if len(s.values) == len(d.sizes) {
			p.series = append(p.series, s)
		}
	}
	return p
}

func (d *digest) price() plot {
	p := plot{
		Title:   "The price of flushing",
		Caption: "Requests a second of the same page with flushes, as a share of those when it is buffered (" + d.line() + "). Each flush is a chunk and a system call of its own, here and at the client.",
		unit:    "share of buffered",
	}
	return d.bySize(p, func(c figures.Cell) (float64, bool) {
		buffered, ok := d.at(c.Size, 0)
		return c.Naja.Rate / buffered.Naja.Rate, ok && buffered.Naja.Rate > 0
	})
}

func (d *digest) ratios() plot {
	p := plot{
		Title:   "Beside a plain handler",
		Caption: "Requests a second, as a share of those of a plain Go handler that writes and flushes the same bytes (" + d.line() + "). 1 is as many.",
		unit:    "share of plain",
	}
	return d.bySize(p, func(c figures.Cell) (float64, bool) {
		r := c.Ratios.Get(figures.MetricRate)
		return float64(r), r.Known()
	})
}

// line says in words how the usual cases are asked for.
func (d *digest) line() string {
	kept := "connections closed"
	if d.usual.KeepAlive {
		kept = "connections kept"
	}
	return fmt.Sprintf("HTTP/%s, %s, %d visitors", d.usual.HTTP, kept, d.usual.Concurrency)
}

func (d *digest) cpu() plot {
	p := plot{
		Title:   "Processor time of the server",
		Caption: fmt.Sprintf("For one request of a page of %s (%s).", figures.Size(d.size), d.line()),
		series:  []series{{name: "naja"}, {name: "plain handler"}},
		unit:    "µs",
	}
	for _, flushes := range d.flushes {
		if c, ok := d.at(d.size, flushes); ok && c.Naja.CPU >= 0 {
			p.groups = append(p.groups, figures.Flushes(flushes))
			p.series[0].values = append(p.series[0].values, c.Naja.CPU)
			p.series[1].values = append(p.series[1].values, c.Plain.CPU)
		}
	}
	return p
}

// lines are the four ways to ask, buffered against flushed.
func (d *digest) lines() plot {
	p := plot{
		Title:   "What keeping the connection is worth",
		Caption: fmt.Sprintf("Requests a second of a page of %s, %d visitors. A flushed page has no known length: HTTP/1.0 can only close its connection, whatever the client asked for.", figures.Size(d.size), d.usual.Concurrency),
		unit:    "requests/s",
	}
	for _, flushes := range d.flushes[:min(len(d.flushes), 3)] {
		s := series{name: figures.Flushes(flushes)}
		var groups []string
		for _, http := range []string{"1.1", "1.0"} {
			for _, keep := range []bool{true, false} {
				c := d.usual
				c.Size, c.Flushes, c.HTTP, c.KeepAlive = d.size, flushes, http, keep
				if cell, ok := d.matrix[c]; ok {
					groups = append(groups, "HTTP/"+http+map[bool]string{true: ", kept", false: ", closed"}[keep])
					s.values = append(s.values, cell.Naja.Rate)
				}
			}
		}
		if len(groups) > 1 && (p.groups == nil || slices.Equal(groups, p.groups)) {
			p.groups, p.series = groups, append(p.series, s)
		}
	}
	return p
}

// visitors is drawn when there were crowds of several sizes.
func (d *digest) visitors() plot {
	p := plot{
		Title:   "More visitors at once",
		Caption: fmt.Sprintf("Requests a second of a page of %s, HTTP/%s.", figures.Size(d.size), d.usual.HTTP),
		unit:    "requests/s",
	}
	if len(d.crowds) < 2 {
		return p
	}
	for _, n := range d.crowds {
		p.groups = append(p.groups, fmt.Sprintf("%d", n))
	}
	for _, flushes := range d.flushes {
		s := series{name: figures.Flushes(flushes)}
		for _, n := range d.crowds {
			c := d.usual
			c.Size, c.Flushes, c.Concurrency = d.size, flushes, n
			if cell, ok := d.matrix[c]; ok {
				s.values = append(s.values, cell.Naja.Rate)
			}
		}
		if len(s.values) == len(p.groups) {
			p.series = append(p.series, s)
		}
	}
	return p
}

func (d *digest) waiting() plot {
	p := plot{
		Title:   "When to flush: a page whose parts take time",
		Caption: "How long a visitor waits for the first and for the last byte of a page of ten parts, each of which takes 20 ms, as if a database were asked. The last byte comes no sooner, but the visitor sees something.",
		series:  []series{{name: "first byte"}, {name: "last byte"}},
		unit:    "ms, median",
	}
	for _, c := range d.run.Cells {
		if c.Group == figures.Waiting {
			p.groups = append(p.groups, figures.Flushes(c.Flushes))
			p.series[0].values = append(p.series[0].values, c.Naja.FirstByte.P50)
			p.series[1].values = append(p.series[1].values, c.Naja.LastByte.P50)
		}
	}
	return p
}

// slow has the cases of slow readers as groups.
func (d *digest) slow(p plot, plainName string, value func(figures.SlowFigures) float64) plot {
	p.series = []series{{name: "naja"}, {name: plainName}}
	for _, s := range d.run.Slow {
		p.groups = append(p.groups, figures.Flushes(s.Flushes))
		p.series[0].values = append(p.series[0].values, value(s.Naja))
		p.series[1].values = append(p.series[1].values, value(s.Plain))
	}
	return p
}

func (d *digest) held() plot {
	return d.slow(plot{
		Title:   "When to buffer: readers on slow lines",
		Caption: "How long each page holds its apartment (a plain handler: how long it runs), while " + d.slowly() + ". A buffered page hands its bytes over and leaves; a flushing one waits for its reader.",
		unit:    "seconds a page",
	}, "plain handler", func(f figures.SlowFigures) float64 { return f.HeldPerPage })
}

func (d *digest) bystander() plot {
	return d.slow(plot{
		Title:   "What a bystander feels of it",
		Caption: "The longest wait of a visitor with a fast line for a small page of the same site, while " + d.slowly() + ": as many readers as apartments.",
		unit:    "ms",
	}, "plain handler", func(f figures.SlowFigures) float64 { return f.Longest })
}

func (d *digest) slowly() string {
	if len(d.run.Slow) == 0 {
		return ""
	}
	s := d.run.Slow[0]
	return fmt.Sprintf("%d visitors read %s at %s a second", s.Readers, figures.Size(s.Size), figures.Size(s.LineRate))
}

func (d *digest) pages() plot {
	p := plot{
		Title:   "Pages that do what pages do",
		Caption: "Requests a second, as a share of those of a plain Go handler that has the same bytes ready. The pages compute them: hello one expression, rich much of the library, table a loop of 1,000 rows.",
		series:  []series{{name: "naja"}},
		unit:    "share of plain",
	}
	for _, c := range d.run.Cells {
		if r := c.Ratios.Get(figures.MetricRate); c.Group == figures.Page && r.Known() {
			p.groups = append(p.groups, c.Title())
			p.series[0].values = append(p.series[0].values, float64(r))
		}
	}
	return p
}
