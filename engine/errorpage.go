package engine

import (
	_ "embed"
	"errors"
	"html"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	texttemplate "text/template"
	"unicode/utf8"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/site"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/runtime"
)

// errorPage puts the error's own page in the place of what a failed page
// wrote, as far as nothing was sent yet. It runs in the failed page's
// apartment; one that fails itself gives way to the built-in one. It returns
// the failure when the answer can't be whole any more, nil when it is.
func (x *running) errorPage(host *pageHost, failure error) error {
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
		if x.res.Replace(x.status, x.e.own(notFound.status, notFound.page())) != nil { // in place of the page for missing files
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
func (x *running) badRequest(rf refusal, failure error) error {
	x.e.cfg.Logger.Warn("request refused", errorAttrs(x.prog.Name(), failure)...)
	if x.res.Replace(rf.statusLine(), x.e.own(rf.status, rf.page())) != nil {
		return failure
	}
	return nil
}

// errorEvent runs Application_OnError (ours), which sees the error by
// Server.GetLastError. One that ends the response itself, by Redirect or End,
// has answered; otherwise what it wrote is dropped.
func (x *running) errorEvent(host *pageHost, failure error) bool {
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
func (x *running) runErrorPage(host *pageHost, name string, failure error) bool {
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
func (x *running) afterFailure(host *pageHost, failure error, run func(*runtime.State) error) (ended bool, err error) {
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

// aroundError is how many lines are shown before the one with the error, and
// after it.
const aroundError = 5

// longestLine is how many characters of a line are shown.
const longestLine = 300

// A detail is what is shown of an error. What isn't known is empty.
type detail struct {
	Headline    string
	Description string
	Hint        string
	Place       string // FILE:LINE:COLUMN
	File        string
	Lines       []sourceLine
	Included    []string // where File is included, the page last
	Stack       []string
	Request     string   // method and URL; "" but in development
	Form        []string // names of the form's fields
}

// A sourceLine is one line of a page.
type sourceLine struct {
	Number int
	Text   string
	Bad    bool
	Caret  string // what leads to the error's column, "" if that isn't known
}

// errorBody is what whoever asked sees of a failed page: HTML, or plain text if
// they don't read HTML. form are the names of the form's fields, as far as they
// are known.
func (x *exchange) errorBody(err error, form ...string) (page string, isHTML bool) {
	if !x.e.showsErrors() {
		return x.e.own(http.StatusInternalServerError, plainPage(internalError, "<p>"+html.EscapeString(x.e.live().ScriptErrorMessage)+"</p>")), true
	}
	if !wantsHTML(x.r) {
		return x.errorText(err, form...), false
	}
	var b strings.Builder
	if err = errorHTML().Execute(&b, x.detailOf(err, form)); err != nil {
		return plainPage(internalError, html.EscapeString(err.Error())), true
	}
	return b.String(), true
}

// errorText is the error as plain text.
func (x *exchange) errorText(failure error, form ...string) string {
	var b strings.Builder
	if err := errorText().Execute(&b, x.detailOf(failure, form)); err != nil {
		return err.Error() + "\n"
	}
	return b.String()
}

// detailOf is what is known of an error, and in development of the request.
func (x *exchange) detailOf(err error, form []string) detail {
	d := x.e.detailOf(err)
	if x.e.cfg.Dev {
		d.Request, d.Form = x.r.Method+" "+x.r.URL.RequestURI(), form
	}
	return d
}

// detailOf says what is known of an error. What stands around it is shown in
// development alone.
func (e *Engine) detailOf(err error) detail {
	ae, ok := errors.AsType[*asp.Error](err)
	if !ok {
		return detail{Headline: err.Error()}
	}
	d := detail{Headline: headline(ae), Description: ae.Description, Hint: ae.Hint, File: ae.File, Included: slices.Clone(ae.Included)}
	slices.Reverse(d.Included)
	if ae.File != "" {
		d.Place = placeOf(ae)
	}
	if ae.Source != "" {
		d.Lines = []sourceLine{badLine(ae)}
	}
	if e.cfg.Dev && ae.Line > 0 {
		d.Lines = e.around(ae, d.Lines)
	}
	if se, ok := errors.AsType[*runtime.ScriptError](err); ok && len(se.Stack) > 1 {
		d.Stack = se.Stack
	}
	return d
}

// around is the line with the error among those that stand around it; only the
// line where the file can't be read, or has changed.
func (e *Engine) around(ae *asp.Error, only []sourceLine) []sourceLine {
	raw, _, err := e.site.Read(strings.TrimPrefix(ae.File, "/"), site.MaxSourceFile)
	if err != nil {
		return only
	}
	whole := strings.TrimPrefix(string(raw), "\ufeff")
	if !utf8.ValidString(whole) {
		whole = e.codePage.DecodeString(whole)
	}
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(whole), "\n")
	if ae.Line > len(lines) || ae.Source != "" && ae.Source != lines[ae.Line-1] {
		return only
	}
	var all []sourceLine
	for n := max(ae.Line-aroundError, 1); n <= min(ae.Line+aroundError, len(lines)); n++ {
		if n == ae.Line {
			at := *ae
			at.Source = lines[n-1]
			all = append(all, badLine(&at))
			continue
		}
		all = append(all, sourceLine{Number: n, Text: clipLine(lines[n-1])})
	}
	return all
}

func badLine(ae *asp.Error) sourceLine {
	line := sourceLine{Number: ae.Line, Text: clipLine(ae.Source), Bad: true}
	if ae.Column > 0 && ae.Column <= longestLine {
		line.Caret = caret(ae.Source, ae.Column)
	}
	return line
}

func clipLine(line string) string {
	if runes := []rune(line); len(runes) > longestLine {
		return string(runes[:longestLine]) + "…"
	}
	return line
}

// caret points at a column of a line, keeping its tabs.
func caret(source string, column int) string {
	var b strings.Builder
	for i, r := range []rune(source) {
		if i >= column-1 {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String() + "^"
}

// The page of an error, for browsers and for terminals.
var (
	//go:embed errordetail.html
	errorSource string
	//go:embed errordetail.txt
	errorTextSource string

	errorHTML = sync.OnceValue(func() *template.Template { return template.Must(template.New("html").Parse(errorSource)) })
	errorText = sync.OnceValue(func() *texttemplate.Template {
		return texttemplate.Must(texttemplate.New("text").Parse(errorTextSource))
	})
)

// refuseFailed answers 500 with what is to be seen of an error.
func (x *exchange) refuseFailed(err error) bool {
	page, isHTML := x.errorBody(err)
	if isHTML {
		return x.refuseWith(page)
	}
	x.log.sent, x.log.status = sentRefused, http.StatusInternalServerError
	x.log.bytes = answer.Text(x.w, x.r, http.StatusInternalServerError, answer.Plain, page)
	return false
}

// replaceFailed puts what is to be seen of an error in the place of what a page
// wrote.
func (x *running) replaceFailed(err error, form ...string) error {
	page, isHTML := x.errorBody(err, form...)
	if e := x.res.Replace(internalError, page); e != nil || isHTML {
		return e
	}
	return x.res.SetContentType("text/plain")
}

// formNames are the names of the form's fields.
func (x *visit) formNames() (names []string) {
	if !x.e.cfg.Dev || !x.hasBody {
		return nil
	}
	form, err := x.request.Form()
	if err != nil {
		return nil
	}
	for i := range form.Len() {
		name, _ := form.Key(i + 1)
		names = append(names, name)
	}
	return names
}
