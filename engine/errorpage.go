package engine

import (
	"errors"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/runtime"
)

// errorPage puts the error's own page in the place of what a failed page
// wrote, as far as nothing was sent yet. It runs in the failed page's
// apartment; one that fails itself gives way to the built-in one. It returns
// the failure when the answer can't be whole any more, nil when it is.
func (x *exchange) errorPage(host *pageHost, failure error) error {
	if rf := refusalOf(failure); rf.status < 500 && !x.res.HeadersSent() {
		return x.badRequest(rf, failure)
	}
	x.seen.failed.Store(!isGone(failure))
	if isKilled(failure) {
		return x.killedPage(failure)
	}
	x.report(x.prog.Name(), failure)
	if x.res.HeadersSent() || isGone(failure) || isLost(failure) || isStoreFailure(failure) {
		return failure
	}
	switch name := x.e.live().ErrorPage; {
	case x.status != "" && !x.e.showsErrors():
		if x.res.Replace(x.status, notFound.page()) != nil { // in place of the page for missing files
			return failure
		}
		return nil
	case x.errorEvent(host, failure):
		return nil
	case name != "" && x.runErrorPage(host, site.PageName(name), failure):
		return nil
	}
	if x.replaceFailed(failure, x.formNames()...) != nil {
		return failure // the error's page has flushed
	}
	return nil
}

// badRequest answers a request whose body turned out to be too large, or no
// form at all, when the page looked at it and didn't catch the error: that is
// the client's mistake.
func (x *exchange) badRequest(rf refusal, failure error) error {
	x.e.cfg.Logger.Warn("request refused", errorAttrs(x.prog.Name(), failure)...)
	if x.res.Replace(rf.statusLine(), rf.page()) != nil {
		return failure
	}
	return nil
}

// errorEvent runs Application_OnError (ours), which sees the error by
// Server.GetLastError. One that ends the response itself, by Redirect or End,
// has answered; otherwise what it wrote is dropped.
func (x *exchange) errorEvent(host *pageHost, failure error) bool {
	if x.app.prog == nil || !x.app.handles("Application_OnError") || x.res.Reset() != nil {
		return false
	}
	_ = x.res.SetStatus(internalError)
	ended, err := x.afterFailure(host, failure, func(s *runtime.State) error { return s.RunEvent(x.app.prog, "Application_OnError") })
	return err == nil && ended
}

const internalError = "500 Internal Server Error"

// runErrorPage runs the configured error page with what it is about. It
// returns false when that fails too.
func (x *exchange) runErrorPage(host *pageHost, name string, failure error) bool {
	prog, err := x.e.pages.Get(name)
	if err != nil {
		x.report(name, err)
		return false
	}
	if x.res.Reset() != nil {
		return false
	}
	_ = x.res.SetStatus(internalError)
	_, err = x.afterFailure(host, failure, func(s *runtime.State) error { return s.Run(prog) })
	return err == nil
}

// afterFailure runs what deals with a failed page's error, in the page's
// apartment, with a view of Application and a script timeout of its own.
// ended says that the script ended itself.
func (x *exchange) afterFailure(host *pageHost, failure error, run func(*runtime.State) error) (ended bool, err error) {
	env := x.env(host)
	env.LastError = x.e.fromRoot(errorOf(failure))
	view := x.app.state.Begin(ownerOf(x))
	defer view.End(false)
	env.Application = &applicationView{View: view}
	host.deadline.restart()
	state := runtime.New(x.r.Context(), env)
	if !x.scripts.begin(state, view) {
		return false, failure
	}
	if err := run(state); err != nil {
		x.report(x.prog.Name(), err)
		return false, err
	}
	return state.EndedItself(), view.End(true)
}

// fromRoot gives an error's file as the path of its URL, from which
// Server.MapPath finds it wherever the error page lies (IIS: ASPError.File).
func (e *Engine) fromRoot(err *asp.Error) *asp.Error {
	if err.File == "" || err.File[0] == '/' {
		return err
	}
	c := *err
	c.File = e.paths.URLPath(err.File)
	return &c
}

// missingError is what the page for missing files learns of the one that was
// asked for.
func missingError(url string) *asp.Error {
	return &asp.Error{Number: asp.EFail, Category: asp.CategoryASP, Short: "404 Not Found", Description: notFound.text, File: url}
}

// errorOf is a failure in the words of ASPError.
func errorOf(err error) *asp.Error {
	if e, ok := errors.AsType[*asp.Error](err); ok {
		return e
	}
	return &asp.Error{Number: asp.EFail, Category: asp.CategoryASP, Short: err.Error(), Err: err}
}
