package engine

import (
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// A refusal is an answer that no page made.
type refusal struct {
	status     int
	text       string // the body's one sentence
	retryAfter int    // seconds; 0: no such header
}

// The refusals of a server with too much to do. The body is IIS's.
var (
	tooBusy         = refusal{http.StatusServiceUnavailable, "Server Too Busy", 5}
	shuttingDown    = refusal{http.StatusServiceUnavailable, "Server Shutting Down", 30}
	notFound        = refusal{http.StatusNotFound, "The page cannot be found", 0}
	badURL          = refusal{http.StatusBadRequest, "Bad Request", 0}
	applicationLost = refusal{http.StatusServiceUnavailable, "The application is in use elsewhere", 2}
	lockLost        = refusal{http.StatusServiceUnavailable, "The session is in use elsewhere", 2}
	killed          = refusal{http.StatusServiceUnavailable, "The request was ended by the operator", 5}
	storeFailed     = refusal{http.StatusServiceUnavailable, "The session store cannot be reached", 5}
)

// send sends a refusal's page whole, with its length, so that the connection
// stays open.
func (rf refusal) send(w http.ResponseWriter, r *http.Request, page string) int64 {
	if rf.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(rf.retryAfter))
	}
	return sendPage(w, r, rf.status, page)
}

func (rf refusal) statusLine() string {
	return strconv.Itoa(rf.status) + " " + http.StatusText(rf.status)
}

// page is the refusal's body. 503 is the sentence alone, as IIS 5 sent it.
func (rf refusal) page() string {
	if rf.status == http.StatusServiceUnavailable {
		return rf.text
	}
	return plainPage(rf.statusLine(), html.EscapeString(rf.text))
}

// plainPage is the built-in page for what has no page of its own. body is
// HTML.
func plainPage(title, body string) string {
	return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(title) +
		"</title></head>\n<body><h1>" + html.EscapeString(title) + "</h1>\n" + body + "\n</body></html>\n"
}

// refusalOf is the answer to an error on the way to a page: the only place
// that decides it. Unknown errors are 500 and say nothing.
func refusalOf(err error) refusal {
	if e, ok := errors.AsType[*asp.LimitError](err); ok {
		return refusal{status: e.Status, text: http.StatusText(e.Status)}
	}
	if e, ok := errors.AsType[*asp.BodyError](err); ok {
		return refusal{status: e.Status, text: http.StatusText(e.Status)}
	}
	switch {
	case errors.Is(err, errTooBusy), errors.Is(err, errQueueTimeout), errors.Is(err, errPoolClosed), isQueueFull(err):
		return tooBusy
	case isKilled(err):
		return killedAs(err)
	case errors.Is(err, errSessionStore):
		return storeFailed
	}
	return refusal{status: http.StatusInternalServerError, text: http.StatusText(http.StatusInternalServerError)}
}

// showsErrors says that the browser sees what went wrong.
func (e *Engine) showsErrors() bool { return e.cfg.Dev || e.live().ScriptErrorSentToBrowser }

// errorBody is what the browser sees of a failed page.
func (e *Engine) errorBody(err error) string {
	if !e.showsErrors() {
		return plainPage("500 Internal Server Error", "<p>"+html.EscapeString(e.live().ScriptErrorMessage)+"</p>")
	}
	return detailPage(err)
}

// detailPage shows an error in full, with the line of the page it is about.
func detailPage(err error) string {
	var b strings.Builder
	ae, ok := errors.AsType[*asp.Error](err)
	if !ok {
		return plainPage("Page error", "<p>"+html.EscapeString(err.Error())+"</p>")
	}
	b.WriteString("<p><b>" + html.EscapeString(headline(ae)) + "</b></p>\n")
	if ae.Description != "" {
		b.WriteString("<p>" + html.EscapeString(ae.Description) + "</p>\n")
	}
	if ae.File != "" {
		b.WriteString("<p>" + html.EscapeString(placeOf(ae)) + "</p>\n")
	}
	if ae.Source != "" {
		fmt.Fprintf(&b, "<pre>%5d  %s\n", ae.Line, html.EscapeString(ae.Source))
		if ae.Column > 0 && ae.Column < 400 {
			b.WriteString("       " + caret(ae.Source, ae.Column))
		}
		b.WriteString("</pre>\n")
	}
	if se, ok := errors.AsType[*runtime.ScriptError](err); ok && len(se.Stack) > 1 {
		b.WriteString("<pre>" + html.EscapeString(strings.Join(se.Stack, "\n")) + "</pre>\n")
	}
	return plainPage("Page error", b.String())
}

// headline is the error's kind: "Microsoft JScript runtime error '800a01b6'".
func headline(e *asp.Error) string {
	if code := e.ASPCode(); code != "" {
		return fmt.Sprintf("%s error '%s : %08x' %s", e.Category, code, uint32(e.Number), e.Short)
	}
	return fmt.Sprintf("%s error '%08x' %s", e.Category, uint32(e.Number), e.Short)
}

func placeOf(e *asp.Error) string {
	s := e.File
	if e.Line > 0 {
		s += ":" + strconv.Itoa(e.Line)
	}
	if e.Column > 0 {
		s += ":" + strconv.Itoa(e.Column)
	}
	return s
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

// errorAttrs are an error's fields in the log: the page that was asked for,
// and, when it isn't the page's own file, the include or other page that the
// line is in.
func errorAttrs(page string, err error) []any {
	ae, ok := errors.AsType[*asp.Error](err)
	if !ok {
		return []any{slog.String("page", page), slog.String("error", err.Error())}
	}
	attrs := []any{slog.String("page", page)}
	if ae.File != "" && ae.File != page {
		attrs = append(attrs, slog.String("include", ae.File))
	}
	attrs = append(attrs, slog.Int("line", ae.Line), slog.Int("column", ae.Column), slog.String("error", ae.Error()))
	if se, ok := errors.AsType[*runtime.ScriptError](err); ok && len(se.Stack) > 0 {
		attrs = append(attrs, slog.String("stack", strings.Join(se.Stack, " < ")))
	}
	if pe, ok := errors.AsType[*runtime.PanicError](err); ok {
		attrs = append(attrs, slog.Any("panic", pe.Value), slog.String("goroutine", string(pe.Stack)))
	}
	return attrs
}
