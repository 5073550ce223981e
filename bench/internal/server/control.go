package server

import "time"

// A Site says which pages the server has besides the ordinary ones. It is the
// first line that the parent writes.
type Site struct {
	Sizes   []int `json:"sizes"`   // of the matrix
	Flushes []int `json:"flushes"` // of the matrix
	Waiting []int `json:"waiting"` // flushes of waiting pages
}

// pages lists all pages of the site.
func (s Site) pages() []Page {
	pages := OrdinaryPages()
	for _, size := range s.Sizes {
		for _, flushes := range s.Flushes {
			pages = append(pages, matrixPage(size, flushes))
		}
	}
	for _, flushes := range s.Waiting {
		pages = append(pages, WaitingPage(flushes))
	}
	return pages
}

// ready is the child's answer to its Site.
type ready struct {
	Addr   string `json:"addr"`   // with all the apartments
	Narrow string `json:"narrow"` // with few, and connections with small buffers
	Err    string `json:"err,omitempty"`
}

// NarrowApartments is how many apartments the narrow address has.
const NarrowApartments = 8

// The prefixes of the two ways to serve the same pages.
const (
	NajaPrefix  = "/naja/"
	PlainPrefix = "/plain/"
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
