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
		return plainPage(internalError, "<p>"+html.EscapeString(x.e.live().ScriptErrorMessage)+"</p>"), true
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
	x.log.bytes = answer.Text(x.w, x.r, http.StatusInternalServerError, "text/plain; charset=utf-8", page)
	return false
}

// replaceFailed puts what is to be seen of an error in the place of what a page
// wrote.
func (x *exchange) replaceFailed(err error, form ...string) error {
	page, isHTML := x.errorBody(err, form...)
	if e := x.res.Replace(internalError, page); e != nil || isHTML {
		return e
	}
	return x.res.SetContentType("text/plain")
}

// formNames are the names of the form's fields.
func (x *exchange) formNames() (names []string) {
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
