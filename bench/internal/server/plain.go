package server

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// plain serves the same bytes as naja, header and chunks included, as a Go
// program does that has them ready: what comes after the last flush is one
// Write, and without a flush it has its Content-Length.
type plain struct {
	pages   map[string]plainPage // by path
	running atomic.Int64         // handlers
}

type plainPage struct {
	flushed [][]byte // each with a flush after it
	rest    []byte
	length  []string // Content-Length, nil if it flushes
	wait    time.Duration
	waits   int // for the parts of rest
}

func newPlain(pages []Page) *plain {
	p := &plain{pages: make(map[string]plainPage, len(pages))}
	for _, page := range pages {
		of := plainPage{
			flushed: page.Pieces[:page.Flushes],
			rest:    slices.Concat(page.Pieces[page.Flushes:]...),
			wait:    page.Wait,
			waits:   len(page.Pieces) - page.Flushes,
		}
		if page.Flushes == 0 {
			of.length = []string{strconv.Itoa(page.Size())}
		}
		p.pages[PlainPrefix+page.Path] = of
	}
	return p
}

func (p *plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.running.Add(1)
	defer p.running.Add(-1)
	page, ok := p.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h["Content-Type"] = []string{"text/html; charset=utf-8"}
	h["Cache-Control"] = []string{"private"}
	h["Accept-Ranges"] = []string{"none"}
	if page.length != nil {
		h["Content-Length"] = page.length
	}
	control := http.NewResponseController(w)
	for _, piece := range page.flushed {
		page.sleep(1)
		if _, err := w.Write(piece); err != nil {
			return
		}
		if err := control.Flush(); err != nil {
			return
		}
	}
	page.sleep(page.waits)
	_, _ = w.Write(page.rest) // nobody is left to tell
}

// sleep is for parts that take time.
func (p *plainPage) sleep(parts int) {
	if p.wait > 0 {
		time.Sleep(time.Duration(parts) * p.wait)
	}
}
