package engine

import (
	"errors"
	"io/fs"
	"net/http"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/internal/answer"
)

// admit lets the request in, once the application is ready for it.
func (x *exchange) admit() bool {
	err := x.ready()
	if err == nil {
		err = x.enter()
	}
	switch {
	case err == nil:
		x.app = x.e.life.app()
		return true
	case x.r.Context().Err() != nil:
		return x.gone()
	}
	return x.refuse(refusalOf(err))
}

func (x *exchange) leaveGate() { x.e.gate.leave(&x.place) }

// route finds what the URL leads to and answers what isn't a page.
func (x *exchange) route() bool {
	x.where = x.e.routes.Route(x.r.URL)
	if x.where.Kind == site.Static {
		return x.static()
	}
	if c := x.e.live(); !c.takes(x.r.Method) {
		x.log.sent, x.log.status = sentRefused, answer.Method(x.w, x.r, c.allow())
		return false
	}
	switch x.where.Kind {
	case site.Page:
		return true
	case site.Slash:
		x.log.sent, x.log.status = sentRefused, answer.Moved(x.w, x.r, x.where.Location)
		return false
	case site.Bad:
		return x.refuse(badURL)
	}
	return x.missing()
}

// static sends a file.
func (x *exchange) static() bool {
	if x.document() {
		return false
	}
	s := x.e.wires.NewSender(x.w, x.r)
	if err := x.e.statics.Send(s, x.r, x.where.Name); err != nil {
		return x.missing()
	}
	x.log.sent, x.log.status, x.log.bytes = sentStatic, s.Status, s.Bytes
	return false
}

// missing answers 404, by the application's page for it where it has one.
func (x *exchange) missing() bool {
	c := x.e.live()
	if c.ErrorPage404 == "" || !c.takes(x.r.Method) {
		return x.refuse(notFound)
	}
	x.where = site.Route{Kind: site.Page, Name: site.PageName(c.ErrorPage404)}
	x.status = "404 Not Found"
	return true
}

// page gets the program, compiled on a miss, if there is memory to run it.
func (x *exchange) page() bool {
	if x.e.memory.over() {
		return x.refuse(tooBusy)
	}
	prog, err := x.program(x.where.Name)
	if err == nil {
		x.prog = prog
		x.mode = x.e.mode(prog)
		return true
	}
	if asp.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist) {
		return x.refuse(notFound)
	}
	return x.unusable(err)
}

// unusable answers for a page that doesn't compile: by what the application has
// for its errors, which runs as a page does, or else at once.
func (x *exchange) unusable(err error) bool {
	x.seen.failed.Store(true)
	own := x.e.live().ErrorPage != "" || x.app.handles("Application_OnError")
	if own && x.status == "" {
		if stub, e := x.e.compiler.Compile(x.where.Name, noText{}); e == nil {
			x.unfit, x.prog, x.mode = err, stub, x.e.mode(stub)
			return true
		}
	}
	x.report(x.where.Name, err)
	if x.status != "" && !x.e.showsErrors() {
		return x.refuse(notFound)
	}
	return x.refuseFailed(err)
}

// noText is what is left of a page that doesn't compile.
type noText struct{}

// ReadFile is [runtime.Files].
func (noText) ReadFile(string) ([]byte, error) { return nil, nil }

// refuseWith answers 500 with a page of its own.
func (x *exchange) refuseWith(html string) bool {
	x.log.sent = sentRefused
	x.log.status = http.StatusInternalServerError
	html = x.tagged(http.StatusInternalServerError, html) // when the page is mended it shows
	x.log.bytes = sendPage(x.w, x.r, http.StatusInternalServerError, html)
	return false
}
