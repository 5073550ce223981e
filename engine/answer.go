package engine

import (
	"errors"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/engine/internal/apartment"
	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/runtime"
)

// A refusal is an answer that no page made.
type refusal struct {
	status     int
	text       string // the body's one sentence
	retryAfter time.Duration
}

// The refusals of a server with too much to do. The body is IIS's.
var (
	tooBusy         = refusal{http.StatusServiceUnavailable, "Server Too Busy", 5 * time.Second}
	shuttingDown    = refusal{http.StatusServiceUnavailable, "Server Shutting Down", 30 * time.Second}
	notFound        = refusal{http.StatusNotFound, "The page cannot be found", 0}
	badURL          = refusal{http.StatusBadRequest, "Bad Request", 0}
	applicationLost = refusal{http.StatusServiceUnavailable, "The application is in use elsewhere", 2 * time.Second}
	lockLost        = refusal{http.StatusServiceUnavailable, "The session is in use elsewhere", 2 * time.Second}
	killed          = refusal{http.StatusServiceUnavailable, "The request was ended by the operator", 5 * time.Second}
	storeFailed     = refusal{http.StatusServiceUnavailable, "The session store cannot be reached", 5 * time.Second}
)

// send sends a refusal's page whole, with its length, so that the connection
// stays open.
func (rf refusal) send(w http.ResponseWriter, r *http.Request, page string) int64 {
	answer.RetryAfter(w.Header(), rf.retryAfter)
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

// own is the site's own answer with a status, or what stands in its place.
func (e *Engine) own(status int, otherwise string) string {
	name := answer.OwnName(e.live().ErrorFolder, status)
	if name == "" {
		return otherwise
	}
	text, _, err := e.site.Read(name, answer.MaxOwn)
	if err != nil {
		return otherwise
	}
	return strings.TrimPrefix(string(text), "\ufeff")
}

// pageFor is page for a browser, which shows it in the colours that it is set to.
func (rf refusal) pageFor(r *http.Request) string {
	if rf.status == http.StatusServiceUnavailable && wantsHTML(r) && r.Header.Get("Accept") != "" {
		return plainPage(rf.statusLine(), html.EscapeString(rf.text))
	}
	return rf.page()
}

// wantsHTML says that whoever asked reads HTML: a browser, or somebody who
// doesn't say what he reads. curl takes anything.
func wantsHTML(r *http.Request) bool {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	return accept == "" || strings.Contains(accept, "text/html") || strings.Contains(accept, "application/xhtml+xml") || strings.Contains(accept, "text/*")
}

// plainPage is the built-in page for what has no page of its own. body is
// HTML.
func plainPage(title, body string) string {
	return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(title) +
		"</title>\n<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><style>" + plainStyle +
		"</style></head>\n<body><h1>" + html.EscapeString(title) + "</h1>\n" + body + "\n</body></html>\n"
}

// plainStyle is quiet, and has the browser's colours, light or dark.
const plainStyle = "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:12vh auto;padding:0 1.5rem}h1{font-size:1.6rem;line-height:1.2}"

// refusalOf is the answer to an error on the way to a page: the only place
// that decides it. Unknown errors are 500 and say nothing.
func refusalOf(err error) refusal {
	if e, ok := errors.AsType[*asphttp.LimitError](err); ok {
		return refusal{status: e.Status, text: http.StatusText(e.Status)}
	}
	if e, ok := errors.AsType[*asphttp.BodyError](err); ok {
		return refusal{status: e.Status, text: http.StatusText(e.Status)}
	}
	switch {
	case errors.Is(err, errShutdown):
		return shuttingDown
	case errors.Is(err, errParked), errors.Is(err, apartment.ErrTooBusy), errors.Is(err, apartment.ErrQueueTimeout), errors.Is(err, apartment.ErrPoolClosed), isQueueFull(err):
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
