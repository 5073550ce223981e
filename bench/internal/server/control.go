package server

import (
	"slices"
	"time"
)

// A Site says which pages the server has besides the ordinary ones. It is the
// first line that the parent writes.
type Site struct {
	Sizes   []int `json:"sizes"`   // of the matrix
	Flushes []int `json:"flushes"` // of the matrix
	Waiting []int `json:"waiting"` // flushes of waiting pages
	// Isolated: the pages are served by a worker process, too.
	Isolated bool `json:"isolated"`
}

// pages lists all pages of the site.
func (s Site) pages() []Page {
	pages := OrdinaryPages()
	for _, size := range s.Sizes {
		for _, flushes := range s.Flushes {
			pages = append(pages, matrixPage(size, flushes))
		}
	}
	if s.Isolated && !(slices.Contains(s.Sizes, LargeSize) && slices.Contains(s.Flushes, 0)) {
		pages = append(pages, matrixPage(LargeSize, 0))
	}
	for _, flushes := range s.Waiting {
		pages = append(pages, WaitingPage(flushes))
	}
	return pages
}

// LargeSize is the size of the large page that isolation is measured with.
const LargeSize = 100 << 10

// A Worker is what it took to start the worker process, and the memory it used
// then.
type Worker struct {
	Start  time.Duration `json:"start"`
	Memory int64         `json:"memory"` // bytes; 0: unknown
}

// ready is the child's answer to its Site.
type ready struct {
	Addr   string  `json:"addr"`   // with all the apartments
	Narrow string  `json:"narrow"` // with few, and connections with small buffers
	Worker *Worker `json:"worker,omitempty"`
	Err    string  `json:"err,omitempty"`
}

// NarrowApartments is how many apartments the narrow address has.
const NarrowApartments = 8

// The prefixes of the ways to serve the same pages.
const (
	NajaPrefix     = "/naja/"
	PlainPrefix    = "/plain/"
	IsolatedPrefix = "/isolated/" // naja in a worker process
)

// order is what the parent asks for after that. Begin collects the garbage of
// earlier measurements and starts to count; end answers with the [Usage] since.
type order struct {
	Do string `json:"do"`
}

const (
	doBegin = "begin"
	doEnd   = "end"
)

// Usage is what the server process used between a begin and an end.
type Usage struct {
	Took       time.Duration `json:"took"`
	CPU        time.Duration `json:"cpu"`        // user and system; negative where the system doesn't tell
	Apartments Gauge         `json:"apartments"` // in use, of both addresses
	Handlers   Gauge         `json:"handlers"`   // plain handlers that run
}

// A Gauge is a number that was looked at again and again.
type Gauge struct {
	Mean float64 `json:"mean"`
	Max  int     `json:"max"`
}
