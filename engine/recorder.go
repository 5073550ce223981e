package engine

import (
	"context"

	"github.com/najahost/naja/engine/internal/apartment"
)

// A Recorder is told which page or event runs in which apartment, so that
// somebody outside of the process knows what ran when it died. Its methods are
// called by many goroutines at once, for one apartment by one at a time, and
// must be quick.
type Recorder interface {
	// Begin is called before a page runs, for a request with ctx to the path
	// url, and before an event, whose url is empty and whose page is global.asa
	// with the event's name. Apartments count from 1. When it returns false a
	// page doesn't run, and its client gets 503; an event runs anyway.
	Begin(ctx context.Context, apartment int, page, url string) bool
	// End is called when what the apartment began has ended. It isn't for a
	// script that doesn't stop: it may yet do harm.
	End(apartment int)
}

// record says that the page is about to run.
func (x *exchange) record() bool {
	recorder := x.e.cfg.Recorder
	if recorder == nil || recorder.Begin(x.r.Context(), x.home.ID, x.prog.Name(), x.r.URL.Path) {
		return true
	}
	return x.refuse(tooBusy)
}

// recorded says that the page has ended.
func (x *exchange) recorded() {
	if recorder := x.e.cfg.Recorder; recorder != nil && !x.orphan {
		recorder.End(x.home.ID)
	}
}

// recordEvent says that an event begins; whoever calls it calls what it
// returns when the event has ended.
func (e *Engine) recordEvent(ctx context.Context, a *apartment.Apartment, name string) (ended func()) {
	recorder := e.cfg.Recorder
	if recorder == nil {
		return func() {}
	}
	recorder.Begin(ctx, a.ID, globalFile+" "+name, "")
	return func() { recorder.End(a.ID) }
}
