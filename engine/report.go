package engine

import (
	"errors"
	"time"

	"github.com/najahost/naja/asp"
)

// report logs an error of the page that was asked for and tells whoever wants
// to know.
func (e *Engine) report(page string, err error) {
	if isGone(err) {
		return // nobody's failure
	}
	e.counts.fail()
	e.errors.add(page, err, time.Now())
	e.cfg.Logger.Error("page failed", errorAttrs(page, err)...)
	if e.cfg.OnError != nil {
		if ae, ok := errors.AsType[*asp.Error](err); ok {
			e.cfg.OnError(ae)
		}
	}
}
