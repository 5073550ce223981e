package engine

import (
	"errors"
	"time"

	"github.com/najahost/naja/asp"
)

// report logs an error of an event and tells whoever wants to know.
func (e *Engine) report(page string, err error) { e.reportOf(asked{}, page, err) }

// report is the same for the page that was asked for, or one in its place.
func (x *exchange) report(page string, err error) {
	x.e.reportOf(asked{x.r.Method, x.r.URL.Path}, page, err)
}

func (e *Engine) reportOf(a asked, page string, err error) {
	if isGone(err) {
		return // nobody's failure
	}
	e.counts.fail()
	e.errors.addOf(a, page, err, time.Now())
	e.cfg.Logger.Error("page failed", errorAttrs(page, err)...)
	if e.cfg.OnError != nil {
		if ae, ok := errors.AsType[*asp.Error](err); ok {
			e.cfg.OnError(ae)
		}
	}
}

// brokenPage logs that a page doesn't compile.
func (e *Engine) brokenPage(name string, err error) {
	e.cfg.Logger.Error("page does not compile", errorAttrs(name, err)...)
}
