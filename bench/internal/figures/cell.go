package figures

import (
	"fmt"
	"slices"
	"strings"
)

// A Group is a kind of cases.
type Group string

// The groups.
const (
	Matrix  Group = "matrix"  // nothing but output, of all sizes and flushes
	Page    Group = "page"    // pages that do what pages do
	Waiting Group = "waiting" // a page whose parts take time
	// Isolated are pages in a worker process. What is Plain in other groups is
	// naja in the server's own process in this one.
	Isolated Group = "isolated"
)

// A Case is what one cell of the benchmark asks for, and how.
type Case struct {
	Group       Group  `json:"group"`
	Name        string `json:"name"` // of the page, below its prefix
	Size        int    `json:"size"` // of the body in bytes
	Flushes     int    `json:"flushes"`
	HTTP        string `json:"http"`       // 1.0 or 1.1
	KeepAlive   bool   `json:"keep_alive"` // asked for by the client
	Concurrency int    `json:"concurrency"`
}

// Output says in words what comes over the wire.
func (c Case) Output() string {
	return Size(c.Size) + ", " + Flushes(c.Flushes)
}

// Line says in words how it is asked for.
func (c Case) Line() string {
	connection := "close"
	if c.KeepAlive {
		connection = "keep"
	}
	return fmt.Sprintf("%s %s ×%d", c.HTTP, connection, c.Concurrency)
}

// Title is the page's name in words, "" in the matrix, where there is nothing
// else to say than [Case.Output].
func (c Case) Title() string {
	if c.Group == Matrix || strings.HasPrefix(c.Name, "matrix/") {
		return ""
	}
	_, name, _ := strings.Cut(strings.TrimSuffix(c.Name, ".asp"), "/")
	if c.Group == Waiting {
		name = "waiting"
	}
	return name
}

// Size is a number of bytes in words.
func Size(n int) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KB", n>>10)
	case n >= 10<<10:
		return fmt.Sprintf("%.0f KB", float64(n)/1024)
	}
	return fmt.Sprintf("%d B", n)
}

// Flushes is a number of flushes in words.
func Flushes(n int) string {
	switch n {
	case 0:
		return "buffered"
	case 1:
		return "1 flush"
	}
	return fmt.Sprintf("%d flushes", n)
}

// A Cell is what was found in one case.
type Cell struct {
	Case
	Naja   Figures `json:"naja"`
	Plain  Figures `json:"plain"`
	Ratios Ratios  `json:"ratios"` // naja to plain, by the names of [Metrics]
	// Rounds are the ratios of the request rates of each round, in which
	// naja and plain followed each other at once. Ratios' is their median.
	Rounds []Ratio `json:"rounds"`
}

// Figures are what one way to serve a page did in one case.
type Figures struct {
	Requests    int       `json:"requests"`
	Failed      int       `json:"failed,omitempty"`
	Failure     string    `json:"failure,omitempty"` // the first
	Rate        float64   `json:"rate"`              // requests a second
	FirstByte   Quantiles `json:"first_byte_ms"`     // from before the request, or the dialing
	LastByte    Quantiles `json:"last_byte_ms"`
	Connections int       `json:"connections"` // opened, before the first round too
	Chunks      float64   `json:"chunks"`      // a response, with the empty one at the end
	Wire        float64   `json:"wire"`        // bytes of a response, header and framing included
	CPU         float64   `json:"cpu_us"`      // processor time of the server for a request; negative: unknown
	Held        float64   `json:"held"`        // apartments in use on average; of a plain handler: handlers that run
	HeldMost    int       `json:"held_most"`
}

// NewCell computes the ratios. The rates are of each round.
func NewCell(c Case, naja, plain Figures, najaRates, plainRates []float64) Cell {
	cell := Cell{Case: c, Naja: naja, Plain: plain, Ratios: Ratios{}}
	for _, m := range Metrics() {
		cell.Ratios[m.Name] = RatioOf(m.Of(&naja), m.Of(&plain))
	}
	for i := range najaRates {
		cell.Rounds = append(cell.Rounds, RatioOf(najaRates[i], plainRates[i]))
	}
	if len(cell.Rounds) > 0 {
		cell.Ratios[MetricRate] = median(cell.Rounds)
	}
	return cell
}

// Spread is the smallest and the greatest ratio of a round.
func (c *Cell) Spread() (least, most Ratio) {
	if len(c.Rounds) == 0 {
		r := c.Ratios.Get(MetricRate)
		return r, r
	}
	return slices.Min(c.Rounds), slices.Max(c.Rounds)
}

func median(ratios []Ratio) Ratio {
	sorted := slices.Sorted(slices.Values(ratios))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
