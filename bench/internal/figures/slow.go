package figures

import "fmt"

// SlowCase is some readers on slow lines, each of whom reads one page, and a
// bystander with a fast line who asks for a small page again and again.
type SlowCase struct {
	Size       int `json:"size"` // of the page in bytes
	Flushes    int `json:"flushes"`
	Readers    int `json:"readers"`
	Apartments int `json:"apartments"` // that there are
	LineRate   int `json:"line_rate"`  // bytes a second
}

// String says it in words.
func (c SlowCase) String() string {
	return fmt.Sprintf("%d readers of %s at %s/s, %s", c.Readers, Size(c.Size), Size(c.LineRate), Flushes(c.Flushes))
}

// Slow is what was found in a [SlowCase].
type Slow struct {
	SlowCase
	Naja   SlowFigures `json:"naja"`
	Plain  SlowFigures `json:"plain"`
	Ratios Ratios      `json:"ratios"` // by the names of [SlowMetrics]
}

// SlowFigures are what one way to serve the page did.
type SlowFigures struct {
	Failed      int       `json:"failed,omitempty"`
	Failure     string    `json:"failure,omitempty"` // the first
	Reading     Quantiles `json:"reading_ms"`        // to the last byte
	HeldPerPage float64   `json:"held_per_page_s"`   // how long a page held its apartment, a plain handler ran
	HeldMost    int       `json:"held_most"`
	Visits      int       `json:"bystander_visits"` // while there were readers
	Visit       Quantiles `json:"bystander_ms"`
	Longest     float64   `json:"bystander_longest_ms"`
}

// NewSlow computes the ratios.
func NewSlow(c SlowCase, naja, plain SlowFigures) Slow {
	s := Slow{SlowCase: c, Naja: naja, Plain: plain, Ratios: Ratios{}}
	for _, m := range SlowMetrics() {
		s.Ratios[m.Name] = RatioOf(m.Of(&naja), m.Of(&plain))
	}
	return s
}
