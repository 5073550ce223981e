package engine

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/runtime"
)

// An ErrorGroup is an error that pages have had, however often.
type ErrorGroup struct {
	Page    string    `json:"page"` // that was asked for
	File    string    `json:"file"` // where it happened: the page, or an include
	Line    int       `json:"line"` // from 1; 0 when unknown
	Column  int       `json:"column"`
	Code    int       `json:"code"` // ASP's, 0 for none
	Message string    `json:"message"`
	Count   int64     `json:"count"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`

	// Of the last one: the calls that led there, the innermost first, each as
	// "name (file:line:column)"; and the request, without its query and what
	// else a visitor sent, "" for an event.
	Stack  []string `json:"stack"`
	Method string   `json:"method"`
	URL    string   `json:"url"` // its path
}

// Errors are the errors of pages and events since New or the last Recover, the
// last first: at most a hundred groups, the ones that were longest ago are
// forgotten.
func (e *Engine) Errors() []ErrorGroup { return e.errors.list() }

// maxErrorGroups and maxErrorText bound what errors are remembered.
const (
	maxErrorGroups = 100
	maxErrorText   = 1000 // bytes of a message, and of a path
	maxErrorFrame  = 300  // and of each frame of a stack
)

// An errorLog remembers the last errors. Any goroutine may use it; the zero
// errorLog is empty.
type errorLog struct {
	mu     sync.Mutex
	groups map[errorKey]*ErrorGroup
}

// An errorKey is what the errors of a group have in common.
type errorKey struct {
	page, file, message string
	line                int
}

// An asked is a request as an error shows it; the zero asked is none.
type asked struct{ method, url string }

// add counts an error of a page that was asked for, or of an event.
func (l *errorLog) add(a asked, page string, err error, now time.Time) {
	ae := errorOf(err)
	message := ae.Short
	if ae.Description != "" {
		message += ": " + ae.Description
	}
	message = shortened(message, maxErrorText)
	k := errorKey{page, firstOf(ae.File, page), message, ae.Line}
	l.mu.Lock()
	defer l.mu.Unlock()
	g := l.groups[k]
	if g == nil {
		l.makeRoom()
		g = &ErrorGroup{Page: page, File: k.file, Line: ae.Line, Column: ae.Column, Code: ae.Code, Message: message, First: now}
		l.groups[k] = g
	}
	g.Count++
	g.Last = now
	g.Method, g.URL, g.Stack = shortened(a.method, maxErrorText), shortened(a.url, maxErrorText), callsOf(ae)
}

// callsOf are the calls of a script that led to an error, in the page's own
// lines.
func callsOf(err error) []string {
	stack := []string{}
	if e, ok := errors.AsType[*runtime.ScriptError](err); ok {
		for _, frame := range e.Stack {
			stack = append(stack, shortened(frame, maxErrorFrame))
		}
	}
	return stack
}

// shortened is the beginning of a text that is longer than n bytes.
func shortened(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}

// makeRoom forgets the group that was longest ago. l.mu is held.
func (l *errorLog) makeRoom() {
	if l.groups == nil {
		l.groups = make(map[errorKey]*ErrorGroup)
	}
	if len(l.groups) < maxErrorGroups {
		return
	}
	var oldest errorKey
	var last time.Time
	for k, g := range l.groups {
		if last.IsZero() || g.Last.Before(last) {
			oldest, last = k, g.Last
		}
	}
	delete(l.groups, oldest)
}

func (l *errorLog) list() []ErrorGroup {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]ErrorGroup, 0, len(l.groups))
	for _, g := range l.groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b ErrorGroup) int { return b.Last.Compare(a.Last) })
	return list
}

func (l *errorLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.groups)
}

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
	e.errors.add(a, page, err, time.Now())
	e.cfg.Logger.Error("page failed", errorAttrs(page, err)...)
	if e.cfg.OnError != nil {
		if ae, ok := errors.AsType[*asp.Error](err); ok {
			e.cfg.OnError(ae)
		}
	}
}

// compiled logs that a page doesn't compile, and in development what naja check
// would say of one that does.
func (e *Engine) compiled(name string, prog *runtime.Program, err error) {
	if err != nil {
		e.cfg.Logger.Error("page does not compile", errorAttrs(name, err)...)
		return
	}
	if !e.cfg.Dev {
		return
	}
	c := checker{compiler: e.compiler, components: e.cfg.Components}
	c.inspect(&PageReport{File: name}, prog)
	for _, f := range c.findings {
		e.cfg.Logger.Warn("page warning", "page", name, "file", f.File, "line", f.Line, "column", f.Column, "warning", f.Message)
	}
}
